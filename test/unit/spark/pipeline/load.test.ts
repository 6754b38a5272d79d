/** A pipeline from a file: TypeScript beside other files, with the very sluice that loads it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../../../config/package-root.js';
import { loadPipeline, PipelineError } from '../../../../spark/pipeline/index.js';

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-load-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('the template loads without being installed, and leaves no file behind', async (t) => {
  const folder = folderWith(t, {});
  const pipeline = await loadPipeline(join(packageRoot(), 'templates', 'orders', 'pipeline.ts'), folder);
  assert.equal(pipeline.name, 'orders');
  assert.deepEqual(
    pipeline.queries.map(({ name }) => name),
    ['orders_records', 'payments_records', 'orders_per_product', 'paid_orders'],
  );
  assert.deepEqual(readdirSync(folder), []);
});

test('a pipeline may import files beside it', async (t) => {
  const folder = folderWith(t, {
    'name.ts': `export const NAME: string = 'beside';`,
    'pipeline.ts': `
      import { definePipeline } from 'sluice';
      import { notNull, structType, timestamp } from 'sluice/connect';
      import { NAME } from './name.js';
      const things = { schema: structType({ at: notNull(timestamp()) }), eventTime: 'at', watermark: '1m' };
      export default definePipeline({ name: NAME, sources: { things }, queries: {} });`,
  });
  assert.equal((await loadPipeline(join(folder, 'pipeline.ts'), folder)).name, 'beside');
});

const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ['without a default export', 'export const pipeline = 1;', /exports no pipeline.*export default definePipeline/],
  ['that does not compile', 'export default {', /cannot be loaded: .*pipeline\.ts:1: Expected/],
  ['that imports what is not there', `import './none.js';`, /cannot be loaded: .*pipeline\.ts:1: Could not resolve/],
  ['that imports an unknown part of sluice', `import 'sluice/nothing';`, /sluice exports no "sluice\/nothing"/],
];

for (const [what, text, message] of WRONG) {
  test(`a file ${what} is refused, and the message says where`, async (t) => {
    const folder = folderWith(t, { 'pipeline.ts': text });
    await assert.rejects(
      loadPipeline(join(folder, 'pipeline.ts'), folder),
      (error) => error instanceof PipelineError && message.test(error.message),
    );
  });
}

test('a file that is not there is refused by its name', async (t) => {
  const folder = folderWith(t, {});
  await assert.rejects(loadPipeline(join(folder, 'none.ts'), folder), /There is no file .*none\.ts/);
});
