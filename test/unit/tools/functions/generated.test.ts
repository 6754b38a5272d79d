// The generated functions are current, and account for all that Spark lists.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as connect from '../../../../spark/connect/index.js';
import { readDocumentedFunctions } from '../../../../tools/functions/documented.js';
import { emitTable } from '../../../../tools/functions/emit.js';
import { GENERATED, generateFunctions } from '../../../../tools/functions/generate.js';
import { isCallable, LEFT_OUT } from '../../../../tools/functions/left-out.js';
import { readRecordedFunctions } from '../../../../tools/functions/recorded.js';
import { parseTable, readTables } from '../../../../tools/functions/table.js';

const LINES_MAX = 400;
const recorded = readRecordedFunctions();
const documented = readDocumentedFunctions();

test('the generated functions are what the generator makes of Spark’s list and the tables', () => {
  const files = generateFunctions();
  assert.deepEqual(readdirSync(GENERATED).sort(), [...files.keys()].sort());
  for (const [name, text] of files) {
    const written = readFileSync(join(GENERATED, name), 'utf8').replaceAll('\r\n', '\n');
    assert.equal(written, text, `${name} is not current: npm run functions:generate`);
  }
});

test('no generated file outgrows one group', () => {
  const long = [...generateFunctions()].filter(([, text]) => text.split('\n').length > LINES_MAX);
  assert.deepEqual(
    long.map(([name]) => name),
    [],
  );
});

test('every function that Spark lists is here under its name, or left out for a reason that still holds', () => {
  const names = new Set(documented.map(({ name }) => name));
  const servers = new Set(
    readTables().flatMap(({ entries }) => entries.map((each) => ('server' in each ? each.server : ''))),
  );
  const callable = Object.keys(recorded).filter(isCallable);
  assert.ok(callable.length > 500, `${callable.length} are listed`);
  assert.deepEqual(
    callable.filter((name) => !names.has(name) && !servers.has(name) && !LEFT_OUT.has(name)),
    [],
  );
  assert.deepEqual(
    [...LEFT_OUT.keys()].filter((name) => names.has(name) || recorded[name] === undefined),
    [],
  );
});

test('every function that a table or a file by hand makes is exported, and only once', () => {
  const places = new Map<string, Set<string>>();
  for (const { name, file } of documented) places.set(name, (places.get(name) ?? new Set()).add(file));
  assert.deepEqual(
    [...places].filter(([, files]) => files.size > 1),
    [],
  );
  assert.deepEqual(
    [...places.keys()].filter((name) => typeof (connect as Record<string, unknown>)[name] !== 'function'),
    [],
  );
});

test('every function has an example, and what is said by hand about its first version is what Spark says', () => {
  assert.deepEqual(
    documented.filter(({ example }) => example === undefined),
    [],
  );
  assert.deepEqual(
    documented.filter(({ name, since }) => since !== undefined && since !== (recorded[name]?.since ?? since)),
    [],
  );
});

test('a table’s line that is no signature is refused with its place', () => {
  assert.throws(
    () => parseTable('text', '# About\n\nupper(text) string\n'),
    /text\.txt, line 3: .*upper\(text\) string/,
  );
  assert.throws(
    () => parseTable('text', 'upper(text: wrod): string?\n'),
    /line 1: There is no kind of argument 'wrod'/,
  );
  assert.throws(() => parseTable('text', '  a remark\n'), /line 1: it belongs to no function/);
});

test('a function that Spark does not list is refused without a reason', () => {
  const table = parseTable('text', '# About\n\nuper(text): string?\n');
  assert.throws(() => emitTable(table, recorded), /Spark lists no function uper/);
});

test('a signature becomes a function with Spark’s words, in the names of its parameters', () => {
  const table = parseTable(
    'text',
    "# About\n\nlpad(text, length: int, fill: literal = ' '): string?\n  Cut if longer.\n",
  );
  const text = emitTable(table, {
    lpad: {
      class: 'Pad',
      usage: 'lpad(str, len[, pad]) - Pads `str` to `len`, e.g. a\nname. Nothing more.',
      since: '1.5.0',
    },
  });
  assert.equal(
    text.slice(text.indexOf('/**')),
    `/**
 * Pads \`text\` to \`length\`, e.g. a name. Cut if longer.
 * @since 1.5.0
 * @example df.select(f.lpad('name', 3))
 */
export function lpad(text: ColumnOrName, length: number | Column, fill: string | Column = ' '): Column<string | null> {
  return call('lpad', text, length, constant(fill));
}
`,
  );
});
