/**
 * A small system as the pipeline would leave it, written by hand: a topic with seven records, an aborted transaction at its end and an empty
 * partition; the ledger, tables, lake and both sink topics that belong to them. Every value stands here as a constant, none is computed by
 * what is under test. Own topics, own database, own folder; all gone after the file's tests.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Admin, Kafka, logLevel, type Producer } from 'kafkajs';
import pg from 'pg';
import type { Endpoints } from '../../../config/endpoints.js';
import type { VerifySettings } from '../../../verify/index.js';
import { writeLakeFile } from '../../unit/verify/parquet-files.js';

const KAFKA_MS = Date.parse('2026-03-02T00:00:00Z');
const PROCESSED = '2026-03-02T00:00:01.000000Z';
const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../..' : '../../../..', import.meta.url));

/** [partition, offset, batch, clock time, user, page, type] of the valid records. */
const VALID = [
  [0, 0, 0, '12:00:00.000', 'u1', '/a', 'session_start'],
  [0, 1, 0, '12:00:30.000', 'u1', '/a', 'page_view'],
  [1, 0, 0, '12:00:10.250', 'u2', '/a', 'page_view'],
  [0, 2, 1, '12:01:00.000', 'u1', '/a', 'session_end'],
  [0, 3, 1, '12:20:00.000', 'u2', '/b', 'page_view'],
  // Late for every window by then.
  [1, 2, 2, '12:00:00.000', 'u3', '/a', 'click'],
] as const;
const DEAD = { partition: 1, offset: 1, batch: 0, value: '{"event_time":', reason: 'not_a_json_object' } as const;

const time = (clock: string): string => `2026-03-01T${clock}Z`;
const micros = (clock: string): bigint => BigInt(Date.parse(time(clock))) * 1000n;

/** Batches of the windowed queries: what they read of partitions 0, 1 and 2, and their watermark. The third has no data and evicts. */
const WINDOWED: readonly (readonly [offsets: string, watermark: string | null])[] = [
  ['{"0": [0, 2], "1": [0, 2], "2": [0, 0]}', null],
  ['{"0": [2, 4], "1": [2, 2], "2": [0, 0]}', '11:58:30'],
  ['{"0": [4, 4], "1": [2, 2], "2": [0, 0]}', '12:18:00'],
  ['{"0": [4, 4], "1": [2, 5], "2": [0, 0]}', '12:18:00'],
];
const EVENTS_BATCHES = [WINDOWED[0], WINDOWED[1], WINDOWED[3]].map((batch) => batch?.[0] ?? '');

export interface SinkMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}

export interface Falsification {
  readonly enriched?: (messages: SinkMessage[]) => SinkMessage[];
  readonly deadLetters?: (messages: SinkMessage[]) => SinkMessage[];
}

export class World {
  readonly settings: Partial<VerifySettings> & Pick<VerifySettings, 'topics'>;
  readonly endpoints: Endpoints;
  readonly kafka: Kafka;
  readonly database: pg.Client;
  readonly lake: string;
  readonly #admin: Admin;
  readonly #server: pg.Client;
  readonly #name: string;

  private constructor(name: string, kafka: Kafka, server: pg.Client, database: pg.Client, lake: string) {
    this.#name = name;
    this.kafka = kafka;
    this.#admin = kafka.admin();
    this.#server = server;
    this.database = database;
    this.lake = lake;
    this.settings = {
      topics: { activity: `${name}_activity`, enriched: `${name}_enriched`, deadLetter: `${name}_dead` },
    };
    this.endpoints = {
      bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
      databaseUrl: databaseUrl(name),
      databaseReaderUrl: databaseUrl(name, 'SLUICE_TEST_READER_URL'),
      sparkRemote: process.env.SPARK_REMOTE ?? 'sc://127.0.0.1:1',
      sparkToken: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN,
      sparkUiUrl: undefined,
      lakePath: lake,
      checkpointPath: lake,
    };
  }

  /** Creates topics, database and folder; all still empty. */
  static async create(): Promise<World> {
    const name = `verify_${randomUUID().slice(0, 8)}`;
    const kafka = new Kafka({ brokers: required('KAFKA_BOOTSTRAP_SERVERS').split(','), logLevel: logLevel.NOTHING });
    const server = new pg.Client({ connectionString: required('DATABASE_URL') });
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    const database = new pg.Client({ connectionString: databaseUrl(name) });
    await database.connect();
    await database.query(await readFile(join(root, 'init-db.sql'), 'utf8'));
    const world = new World(name, kafka, server, database, await mkdtemp(join(tmpdir(), 'sluice-verify-')));
    await world.#admin.connect();
    const { activity, enriched, deadLetter } = world.settings.topics;
    await world.#admin.createTopics({
      topics: [activity, enriched, deadLetter].map((topic) => ({
        topic,
        numPartitions: topic === activity ? 3 : 1,
        // The records are older than Kafka's default of a week; its cleaner would take them away in the middle of a test.
        configEntries: [{ name: 'retention.ms', value: '-1' }],
      })),
    });
    return world;
  }

  /** Fills everything as a run of the pipeline would have; `change` may falsify what goes to the sink topics. */
  async fill(change: Falsification = {}): Promise<void> {
    await this.#fillTopics(change);
    for (const batch of [0, 1, 2]) {
      const rows = VALID.filter(([, , of]) => of === batch).map(([partition, offset, , clock, user, page, type]) => ({
        event_time: micros(clock),
        user_id: user,
        page_url: page,
        event_type: type,
        kafka_partition: partition,
        kafka_offset: BigInt(offset),
        kafka_timestamp: BigInt(KAFKA_MS) * 1000n,
        processing_time: BigInt(Date.parse(PROCESSED)) * 1000n,
      }));
      writeLakeFile(this.lakeFile(batch), rows);
    }
    await this.#fillLedger();
    await this.database.query(`
      INSERT INTO page_view_counts (window_start, window_end, page_url, view_count, batch_id) VALUES
        ('2026-03-01T12:00Z', '2026-03-01T12:01Z', '/a', 2, 0), ('2026-03-01T12:20Z', '2026-03-01T12:21Z', '/b', 1, 1);
      INSERT INTO active_users (window_start, window_end, active_user_count, batch_id)
        SELECT '2026-03-01T00:00Z'::timestamptz + minute * interval '1 minute', '2026-03-01T00:05Z'::timestamptz + minute * interval '1 minute', users, batch
        FROM (VALUES (716, 2, 0), (717, 2, 1), (718, 2, 1), (719, 2, 1), (720, 2, 1), (721, 1, 1),
                     (736, 1, 1), (737, 1, 1), (738, 1, 1), (739, 1, 1), (740, 1, 1)) AS w (minute, users, batch);
      INSERT INTO user_sessions (user_id, session_start, session_end, duration_seconds, event_count, page_views, end_reason, batch_id) VALUES
        ('u1', '2026-03-01T12:00Z', '2026-03-01T12:01Z', 60, 3, 1, 'session_end', 2),
        ('u2', '2026-03-01T12:00:10.25Z', '2026-03-01T12:00:10.25Z', 0, 1, 1, 'timeout', 2);
    `);
  }

  lakeFile(batch: number): string {
    return join(this.lake, 'event_date=2026-03-01', `batch_id=${batch}`, 'part-0.parquet');
  }

  async #fillTopics({ enriched: changeEnriched, deadLetters: changeDeadLetters }: Falsification): Promise<void> {
    const { activity, enriched, deadLetter } = this.settings.topics;
    const headers = (partition: number, offset: number, batch: number): Record<string, string> => ({
      source_topic: activity,
      source_partition: String(partition),
      source_offset: String(offset),
      batch_id: String(batch),
    });
    const source = [
      ...VALID.map(([partition, offset, , clock, user, page, type]) => ({
        partition,
        offset,
        value: JSON.stringify({ event_time: time(clock), user_id: user, page_url: page, event_type: type, more: 1 }),
      })),
      DEAD,
    ].sort((a, b) => a.offset - b.offset);
    await this.withProducer({}, async (producer) => {
      await producer.send({
        topic: activity,
        messages: source.map(({ partition, value }) => ({ partition, key: 'k', value, timestamp: String(KAFKA_MS) })),
      });
    });
    await this.withProducer({ transactionalId: this.#name, maxInFlightRequests: 1 }, async (producer) => {
      const aborted = await producer.transaction();
      await aborted.send({ topic: activity, messages: [{ partition: 1, value: 'aborted' }] });
      await aborted.abort();
    });
    // The sinks are written in transactions, so these topics end with a commit marker.
    await this.withProducer({ transactionalId: `${this.#name}-sinks`, maxInFlightRequests: 1 }, async (producer) => {
      const transaction = await producer.transaction();
      const valid = VALID.map(([partition, offset, batch, clock, user, page, type]) => ({
        key: user as string,
        value: JSON.stringify({
          event_time: time(clock),
          user_id: user,
          page_url: page,
          event_type: type,
          processing_time: PROCESSED,
        }),
        headers: headers(partition, offset, batch),
      }));
      const dead = [
        {
          key: 'k',
          value: DEAD.value,
          headers: { reason: DEAD.reason, ...headers(DEAD.partition, DEAD.offset, DEAD.batch) },
        },
      ];
      await transaction.send({ topic: enriched, messages: changeEnriched?.(valid) ?? valid });
      await transaction.send({ topic: deadLetter, messages: changeDeadLetters?.(dead) ?? dead });
      await transaction.commit();
    });
  }

  async #fillLedger(): Promise<void> {
    const rows: readonly (readonly [query: string, rows: readonly number[], dead: number])[] = [
      ['page_view_counts', [1, 1, 0, 0], 0],
      ['active_users', [5, 10, 0, 0], 0],
      ['user_sessions', [0, 0, 2, 0], 0],
      ['events', [4, 2, 1], 1],
    ];
    for (const [query, counts, dead] of rows) {
      const id = randomUUID();
      for (const [batch, count] of counts.entries()) {
        const [offsets, watermark] = query === 'events' ? [EVENTS_BATCHES[batch], null] : (WINDOWED[batch] ?? []);
        await this.database.query(
          `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, watermark, rows, dead)
           VALUES ('user-activity', $1, $2, $3, 1, jsonb_build_object($4::text, $5::jsonb), $6, $7, $8)`,
          [
            query,
            id,
            batch,
            this.settings.topics.activity,
            offsets,
            watermark === null || watermark === undefined ? null : time(watermark),
            count,
            batch === 0 ? dead : 0,
          ],
        );
      }
    }
  }

  async withProducer(
    options: Parameters<Kafka['producer']>[0],
    use: (producer: Producer) => Promise<void>,
  ): Promise<void> {
    const producer = this.kafka.producer(options);
    await producer.connect();
    try {
      await use(producer);
    } finally {
      await producer.disconnect();
    }
  }

  async close(): Promise<void> {
    await this.#admin.deleteTopics({ topics: Object.values(this.settings.topics) });
    await this.#admin.disconnect();
    await this.database.end();
    await this.#server.query(`DROP DATABASE ${this.#name} WITH (FORCE)`);
    await this.#server.end();
    await rm(this.lake, { recursive: true, force: true });
  }
}

/** The suite's launcher names the services. */
function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} must name a running service`);
  return value;
}

function databaseUrl(name: string, variable = 'DATABASE_URL'): string {
  const url = new URL(required(variable));
  url.pathname = `/${name}`;
  return url.href;
}
