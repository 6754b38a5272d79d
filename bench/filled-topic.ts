/** Where the measurements of a catch-up begin: services of their own, and a topic that already holds all events. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Endpoints, endpointsOf } from '../config/endpoints.js';
import { readSettings, type Settings } from '../config/settings.js';
import { produce } from '../producer/index.js';
import { applySchema, ensureTopics, startStack, stopStack } from '../stack/index.js';

export interface FilledTopic {
  readonly settings: Settings;
  readonly endpoints: Endpoints;
  /** The folder of this measurement, gone after it. */
  readonly folder: string;
}

/** Calls `measure` with a topic of `events` events, 3 % of them late and 1 % malformed, and ends all that it started. */
export async function withFilledTopic<T>(
  events: number,
  workers: string,
  measure: (topic: FilledTopic) => Promise<T>,
): Promise<T> {
  const folder = join(process.cwd(), '.sluice', 'bench');
  await rm(folder, { recursive: true, force: true });
  const settings = readSettings({ SLUICE_STATE: folder, LAKE_PATH: join(folder, 'lake'), SPARK_WORKERS: workers });
  const { stack, topics } = settings;
  try {
    const endpoints = endpointsOf(settings, await startStack(stack, say, { isOwned: true }));
    await Promise.all([ensureTopics(endpoints.bootstrapServers, topics), applySchema(endpoints.databaseUrl)]);
    const produced = await produce({
      bootstrapServers: endpoints.bootstrapServers,
      topic: topics.activity,
      count: events,
      lateShare: 0.03,
      malformedShare: 0.01,
    });
    say(`produced ${produced.sent} events, ${Math.round(produced.sent / produced.seconds)} a second`);
    return await measure({ settings, endpoints, folder });
  } finally {
    await stopStack(stack.stateDir);
    await rm(folder, { recursive: true, force: true });
  }
}

export function say(line: string): void {
  console.error(line);
}
