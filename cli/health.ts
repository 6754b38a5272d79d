// What `sluice status` finds out: does each service answer, how far is each query, and who runs them. Looks, and changes nothing.
import { connect } from 'node:net';
import pg from 'pg';
import { type Endpoints, readerUrlOf } from '../config/endpoints.js';
import { PIPELINE_NAME } from '../config/names.js';
import type { Settings } from '../config/settings.js';
import { type RunningPipeline, type RunRecord, readRunSeen } from './run-record.js';
import { withoutPassword } from './services.js';
import { type TopicEnds, TopicEndsReader } from './topic-ends.js';

/** A service that takes longer is not well; all are asked at once. */
const ANSWER_MS_MAX = 5_000;

export interface ServiceHealth {
  readonly service: 'Kafka' | 'Postgres' | 'Spark';
  /** Without the password. */
  readonly address: string;
  readonly isUp: boolean;
  /** What went wrong; undefined when it answers. */
  readonly problem?: string;
}

/** How far a query is, by the ledger: what is in the sinks for good. */
export interface QueryLedger {
  readonly query: string;
  readonly lastBatch: string;
  /** Rows written to the sink and records set aside, over all batches. */
  readonly rows: number;
  readonly dead: number;
  /** ISO 8601; undefined while there is none. */
  readonly watermark?: string;
  readonly lastCommit: string;
  /** Records in the topic that no batch in the ledger has read; undefined when Kafka does not say. */
  readonly lag?: number;
}

export interface Status {
  readonly services: readonly ServiceHealth[];
  readonly run?: RunRecord;
  readonly queries: readonly QueryLedger[];
  /** Records in the topics of the pipeline; undefined when Kafka does not say. */
  readonly topicRecords?: number;
}

/** One look. @param pipeline the one that is asked about; undefined: the one that runs, or else the one that comes with sluice. */
export async function readStatus(
  settings: Settings,
  endpoints: Endpoints,
  pipeline?: RunningPipeline,
): Promise<Status> {
  await using reader = new StatusReader(settings, endpoints);
  return await reader.read(pipeline);
}

/** Looks again and again, over the same connections; one that breaks is opened anew by the next look. */
export class StatusReader implements AsyncDisposable {
  readonly endpoints: Endpoints;
  readonly stateDir: string;
  readonly #settings: Settings;
  readonly #topics: TopicEndsReader;
  readonly #database: pg.Pool;

  constructor(settings: Settings, endpoints: Endpoints) {
    this.stateDir = settings.stateDir;
    this.#settings = settings;
    this.endpoints = endpoints;
    this.#topics = new TopicEndsReader(endpoints.bootstrapServers, ANSWER_MS_MAX);
    this.#database = new pg.Pool({
      connectionString: readerUrlOf(endpoints),
      connectionTimeoutMillis: ANSWER_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
      max: 1,
      application_name: 'sluice status',
    });
    // An error between two looks has no other listener and would end the process; the next look says what is wrong.
    this.#database.on('error', () => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#topics[Symbol.asyncDispose](), this.#database.end()]);
  }

  /** @param pipeline as for `readStatus`. Never rejects: a service that does not answer is part of the status. */
  async read(pipeline?: RunningPipeline): Promise<Status> {
    const { bootstrapServers, databaseUrl, sparkRemote } = this.endpoints;
    const run = readRunSeen(this.#settings.stateDir);
    const { name, topics } = pipeline ??
      run?.pipeline ?? { name: PIPELINE_NAME, topics: [this.#settings.topics.activity] };
    const [kafka, postgres, spark] = await Promise.allSettled([
      this.#topics.read(topics),
      readLedger(this.#database, name),
      assertListening(sparkRemote),
    ]);
    const ends = kafka.status === 'fulfilled' ? kafka.value.ends : undefined;
    return {
      services: [
        healthOf('Kafka', bootstrapServers, kafka),
        healthOf('Postgres', databaseUrl, postgres),
        healthOf('Spark', sparkRemote, spark),
      ],
      ...(run === undefined ? {} : { run }),
      queries: postgres.status === 'fulfilled' ? postgres.value.map((row) => withLag(row, ends)) : [],
      ...(kafka.status === 'fulfilled' ? { topicRecords: kafka.value.records } : {}),
    };
  }
}

function healthOf(
  service: ServiceHealth['service'],
  address: string,
  result: PromiseSettledResult<unknown>,
): ServiceHealth {
  return {
    service,
    address: withoutPassword(address),
    isUp: result.status === 'fulfilled',
    ...(result.status === 'rejected' ? { problem: problemOf(result.reason) } : {}),
  };
}

interface LedgerRow extends Omit<QueryLedger, 'lag'> {
  readonly offsets: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>;
}

async function readLedger(database: pg.Pool, pipelineName: string): Promise<LedgerRow[]> {
  try {
    const { rows } = await database.query<{
      query: string;
      batch_id: string;
      rows: string;
      dead: string;
      watermark: Date | null;
      committed_at: Date;
      offsets: LedgerRow['offsets'];
    }>(
      `SELECT query, batch_id, offsets, watermark, committed_at, sum_rows AS rows, sum_dead AS dead
       FROM (SELECT *, sum(rows) OVER (PARTITION BY query) AS sum_rows, sum(dead) OVER (PARTITION BY query) AS sum_dead,
                    row_number() OVER (PARTITION BY query ORDER BY committed_at DESC, batch_id DESC) AS nth
             FROM sluice.ledger WHERE pipeline = $1) AS batches
       WHERE nth = 1 ORDER BY query`,
      [pipelineName],
    );
    return rows.map((row) => ({
      query: row.query,
      lastBatch: row.batch_id,
      rows: Number(row.rows),
      dead: Number(row.dead),
      ...(row.watermark === null ? {} : { watermark: row.watermark.toISOString() }),
      lastCommit: row.committed_at.toISOString(),
      offsets: row.offsets,
    }));
  } catch (error) {
    // No ledger yet: the database answers, and nothing has run.
    if ((error as { code?: string }).code === '42P01') return [];
    throw error;
  }
}

/** Over the topics that the query reads, which its last batch names. */
function withLag({ offsets, ...row }: LedgerRow, ends: TopicEnds | undefined): QueryLedger {
  if (ends === undefined) return row;
  let lag = 0;
  for (const [topic, read] of Object.entries(offsets)) {
    for (const [partition, end] of ends.get(topic) ?? []) lag += Math.max(0, end - (read[partition]?.[1] ?? 0));
  }
  return { ...row, lag };
}

/** Whether somebody listens where Spark Connect should be. More would need a session, which only the pipeline should have. */
async function assertListening(sparkRemote: string): Promise<void> {
  const match = /^sc:\/\/(\[[^\]]+\]|[^:/;]+)(?::(\d+))?/.exec(sparkRemote);
  if (match?.[1] === undefined) throw new Error('SPARK_REMOTE is not of the form sc://host:port/');
  const host = match[1].replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(match[2] ?? 15_002), timeout: ANSWER_MS_MAX });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error(`no answer within ${ANSWER_MS_MAX / 1_000} s`)));
    });
  } finally {
    socket.destroy();
  }
}

function problemOf(reason: unknown): string {
  if (reason instanceof AggregateError) return reason.errors.map(problemOf).join('; ');
  return reason instanceof Error ? reason.message : String(reason);
}
