// Every function that has a name here exists at the server: a misspelt one would fail only where somebody uses it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as functions from '../../../spark/connect/frame/functions/index.js';
import * as connect from '../../../spark/connect/index.js';
import { readRecordedFunctions, recordFunctions, writeRecordedFunctions } from '../../../tools/functions/recorded.js';
import { openSession } from './open-session.js';

const { Column, col } = connect;
const spark = await openSession();

test('the list that the functions are generated from is what the server says', async () => {
  const said = await recordFunctions(spark);
  if (process.env.UPDATE_GOLDEN === '1') {
    if (process.env.CI !== undefined) throw new Error('UPDATE_GOLDEN is not for CI: the list is reviewed.');
    writeRecordedFunctions(said);
  }
  assert.deepEqual(said, readRecordedFunctions());
});

/** Exports that are no functions of Spark's, or whose arguments are callbacks or objects; the programs below use those. */
const OTHER = new Set([
  'CaseWhen',
  'col',
  'column',
  'lit',
  'expr',
  'call_function',
  'call_udf',
  'from_protobuf',
  'to_protobuf',
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

/** What Spark lists among its functions and what is said otherwise here. */
const SAID_OTHERWISE = new Map(
  Object.entries({
    'a method of Column': ['and', 'between', 'in', 'or'],
    'cast(…)': ['bigint', 'cast', 'int', 'smallint', 'tinyint'],
    'when(…)': ['case', 'if'],
    'spark.tvf': [
      'collations',
      'python_worker_logs',
      'range',
      'sql_keywords',
      'variant_explode',
      'variant_explode_outer',
    ],
    'expr(…): WITHIN GROUP is a clause of SQL': ['percentile_cont', 'percentile_disc'],
  }).flatMap(([how, names]) => names.map((name) => [name, how] as const)),
);

test('every function of the server’s has a name here, or is said otherwise', async () => {
  const listed = await spark.sql<{ function: string }>('SHOW SYSTEM FUNCTIONS').collect();
  const names = listed.map((row) => row.function).filter((name) => /^[a-z]\w*$/.test(name));
  const missing = names.filter((name) => !(name in connect) && !(`${name}_` in connect));
  assert.deepEqual(
    missing.filter((name) => !SAID_OTHERWISE.has(name)),
    [],
  );
  assert.ok(names.length > 500, `the server lists ${names.length}`);
});
