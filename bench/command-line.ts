/**
 * How long the command line takes to answer, as CPU time of the process (user and system), which a busy machine changes less than the clock.
 *
 *   npm run bench:cli                 15 rounds
 *   npm run bench:cli -- --rounds 5
 *   npm run bench:cli -- --json
 *
 * The commands take turns in every round; medians are printed. `status` asks the services of this folder, if they run. Bare Node is for scale.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { packageRoot } from '../config/package-root.js';
import { median, wholeNumber } from './rounds.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } },
});
const rounds = wholeNumber('rounds', values.rounds);

const SLUICE = join(packageRoot(), 'cli', 'sluice.js');
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'node, nothing': ['--eval', '0'],
  'sluice --version': [SLUICE, '--version'],
  'sluice --help': [SLUICE, '--help'],
  'sluice verify --help': [SLUICE, 'verify', '--help'],
  'sluice status': [SLUICE, 'status'],
  'sluice top --once': [SLUICE, 'top', '--once'],
};

/** Before the process ends it says on descriptor 3 what it has used. */
const REPORT = `
  import { writeSync } from 'node:fs';
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    writeSync(3, String((user + system) / 1000));
  });`;
const PRELOAD = ['--import', `data:text/javascript,${encodeURIComponent(REPORT)}`];

interface Taken {
  readonly cpuMs: number;
  readonly wallMs: number;
}

async function run(args: readonly string[]): Promise<Taken> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...PRELOAD, ...args], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const reported = text(child.stdio[3] as NodeJS.ReadableStream);
  await once(child, 'close');
  const cpuMs = Number(await reported);
  if (!(cpuMs > 0)) throw new Error(`${args.join(' ')} did not say what it used`);
  return { cpuMs, wallMs: performance.now() - startedAt };
}

const taken = new Map<string, Taken[]>(Object.keys(COMMANDS).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(COMMANDS)) taken.get(name)?.push(await run(args));
}
const rows = [...taken].map(([command, runs]) => ({
  command,
  cpuMs: Math.round(median(runs.map(({ cpuMs }) => cpuMs))),
  wallMs: Math.round(median(runs.map(({ wallMs }) => wallMs))),
}));
if (values.json) console.log(JSON.stringify({ format: 'bench-cli/1', rounds, commands: rows }));
else {
  console.log(`medians of ${rounds} rounds\n`);
  console.log(`${'command'.padEnd(24)}${'CPU'.padStart(10)}${'clock'.padStart(10)}`);
  for (const { command, cpuMs, wallMs } of rows)
    console.log(`${command.padEnd(24)}${`${cpuMs} ms`.padStart(10)}${`${wallMs} ms`.padStart(10)}`);
}
