/** CPU time of a stack by its parts, out of Linux's /proc: on a busy machine it says more about the work than the clock does. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The kernel's unit of CPU time in /proc, the same on every Linux of today (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

const PARTS: readonly (readonly [part: string, sign: RegExp])[] = [
  ['Node workers', /sluice-worker/],
  ['Spark', /SparkConnectServer|deploy\.(master|worker)|CoarseGrainedExecutorBackend/],
  ['Kafka', /kafka\.Kafka/],
  ['Postgres', /postgres/],
];

/** CPU seconds since its start of each part that runs in `folder`, and of the calling process. Empty where there is no /proc. */
export function cpuSeconds(folder: string): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  const own = process.cpuUsage();
  seconds.set('supervisor', (own.user + own.system) / 1e6);
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return new Map();
  }
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (!command.includes(folder) && !readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)) continue;
      const part = PARTS.find(([, sign]) => sign.test(command))?.[0];
      if (part === undefined) continue;
      // Behind the name, which stands in parentheses and may hold anything: user and system time are fields 14 and 15.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const ticks = Number(fields[11]) + Number(fields[12]);
      seconds.set(part, (seconds.get(part) ?? 0) + ticks / TICKS_PER_SECOND);
    } catch {
      // It ended meanwhile, or is another user's.
    }
  }
  return seconds;
}

/** What a measurement took. */
export interface Cost {
  readonly seconds: number;
  /** By part, the greatest first; empty where there is no /proc. */
  readonly cpu: readonly { readonly part: string; readonly seconds: number }[];
}

/** What was used since `begin` (ms), when `cpuSeconds` said `before`. */
export function costSince(begin: number, before: ReadonlyMap<string, number>, folder: string): Cost {
  const cpu = [...cpuSeconds(folder)]
    .map(([part, seconds]) => ({ part, seconds: seconds - (before.get(part) ?? 0) }))
    .sort((a, b) => b.seconds - a.seconds);
  return { seconds: (Date.now() - begin) / 1000, cpu };
}

export function totalCpu({ cpu }: Cost): number {
  return cpu.reduce((sum, { seconds }) => sum + seconds, 0);
}
