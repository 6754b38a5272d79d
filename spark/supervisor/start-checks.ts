/**
 * Before a pipeline starts: do database, ledger, checkpoints and topic belong together? Each of them alone can be restored, deleted or re-created;
 * starting on a mixture would skip data or count it twice without a word. Reads only.
 */
import { readdir, readFile } from 'node:fs/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { ClientBase } from 'pg';
import type { OffsetRanges } from '../sinks/offset-log.js';
import { withClient } from '../sinks/postgres.js';
import type { SupervisorOptions } from './options.js';
import { StartError } from './start-error.js';
import { checkpointOf } from './start-query.js';

const BOOKKEEPING = { batch_id: 'bigint', updated_at: 'timestamp with time zone' } as const;

/** @throws StartError with the first thing that does not fit. */
export async function assertCanStart(options: SupervisorOptions): Promise<void> {
  await withClient(async (client) => {
    await assertTables(client, options);
    await assertVersion(client, options);
    const ends = await assertCheckpoints(client, options);
    await assertTopic(options, ends);
    await client.query(
      `INSERT INTO sluice.pipelines (pipeline, version, topic) VALUES ($1, $2, $3) ON CONFLICT (pipeline) DO NOTHING`,
      [options.pipeline.name, options.pipeline.version, options.pipeline.source.topic],
    );
  }, options.endpoints.databaseUrl);
}

async function assertTables(client: ClientBase, { pipeline }: SupervisorOptions): Promise<void> {
  for (const { sink } of pipeline.queries) {
    if (sink.kind !== 'upsert') continue;
    const { rows } = await client.query<{ column_name: string; data_type: string }>(
      `SELECT column_name, data_type FROM information_schema.columns
       WHERE table_schema = ANY (current_schemas(false)) AND table_name = $1`,
      [sink.table],
    );
    const remedy = 'Create the tables with `sluice up` (init-db.sql), or move the table that is in the way.';
    if (rows.length === 0) throw new StartError('table', `Postgres has no table ${sink.table}.`, remedy);
    const types = new Map(rows.map((row) => [row.column_name, row.data_type]));
    const missing = [...sink.columns, ...Object.keys(BOOKKEEPING)].filter((name) => !types.has(name));
    if (missing.length > 0) {
      throw new StartError('table', `Table ${sink.table} lacks the column(s) ${missing.join(', ')}.`, remedy);
    }
    const { rows: keys } = await client.query<{ columns: string[] }>(
      `SELECT array_agg(a.attname::text ORDER BY k.ordinality) AS columns FROM pg_index i
       CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, ordinality)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
       WHERE i.indrelid = $1::regclass AND i.indisunique AND i.indpred IS NULL GROUP BY i.indexrelid`,
      [sink.table],
    );
    if (
      !keys.some(
        ({ columns }) => columns.length === sink.key.length && columns.every((name) => sink.key.includes(name)),
      )
    ) {
      throw new StartError('table', `Table ${sink.table} has no unique key on (${sink.key.join(', ')}).`, remedy);
    }
  }
}

async function assertVersion(client: ClientBase, { pipeline }: SupervisorOptions): Promise<void> {
  const { rows } = await client.query<{ version: number; topic: string }>(
    'SELECT version, topic FROM sluice.pipelines WHERE pipeline = $1',
    [pipeline.name],
  );
  const known = rows[0];
  if (known === undefined) return;
  if (known.version !== pipeline.version) {
    throw new StartError(
      'version',
      `The checkpoints and tables are those of ${pipeline.name} version ${known.version}; this is version ${pipeline.version}.`,
      'Run `sluice reset --all` to begin anew with this version, or run the older one.',
    );
  }
  if (known.topic !== pipeline.source.topic) {
    throw new StartError(
      'topic',
      `${pipeline.name} has read topic ${known.topic} so far; now it is told to read ${pipeline.source.topic}.`,
      'Set the topic back, or run `sluice reset --all`.',
    );
  }
}

/** Per query the end of its last batch in the ledger. */
async function assertCheckpoints(client: ClientBase, options: SupervisorOptions): Promise<Map<string, OffsetRanges>> {
  const ends = new Map<string, OffsetRanges>();
  for (const { name } of options.pipeline.queries) {
    const { rows } = await client.query<{ query_id: string; batch_id: string; offsets: OffsetRanges }>(
      `SELECT DISTINCT ON (query_id) query_id, batch_id, offsets FROM sluice.ledger
       WHERE pipeline = $1 AND query = $2 ORDER BY query_id, batch_id DESC`,
      [options.pipeline.name, name],
    );
    const checkpoint = await readCheckpoint(checkpointOf(options, name));
    if (checkpoint === undefined) continue; // On a file system of the cluster's: Spark and the ledger's keys still guard it.
    const remedy = 'Run `sluice reset --all` to begin anew, or restore what is missing.';
    const other = rows.find((row) => row.query_id !== checkpoint.queryId);
    if (other !== undefined) {
      const found =
        checkpoint.queryId === null
          ? 'its checkpoint is gone'
          : `the checkpoint is another one (${checkpoint.queryId})`;
      throw new StartError(
        'checkpoint',
        `The ledger has batches of ${name} up to ${other.batch_id} from checkpoint ${other.query_id}, but ${found}.`,
        remedy,
      );
    }
    const last = rows[0] === undefined ? -1n : BigInt(rows[0].batch_id);
    // Spark commits a batch after the ledger has it: the ledger may be one ahead, never behind.
    if (last !== checkpoint.lastCommit && last !== checkpoint.lastCommit + 1n) {
      throw new StartError(
        'checkpoint',
        `The checkpoint of ${name} has committed batch ${checkpoint.lastCommit}, the ledger ends with ${last}: the database or the checkpoint was restored.`,
        remedy,
      );
    }
    if (rows[0] !== undefined) ends.set(name, rows[0].offsets);
  }
  return ends;
}

interface Checkpoint {
  /** Null when nothing has started there yet. */
  readonly queryId: string | null;
  /** -1 before the first. */
  readonly lastCommit: bigint;
}

async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(path) && !path.startsWith('file:')) return undefined;
  const folder = path.replace(/^file:\/*/, '/');
  let queryId: string | null = null;
  try {
    queryId = (JSON.parse(await readFile(`${folder}/metadata`, 'utf8')) as { id: string }).id;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const commits = await readdir(`${folder}/commits`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  const ids = commits.filter((name) => /^\d+$/.test(name)).map(BigInt);
  return { queryId, lastCommit: ids.sort((a, b) => Number(a - b)).at(-1) ?? -1n };
}

async function assertTopic(options: SupervisorOptions, ends: ReadonlyMap<string, OffsetRanges>): Promise<void> {
  const { topic } = options.pipeline.source;
  const admin = new Kafka({
    clientId: 'sluice-start-checks',
    brokers: options.endpoints.bootstrapServers.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  try {
    if (!(await admin.listTopics()).includes(topic)) {
      throw new StartError('topic', `Kafka has no topic ${topic}.`, 'Create the topics with `sluice up`.');
    }
    const now = new Map((await admin.fetchTopicOffsets(topic)).map((entry) => [String(entry.partition), entry]));
    for (const [query, ranges] of ends) {
      for (const [partition, [, until]] of Object.entries(ranges[topic] ?? {})) {
        const there = now.get(partition);
        if (there === undefined || BigInt(there.high) < BigInt(until)) {
          throw new StartError(
            'topic',
            `${query} has read partition ${partition} of ${topic} up to offset ${until}, but the topic ends at ${there?.high ?? 'nothing'}: it was re-created or lost records.`,
            'Run `sluice reset --all` to begin anew with this topic.',
          );
        }
        if (BigInt(there.low) > BigInt(until)) {
          throw new StartError(
            'topic',
            `${query} goes on at offset ${until} of partition ${partition} of ${topic}, but the topic begins at ${there.low}: ${BigInt(there.low) - BigInt(until)} records were deleted unread.`,
            'Run `sluice reset --all` to begin anew with what is left.',
          );
        }
      }
    }
  } finally {
    await admin.disconnect();
  }
}
