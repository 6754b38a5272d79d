/** A pipeline of one query, counts per key into a table of its own, on the services that the tests share. Own topic, table and folder; all gone after. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { readSettings } from '../../../config/settings.js';
import { col, count, max } from '../../../spark/connect/index.js';
import type { Pipeline } from '../../../spark/pipeline/index.js';
import {
  awaitCaughtUp,
  type SupervisorEvent,
  type SupervisorOptions,
  type SupervisorOutcome,
} from '../../../spark/supervisor/index.js';

const PATIENCE_MS = 120_000;

export class SmallPipeline {
  readonly name = `small_${randomUUID().slice(0, 8)}`;
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-small-'));
  readonly database = new pg.Client({ connectionString: required('DATABASE_URL') });
  readonly pipeline: Pipeline = {
    name: this.name,
    version: 1,
    source: { kind: 'kafka', topic: this.name },
    queries: [
      {
        name: 'per_key',
        description: 'records per key',
        outputMode: 'update',
        plan: (records) => {
          const keyed = records.select(col('key').cast('string').as('key'), col('offset'));
          return keyed.groupBy('key').agg(count('*').as('records'), max(col('offset')).as('last_offset'));
        },
        sink: { kind: 'upsert', table: this.name, key: ['key'], columns: ['key', 'records', 'last_offset'] },
      },
    ],
  };
  readonly #kafka = new Kafka({ brokers: required('KAFKA_BOOTSTRAP_SERVERS').split(','), logLevel: logLevel.NOTHING });

  private constructor() {
    // Made by create(), which has to wait.
  }

  static async create(): Promise<SmallPipeline> {
    const small = new SmallPipeline();
    await small.database.connect();
    await small.database.query(
      `CREATE TABLE public.${small.name} (key text PRIMARY KEY, records bigint, last_offset bigint, batch_id bigint, updated_at timestamptz)`,
    );
    const admin = small.#kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic: small.name, numPartitions: 2 }] });
    await admin.disconnect();
    return small;
  }

  options(
    signal: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
    more: { readonly onEvent?: (event: SupervisorEvent) => void; readonly copyRowsMax?: number } = {},
  ): SupervisorOptions {
    const settings = readSettings({ SLUICE_STATE: this.folder, TRIGGER_INTERVAL: '200ms' }, this.folder);
    const { copyRowsMax = settings.pipeline.copyRowsMax, ...rest } = more;
    return {
      pipeline: this.pipeline,
      endpoints: {
        bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
        databaseUrl: required('DATABASE_URL'),
        databaseWriterUrl: required('SLUICE_TEST_WRITER_URL'),
        databaseReaderUrl: required('SLUICE_TEST_READER_URL'),
        sparkRemote: required('SPARK_REMOTE'),
        sparkToken: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN,
        sparkUiUrl: undefined,
        lakePath: join(this.folder, 'lake'),
        checkpointPath: join(this.folder, 'checkpoints'),
      },
      topics: { ...settings.topics, enriched: `${this.name}_enriched`, deadLetter: `${this.name}_dead` },
      settings: { ...settings.pipeline, copyRowsMax },
      signal,
      ...rest,
    };
  }

  /** Waits until the ledger has all of the topic; fails at once when the supervision ends before. */
  async caughtUp(ended: Promise<SupervisorOutcome>, onPoll?: (left: number) => void): Promise<void> {
    const early = ended.then((outcome) => {
      throw new Error(`ended as ${outcome.kind}`, { cause: 'error' in outcome ? outcome.error : undefined });
    });
    // Most often it ends later, when nobody waits here any more.
    early.catch(() => undefined);
    await Promise.race([awaitCaughtUp(this.options(), onPoll), early]);
  }

  /** Half of them to each of two keys, each in its partition. */
  async send(records: number): Promise<void> {
    const producer = this.#kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: records }, (_, i) => ({ key: `k${i % 2}`, value: 'v', partition: i % 2 }));
    await producer.send({ topic: this.name, messages });
    await producer.disconnect();
  }

  /** What the table has counted, per key. */
  async counted(): Promise<number[]> {
    const { rows } = await this.database.query<{ records: string }>(
      `SELECT records FROM public.${this.name} ORDER BY key`,
    );
    return rows.map(({ records }) => Number(records));
  }

  async batches(table: 'ledger' | 'batches'): Promise<number[]> {
    const { rows } = await this.database.query<{ batch_id: string }>(
      `SELECT batch_id FROM sluice.${table} WHERE pipeline = $1 ORDER BY batch_id`,
      [this.name],
    );
    return rows.map(({ batch_id }) => Number(batch_id));
  }

  /** The batches that one of the checkpoint's logs has. */
  logged(log: 'offsets' | 'commits'): number[] {
    return readdirSync(join(this.folder, 'checkpoints', this.name, 'per_key', log))
      .filter((file) => /^\d+$/.test(file))
      .map(Number)
      .sort((a, b) => a - b);
  }

  async close(): Promise<void> {
    await this.database.query(`DROP TABLE public.${this.name}`);
    for (const table of ['ledger', 'fence', 'pipelines', 'batches'])
      await this.database.query(`DELETE FROM sluice.${table} WHERE pipeline = $1`, [this.name]);
    await this.database.end();
    const admin = this.#kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [this.name] });
    await admin.disconnect();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run \`npm test -- live/supervisor\``);
  return value;
}
