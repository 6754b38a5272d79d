/** A source's records: in = valid + dead, every dead one once in the dead letters with its bytes and reason, every valid one once in the lake. */
import { col, type DataFrame, type SparkSession } from '../../spark/connect/index.js';
import { type Check, CheckBuilder } from '../compare.js';
import { bytesText, hash53 } from '../hash.js';
import { readTopic } from '../read-topic.js';
import { countOf, parseRow, type RefusedRow } from '../refused.js';
import { isBrokenOff } from './spark.js';

export interface RecordsFacts {
  readonly query: string;
  readonly topic: string;
  readonly deadLetterTopic: string;
  /** Dead letters that Kafka would not take. */
  readonly refused: readonly RefusedRow[];
  /** As the ledger counts them, over all batches. */
  readonly rows: number;
  readonly dead: number;
  /** Undefined when the source keeps no lake. */
  readonly lakePath: string | undefined;
}

/** @param judged the query's plan over the records in the ledger */
export async function verifyRecords(
  spark: SparkSession,
  bootstrapServers: string,
  judged: DataFrame,
  facts: RecordsFacts,
): Promise<Check[]> {
  const valid = await judged.filter(col('reason').isNull()).count();
  const dead = judged.filter(col('reason').isNotNull());
  const letters = await verifyDeadLetters(bootstrapServers, dead, facts);
  const conservation = new CheckBuilder(
    `${facts.query}.conservation`,
    `in = valid + dead: the ledger's count of records read from ${facts.topic} and of dead ones`,
  );
  conservation.count(Number(valid) + letters.expected, facts.rows);
  if (Number(valid) + letters.expected !== facts.rows)
    conservation.difference('different', 'records', `${valid} valid + ${letters.expected} dead`, `${facts.rows}`);
  if (letters.expected !== facts.dead)
    conservation.difference('different', 'dead records', `${letters.expected}`, `${facts.dead}`);
  const checks = [conservation.finish({ emptyHolds: true }), letters];
  if (facts.lakePath !== undefined) checks.push(await verifyLake(spark, judged, facts, facts.lakePath, Number(valid)));
  return checks;
}

interface DeadRow {
  readonly reason: string;
  readonly kafka_partition: number;
  readonly kafka_offset: bigint;
  readonly dead_key: Uint8Array | null;
  readonly dead_value: Uint8Array | null;
}

async function verifyDeadLetters(bootstrapServers: string, dead: DataFrame, facts: RecordsFacts): Promise<Check> {
  const check = new CheckBuilder(
    `${facts.query}.dead_letters`,
    `every dead record of ${facts.topic} once in ${facts.deadLetterTopic} (read_committed), original bytes, reason`,
  );
  const expected = new Map<string, { readonly reason: string; readonly bytes: number }>();
  const columns = ['reason', 'kafka_partition', 'kafka_offset', 'dead_key', 'dead_value'];
  for await (const rows of dead.select(...columns).rowBatches()) {
    for (const row of rows as DeadRow[]) {
      const bytes = fingerprint(toBuffer(row.dead_key), toBuffer(row.dead_value));
      expected.set(`${row.kafka_partition}/${row.kafka_offset}`, { reason: row.reason, bytes });
    }
  }
  check.count(expected.size, 0);
  const seen = new Set<string>();
  await readTopic(
    bootstrapServers,
    facts.deadLetterTopic,
    (records) => {
      for (const { key, value, headers } of records) {
        const header = (name: string): string => headers.find((each) => each.key === name)?.value ?? 'none';
        const source = `${header('source_partition')}/${header('source_offset')}`;
        const where = `${facts.topic} partition/offset ${source}`;
        const wanted = expected.get(source);
        // What no batch of the ledger has read is in flight.
        if (wanted === undefined) continue;
        check.count(0, 1);
        if (seen.has(source)) check.difference('duplicate', where);
        seen.add(source);
        if (wanted.reason !== header('reason')) check.difference('different', where, wanted.reason, header('reason'));
        if (wanted.bytes !== fingerprint(key, value))
          check.difference('different', where, 'the original bytes', 'others');
      }
    },
    { settleMsMax: 2_000 },
  );
  let refused = 0;
  for (const { batchId, what } of facts.refused) {
    const row = parseRow(what);
    const source = `${row.source_partition}/${row.source_offset}`;
    if (row.topic === facts.deadLetterTopic && expected.has(source) && !seen.has(source)) {
      refused++;
      seen.add(source);
    } else check.difference('unexpected', `sluice.refused_rows, batch ${batchId}, ${what}`);
  }
  if (refused > 0) check.note(`${countOf(refused, 'record')} refused by Kafka, in sluice.refused_rows`);
  for (const source of expected.keys())
    if (!seen.has(source)) check.difference('missing', `${facts.topic} partition/offset ${source}`);
  return check.finish({ emptyHolds: true });
}

async function verifyLake(
  spark: SparkSession,
  judged: DataFrame,
  facts: RecordsFacts,
  path: string,
  valid: number,
): Promise<Check> {
  const check = new CheckBuilder(`${facts.query}.lake`, `every valid event of ${facts.topic} once in the lake`);
  if (valid === 0) return check.finish({ emptyHolds: true });
  const coordinates = ['kafka_partition', 'kafka_offset'] as const;
  const expected = judged.filter(col('reason').isNull()).select(...coordinates);
  // Only what the ledger lists: a batch that is under way may be there already.
  const range = (await judged.groupBy('kafka_partition').agg({ kafka_offset: 'max' }).collect()) as Record<
    string,
    unknown
  >[];
  const until = range
    .map((row) => `(kafka_partition = ${row.kafka_partition} AND kafka_offset <= ${row['max(kafka_offset)']})`)
    .join(' OR ');
  try {
    const [count, missing, surplus] = await listedAnew(() => {
      const found = spark.read
        .parquet(path)
        .filter(until)
        .select(...coordinates) as DataFrame;
      return Promise.all([found.count(), expected.exceptAll(found).collect(), found.exceptAll(expected).collect()]);
    });
    check.count(valid, Number(count));
    for (const row of missing) check.difference('missing', JSON.stringify(row, bigintText));
    for (const row of surplus) check.difference('unexpected', JSON.stringify(row, bigintText));
    return check.finish({ emptyHolds: true });
  } catch (error) {
    if (isBrokenOff(error)) throw error;
    return check.notRun(`the lake ${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A compaction may put away what Spark has listed: then it lists again. */
async function listedAnew<T>(read: () => Promise<T>): Promise<T> {
  for (let left = 4; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (left === 0 || !/FILE_NOT_EXIST|FileNotFoundException/.test((error as Error).message)) throw error;
    }
  }
}

function bigintText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function toBuffer(value: Uint8Array | null): Buffer | null {
  return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function fingerprint(key: Buffer | null, value: Buffer | null): number {
  return hash53(`${bytesText(key)} ${bytesText(value)}`);
}
