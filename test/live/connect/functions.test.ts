// Every function that has a name here exists at the server: a misspelt one would fail only where somebody uses it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as functions from '../../../spark/connect/frame/functions/index.js';
import * as connect from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const { Column, col } = connect;
const spark = await openSession();

/** Exports that are no functions of Spark's, or whose arguments are callbacks or objects; the programs below use those. */
const OTHER = new Set([
  'CaseWhen',
  'col',
  'column',
  'lit',
  'expr',
  'call_function',
  'call_udf',
  'named',
  'col_regex',
  'named_struct',
  'filter',
  'transform',
  'exists',
  'forall',
  'aggregate',
  'reduce',
  'array_sort',
  'zip_with',
  'map_filter',
  'map_zip_with',
  'transform_keys',
  'transform_values',
]);

/** Resolved by Spark although `SHOW FUNCTIONS` does not list them: internal, or known to the parser only. */
const UNLISTED = new Set([
  'years',
  'months',
  'days',
  'hours',
  'bucket',
  'timestampdiff',
  'timestampadd',
  'product',
  'extract',
]);

test('every function that has a name here is one of the server’s', async () => {
  const listed = await spark.sql<{ function: string }>('SHOW SYSTEM FUNCTIONS').collect();
  const known = new Set([...listed.map((row) => row.function.toLowerCase()), ...UNLISTED]);
  const unknown: string[] = [];
  for (const [name, make] of Object.entries(functions)) {
    if (OTHER.has(name) || typeof make !== 'function') continue;
    const column: unknown = (make as (...args: unknown[]) => unknown)(col('a'), col('b'), col('c'), col('d'));
    assert.ok(column instanceof Column, name);
    const { expression } = column;
    if (expression.kind === 'function' && !known.has(expression.name.toLowerCase()))
      unknown.push(`${name}: ${expression.name}`);
  }
  assert.deepEqual(unknown, []);
});

test('most of the server’s functions have a name here', async () => {
  const listed = await spark.sql<{ function: string }>('SHOW SYSTEM FUNCTIONS').collect();
  const names = listed.map((row) => row.function).filter((name) => /^[a-z]\w*$/.test(name));
  const missing = names.filter((name) => !(name in functions));
  assert.ok(missing.length < names.length / 10, `${missing.length} of ${names.length}: ${missing.join(' ')}`);
});
