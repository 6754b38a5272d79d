/**
 * The last of the start checks, and the only one that asks Spark: does Kafka's output end where the ledger does? When database and checkpoints were
 * restored together, each fits the other, and only the markers in Kafka tell that batches of these numbers are written already, with other records.
 */

import { writerUrlOf } from '../../../config/endpoints.js';
import type { SparkSession } from '../../connect/index.js';
import { readLastMarker } from '../../sinks/marker.js';
import { withClient } from '../../sinks/postgres.js';
import type { SupervisorOptions } from '../options.js';
import { StartError } from '../start-error.js';
import { checkpointOf } from '../start-query.js';
import { readCheckpoint } from './checkpoint.js';
import { type LedgerEnd, readLedgerEnds } from './progress.js';
import { resetQuery } from './remedy.js';

/** Costs a Spark job for each query that writes to Kafka and has batches in the ledger. @throws StartError `sinks` */
export async function assertMarkers(
  spark: SparkSession,
  options: Pick<SupervisorOptions, 'pipeline' | 'endpoints' | 'topics'>,
): Promise<void> {
  const { pipeline, endpoints, topics } = options;
  for (const { name, sink } of pipeline.queries) {
    if (sink.kind !== 'events') continue;
    if ((await readLedgerEnd(options, name)) === undefined) continue;
    const marker = await readLastMarker(spark, {
      bootstrapServers: endpoints.bootstrapServers,
      markerTopic: topics.commits,
      markerKey: `${pipeline.name}.${name}`,
    });
    // Read after the marker: queries of a killed supervisor may still run, and the ledger with them.
    const ledger = await readLedgerEnd(options, name);
    if (ledger === undefined || marker?.queryId !== ledger.queryId) continue;
    const last = await lastPossible(options, name, ledger);
    if (BigInt(marker.batchId) <= last) continue;
    throw new StartError(
      'sinks',
      `Kafka has the output of ${name} up to batch ${marker.batchId}, but the ledger ends with ${ledger.batchId} and no batch after ${last} was begun: database and checkpoint were restored from an older backup.`,
      resetQuery(name),
    );
  }
}

async function readLedgerEnd(
  { pipeline, endpoints }: Pick<SupervisorOptions, 'pipeline' | 'endpoints'>,
  query: string,
): Promise<LedgerEnd | undefined> {
  const ends = await withClient((client) => readLedgerEnds(client, pipeline.name, query), writerUrlOf(endpoints));
  return ends.at(-1);
}

/** Kafka is written before the ledger: it may hold the batch that was planned after the ledger's last. */
async function lastPossible(
  options: Pick<SupervisorOptions, 'pipeline' | 'endpoints'>,
  query: string,
  ledger: LedgerEnd,
): Promise<bigint> {
  const checkpoint = await readCheckpoint(checkpointOf(options, query), query);
  const planned = checkpoint === undefined ? ledger.batchId + 1n : (checkpoint.planned?.batchId ?? -1n);
  return planned > ledger.batchId ? planned : ledger.batchId;
}
