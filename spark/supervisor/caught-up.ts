/** Waits until a running pipeline has taken in all that its topics hold. */

import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { readerUrlOf } from '../../config/endpoints.js';
import { kafkaAccess } from '../../config/kafka-access.js';
import { sourceTopics, topicsOf } from '../pipeline/index.js';
import type { OffsetRanges } from '../sinks/offset-log.js';
import { withClient } from '../sinks/postgres.js';
import type { SupervisorOptions } from './options.js';

/** Polls apart by more than a trigger interval, so that a last batch without data (which closes windows) shows itself between two of them. */
const SETTLED_POLLS = 2;

/**
 * Resolves when the ledger of every query ends where its topics ended when the wait began, and no further batch follows. Reports how many
 * records are still to come, over all queries, on each poll.
 */
export async function awaitCaughtUp(
  options: Pick<SupervisorOptions, 'pipeline' | 'endpoints' | 'settings' | 'signal'>,
  onPoll?: (recordsLeft: number) => void,
): Promise<void> {
  const { pipeline, endpoints, signal } = options;
  const ends = await topicEnds(endpoints.bootstrapServers, sourceTopics(pipeline));
  let settled = 0;
  let before = '';
  while (settled < SETTLED_POLLS) {
    signal.throwIfAborted();
    const { left, seen } = await withClient(async (client) => {
      const { rows } = await client.query<{ query: string; batch_id: string; offsets: OffsetRanges }>(
        `SELECT DISTINCT ON (query) query, batch_id, offsets FROM sluice.ledger
         WHERE pipeline = $1 ORDER BY query, committed_at DESC, batch_id DESC`,
        [pipeline.name],
      );
      const byQuery = new Map(rows.map((row) => [row.query, row.offsets]));
      let recordsLeft = 0;
      for (const query of pipeline.queries) {
        for (const topic of topicsOf(pipeline, query)) {
          const read = byQuery.get(query.name)?.[topic] ?? {};
          for (const [partition, end] of ends.get(topic) ?? [])
            recordsLeft += Math.max(0, end - (read[partition]?.[1] ?? 0));
        }
      }
      return {
        left: recordsLeft,
        seen: rows
          .map((row) => `${row.query}=${row.batch_id}`)
          .sort()
          .join(),
      };
    }, readerUrlOf(endpoints));
    onPoll?.(left);
    settled = left === 0 && seen === before ? settled + 1 : 0;
    before = seen;
    await delay(left === 0 ? options.settings.triggerIntervalMs + 1_500 : 500, undefined, { signal });
  }
}

/** Per topic the end of each partition. */
async function topicEnds(
  bootstrapServers: string,
  topics: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const admin = new Kafka({
    clientId: 'sluice-watch',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const ends = new Map<string, Map<string, number>>();
    for (const topic of topics) {
      const offsets = await admin.fetchTopicOffsets(topic);
      ends.set(topic, new Map(offsets.map(({ partition, high }) => [String(partition), Number(high)])));
    }
    return ends;
  } finally {
    await admin.disconnect();
  }
}
