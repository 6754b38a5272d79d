/**
 * The handler of the events query: every record of the topic lands once. Valid ones go to the lake and to the enriched topic, the others to
 * the dead letters with their reason; the ledger row comes last and says that the batch is complete. Each step is harmless when repeated, so
 * a crash between two of them costs a repetition and nothing else.
 */
import { type Column, col, count, type DataFrame, type SparkSession } from '../connect/index.js';
import type { BatchHandler } from '../worker/index.js';
import { assertEpoch } from './fence.js';
import { type KafkaBatchTarget, type OutgoingRecord, writeKafkaBatch } from './kafka-transaction.js';
import { writeLake } from './lake.js';
import { enterLedger, isInLedger } from './ledger.js';
import { readLastMarker } from './marker.js';
import { readBatchOffsets, readQueryId } from './offset-log.js';
import { inTransaction, withClient } from './postgres.js';
import { EVENT_COLUMNS as COLUMNS, type EventsParams } from './sink.js';

/** The batch that Kafka holds last, per query id; undefined until this worker has asked. */
let lastWritten: { readonly queryId: string; readonly batchId: bigint } | undefined;

/** Writes the batch to lake, Kafka and ledger, in this order. */
export const eventsBatch: BatchHandler<EventsParams> = async (batch, { batchId, spark, params, signal }) => {
  const { pipeline, query, epoch, checkpoint, sink, kafka } = params;
  const queryId = await readQueryId(spark, checkpoint);
  const key = { pipeline, query, queryId, batchId };
  const isIn = await withClient(async (client) => {
    await assertEpoch(client, pipeline, epoch);
    return isInLedger(client, key);
  });
  if (isIn) {
    await batch.write.format('noop').mode('overwrite').save();
    return;
  }

  // One materialised batch feeds every sink: reading Kafka again for each would cost time and could, after retention, give other rows.
  await batch.persist();
  try {
    const { rows, dead } = await countRows(batch);
    if (params.lakePath !== undefined)
      await writeLake(batch.filter(col(COLUMNS.reason).isNull()), sink, params.lakePath, batchId, rows - dead);
    if (kafka.enrichedTopic === undefined ? dead > 0n : rows > 0n) {
      await writeKafkaBatch(
        kafkaTarget(params),
        outgoingRecords(batch, params, batchId),
        { queryId, batchId: String(batchId), epoch },
        () => isWritten(spark, kafkaTarget(params), queryId, batchId),
      );
      lastWritten = { queryId, batchId };
    }
    const offsets = await readBatchOffsets(spark, checkpoint, batchId);
    await inTransaction(async (client) => {
      if (!(await enterLedger(client, { ...key, epoch, offsets, rows, dead })))
        return { commit: false, value: undefined };
      await assertEpoch(client, pipeline, epoch);
      return { commit: true, value: undefined };
    }, signal);
  } finally {
    await batch.unpersist();
  }

  function kafkaTarget({ kafka: settings }: EventsParams): KafkaBatchTarget {
    return {
      bootstrapServers: brokers(settings.bootstrapServers),
      transactionalId: settings.transactionalId,
      markerTopic: kafka.markerTopic,
      markerKey: `${pipeline}.${query}`,
    };
  }
};

async function countRows(batch: DataFrame): Promise<{ rows: bigint; dead: bigint }> {
  const counted = await batch.agg(count('*').as('rows'), count(col(COLUMNS.reason)).as('dead')).collect();
  return counted[0] as { rows: bigint; dead: bigint };
}

/** Whether Kafka has the batch. Asked once per worker: afterwards the worker knows what it wrote, and a failure ends the worker. */
async function isWritten(
  spark: SparkSession,
  target: KafkaBatchTarget,
  queryId: string,
  batchId: bigint,
): Promise<boolean> {
  if (lastWritten === undefined) {
    const marker = await readLastMarker(spark, target);
    lastWritten =
      marker === undefined ? { queryId, batchId: -1n } : { queryId: marker.queryId, batchId: BigInt(marker.batchId) };
  }
  return lastWritten.queryId === queryId && lastWritten.batchId >= batchId;
}

/** Spark decides what a record is and prints the enriched text; here bytes are only handed on. */
async function* outgoingRecords(
  batch: DataFrame,
  params: EventsParams,
  batchId: bigint,
): AsyncGenerator<OutgoingRecord[]> {
  const { enrichedTopic, deadLetterTopic, sourceTopic } = params.kafka;
  const binary = (name: string): Column => col(name).cast('binary').as(name);
  const frame = batch.select(
    col(COLUMNS.reason),
    binary(COLUMNS.enrichedKey),
    binary(COLUMNS.enrichedValue),
    col(COLUMNS.deadKey),
    col(COLUMNS.deadValue),
    col(COLUMNS.partition),
    col(COLUMNS.offset),
  );
  // Without a topic for them the valid rows need not travel.
  const wanted = enrichedTopic === undefined ? frame.filter(col(COLUMNS.reason).isNotNull()) : frame;
  for await (const rows of wanted.rowBatches()) {
    yield (rows as OutgoingRow[]).map((row) => {
      const headers = {
        source_topic: sourceTopic,
        source_partition: String(row.kafka_partition),
        source_offset: String(row.kafka_offset),
        batch_id: String(batchId),
      };
      return row.reason === null && enrichedTopic !== undefined
        ? { topic: enrichedTopic, message: { key: bytes(row.enriched_key), value: bytes(row.enriched_value), headers } }
        : {
            topic: deadLetterTopic,
            message: {
              key: bytes(row.dead_key),
              value: bytes(row.dead_value),
              headers: { reason: row.reason ?? '', ...headers },
            },
          };
    });
  }
}

interface OutgoingRow {
  readonly reason: string | null;
  readonly enriched_key: Uint8Array | null;
  readonly enriched_value: Uint8Array | null;
  readonly dead_key: Uint8Array | null;
  readonly dead_value: Uint8Array | null;
  readonly kafka_partition: number;
  readonly kafka_offset: bigint;
}

/** A view, not a copy: kafkajs takes Buffers. */
function bytes(value: Uint8Array | null): Buffer | null {
  return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** The driver may know the brokers by other names than the supervisor (containers); its own environment wins. */
function brokers(fromSupervisor: string): string {
  const own = process.env.KAFKA_BOOTSTRAP_SERVERS;
  return own === undefined || own === '' ? fromSupervisor : own;
}
