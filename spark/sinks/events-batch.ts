/** The handler of the events query: every record of the topic lands once, in the lake and the enriched topic or in the dead letters. */
import { type Column, col, count, type DataFrame } from '../connect/index.js';
import type { BatchHandler } from '../worker/index.js';
import { deliverEvents, type EventsWorker } from './deliver-events.js';
import { beginTransaction, isRetriedKafkaError, type KafkaTarget, kafkaRefusalOf } from './kafka-producer.js';
import { sparkLake } from './lake.js';
import { readLastMarker } from './marker.js';
import { endingOf, type OutgoingRow, toOutgoingRecord } from './outgoing-record.js';
import type { EventRows, EventsPorts, OutgoingRecord } from './ports.js';
import { ledgerDatabase } from './postgres-session.js';
import { EVENT_COLUMNS as COLUMNS, type EventsParams } from './sink.js';
import { writeBySpark } from './spark-kafka.js';
import { type DescribeStep, describeSteps, sparkCheckpoint, sparkRows, systemClock } from './spark-ports.js';

const worker: EventsWorker = { hasSwept: false, lastMarker: undefined };

/** Writes the batch to lake, Kafka and ledger, in this order. */
export const eventsBatch: BatchHandler<EventsParams> = async (batch, { batchId, spark, params, signal }) => {
  const { pipeline, query, epoch, sink, lakePath } = params;
  const checkpoint = sparkCheckpoint(spark, params.checkpoint);
  const offsets = await checkpoint.offsets(batchId);
  const attempt: Attempt = {
    batchId,
    describe: describeSteps(params, batchId),
    ending: endingOf(sink.processingTime, offsets.plannedAtMs),
  };
  const target: KafkaTarget = {
    bootstrapServers: brokers(params.kafka.bootstrapServers),
    transactionalId: params.kafka.transactionalId,
    markerTopic: params.kafka.markerTopic,
    markerKey: `${pipeline}.${query}`,
  };
  const ports: EventsPorts = {
    database: ledgerDatabase(pipeline),
    checkpoint: { queryId: () => checkpoint.queryId(), offsets: async () => offsets },
    batch: eventRows(batch, params, attempt),
    lake:
      lakePath === undefined
        ? undefined
        : sparkLake(batch.filter(col(COLUMNS.reason).isNull()), sink, {
            path: lakePath,
            query,
            queryId: () => checkpoint.queryId(),
            batchId,
            epoch,
            plannedAtMs: offsets.plannedAtMs,
            options: attempt.describe('lake'),
          }),
    kafka:
      params.delivery === 'exactly-once'
        ? {
            kind: 'exactly-once',
            topics: {
              begin: () => beginTransaction(target),
              lastMarker: () => readLastMarker(spark, target),
              refusalOf: kafkaRefusalOf,
              isRetried: isRetriedKafkaError,
            },
          }
        : {
            kind: 'at-least-once',
            write: () => writeBySpark(batch, params.kafka, target.bootstrapServers, attempt),
          },
    clock: systemClock,
  };
  await deliverEvents(ports, params, batchId, worker, signal);
};

interface Attempt {
  readonly batchId: bigint;
  readonly describe: DescribeStep;
  /** Closes an enriched value instead of its brace. */
  readonly ending: string | undefined;
}

function eventRows(batch: DataFrame, params: EventsParams, attempt: Attempt): EventRows {
  const { describe } = attempt;
  return {
    ...sparkRows(batch, describe),
    async count() {
      const counted = await batch
        .agg(count('*').as('rows'), count(col(COLUMNS.reason)).as('dead'))
        .collect(describe('read'));
      const { rows, dead } = counted[0] as { rows: bigint; dead: bigint };
      return { rows, dead, outgoing: params.kafka.enrichedTopic === undefined ? dead : rows };
    },
    records: () => outgoingRecords(batch, params, attempt),
  };
}

/** Spark decides what a record is and prints it; here the batch's time is added and bytes are handed on. */
async function* outgoingRecords(
  batch: DataFrame,
  params: EventsParams,
  { batchId, describe, ending }: Attempt,
): AsyncGenerator<OutgoingRecord[]> {
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
  const wanted = params.kafka.enrichedTopic === undefined ? frame.filter(col(COLUMNS.reason).isNotNull()) : frame;
  const closing = ending === undefined ? undefined : Buffer.from(ending);
  for await (const rows of wanted.rowBatches(describe('kafka'))) {
    yield (rows as unknown as OutgoingRow[]).map((row) => toOutgoingRecord(row, params.kafka, batchId, closing));
  }
}

/** The driver may know the brokers by other names than the supervisor (containers); its own environment wins. */
function brokers(fromSupervisor: string): string {
  const own = process.env.KAFKA_BOOTSTRAP_SERVERS;
  return own === undefined || own === '' ? fromSupervisor : own;
}
