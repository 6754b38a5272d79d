/**
 * A pipeline that has run, without a run: database, topics, checkpoints, ledger, tables and lake as two batches of each query leave them, written by
 * hand. Own names and folders, all gone after the file's tests.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Endpoints } from '../../../config/endpoints.js';
import { packageRoot } from '../../../config/package-root.js';
import { readSettings, type Settings } from '../../../config/settings.js';
import { type Pipeline, userActivity } from '../../../spark/pipeline/index.js';
import { assertCanStart } from '../../../spark/supervisor/start-checks/index.js';

export const QUERY_NAMES = ['events', 'page_view_counts', 'active_users', 'user_sessions'] as const;
/** Batch 0 reads two records of each partition, batch 1 three more. */
const ENDS = [2, 5] as const;
const LAST = ENDS.length - 1;

export class Place {
  readonly settings: Settings;
  readonly endpoints: Endpoints;
  readonly pipeline: Pipeline;
  readonly database: pg.Client;
  readonly admin: Admin;
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-start-'));
  readonly #kafka: Kafka;
  readonly #server: pg.Client;
  readonly #name: string;
  readonly #queryIds = new Map<string, string>();

  private constructor(name: string, server: pg.Client, database: pg.Client, kafka: Kafka) {
    this.#name = name;
    this.#server = server;
    this.database = database;
    this.#kafka = kafka;
    this.admin = kafka.admin();
    this.settings = readSettings(
      {
        SLUICE_STATE: join(this.folder, 'state'),
        LAKE_PATH: join(this.folder, 'lake'),
        TOPIC_ACTIVITY: `${name}_activity`,
        TOPIC_ENRICHED: `${name}_enriched`,
        TOPIC_DEAD_LETTER: `${name}_dead`,
        TOPIC_COMMITS: `${name}_commits`,
        TOPIC_PARTITIONS: '2',
      },
      this.folder,
    );
    const { lakePath, checkpointPath } = this.settings;
    this.endpoints = {
      bootstrapServers: required('KAFKA_BOOTSTRAP_SERVERS'),
      databaseUrl: databaseUrl(name),
      databaseWriterUrl: databaseUrl(name, 'SLUICE_TEST_WRITER_URL'),
      sparkRemote: required('SPARK_REMOTE'),
      sparkToken: process.env.SPARK_CONNECT_AUTHENTICATE_TOKEN,
      sparkUiUrl: undefined,
      lakePath,
      checkpointPath,
    };
    this.pipeline = userActivity({ topic: this.settings.topics.activity, ...this.settings.pipeline });
  }

  /** Creates the database and the topics, all empty. */
  static async create(): Promise<Place> {
    const name = `start_${randomUUID().slice(0, 8)}`;
    const server = new pg.Client({ connectionString: required('DATABASE_URL') });
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    const database = new pg.Client({ connectionString: databaseUrl(name) });
    await database.connect();
    await database.query(await readFile(join(packageRoot(), 'init-db.sql'), 'utf8'));
    const kafka = new Kafka({ brokers: required('KAFKA_BOOTSTRAP_SERVERS').split(','), logLevel: logLevel.NOTHING });
    const place = new Place(name, server, database, kafka);
    await place.admin.connect();
    const { activity, enriched, deadLetter, commits } = place.settings.topics;
    for (const topic of [activity, enriched, deadLetter]) await place.createTopic(topic, 2);
    await place.createTopic(commits, 1, [{ name: 'cleanup.policy', value: 'compact' }]);
    return place;
  }

  async createTopic(topic: string, numPartitions: number, configEntries?: { name: string; value: string }[]) {
    await this.admin.createTopics({
      waitForLeaders: false,
      topics: [{ topic, numPartitions, ...(configEntries === undefined ? {} : { configEntries }) }],
    });
    // The broker hears of it a moment later.
    for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const offsets = await this.admin.fetchTopicOffsets(topic).catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return [];
      });
      if (offsets.length === numPartitions) return;
    }
  }

  /** Deletes the topic and makes it anew, empty. */
  async recreateTopic(topic: string): Promise<void> {
    await this.admin.deleteTopics({ topics: [topic] });
    while ((await this.admin.listTopics()).includes(topic)) await new Promise((resolve) => setTimeout(resolve, 50));
    await this.createTopic(topic, topic === this.settings.topics.commits ? 1 : 2);
  }

  /** Puts everything into the state after two batches of each query, whatever it was in before. */
  async settle(): Promise<void> {
    const { activity, enriched, deadLetter } = this.settings.topics;
    rmSync(this.settings.checkpointPath, { recursive: true, force: true });
    rmSync(this.settings.lakePath, { recursive: true, force: true });
    await this.database.query(
      'TRUNCATE page_view_counts, active_users, user_sessions, sluice.ledger, sluice.pipelines',
    );
    for (const topic of [activity, enriched, deadLetter]) {
      const offsets = await this.admin.fetchTopicOffsets(topic);
      if (offsets.every(({ low, high }) => low === '0' && high === String(ENDS[LAST]))) continue;
      await this.recreateTopic(topic);
      await this.send(topic, ENDS[LAST] ?? 0);
    }
    for (const query of QUERY_NAMES) {
      const queryId = randomUUID();
      this.#queryIds.set(query, queryId);
      this.write(query, 'metadata', JSON.stringify({ id: queryId }));
      for (const batch of ENDS.keys()) {
        this.plan(query, batch, ENDS[batch] ?? 0);
        this.commit(query, batch);
        await this.enterLedger(query, batch);
      }
    }
    for (const partition of [0, 1]) {
      for (const version of [1, 2]) this.write('user_sessions', `state/0/${partition}/${version}.changelog`, 'change');
    }
    await this.database.query(
      `INSERT INTO page_view_counts (window_start, window_end, page_url, view_count, batch_id)
       VALUES ('2026-01-01', '2026-01-01 00:01', '/', 1, ${LAST})`,
    );
    mkdirSync(join(this.settings.lakePath, 'event_date=2026-01-01', `batch_id=${LAST}`), { recursive: true });
    await this.start();
  }

  /** As the supervisor does, before anything else. */
  start(pipeline: Pipeline = this.pipeline): Promise<void> {
    return assertCanStart({ pipeline, endpoints: this.endpoints, topics: this.settings.topics });
  }

  /** As the events query leaves it in Kafka with each batch. */
  async mark(batchId: number, queryId = this.#queryIds.get('events')): Promise<void> {
    const producer = this.#kafka.producer();
    await producer.connect();
    const value = JSON.stringify({ queryId, batchId: String(batchId), epoch: '1', records: 3 });
    await producer.send({
      topic: this.settings.topics.commits,
      messages: [{ key: `${this.pipeline.name}.events`, value }],
    });
    await producer.disconnect();
  }

  /** So many records into each partition. */
  async send(topic: string, count: number): Promise<void> {
    const producer = this.#kafka.producer();
    await producer.connect();
    const messages = [0, 1].flatMap((partition) => Array.from({ length: count }, () => ({ partition, value: '{}' })));
    await producer.send({ topic, messages });
    await producer.disconnect();
  }

  /** As retention does: everything before `offset`. */
  async deleteRecords(topic: string, partition: number, offset: number): Promise<void> {
    // kafkajs must have heard of the topic before.
    await this.admin.fetchTopicMetadata({ topics: [topic] });
    await this.admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(offset) }] });
  }

  checkpoint(query: string, file = ''): string {
    return join(this.settings.checkpointPath, this.pipeline.name, query, file);
  }

  write(query: string, file: string, text: string): void {
    mkdirSync(join(this.checkpoint(query, file), '..'), { recursive: true });
    // As Spark does: as a whole or not at all.
    const temporary = this.checkpoint(query, '.temporary');
    writeFileSync(temporary, text);
    renameSync(temporary, this.checkpoint(query, file));
  }

  plan(query: string, batch: number, end: number): void {
    const ends = JSON.stringify({ [this.settings.topics.activity]: { 0: end, 1: end } });
    this.write(query, `offsets/${batch}`, `v1\n{"batchWatermarkMs":0,"batchTimestampMs":1,"conf":{}}\n${ends}`);
  }

  commit(query: string, batch: number): void {
    this.write(query, `commits/${batch}`, 'v1\n{"nextBatchWatermarkMs":0}');
  }

  async enterLedger(
    query: string,
    batch: number,
    until = ENDS[batch] ?? 0,
    from = ENDS[batch - 1] ?? 0,
  ): Promise<void> {
    const range = [from, until];
    await this.database.query(
      `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, rows, dead) VALUES ($1, $2, $3, $4, 1, $5, 3, $6)`,
      [
        this.pipeline.name,
        query,
        this.#queryIds.get(query),
        batch,
        JSON.stringify({ [this.settings.topics.activity]: { 0: range, 1: range } }),
        query === 'events' ? 1 : 0,
      ],
    );
  }

  async close(): Promise<void> {
    await this.admin.deleteTopics({
      topics: (await this.admin.listTopics()).filter((name) => name.startsWith(this.#name)),
    });
    await this.admin.disconnect();
    await this.database.end();
    await this.#server.query(`DROP DATABASE ${this.#name} WITH (FORCE)`);
    await this.#server.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function databaseUrl(database: string, variable = 'DATABASE_URL'): string {
  const url = new URL(required(variable));
  url.pathname = `/${database}`;
  return url.href;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run \`npm test -- live/supervisor\``);
  return value;
}
