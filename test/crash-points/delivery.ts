/** A delivery with everything real but Spark: Postgres, Kafka and the lake's file system, for a batch whose rows are made up from its number. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deliverEvents } from '../../spark/sinks/deliver-events.js';
import { deliverUpsert } from '../../spark/sinks/deliver-upsert.js';
import {
  beginTransaction,
  isRetriedKafkaError,
  type KafkaTarget,
  kafkaRefusalOf,
} from '../../spark/sinks/kafka-producer.js';
import { moveIfAbsent } from '../../spark/sinks/lake.js';
import { parseMarker } from '../../spark/sinks/marker.js';
import { toOutgoingRecord } from '../../spark/sinks/outgoing-record.js';
import type { EventsPorts, Lake, Marker } from '../../spark/sinks/ports.js';
import { ledgerDatabase, upsertDatabase } from '../../spark/sinks/postgres-session.js';
import { stageTexts } from '../../spark/sinks/postgres-upsert.js';
import type { UpsertSink } from '../../spark/sinks/sink.js';
import { systemClock } from '../../spark/sinks/spark-ports.js';
import { readTopic } from '../../verify/index.js';
import { type AtPoint, withCrashPoints } from './crash-point.js';

/** Travels to the process that is to die. */
export interface Setting {
  readonly query: 'events' | 'counts';
  readonly pipeline: string;
  readonly queryId: string;
  readonly epoch: string;
  readonly table: string;
  readonly lakePath: string;
  readonly enrichedTopic: string;
  readonly deadLetterTopic: string;
  readonly kafka: KafkaTarget;
}

/** Records of each batch: two days of valid ones and a dead one. */
export const RECORDS = 5;

export function offsetsOf(batch: number): number[] {
  return Array.from({ length: RECORDS }, (_, index) => batch * RECORDS + index);
}

export const isDead = (offset: number): boolean => offset % RECORDS === 4;

/** Delivers `batch` as a worker that has just been started. */
export async function deliver(setting: Setting, batch: number, at: AtPoint = () => {}): Promise<void> {
  const batchId = BigInt(batch);
  const params = { pipeline: setting.pipeline, query: setting.query, epoch: setting.epoch, poisonRowsMax: 0 };
  const checkpoint = {
    queryId: async () => setting.queryId,
    offsets: async () => ({ ranges: {}, watermarkMs: undefined, plannedAtMs: 0 }),
  };
  const worker = { hasSwept: false, lastMarker: undefined };
  const shared = { checkpoint, clock: systemClock };

  if (setting.query === 'counts') {
    const sink: UpsertSink = { kind: 'upsert', table: setting.table, key: ['key'], columns: ['key', 'value'] };
    const texts = offsetsOf(batch).map((offset) => [`key ${offset % 7}`, String(offset)]);
    const counted = { runToNoop: async () => {}, stage: async () => stageTexts(texts, sink), sweep: async () => {} };
    const ports = { ...shared, database: upsertDatabase(setting.pipeline, sink), batch: counted };
    await deliverUpsert(withCrashPoints(ports, at), params, batchId, worker);
    return;
  }
  const ports: EventsPorts = {
    ...shared,
    database: ledgerDatabase(setting.pipeline),
    batch: {
      persist: async () => {},
      unpersist: async () => {},
      runToNoop: async () => {},
      count: async () => ({ rows: BigInt(RECORDS), dead: 1n, outgoing: BigInt(RECORDS) }),
      async *records() {
        for (const offset of offsetsOf(batch)) yield [recordOf(setting, batchId, offset)];
      },
    },
    lake: lakeOf(setting, batch),
    kafka: {
      kind: 'exactly-once',
      topics: {
        begin: () => beginTransaction(setting.kafka),
        lastMarker: () => lastMarker(setting.kafka),
        refusalOf: kafkaRefusalOf,
        isRetried: isRetriedKafkaError,
      },
    },
  };
  await deliverEvents(withCrashPoints(ports, at), params, batchId, worker);
}

function recordOf(setting: Setting, batchId: bigint, offset: number): ReturnType<typeof toOutgoingRecord> {
  const value = Buffer.from(`record ${offset}`);
  const row = { reason: isDead(offset) ? 'null_value' : null, enriched_key: null, dead_key: null };
  return toOutgoingRecord(
    { ...row, enriched_value: value, dead_value: value, kafka_partition: 0, kafka_offset: BigInt(offset) },
    { ...setting, sourceTopic: 'activity' },
    batchId,
  );
}

/** The lake with files of text in the place of Spark's. */
function lakeOf({ lakePath, queryId }: Setting, batch: number): Lake {
  const staging = join(lakePath, '.spark-staging-sluice');
  const own = join(staging, `${process.pid}`);
  const days = ['event_date=2026-03-01', 'event_date=2026-03-02'];
  return {
    async stage() {
      for (const [index, day] of days.entries()) {
        const file = join(own, day, `batch_id=${batch}`, 'part-0.parquet');
        await mkdir(dirname(file), { recursive: true });
        const offsets = offsetsOf(batch).filter((offset) => !isDead(offset) && offset % 2 === index);
        await writeFile(file, offsets.join('\n'));
        await writeFile(join(dirname(file), '_sluice_query_id'), queryId);
      }
      return days.map((day) => join(day, `batch_id=${batch}`));
    },
    publish: (partition) => moveIfAbsent(join(own, partition), join(lakePath, partition)),
    publisherOf: (partition) => readFile(join(lakePath, partition, '_sluice_query_id'), 'utf8'),
    discard: () => rm(own, { recursive: true, force: true }),
    sweep: () => rm(staging, { recursive: true, force: true }),
  };
}

/** As the pipeline reads it through Spark: the last committed one. */
async function lastMarker({ bootstrapServers, markerTopic, markerKey }: KafkaTarget): Promise<Marker | undefined> {
  let last: Marker | undefined;
  await readTopic(bootstrapServers, markerTopic, (records) => {
    for (const { key, value } of records) if (String(key) === markerKey) last = parseMarker(String(value));
  });
  return last;
}
