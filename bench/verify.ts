/**
 * What the oracle takes for a large topic: N events whose results are known beforehand, written straight into Kafka and Postgres, then
 * `sluice verify` in a process of its own, with its time and its peak memory.
 *
 *   npm run bench:verify                        ten million events
 *   npm run bench:verify -- --events 1000000    fewer
 *
 * One event every 10 ms of event time. Blocks of ten minutes have 2,000 users of their own, each with 30 page views 20 s apart: one session, closed
 * by the timeout. So every row of the three tables follows from arithmetic, and none from the code under test. The query `events` (lake and
 * enriched topic) has no batches here, and its checks are left out of the verdict.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { endpointsOf } from '../config/endpoints.js';
import { packageRoot } from '../config/package-root.js';
import { readSettings } from '../config/settings.js';
import { applySchema, ensureTopics, startStack, stopStack } from '../stack/index.js';
import type { VerifyReport } from '../verify/index.js';
import { wholeNumber } from './rounds.js';

const EVENT_MS = 10;
const BLOCK_EVENTS = 60_000;
const BLOCK_USERS = 2_000;
const SESSION_EVENTS = BLOCK_EVENTS / BLOCK_USERS;
const PAGES = 50;
const MINUTE_EVENTS = 60_000 / EVENT_MS;
const BATCH_EVENTS = 120_000;
const PARTITIONS = 4;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
const WATERMARK_DELAY_MS = 120_000;
const SESSION_TIMEOUT_MS = 300_000;
const SEND_EVENTS = 20_000;
const INSERT_ROWS = 10_000;

const { values } = parseArgs({ options: { events: { type: 'string', default: '10000000' } } });
const events = Math.ceil(wholeNumber('events', values.events) / BATCH_EVENTS) * BATCH_EVENTS;
/** The last one has no data: Spark runs it to close what the watermark has passed. */
const batches = events / BATCH_EVENTS + 1;

const timeMs = (event: number): number => START_MS + event * EVENT_MS;
const timestamp = (ms: number): string => new Date(ms).toISOString();
const batchOf = (event: number): number => Math.floor(event / BATCH_EVENTS);
/** In force while the batch runs; undefined for the first. */
const watermarkMs = (batch: number): number | undefined =>
  batch === 0 ? undefined : timeMs(Math.min(batch * BATCH_EVENTS, events) - 1) - WATERMARK_DELAY_MS;

const folder = join(process.cwd(), '.sluice', 'bench-verify');
await rm(folder, { recursive: true, force: true });
const environment = { SLUICE_STATE: folder, LAKE_PATH: join(folder, 'lake') };
const settings = readSettings(environment);
try {
  const stack = await startStack(settings.stack, say, { isOwned: true });
  const { bootstrapServers, databaseUrl } = endpointsOf(settings, stack);
  await Promise.all([ensureTopics(bootstrapServers, settings.topics), applySchema(databaseUrl)]);
  await fillTopic(bootstrapServers);
  await fillDatabase(databaseUrl);
  await measure();
} finally {
  await stopStack(settings.stateDir);
  await rm(folder, { recursive: true, force: true });
}

async function fillTopic(bootstrapServers: string): Promise<void> {
  const producer = new Kafka({ brokers: [bootstrapServers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const begin = performance.now();
  for (let from = 0; from < events; from += SEND_EVENTS) {
    const messages = Array.from({ length: Math.min(SEND_EVENTS, events - from) }, (_, i) => {
      const event = from + i;
      const user = `u${Math.floor(event / BLOCK_EVENTS)}_${event % BLOCK_USERS}`;
      const value = `{"event_time":"${timestamp(timeMs(event))}","user_id":"${user}","page_url":"/page/${event % PAGES}","event_type":"page_view"}`;
      return { partition: event % PARTITIONS, key: user, value };
    });
    await producer.send({ topic: settings.topics.activity, acks: 1, messages });
    if (from % 1_000_000 === 0) say(`${from} of ${events} events sent`);
  }
  await producer.disconnect();
  say(`sent ${events} events in ${seconds(begin)} s`);
}

async function fillDatabase(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const delivered = new Map(['page_view_counts', 'active_users', 'user_sessions'].map((query) => [query, new Map()]));
  const deliver = (query: string, batch: number): void => {
    const ofQuery = delivered.get(query) as Map<number, number>;
    ofQuery.set(batch, (ofQuery.get(batch) ?? 0) + 1);
  };
  try {
    await insert(client, 'page_view_counts (window_start, window_end, page_url, view_count, batch_id)', pageViews());
    await insert(client, 'active_users (window_start, window_end, active_user_count, batch_id)', activeUsers());
    const columns =
      'user_id, session_start, session_end, duration_seconds, event_count, page_views, end_reason, batch_id';
    await insert(client, `user_sessions (${columns})`, sessions());
    await insert(
      client,
      'sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, watermark, rows, dead)',
      ledger(),
    );
  } finally {
    await client.end();
  }

  function* pageViews(): Generator<unknown[]> {
    for (let minute = 0; minute * MINUTE_EVENTS < events; minute++) {
      const from = minute * MINUTE_EVENTS;
      const until = Math.min(from + MINUTE_EVENTS, events);
      for (let page = 0; page < PAGES; page++) {
        for (let batch = batchOf(from); batch <= batchOf(until - 1); batch++) deliver('page_view_counts', batch);
        const [start, end] = [timeMs(from), timeMs(from + MINUTE_EVENTS)];
        yield [timestamp(start), timestamp(end), `/page/${page}`, (until - from) / PAGES, batchOf(until - 1)];
      }
    }
  }

  function* activeUsers(): Generator<unknown[]> {
    for (let minute = -4; minute * MINUTE_EVENTS < events; minute++) {
      const from = Math.max(0, minute * MINUTE_EVENTS);
      const until = Math.min((minute + 5) * MINUTE_EVENTS, events);
      let users = 0;
      for (let block = Math.floor(from / BLOCK_EVENTS); block * BLOCK_EVENTS < until; block++) {
        const overlap = Math.min(until, (block + 1) * BLOCK_EVENTS) - Math.max(from, block * BLOCK_EVENTS);
        users += Math.min(BLOCK_USERS, overlap);
      }
      for (let batch = batchOf(from); batch <= batchOf(until - 1); batch++) deliver('active_users', batch);
      const start = START_MS + minute * 60_000;
      yield [timestamp(start), timestamp(start + 300_000), users, batchOf(until - 1)];
    }
  }

  function* sessions(): Generator<unknown[]> {
    for (
      let first = 0;
      first < events;
      first += first % BLOCK_EVENTS === BLOCK_USERS - 1 ? BLOCK_EVENTS - BLOCK_USERS + 1 : 1
    ) {
      const last = first + (SESSION_EVENTS - 1) * BLOCK_USERS;
      if (last >= events) continue;
      const closesMs = timeMs(last) + SESSION_TIMEOUT_MS;
      // The first batch whose watermark has passed the session's end.
      let batch = batchOf(last);
      while (batch < batches && (watermarkMs(batch) ?? 0) < closesMs) batch++;
      if (batch >= batches) continue;
      deliver('user_sessions', batch);
      const user = `u${Math.floor(first / BLOCK_EVENTS)}_${first % BLOCK_USERS}`;
      const lasts = (timeMs(last) - timeMs(first)) / 1_000;
      yield [
        user,
        timestamp(timeMs(first)),
        timestamp(timeMs(last)),
        lasts,
        SESSION_EVENTS,
        SESSION_EVENTS,
        'timeout',
        batch,
      ];
    }
  }

  function* ledger(): Generator<unknown[]> {
    for (const [query, ofQuery] of delivered) {
      for (let batch = 0; batch < batches; batch++) {
        const range = [batch, batch + 1].map((of) => Math.min(of * BATCH_EVENTS, events) / PARTITIONS);
        const ranges = Object.fromEntries(Array.from({ length: PARTITIONS }, (_, partition) => [partition, range]));
        const mark = watermarkMs(batch);
        yield [
          'user-activity',
          query,
          '00000000-0000-4000-8000-000000000000',
          batch,
          1,
          { [settings.topics.activity]: ranges },
          mark === undefined ? null : timestamp(mark),
          ofQuery.get(batch) ?? 0,
          0,
        ];
      }
    }
  }
}

/** `target` names the table and its columns; every row has a value for each. */
async function insert(client: pg.Client, target: string, rows: Iterable<unknown[]>): Promise<void> {
  let chunk: unknown[][] = [];
  const flush = async (): Promise<void> => {
    if (chunk.length === 0) return;
    const names = /\((.*)\)/.exec(target)?.[1] ?? '';
    const table = target.slice(0, target.indexOf(' '));
    const objects = chunk.map((row) => Object.fromEntries(names.split(', ').map((name, i) => [name, row[i]])));
    await client.query(`INSERT INTO ${target} SELECT ${names} FROM jsonb_populate_recordset(NULL::${table}, $1)`, [
      JSON.stringify(objects),
    ]);
    chunk = [];
  };
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length === INSERT_ROWS) await flush();
  }
  await flush();
}

async function measure(): Promise<void> {
  const begin = performance.now();
  const child = spawn(process.execPath, [join(packageRoot(), 'cli', 'sluice.js'), 'verify', '--json', '--no-spark'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakKib = 0;
  const sampling = setInterval(() => {
    peakKib = Math.max(peakKib, peakOf(child.pid ?? 0));
  }, 250);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sampling);
  const took = seconds(begin);
  const report = JSON.parse(output) as VerifyReport;
  const judged = report.checks.filter(({ name }) => /^(page_view_counts|active_users|user_sessions)\./.test(name));
  const wrong = judged.filter(({ holds, status }) => !holds && status !== 'skipped');
  for (const { name, status, expected, found, samples } of wrong)
    say(JSON.stringify({ name, status, expected, found, samples }, null, 2));
  console.log(
    `\n${report.topic.records} records verified in ${took} s, ${Math.round(report.topic.records / took)} records/s`,
  );
  console.log(
    `peak memory ${Math.round(peakKib / 1024)} MiB; ${judged.length - wrong.length} of ${judged.length} checks hold`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}

/** KiB; 0 where there is no /proc, and after the process has ended. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}

function say(line: string): void {
  console.error(line);
}
