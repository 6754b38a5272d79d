// The functions against a running Spark: the list they are generated from, their examples, and the types of their results.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as connect from '../../../spark/connect/index.js';
import { readDocumentedFunctions } from '../../../tools/functions/documented.js';
import { EXAMPLE_FRAME } from '../../../tools/functions/examples.js';
import {
  describeFunction,
  listFunctions,
  readRecordedFunctions,
  recordFunctions,
  writeRecordedFunctions,
} from '../../../tools/functions/recorded.js';
import { readTables } from '../../../tools/functions/table.js';
import { openSession } from './open-session.js';

const spark = await openSession();
await spark.conf.set('spark.sql.timeType.enabled', 'true');
const df = spark.sql(EXAMPLE_FRAME);

/** Only every tenth function is asked for the version it came with: each answer costs the server some 30 ms. */
const DESCRIBED_EVERY = 10;

test('the list that the functions are generated from is what the server says', async () => {
  if (process.env.UPDATE_GOLDEN === '1') {
    if (process.env.CI !== undefined) throw new Error('UPDATE_GOLDEN is not for CI: the list is reviewed.');
    writeRecordedFunctions(await recordFunctions(spark));
  }
  const recorded = readRecordedFunctions();
  const withoutVersions = Object.entries(recorded).map(([name, { since: _, ...rest }]) => [name, rest]);
  assert.deepEqual(await listFunctions(spark), Object.fromEntries(withoutVersions));
  const some = Object.keys(recorded).filter((_, at) => at % DESCRIBED_EVERY === 0);
  await inTurns(4, some, async (name) => assert.deepEqual(await describeFunction(spark, name), recorded[name], name));
});

/** What Spark answers to examples that need more than the server of the tests has. */
const AVRO = 'AVRO_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE';
const PROTOBUF = 'PROTOBUF_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE';
const REFUSED: Readonly<Record<string, string>> = {
  from_avro: AVRO,
  to_avro: AVRO,
  schema_of_avro: AVRO,
  from_protobuf: PROTOBUF,
  to_protobuf: PROTOBUF,
};

test('every function’s example is a plan that the server understands, of the type that is declared', async () => {
  const declared = new Map(
    readTables().flatMap(({ entries }) =>
      entries.map((each) => ('name' in each ? [each.name, each.result] : ['', ''])),
    ),
  );
  const wrong: string[] = [];
  let analysed = 0;
  await inTurns(8, readDocumentedFunctions(), async ({ name, example = '' }) => {
    const made = evaluate(example);
    // A type, or a writer, which would make a table.
    if (!(made instanceof connect.DataFrame)) return void assert.ok(typeof made === 'object', name);
    analysed += 1;
    const outcome = await made.schema().then(
      ({ fields }) => disagreement(declared.get(name), fields.at(-1)?.type),
      (error: connect.SparkError) =>
        (error.condition ?? 'no condition') === REFUSED[name] ? undefined : error.message.split('\n', 1)[0],
    );
    if (outcome !== undefined) wrong.push(`${name}: ${example}: ${outcome}`);
  });
  assert.equal(wrong.join('\n'), '');
  assert.ok(analysed > 500, `${analysed} examples`);
});

/** An example is one expression of TypeScript that is JavaScript too. */
function evaluate(example: string): unknown {
  return new Function('spark', 'df', 'f', `return (${example});`)(spark, df, connect);
}

async function inTurns<T>(atATime: number, all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const one of rest) await each(one);
    }),
  );
}

/** Which of Spark's types a value of a declared type may come from. */
const SPARK_TYPES: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  number: ['byte', 'short', 'integer', 'float', 'double', 'yearMonthInterval'],
  bigint: ['long', 'time', 'dayTimeInterval'],
  boolean: ['boolean'],
  Uint8Array: ['binary'],
  DateDays: ['date'],
  TimestampMicros: ['timestamp', 'timestampNtz'],
  CalendarInterval: ['calendarInterval'],
  null: ['null'],
};

/** @param declared `Column<…>`; undefined of functions that are made by hand. */
function disagreement(declared: string | undefined, type: connect.DataType | undefined): string | undefined {
  const [, value = ''] = /^Column<(.+?)(?: \| null)?>$/.exec(declared ?? '') ?? [];
  const [element, isArray] = value.endsWith('[]') ? [value.slice(0, -2), true] : [value, false];
  const allowed = SPARK_TYPES[element];
  // What the compiler knows nothing of, or derives from the argument.
  if (allowed === undefined || type === undefined) return undefined;
  const actual = isArray && type.kind === 'array' ? type.elementType : type;
  if ((type.kind === 'array') !== isArray || !allowed.includes(actual.kind))
    return `declared ${value}, is ${connect.typeDdl(type)}`;
  return undefined;
}
