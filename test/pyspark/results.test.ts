// Results are PySpark's: both clients run the cases on one server, each in its own session, and what arrives is compared value by value, with the
// schema. Rows are compared in order where the case asks for one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RecordBatch } from 'apache-arrow';
import {
  Column,
  DataFrame,
  SparkError,
  type SparkSession,
  type StructType,
  schemaJson,
} from '../../spark/connect/index.js';
import { columnReader } from '../../spark/connect/wire/decode-arrow.js';
import { openSession, sparkRemote } from '../live/connect/open-session.js';
import { type Canonical, canonical, sorted } from './canonical.js';
import { type Case, memberOf, type World } from './case.js';
import { WRITTEN_CASES } from './cases/index.js';
import { runPython } from './environment.js';
import { worldWithoutServer } from './record.js';

type Outcome =
  | { readonly schema: unknown; readonly rows: readonly Canonical[] }
  /** The condition of the error. */
  | { readonly error: string };

const SETUP = [
  // Some hundred tiny queries: most of their time would go into compiling code and starting empty tasks.
  'set spark.sql.codegen.wholeStage=false',
  'set spark.sql.codegen.factoryMode=NO_CODEGEN',
  'set spark.sql.shuffle.partitions=1',
  'set spark.sql.adaptive.enabled=false',
  `create or replace temp view items as select
     cast(id as bigint) id, cast(n as int) n, cast(x as double) x, s, b, d, t, cast(dec as decimal(10, 2)) dec, arr, m, st, bin, j
   from values
     (1, 1, 1.5, 'apple', true, date'2026-01-02', timestamp'2026-01-02 03:04:05.678901Z', 12.34, array(1, 2, 3), map('k', 1), named_struct('a', 1, 'b', 'x'), x'0102', '{"a": 1, "b": "x"}'),
     (2, 2, 2.25, 'pear', false, date'1969-12-31', timestamp'1969-12-31 23:59:59.999999Z', -0.01, array(5, 4), map('l', 2), named_struct('a', 2, 'b', null), x'', '{"a": 2}'),
     (3, null, null, null, null, null, null, null, null, null, null, null, null),
     (4, 5, -0.5, 'Apple', true, date'2024-02-29', timestamp'2026-01-02 03:05:00Z', 99999999.99, array(7, null), map('k', 4), named_struct('a', 4, 'b', 'é'), x'ff', 'no json')
   as v(id, n, x, s, b, d, t, dec, arr, m, st, bin, j)`,
  `create or replace temp view labels as select * from values
     (1L, 1, 'one'), (2L, 3, 'two'), (2L, 2, 'zwei'), (7L, null, 'seven') as v(id, n, label)`,
];

const COLUMNS_MAX = 20;

/** Aggregates, window functions and generators stand alone in a select. */
const OF_SEVERAL_ROWS = new Set(
  [
    'count',
    'count_distinct',
    'sum_distinct',
    'percentile',
    'percentile_approx',
    'approx_percentile',
    'json_tuple',
    'window',
  ].map((name) => `functions.${name}`),
);

/** At least so many cases must have given rows on both sides. */
const COMPARED_MIN = 150;

const cases = together(
  WRITTEN_CASES.filter(([, build, , options]) => options?.notRun === undefined && isFrame(build(worldWithoutServer()))),
);
// PySpark sends its token without TLS to a host of this name only.
const remote = sparkRemote().replace('127.0.0.1', 'localhost');
const request = { remote, setup: SETUP, cases: Object.fromEntries(cases.map(([name, , python]) => [name, python])) };
const [theirs, ours] = await Promise.all([
  runPython<Record<string, Outcome>>('results.py', request),
  runHere(await openSession()),
]);

let compared = 0;
describe('a result is the one that PySpark gets', () => {
  for (const [name, , python] of cases) {
    const expected = theirs[name];
    test(name, () => {
      const actual = ours.get(name);
      assert.deepEqual(comparable(actual, python), comparable(expected, python));
      assert.ok(expected !== undefined && 'rows' in expected, `PySpark: ${JSON.stringify(expected)}`);
      compared += name.split(', ').length;
    });
  }
});

test(`at least ${COMPARED_MIN} results were compared`, () => {
  assert.ok(compared >= COMPARED_MIN, `${compared} were`);
});

/** Whether a case makes a frame or a column: an action answers in its client's own form. */
function isFrame(result: unknown): boolean {
  if (result instanceof Promise) result.catch(() => 'nobody answers there');
  return result instanceof Column || result instanceof DataFrame;
}

/** Plain columns, some twenty in one select: a query each would take most of the time. Names stand in the schema that is compared. */
function together(all: readonly Case[]): Case[] {
  const isPlain = ([name, build]: Case) =>
    build(worldWithoutServer()) instanceof Column && !OF_SEVERAL_ROWS.has(memberOf(name));
  const plain = all.filter(isPlain);
  const merged: Case[] = [];
  for (let start = 0; start < plain.length; start += COLUMNS_MAX) {
    const part = plain.slice(start, start + COLUMNS_MAX);
    merged.push([
      part.map(([name]) => name).join(', '),
      (world) => world.df.select(...part.map(([, build]) => build(world) as Column)),
      `df.select(${part.map(([, , python]) => python).join(', ')})`,
    ]);
  }
  return [...all.filter((each) => !isPlain(each)), ...merged];
}

function comparable(outcome: Outcome | undefined, python: string): unknown {
  if (outcome === undefined || !('rows' in outcome)) return outcome;
  return /\.(orderBy|sort)\(/.test(python) ? outcome : { ...outcome, rows: sorted(outcome.rows) };
}

async function runHere(spark: SparkSession): Promise<Map<string, Outcome>> {
  for (const statement of SETUP) await spark.sql(statement).collect();
  const world = { spark, df: spark.table('items'), other: spark.table('labels') };
  const outcomes = new Map<string, Outcome>();
  const waiting = [...cases];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      outcomes.set(next[0], await outcomeOf(next, world));
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return outcomes;
}

/** Column by column, as a join may have two of one name, which no row of this client's can hold. */
function canonicalRows(batch: RecordBatch, { fields }: StructType): Canonical[] {
  const readers = batch.data.children.map(columnReader);
  return Array.from({ length: batch.numRows }, (_, row) =>
    fields.map(({ type }, at) => canonical(readers[at]?.(row), type)),
  );
}

async function outcomeOf([, build]: Case, world: World): Promise<Outcome> {
  try {
    const result: unknown = await build(world);
    const frame = result instanceof Column ? world.df.select(result) : result;
    if (!(frame instanceof DataFrame)) throw new Error('the case makes a frame without a server, and none with one');
    const rows: Canonical[] = [];
    let schema: StructType = { kind: 'struct', fields: [] };
    for await (const event of world.spark.connection.execute({ kind: 'relation', relation: frame.relation })) {
      if (event.kind === 'schema') schema = event.schema;
      if (event.kind === 'batch') rows.push(...canonicalRows(event.batch, schema));
    }
    return { schema: JSON.parse(schemaJson(schema)), rows };
  } catch (error) {
    // Whatever it is, it is this case's alone: the comparison shows it.
    return { error: error instanceof SparkError && error.condition !== undefined ? error.condition : String(error) };
  }
}
