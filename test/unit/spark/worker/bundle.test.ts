/** From a module to a program that runs somewhere else. */
import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundleHandler } from '../../../../spark/worker/bundle.js';
import { findExport, locateModule } from '../../../../spark/worker/handler-module.js';
import { batchHandler, HandlerError } from '../../../../spark/worker/index.js';
import { decodePayload, encodePayload } from '../../../../spark/worker/payload.js';
import * as fail from '../../../fixtures/handlers/fail.js';
import { placeFunction } from '../../../fixtures/handlers/own-place.js';

const fixture = (name: string): URL => new URL(`../../../fixtures/handlers/${name}.js`, import.meta.url);

test('a handler becomes a payload that names it, and needs no file beside it', async () => {
  const made = batchHandler({ module: fixture('record-batches'), export: 'recordBatch', params: { file: 'f' } });
  const { command, pythonVersion } = await made.encode('sales');
  assert.equal(pythonVersion, 'sluice-1');
  const { header, program } = decodePayload(Buffer.from(command));
  assert.equal(header.queryName, 'sales');
  assert.equal(header.params, '{"file":"f"}');
  assert.match(header.handler, /test\/fixtures\/handlers\/record-batches\.[jt]s#recordBatch$/);
  const required = [...program.code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name);
  const { builtinModules } = await import('node:module');
  assert.deepEqual(
    required.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')) && name !== 'esbuild'),
    [],
  );
  assert.ok(command.length < 1024 * 1024, `${command.length} bytes`);
});

test('the map of a program leads to the TypeScript, below its package', async () => {
  const { program } = await bundleHandler(locateModule(fixture('fail')), 'throwAtOnce', 'batch-host');
  const { map } = decodePayload(encodePayload({ queryName: undefined, handler: '', params: '' }, program)).program;
  const { sources, sourcesContent } = JSON.parse(map) as { sources: string[]; sourcesContent?: unknown };
  assert.ok(sources.includes('test/fixtures/handlers/fail.ts'), sources.join('\n'));
  assert.ok(sources.includes('spark/worker/batch-host.ts'));
  assert.deepEqual(
    sources.filter((source) => source.startsWith('..') || source.startsWith('/')),
    [],
  );
  assert.equal(sourcesContent, undefined);
});

test('a handler is found by the function itself, in a module that also makes the query', async () => {
  assert.equal(await findExport(locateModule(fixture('fail')), fail.throwLater), 'throwLater');
  const { command } = await placeFunction().encode('own');
  assert.match(decodePayload(Buffer.from(command)).header.handler, /own-place\.[jt]s#(place|default)$/);
  await assertRefused({ module: fixture('fail'), handler: async () => undefined }, /does not export the handler/);
});

test('the place of a module is that of where it was bundled', async () => {
  const file = locateModule(fixture('own-place'));
  const { program } = await bundleHandler(file, 'place', 'batch-host');
  const { code } = decodePayload(encodePayload({ queryName: undefined, handler: '', params: '' }, program)).program;
  assert.match(code, /console\.log\("file:\/\/\/.*own-place\.[jt]s"\)/);
});

test('without a name it is the default export', async () => {
  const { command } = await batchHandler({ module: fixture('own-place') }).encode('x');
  assert.match(decodePayload(Buffer.from(command)).header.handler, /#default$/);
});

test('a module or an export that is not there is refused', async () => {
  await assertRefused({ module: fixture('nowhere'), export: 'save' }, /nowhere\.js does not exist/);
  await assertRefused({ module: 'https://example.org/save.js', export: 'save' }, /https:\/\/ cannot be read/);
  await assertRefused(
    { module: fixture('fail'), export: 'absent' },
    /No matching export .* "absent"|has no export "absent"/,
  );
  await assertRefused(
    { module: fixture('fail'), export: 'notAFunction' },
    /"notAFunction" of .* is a string, not a function/,
  );
  await assertRefused({ module: fixture('fail'), export: 'a', handler: fail.throwLater }, /not both/);
});

test('the running program is refused as a handler: the worker would run it all again', async () => {
  await assertRefused({ module: process.argv[1] as string, export: 'save' }, /is the running program/);
});

test('a module that does not load is refused with its line', async () => {
  await assertRefused(
    { module: fixture('does-not-load'), export: 'save' },
    /does not load: Error: SLUICE_TEST_SETTING_THAT_IS_NOT_THERE is not set\n.*test\/fixtures\/handlers\/does-not-load\.ts:8:/s,
  );
});

test('a module that does not compile is refused with its line', async (t) => {
  const file = await moduleFile(t, 'export const save = async () => {\n  const = 1;\n};\n');
  await assertRefused({ module: file, export: 'save' }, /cannot be bundled:\n.*handler\.ts:2:9: /s);
});

test('a module that ends its process, or waits at its top level, is refused', async (t) => {
  const ending = await moduleFile(t, 'process.exit(0);\nexport const save = async () => undefined;\n');
  await assertRefused({ module: ending, export: 'save' }, /does not load: it ends the process/);
  const waiting = await moduleFile(t, 'await 1;\nexport const save = async () => undefined;\n');
  await assertRefused({ module: waiting, export: 'save' }, /Top-level await/);
});

test('a bundle is made once, and again when its source has changed', async (t) => {
  const file = await moduleFile(t, 'export const save = async () => undefined;\n');
  const first = await bundleHandler(file, 'save', 'batch-host');
  assert.equal(await bundleHandler(file, 'save', 'batch-host'), first);
  await writeFile(file, 'export const save = async () => { console.log("changed"); };\n');
  await utimes(file, new Date(0), new Date(0));
  const second = await bundleHandler(file, 'save', 'batch-host');
  assert.notEqual(second, first);
  assert.ok(!second.program.equals(first.program));
});

async function assertRefused(spec: Parameters<typeof batchHandler>[0], message: RegExp): Promise<void> {
  await assert.rejects(batchHandler(spec).encode('q'), (error: Error) => {
    assert.ok(error instanceof HandlerError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

async function moduleFile(t: TestContext, source: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sluice-bundle-')));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'handler.ts');
  await writeFile(file, source);
  return file;
}
