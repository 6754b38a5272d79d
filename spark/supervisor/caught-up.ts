/** Waits until a running pipeline has taken in all that its topic holds. */

import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { readerUrlOf } from '../../config/endpoints.js';
import { kafkaAccess } from '../../config/kafka-access.js';
import type { OffsetRanges } from '../sinks/offset-log.js';
import { withClient } from '../sinks/postgres.js';
import type { SupervisorOptions } from './options.js';

/** Polls apart by more than a trigger interval, so that a last batch without data (which closes windows) shows itself between two of them. */
const SETTLED_POLLS = 2;

/**
 * Resolves when the ledger of every query ends where the topic ended when the wait began, and no further batch follows. Reports how many
 * records are still to come, over all queries, on each poll.
 */
export async function awaitCaughtUp(
  options: Pick<SupervisorOptions, 'pipeline' | 'endpoints' | 'settings' | 'signal'>,
  onPoll?: (recordsLeft: number) => void,
): Promise<void> {
  const { pipeline, endpoints, signal } = options;
  const ends = await topicEnds(endpoints.bootstrapServers, pipeline.source.topic);
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
      const byQuery = new Map(rows.map((row) => [row.query, row.offsets[pipeline.source.topic] ?? {}]));
      let recordsLeft = 0;
      for (const { name } of pipeline.queries) {
        for (const [partition, end] of ends)
          recordsLeft += Math.max(0, end - (byQuery.get(name)?.[partition]?.[1] ?? 0));
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

async function topicEnds(bootstrapServers: string, topic: string): Promise<Map<string, number>> {
  const admin = new Kafka({
    clientId: 'sluice-watch',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, high }) => [String(partition), Number(high)]));
  } finally {
    await admin.disconnect();
  }
}
