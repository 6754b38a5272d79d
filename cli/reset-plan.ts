// What `sluice reset` removes, and in which order. Progress (checkpoints, ledger, markers) and what was written with it (tables, lake, output
// topics) belong together: one without the other would be refused at the next start, or worse, taken for the other's. So they go together.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import pg from 'pg';
import type { Endpoints } from '../config/endpoints.js';
import { PIPELINE_NAME, STATE_LAYOUT, TABLES } from '../config/names.js';
import type { Settings } from '../config/settings.js';
import { CommandError, EXIT } from './exit-codes.js';
import { prepareSinks } from './services.js';

export interface ResetStep {
  /** What goes, for people. */
  readonly what: string;
  run(): Promise<void>;
}

/** `sinks`: results and progress, so that all is computed anew from the activity topic. `all`: that topic's records, too. */
export type ResetExtent = 'sinks' | 'all';

const RESULT_TABLES = [TABLES.pageViewCounts, TABLES.activeUsers, TABLES.userSessions] as const;
const ANSWER_MS_MAX = 10_000;
const TOPIC_GONE_MS_MAX = 30_000;

/**
 * The steps on running services. The ledger goes last: as long as it is there without checkpoints, the start checks refuse to run, so a reset
 * that was broken off half-way is noticed and can simply be repeated.
 */
export async function planReset(settings: Settings, endpoints: Endpoints, extent: ResetExtent): Promise<ResetStep[]> {
  const { topics } = settings;
  const outputs = [topics.enriched, topics.deadLetter, topics.commits];
  const chosen = extent === 'all' ? [topics.activity, ...outputs] : outputs;
  return [
    await checkpointStep(settings),
    await lakeStep(settings),
    { what: `the records of the topics ${chosen.join(', ')}`, run: () => emptyTopics(settings, endpoints, chosen) },
    {
      what: `the rows of ${RESULT_TABLES.join(', ')}, and the ledger of ${PIPELINE_NAME}`,
      run: () => emptyTables(endpoints.databaseUrl),
    },
  ];
}

/** The steps when nothing runs: the embedded services' own data, which holds topics and tables. */
export async function planOfflineReset(settings: Settings): Promise<ResetStep[]> {
  const folders = [STATE_LAYOUT.kafka, STATE_LAYOUT.postgres, STATE_LAYOUT.spark].map((name) =>
    join(settings.stateDir, name),
  );
  return [
    await checkpointStep(settings),
    await lakeStep(settings),
    ...folders.map((folder) => ({
      what: `the folder ${folder}`,
      run: () => rm(folder, { recursive: true, force: true }),
    })),
  ];
}

async function checkpointStep({ checkpointPath }: Settings): Promise<ResetStep> {
  const folder = join(assertLocal(checkpointPath, 'CHECKPOINT_PATH'), PIPELINE_NAME);
  return { what: `the checkpoints in ${folder}`, run: () => rm(folder, { recursive: true, force: true }) };
}

/** Only what a lake consists of: a folder that was named by mistake keeps the rest of its content. */
async function lakeStep({ lakePath }: Settings): Promise<ResetStep> {
  const folder = assertLocal(lakePath, 'LAKE_PATH');
  const parts = (await entriesOf(folder)).filter((name) =>
    /^event_date=\d{4}-\d\d-\d\d$|^_(SUCCESS|temporary)$|^\._SUCCESS\.crc$/.test(name),
  );
  return {
    what: `${parts.length === 1 ? 'one part' : `${parts.length} parts`} of the lake ${folder}`,
    async run() {
      for (const name of parts) await rm(join(folder, name), { recursive: true, force: true });
    },
  };
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await stat(folder)).isDirectory() ? await readdir(folder) : [];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function assertLocal(path: string, name: string): string {
  const local = path.replace(/^file:\/*(?=\/)/, '');
  if (/^[a-z][a-z0-9+.-]+:\//i.test(local)) {
    throw new CommandError(
      EXIT.input,
      `${name} is ${path}: what lies there has to be removed with the tools of that storage, before the reset.`,
    );
  }
  return local;
}

/** Deletes and makes them anew: that is the one way to have offsets begin at 0 again, which goes with a ledger that is empty. */
async function emptyTopics(settings: Settings, endpoints: Endpoints, names: readonly string[]): Promise<void> {
  const admin = new kafkajs.Kafka({
    clientId: 'sluice-reset',
    brokers: endpoints.bootstrapServers.split(','),
    connectionTimeout: ANSWER_MS_MAX,
    retry: { retries: 2 },
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    const existing = (await admin.listTopics()).filter((name) => names.includes(name));
    if (existing.length > 0) await admin.deleteTopics({ topics: existing, timeout: ANSWER_MS_MAX });
    const deadline = Date.now() + TOPIC_GONE_MS_MAX;
    while ((await admin.listTopics()).some((name) => names.includes(name))) {
      if (Date.now() > deadline)
        throw new CommandError(
          EXIT.failed,
          `Kafka has not deleted ${existing.join(', ')} after ${TOPIC_GONE_MS_MAX / 1_000} s.`,
        );
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } finally {
    await admin.disconnect();
  }
  await prepareSinks(endpoints, settings);
}

/** The fence stays: its epoch must never go back, or a writer of old could come in again. */
async function emptyTables(databaseUrl: string): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    application_name: 'sluice reset',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN');
    await client.query(`TRUNCATE ${RESULT_TABLES.join(', ')}`);
    await client.query(`DELETE FROM ${TABLES.ledger} WHERE pipeline = $1`, [PIPELINE_NAME]);
    await client.query('DELETE FROM sluice.pipelines WHERE pipeline = $1', [PIPELINE_NAME]);
    await client.query('COMMIT');
  } finally {
    // Ends an open transaction, too.
    await client.end();
  }
}
