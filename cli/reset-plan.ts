// What `sluice reset` removes, and in which order. Progress (checkpoints, ledger, markers) and what was written with it (tables, lake, output
// topics) belong together: one without the other would be refused at the next start, or worse, taken for the other's. So they go together, for
// one query or for all.

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import pg from 'pg';
import type { Endpoints } from '../config/endpoints.js';
import { quoteIdentifier } from '../config/identifier.js';
import { kafkaAccess } from '../config/kafka-access.js';
import { checkpointFolder, STATE_LAYOUT, TABLES, transactionalId } from '../config/names.js';
import type { Settings } from '../config/settings.js';
import { type Pipeline, type PipelineQuery, sourceTopics } from '../spark/pipeline/index.js';
import { raiseEpoch } from '../spark/sinks/fence.js';
import { CommandError, EXIT } from './exit-codes.js';
import { prepareSinks } from './services.js';
import { formatCount } from './ui/numbers.js';
import { forgetVerification } from './verification-record.js';

export interface ResetStep {
  /** What goes, for people. */
  readonly what: string;
  run(): Promise<void>;
}

export interface ResetPlan {
  readonly steps: readonly ResetStep[];
  /** What to know before agreeing. */
  readonly warnings: readonly string[];
}

/** Which queries begin anew, and whether the records of the source topics go as well. */
export interface ResetExtent {
  readonly queries: readonly PipelineQuery[];
  readonly withSource: boolean;
}

const ANSWER_MS_MAX = 10_000;
const TOPIC_GONE_MS_MAX = 30_000;

/** The queries of these names, or all for none. @throws CommandError for a name that the pipeline does not have. */
export function chooseQueries(pipeline: Pipeline, names: readonly string[]): readonly PipelineQuery[] {
  const known = pipeline.queries.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new CommandError(EXIT.input, `There is no query ${unknown}. The queries are ${known.join(', ')}.`);
  return names.length === 0 ? pipeline.queries : pipeline.queries.filter(({ name }) => names.includes(name));
}

/**
 * The steps on running services. First the fence is closed, so that no writer of before, however late it wakes up, can write into what is being
 * emptied. The ledger goes last: as long as it is there without checkpoints, the start checks refuse to run, so a reset that was broken off
 * half-way is noticed and can simply be repeated.
 */
export async function planReset(
  settings: Settings,
  endpoints: Endpoints,
  pipeline: Pipeline,
  { queries, withSource }: ResetExtent,
): Promise<ResetPlan> {
  const steps: ResetStep[] = [
    { what: 'the right of earlier runs to write', run: () => closeFence(endpoints, pipeline) },
    checkpointStep(settings, pipeline.name, queries),
    { what: 'the note of the last verification', run: async () => forgetVerification(settings.stateDir) },
  ];
  for (const folder of lakeFolders(settings, queries)) steps.push(await lakeStep(folder));
  const chosen = [
    ...new Set([...(withSource ? sourceTopics(pipeline) : []), ...writtenTopics(settings.topics, queries)]),
  ];
  if (chosen.length > 0)
    steps.push({
      what: `the records of the ${chosen.length === 1 ? 'topic' : 'topics'} ${chosen.join(', ')}`,
      run: () => emptyTopics(settings, endpoints, pipeline, chosen),
    });
  const tables = queries.flatMap(({ sink }) => (sink.kind === 'upsert' ? [sink.table] : []));
  const rows =
    tables.length === 0 ? '' : `${ownsTables(pipeline) ? 'the tables' : 'the rows of'} ${tables.join(', ')}, and `;
  steps.push({
    what: `${rows}the ledger of ${queries.map(({ name }) => name).join(', ')}`,
    run: () => emptyTables(endpoints.databaseUrl, pipeline, queries, tables),
  });
  return { steps, warnings: withSource ? [] : await missingRecords(endpoints, sourceTopics(pipeline)) };
}

/** The steps when nothing runs: the embedded services' own data, which holds topics and tables. */
export async function planOfflineReset(
  settings: Settings,
  { name, queries }: Pick<Pipeline, 'name' | 'queries'>,
): Promise<ResetPlan> {
  const folders = [STATE_LAYOUT.kafka, STATE_LAYOUT.postgres, STATE_LAYOUT.spark].map((name) =>
    join(settings.stateDir, name),
  );
  const checkpoints = join(assertLocal(settings.checkpointPath, 'CHECKPOINT_PATH'), name);
  return {
    steps: [
      { what: `the checkpoints in ${checkpoints}`, run: () => removeFolder(checkpoints) },
      ...(await Promise.all(lakeFolders(settings, queries).map(lakeStep))),
      ...folders.map((folder) => ({ what: `the folder ${folder}`, run: () => removeFolder(folder) })),
    ],
    warnings: [],
  };
}

function checkpointStep({ checkpointPath }: Settings, pipeline: string, queries: readonly PipelineQuery[]): ResetStep {
  const root = assertLocal(checkpointPath, 'CHECKPOINT_PATH');
  return {
    what: `the checkpoints of ${queries.map(({ name }) => name).join(', ')} in ${join(root, pipeline)}`,
    async run() {
      for (const { name } of queries) await removeFolder(checkpointFolder(root, pipeline, name));
    },
  };
}

const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** Where the queries keep valid records: the lake itself, or a folder of it for each source of a pipeline of one's own. */
function lakeFolders({ lakePath }: Settings, queries: readonly PipelineQuery[]): readonly string[] {
  return queries.flatMap(({ sink }) => {
    if (sink.kind !== 'events') return [];
    const root = assertLocal(lakePath, 'LAKE_PATH');
    if (sink.places === undefined) return [root];
    return sink.places.lakeFolder === undefined ? [] : [join(root, sink.places.lakeFolder)];
  });
}

/**
 * The topics that only these queries write. The markers of a pipeline of one's own stay, for they share a topic with others': they name the
 * checkpoint that they are of, and the next one has another name.
 */
function writtenTopics(topics: Settings['topics'], queries: readonly PipelineQuery[]): readonly string[] {
  return queries.flatMap(({ sink }) => {
    if (sink.kind !== 'events') return [];
    return sink.places === undefined
      ? [topics.enriched, topics.deadLetter, topics.commits]
      : [sink.places.deadLetterTopic];
  });
}

/** Only what a lake consists of: a folder that was named by mistake keeps the rest of its content. */
async function lakeStep(folder: string): Promise<ResetStep> {
  // What is being written goes first (its name sorts so): a compaction that broke off could otherwise be taken up again after a reset that did, too.
  const parts = (await entriesOf(folder))
    .sort()
    .filter((name) =>
      /^event_date=\d{4}-\d\d-\d\d$|^_(SUCCESS|temporary)$|^\._SUCCESS\.crc$|^\.spark-staging-sluice$/.test(name),
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
async function emptyTopics(
  settings: Settings,
  endpoints: Endpoints,
  { needs }: Pipeline,
  names: readonly string[],
): Promise<void> {
  const admin = kafkaOf(endpoints).admin();
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
  await prepareSinks(endpoints, settings, needs);
}

/**
 * A higher epoch shuts out whoever may still write to Postgres; a new producer of the same transactional id ends what an old one has left open
 * in Kafka, and shuts it out as well.
 */
async function closeFence(endpoints: Endpoints, pipeline: Pipeline): Promise<void> {
  await withDatabase(endpoints.databaseUrl, async (client) => {
    await raiseEpoch(client, pipeline.name, `sluice reset, process ${process.pid}`);
  });
  for (const { name, sink } of pipeline.queries) {
    if (sink.kind !== 'events') continue;
    const producer = kafkaOf(endpoints).producer({
      transactionalId: transactionalId(pipeline.name, name),
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    try {
      await (await producer.transaction()).abort();
    } finally {
      await producer.disconnect();
    }
  }
}

/** Whether a run makes its tables itself. Then they go as a whole: the next run may have other columns. */
function ownsTables({ needs }: Pipeline): boolean {
  return needs !== undefined && needs.tables.length > 0;
}

/** The fence stays: its epoch must never go back, or a writer of old could come in again. */
async function emptyTables(
  databaseUrl: string,
  pipeline: Pipeline,
  queries: readonly PipelineQuery[],
  tables: readonly string[],
): Promise<void> {
  await withDatabase(databaseUrl, async (client) => {
    await client.query('BEGIN');
    // A pipeline that has never run has no tables yet.
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NOT NULL',
      [tables.map(quoteIdentifier)],
    );
    const remove = ownsTables(pipeline) ? 'DROP TABLE' : 'TRUNCATE';
    if (rows.length > 0) await client.query(`${remove} ${rows.map(({ name }) => name).join(', ')}`);
    await client.query(`DELETE FROM ${TABLES.ledger} WHERE pipeline = $1 AND query = ANY ($2)`, [
      pipeline.name,
      queries.map(({ name }) => name),
    ]);
    await client.query('DELETE FROM sluice.refused_rows WHERE pipeline = $1 AND query = ANY ($2)', [
      pipeline.name,
      queries.map(({ name }) => name),
    ]);
    // Version and topic are those of what is left; when nothing is, the next start may bring others.
    await client.query(
      `DELETE FROM sluice.pipelines p WHERE pipeline = $1 AND NOT EXISTS (SELECT 1 FROM ${TABLES.ledger} l WHERE l.pipeline = p.pipeline)`,
      [pipeline.name],
    );
    await client.query('COMMIT');
  });
}

/** What the source topics have lost to retention cannot be computed again. */
async function missingRecords(endpoints: Endpoints, topics: readonly string[]): Promise<string[]> {
  const admin = kafkaOf(endpoints).admin();
  try {
    await admin.connect();
    const existing = await admin.listTopics();
    const warnings: string[] = [];
    for (const topic of topics.filter((name) => existing.includes(name))) {
      const offsets = await admin.fetchTopicOffsets(topic);
      const gone = offsets.reduce((sum, { low }) => sum + Number(low), 0);
      if (gone === 0) continue;
      warnings.push(
        `${topic} no longer has its first ${formatCount(gone)} offsets (retention): what was computed from them cannot be computed again`,
      );
    }
    return warnings;
  } finally {
    await admin.disconnect();
  }
}

function kafkaOf(endpoints: Endpoints): kafkajs.Kafka {
  return new kafkajs.Kafka({
    clientId: 'sluice-reset',
    brokers: endpoints.bootstrapServers.split(','),
    ...kafkaAccess(),
    connectionTimeout: ANSWER_MS_MAX,
    retry: { retries: 2 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
}

async function withDatabase(databaseUrl: string, body: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    application_name: 'sluice reset',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await body(client);
  } finally {
    // Ends an open transaction, too.
    await client.end();
  }
}
