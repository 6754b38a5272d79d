// What users can import is documented, its examples compile, and the reference says what the docstrings say.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkExamples, examplesOf } from '../../../tools/api/check-examples.js';
import { parseDocstring } from '../../../tools/api/docstring.js';
import { generateReference, REFERENCE, writtenPages } from '../../../tools/api/generate.js';
import { missingDocs } from '../../../tools/api/missing.js';
import { type PublicItem, readPublicApi } from '../../../tools/api/public-api.js';

const items = readPublicApi();
const examples = examplesOf(items);

test('everything behind the doors is found: inherited methods, members of objects, what a property answers', () => {
  const names = new Set(items.flatMap(({ name, members }) => [name, ...members.map((each) => `${name}.${each.name}`)]));
  const some = [
    'SparkSession.sql',
    'DataFrame.collect',
    'DataFrame.join',
    'DataFrame.withWatermark',
    'Trigger.availableNow',
  ];
  const others = [
    'MissingValues.fill',
    'Statistics.corr',
    'upper',
    'batchHandler',
    'testPipeline',
    'definePipeline',
    'long',
  ];
  assert.deepEqual(
    [...some, ...others].filter((name) => !names.has(name)),
    [],
  );
  assert.ok(names.size > 1_000, `${names.size} names`);
});

test('everything public has a docstring, and every method and function an example that uses it', () => {
  assert.deepEqual(missingDocs(items), []);
});

test('every example compiles', () => {
  assert.ok(examples.length > 900, `${examples.length} examples`);
  assert.deepEqual(checkExamples(examples, items), []);
});

test('the reference is what the docstrings say; if not: npm run docs:api', () => {
  const pages = generateReference(items);
  assert.deepEqual(writtenPages().sort(), [...pages.keys()].sort());
  for (const [path, text] of pages) {
    const written = readFileSync(join(REFERENCE, path), 'utf8').replaceAll('\r\n', '\n');
    assert.ok(written === text, `docs/api/${path} is not current: npm run docs:api`);
  }
});

test('what lacks a docstring or an example is named with its place', () => {
  const column = items.find(({ name }) => name === 'Column') as PublicItem;
  const [member] = column.members.filter(({ name }) => name === 'eq');
  assert.ok(member?.doc !== undefined);
  const complaints = (doc: typeof member.doc | undefined): string[] =>
    missingDocs([{ ...column, members: [{ ...member, doc }] }]).map((line) => line.replace(/:\d+/, ''));
  const place = 'spark/connect/frame/column.ts Column.eq';
  assert.deepEqual(complaints(undefined), [`${place} has no docstring`]);
  assert.deepEqual(complaints({ ...member.doc, examples: [] }), [`${place} has no example`]);
  assert.deepEqual(complaints({ ...member.doc, text: '' }), [`${place} does not say what it does`]);
  const another = [{ code: "col('age').neq(1)", line: 1 }];
  assert.deepEqual(complaints({ ...member.doc, examples: another }), [`${place} has an example of something else`]);
  assert.deepEqual(complaints(member.doc), []);
});

test('an example is refused for a name, a type, a syntax or an import that is wrong', () => {
  const wrong: readonly [code: string, complaint: RegExp][] = [
    ["people.select('no_such')", /'"no_such"' is not assignable/],
    ["people.filter(people.col('born').gt(3))", /'3' is not assignable/],
    ['const rows: number = await people.count();', /'bigint' is not assignable to type 'number'/],
    ['people.colect()', /Did you mean 'collect'/],
    ["col('age').gt(", /expected/],
    ['nobody.declared(this)', /Cannot find name 'nobody'/],
    ["import { col } from 'sluice/worker'; col('age');", /has no exported member 'col'/],
  ];
  const places = wrong.map(([code], at) => ({ of: `wrong${at}`, place: `wrong.ts:${at}`, code }));
  const complaints = checkExamples(places, items);
  for (const [at, [code, expected]] of wrong.entries()) {
    const own = complaints.filter((line) => line.startsWith(`wrong.ts:${at} wrong${at}: `));
    assert.match(own.join('\n'), expected, code);
  }
});

test('a docstring is text, tags and examples, of one line or of several', () => {
  assert.deepEqual(parseDocstring('/** The last rows. @param n how many. @example df.tail(3) */', 7), {
    text: 'The last rows.',
    tags: [{ name: 'param', text: 'n how many.' }],
    examples: [{ code: 'df.tail(3)', line: 7 }],
  });
  const block = [
    '/**',
    ' * One.',
    ' *',
    ' * Two.',
    ' * @throws SparkError of kind',
    ' *   `input`.',
    ' * @example',
    ' * ```ts',
  ];
  assert.deepEqual(parseDocstring([...block, ' * const n =', ' *   1;', ' * ```', ' */'].join('\n'), 1), {
    text: 'One.\n\nTwo.',
    tags: [{ name: 'throws', text: 'SparkError of kind   `input`.' }],
    examples: [{ code: 'const n =\n  1;', line: 7 }],
  });
});
