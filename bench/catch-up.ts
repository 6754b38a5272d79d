/**
 * How fast a pipeline that was down takes in what has piled up: N events lie in the topic, then all four queries start at once.
 *
 *   npm run bench                            one million events
 *   npm run bench -- --events 200000         fewer
 *   npm run bench -- --beside-spark --rounds 3   in turn with Spark alone (bench/spark-alone.ts), and the ratio of the medians
 *   npm run bench -- --workers 2             on a standalone cluster of two workers instead of in one process
 *   npm run bench -- --workers 0,1,2,3       each in turn with the same events, and the ratios
 *
 * Time runs from the order to start until the ledger of the last query ends where the topic ends: bundling, planning and the first state
 * files included. One run on one machine; compare runs of the same sitting only. On Linux the CPU time of that while is printed by part, which other
 * work on the machine changes less than the time itself.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { userActivity } from '../spark/pipeline/index.js';
import { awaitCaughtUp, type SupervisorOptions, supervise } from '../spark/supervisor/index.js';
import { type Cost, costSince, cpuSeconds, totalCpu } from './cpu-split.js';
import { type FilledTopic, say, withFilledTopic } from './filled-topic.js';
import { median, refuse, wholeNumber } from './rounds.js';
import { measureSparkAlone } from './spark-alone.js';

interface QuerySplit {
  readonly query: string;
  readonly batches: number;
  readonly rows: number;
  /** From the order to start until the query's last batch with data was in. */
  readonly seconds: number;
}

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '0' },
    rounds: { type: 'string', default: '1' },
    'beside-spark': { type: 'boolean', default: false },
  },
});
const events = wholeNumber('events', values.events);
const rounds = wholeNumber('rounds', values.rounds);
const workers = values.workers.split(',');
if (!workers.every((number) => /^\d{1,2}$/.test(number)))
  refuse(`--workers takes whole numbers with commas between, not ${values.workers}`);

const costs = new Map<string, Cost[]>();
for (let round = 0; round < rounds; round++) {
  for (const number of workers) {
    const kind = number === '0' ? 'sluice' : `sluice, ${number} workers`;
    add(kind, await withFilledTopic(events, number, measure));
  }
  if (values['beside-spark']) add('Spark alone', await withFilledTopic(events, '0', measureSparkAlone));
}
if (costs.size > 1 || rounds > 1) compare();

function add(kind: string, cost: Cost): void {
  costs.set(kind, [...(costs.get(kind) ?? []), cost]);
  const parts = cost.cpu.map(({ part, seconds }) => `${part} ${seconds.toFixed(1)}`).join(', ');
  console.log(`\n${kind}: ${cost.seconds.toFixed(1)} s, ${totalCpu(cost).toFixed(0)} CPU-seconds (${parts})\n`);
}

/** The medians, each against the first. */
function compare(): void {
  const rows = [...costs].map(([kind, all]) => ({
    kind,
    seconds: median(all.map((cost) => cost.seconds)),
    cpu: median(all.map(totalCpu)),
  }));
  console.log(
    `${''.padEnd(20)}${'seconds'.padStart(9)}${'events/s'.padStart(10)}${'to first'.padStart(10)}${'CPU-s'.padStart(8)}${'to first'.padStart(10)}`,
  );
  for (const { kind, seconds, cpu } of rows) {
    const cells = [
      seconds.toFixed(1).padStart(9),
      String(Math.round(events / seconds)).padStart(10),
      (seconds / (rows[0]?.seconds ?? 0)).toFixed(2).padStart(10),
      cpu.toFixed(0).padStart(8),
      (cpu / (rows[0]?.cpu ?? 0)).toFixed(2).padStart(10),
    ];
    console.log(`${kind.padEnd(20)}${cells.join('')}`);
  }
}

async function measure({ settings, endpoints }: FilledTopic): Promise<Cost> {
  const { stack, topics, pipeline: tuning } = settings;
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
  const ended = supervise(options);
  let cost: Cost;
  try {
    await Promise.race([
      awaitCaughtUp(options),
      ended.then((outcome) => Promise.reject(new Error(`ended early: ${outcome.kind}`))),
    ]);
    cost = costSince(begin, before, stack.stateDir);
  } finally {
    stop.abort();
    await ended;
  }
  // The wait goes on a little longer, to see that no batch follows: the ledger knows when the last one was in.
  const split = await readSplit(endpoints.databaseUrl, begin);
  report(split);
  return { ...cost, seconds: Math.max(...split.map((query) => query.seconds)) };
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

function report(split: readonly QuerySplit[]): void {
  const seconds = Math.max(...split.map((query) => query.seconds));
  console.log(
    `\n${events} events through all ${split.length} queries in ${seconds.toFixed(1)} s on ${availableParallelism()} cores:`,
  );
  console.log(`${Math.round(events / seconds)} events/s, cold start included\n`);
  console.log(
    `${'query'.padEnd(20)}${'done after'.padStart(12)}${'batches'.padStart(10)}${'rows to sink'.padStart(15)}`,
  );
  for (const query of split) {
    console.log(
      `${query.query.padEnd(20)}${`${query.seconds.toFixed(1)} s`.padStart(12)}${String(query.batches).padStart(10)}${String(query.rows).padStart(15)}`,
    );
  }
}
