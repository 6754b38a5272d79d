/**
 * This Connect client and PySpark's, side by side on the same server: how soon a fresh process has its first row, and how fast a large result is read.
 *
 *   npm run bench:connect                         1,000,000 rows of 10 columns, 5 rounds, on a Spark of its own
 *   npm run bench:connect -- --rows 100000 --rounds 3
 *   npm run bench:connect -- --remote sc://…      on a server that runs; its token in SPARK_CONNECT_AUTHENTICATE_TOKEN
 *   npm run bench:connect -- --only first-row     or read
 *   npm run bench:connect -- --json
 *
 * The clients take turns in every round, each time in a new process; medians are printed, and the ratio of this client's to PySpark's. CPU time is the
 * client process's own, which other work on the machine changes less than the clock; the clock includes Spark's making of the rows, which is the same
 * for all. Memory is the largest resident set of the process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { endpointsOf } from '../config/endpoints.js';
import { packageRoot } from '../config/package-root.js';
import { readSettings } from '../config/settings.js';
import { startStack, stopStack } from '../stack/index.js';
import { pythonWithSpark } from '../test/pyspark/environment.js';
import { median, wholeNumber } from './rounds.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    remote: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = wholeNumber('rounds', values.rounds);
const rows = wholeNumber('rows', values.rows);

/** One column of each of ten types. */
const QUERY = `select
    id,
    cast(id % 1000 as int) as number,
    id / 7 as ratio,
    concat('user-', id % 50000) as name,
    timestamp_micros(1767225600000000 + id * 1001) as at,
    cast(id / 100 as decimal(12, 2)) as price,
    id % 3 = 0 as is_new,
    date_add(date'2026-01-01', cast(id % 365 as int)) as day,
    array(cast(id % 10 as int), cast(id % 11 as int), cast(id % 12 as int)) as marks,
    named_struct('x', cast(id % 100 as int), 'label', concat('l', id % 100)) as place
  from range(0, ${rows}, 1, 4)`;

const HERE = join(packageRoot(), 'dist', 'bench', 'connect');
const SOURCES = join(packageRoot(), 'bench', 'connect');

interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Taken {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly maxRssMiB: number;
}

/** This client's ways to read, each with what of PySpark is nearest: it has no iterator over batches. */
const WAYS = [
  { way: 'collect', pySpark: 'collect', what: 'all rows, as objects' },
  { way: 'rows', pySpark: 'rows', what: 'rows, batch by batch' },
  { way: 'toArrow', pySpark: 'toArrow', what: 'one Arrow table' },
  { way: 'batches', pySpark: 'toArrow', what: 'Arrow batches' },
] as const;

const folder = join(process.cwd(), '.sluice', 'bench-connect');
const report: { format: string; rounds: number; rows: number; firstRow?: unknown; read?: unknown } = {
  format: 'bench-connect/1',
  rounds,
  rows,
};
try {
  const { remote: address, token } =
    values.remote === undefined ? await startOwn() : { remote: values.remote, token: undefined };
  // PySpark sends its token without TLS to a host of this name only.
  const remote = address.replace('127.0.0.1', 'localhost');
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TZ: 'UTC',
    // Python keeps what it has compiled, as an installed program does.
    PYTHONDONTWRITEBYTECODE: '',
    PYTHONPYCACHEPREFIX: join(packageRoot(), '.cache', 'pycache'),
    ...(token === undefined ? {} : { SPARK_CONNECT_AUTHENTICATE_TOKEN: token }),
  };
  const python = await pythonWithSpark();
  if (values.only !== 'read') report.firstRow = await benchFirstRow(remote, python, env);
  if (values.only !== 'first-row') report.read = await benchRead(remote, python, env);
  if (values.json) console.log(JSON.stringify(report));
} finally {
  if (values.remote === undefined) {
    await stopStack(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOwn(): Promise<{ remote: string; token: string | undefined }> {
  await rm(folder, { recursive: true, force: true });
  const settings = readSettings({ SLUICE_STATE: folder, LAKE_PATH: join(folder, 'lake') });
  const endpoints = endpointsOf(settings, await startStack(settings.stack, say, { isOwned: true }));
  return { remote: endpoints.sparkRemote, token: endpoints.sparkToken };
}

async function benchFirstRow(remote: string, python: string, env: NodeJS.ProcessEnv) {
  const programs: readonly [Program, Program] = [
    { name: 'sluice', command: process.execPath, args: [join(HERE, 'first-row.js'), remote] },
    { name: 'PySpark', command: python, args: [join(SOURCES, 'first_row.py'), remote] },
  ];
  const taken = await inTurns(programs, async (program) => {
    const { firstMs, output } = await run(program, env);
    if (output.trim() !== '{"one":1}' && output.trim() !== '{"one": 1}') throw new Error(`${program.name}: ${output}`);
    return firstMs;
  });
  const [own = Number.NaN, other = Number.NaN] = programs.map(({ name }) => median(taken.get(name) ?? []));
  say(
    `\nfresh process to first row: ${own.toFixed(0)} ms, PySpark ${other.toFixed(0)} ms, ${(own / other).toFixed(2)}`,
  );
  return { sluiceMs: own, pySparkMs: other, ratio: own / other };
}

async function benchRead(remote: string, python: string, env: NodeJS.ProcessEnv) {
  const own = WAYS.map(({ way }) => ({
    name: `sluice ${way}`,
    command: process.execPath,
    args: [join(HERE, 'read.js'), remote, way, QUERY],
  }));
  const others = [...new Set(WAYS.map(({ pySpark }) => pySpark))].map((way) => ({
    name: `PySpark ${way}`,
    command: python,
    args: [join(SOURCES, 'read.py'), remote, way, QUERY],
  }));
  const taken = await inTurns([...own, ...others], async (program) => {
    const { output } = await run(program, env);
    const result = JSON.parse(output) as Taken & { rows: number; last: string };
    if (result.rows !== rows || result.last !== String(rows - 1)) throw new Error(`${program.name} read ${output}`);
    return result;
  });
  const figures = (name: string): Taken => {
    const all = taken.get(name) ?? [];
    return {
      wallMs: median(all.map(({ wallMs }) => wallMs)),
      cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
      maxRssMiB: median(all.map(({ maxRssMiB }) => maxRssMiB)),
    };
  };
  const lines = WAYS.map(({ way, pySpark, what }) => ({
    what,
    way,
    sluice: figures(`sluice ${way}`),
    pySparkWay: pySpark,
    pySpark: figures(`PySpark ${pySpark}`),
  }));
  say(`\n${rows} rows of 10 columns; medians of ${rounds} rounds`);
  say(
    `${''.padEnd(24)}${'rows/s'.padStart(12)}${'ratio'.padStart(8)}${'CPU s'.padStart(8)}${'ratio'.padStart(8)}${'MiB'.padStart(8)}`,
  );
  for (const { what, sluice, pySpark, pySparkWay } of lines) {
    say(line(what, sluice, pySpark));
    say(line(`  PySpark ${pySparkWay}`, pySpark));
  }
  return lines;
}

function line(what: string, figures: Taken, other?: Taken): string {
  const ratio = (name: 'wallMs' | 'cpuMs'): string =>
    other === undefined ? '' : (figures[name] / other[name]).toFixed(2);
  const rate = String(Math.round((rows / figures.wallMs) * 1000));
  const cells = [rate.padStart(12), ratio('wallMs').padStart(8), (figures.cpuMs / 1000).toFixed(2).padStart(8)];
  return `${what.padEnd(24)}${[...cells, ratio('cpuMs').padStart(8), figures.maxRssMiB.toFixed(0).padStart(8)].join('')}`;
}

/** Every program once per round, one after the other; a round before the first does not count. */
async function inTurns<P extends Program, T>(
  programs: readonly P[],
  measure: (program: P) => Promise<T>,
): Promise<ReadonlyMap<string, readonly T[]>> {
  const taken = new Map<string, T[]>(programs.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const program of programs) {
      const result = await measure(program);
      if (round > 0) taken.get(program.name)?.push(result);
    }
  }
  return taken;
}

/** What it printed, and after how long the first of it came. */
async function run(
  { name, command, args }: Program,
  env: NodeJS.ProcessEnv,
): Promise<{ firstMs: number; output: string }> {
  const startedAt = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const failed = text(child.stderr);
  let firstMs = Number.NaN;
  child.stdout.once('readable', () => {
    firstMs = performance.now() - startedAt;
  });
  const output = text(child.stdout);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${await failed}`);
  return { firstMs, output: await output };
}

function say(words: string): void {
  (values.json ? console.error : console.log)(words);
}
