/**
 * How fast a pipeline that was down takes in what has piled up: N events lie in the topic, then all four queries start at once.
 *
 *   npm run bench                       one million events
 *   npm run bench -- --events 200000    fewer
 *   npm run bench -- --workers 2        on a standalone cluster of two workers instead of in one process
 *   npm run bench -- --workers 0,1,2,3  each in turn with the same events, and the ratios
 *
 * Time runs from the order to start until the ledger of the last query ends where the topic ends: bundling, planning and the first state
 * files included. One run on one machine; compare runs of the same sitting only. On Linux the CPU time of that while is printed by part, which other
 * work on the machine changes less than the time itself.
 */
import { rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { endpointsOf } from '../config/endpoints.js';
import { readSettings, type Settings } from '../config/settings.js';
import { produce } from '../producer/index.js';
import { userActivity } from '../spark/pipeline/index.js';
import { awaitCaughtUp, type SupervisorOptions, supervise } from '../spark/supervisor/index.js';
import { applySchema, ensureTopics, startStack, stopStack } from '../stack/index.js';
import { cpuBetween, cpuSeconds } from './cpu-split.js';

interface QuerySplit {
  readonly query: string;
  readonly batches: number;
  readonly rows: number;
  /** From the order to start until the query's last batch with data was in. */
  readonly seconds: number;
}

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, workers: { type: 'string', default: '0' } },
});
const events = Number(values.events);
if (!Number.isInteger(events) || events < 1) {
  console.error(`--events takes a whole number from 1, not ${values.events}`);
  process.exit(2);
}

const workers = values.workers.split(',');
if (!workers.every((number) => /^\d{1,2}$/.test(number))) {
  console.error(`--workers takes whole numbers with commas between, not ${values.workers}`);
  process.exit(2);
}

const seconds: number[] = [];
for (const number of workers) {
  const folder = join(process.cwd(), '.sluice', 'bench');
  await rm(folder, { recursive: true, force: true });
  const settings = readSettings({ SLUICE_STATE: folder, LAKE_PATH: join(folder, 'lake'), SPARK_WORKERS: number });
  if (workers.length > 1) console.log(`\n${number} workers`);
  try {
    seconds.push(await measure(settings, events));
  } finally {
    await stopStack(settings.stateDir);
    await rm(folder, { recursive: true, force: true });
  }
}
if (workers.length > 1) compare();

/** Each against the first. */
function compare(): void {
  console.log(
    `\n${'workers'.padEnd(10)}${'seconds'.padStart(10)}${'events/s'.padStart(12)}${'times the first'.padStart(18)}`,
  );
  for (const [i, number] of workers.entries()) {
    const [own = 0, first = 0] = [seconds[i], seconds[0]];
    const cells = [own.toFixed(1).padStart(10), String(Math.round(events / own)).padStart(12)];
    console.log(`${number.padEnd(10)}${cells.join('')}${(own / first).toFixed(2).padStart(18)}`);
  }
}

/** Answers how many seconds it took. */
async function measure({ stack, topics, pipeline: tuning, ...rest }: Settings, count: number): Promise<number> {
  const endpoints = endpointsOf(
    { stack, topics, pipeline: tuning, ...rest },
    await startStack(stack, say, { isOwned: true }),
  );
  await Promise.all([ensureTopics(endpoints.bootstrapServers, topics), applySchema(endpoints.databaseUrl)]);
  const produced = await produce({
    bootstrapServers: endpoints.bootstrapServers,
    topic: topics.activity,
    count,
    lateShare: 0.03,
    malformedShare: 0.01,
  });
  say(`produced ${produced.sent} events, ${Math.round(produced.sent / produced.seconds)} a second`);

  const stop = new AbortController();
  const options: SupervisorOptions = {
    pipeline: userActivity({ topic: topics.activity, ...tuning }),
    endpoints,
    topics,
    settings: tuning,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === 'query-failed') say(`${event.query} failed: ${event.error.message}`);
    },
  };
  const begin = Date.now();
  const before = cpuSeconds(stack.stateDir);
  let after = before;
  const ended = supervise(options);
  try {
    await Promise.race([
      awaitCaughtUp(options),
      ended.then((outcome) => Promise.reject(new Error(`ended early: ${outcome.kind}`))),
    ]);
    after = cpuSeconds(stack.stateDir);
  } finally {
    stop.abort();
    await ended;
  }
  const split = await readSplit(endpoints.databaseUrl, begin);
  report(count, split);
  const cpu = cpuBetween(before, after);
  const total = cpu.reduce((sum, { seconds }) => sum + seconds, 0);
  if (cpu.length > 0)
    console.log(
      `\n${total.toFixed(0)} CPU-seconds: ${cpu.map(({ part, seconds }) => `${part} ${seconds.toFixed(1)}`).join(', ')}`,
    );
  return Math.max(...split.map((query) => query.seconds));
}

async function readSplit(databaseUrl: string, begin: number): Promise<readonly QuerySplit[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ query: string; batches: string; rows: string; ended: string }>(
      `SELECT query, count(*) AS batches, sum(rows) AS rows, extract(epoch FROM max(committed_at) FILTER (
         WHERE EXISTS (SELECT 1 FROM jsonb_each(offsets) t, jsonb_each(t.value) p WHERE p.value->0 <> p.value->1))) * 1000 AS ended
       FROM sluice.ledger GROUP BY query ORDER BY ended`,
    );
    return rows.map((row) => ({
      query: row.query,
      batches: Number(row.batches),
      rows: Number(row.rows),
      seconds: (Number(row.ended) - begin) / 1000,
    }));
  } finally {
    await client.end();
  }
}

function report(count: number, split: readonly QuerySplit[]): void {
  const seconds = Math.max(...split.map((query) => query.seconds));
  console.log(
    `\n${count} events through all ${split.length} queries in ${seconds.toFixed(1)} s on ${availableParallelism()} cores:`,
  );
  console.log(`${Math.round(count / seconds)} events/s, cold start included\n`);
  console.log(
    `${'query'.padEnd(20)}${'done after'.padStart(12)}${'batches'.padStart(10)}${'rows to sink'.padStart(15)}`,
  );
  for (const query of split) {
    console.log(
      `${query.query.padEnd(20)}${`${query.seconds.toFixed(1)} s`.padStart(12)}${String(query.batches).padStart(10)}${String(query.rows).padStart(15)}`,
    );
  }
}

function say(line: string): void {
  console.error(line);
}
