// What `sluice doctor` looks at. Every check answers, whatever it finds: one that cannot look says so.
import { execFile } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Settings } from '../config/settings.js';
import { readStack } from '../stack/index.js';
import { hasJars, javaExecutable } from '../stack/java.js';
import { isPortFree } from '../stack/ports.js';

export interface DoctorCheck {
  readonly name: string;
  /** `note`: worth knowing, no hindrance. */
  readonly outcome: 'ok' | 'note' | 'wrong';
  readonly found: string;
  /** What to do; for people, mostly a command. */
  readonly fix?: string;
}

const NODE_MAJOR_MIN = 20;
/** What Spark 4.2 is tried with. */
const JDK_MAJORS = [17, 21];
const GIB = 1024 ** 3;
/** Heaps of Kafka, Spark and Postgres, and what is around them. */
const MEMORY_BYTES_MIN = 3 * GIB;
const DISK_BYTES_MIN = 2 * GIB;
const ANSWER_MS_MAX = 10_000;
/** Events further ahead than FUTURE_TOLERANCE are dead letters; long before that a clock is worth a word. */
const CLOCK_MS_MAX = 2_000;

const run = promisify(execFile);

export async function examine(settings: Settings): Promise<readonly DoctorCheck[]> {
  const isEmbedded = settings.services.kind === 'embedded';
  const machine = await Promise.all([
    checkNode(),
    ...(isEmbedded ? [checkJava(), checkMaven(), checkJars(), checkMemory(), checkPorts(settings)] : []),
    checkDisk(settings.stateDir),
    checkDocker(),
  ]);
  return [...machine, ...(await checkServices(settings))];
}

/** @internal exported for its test */
export function checkNode(version = process.versions.node): DoctorCheck {
  const found = `Node ${version}`;
  if (Number(version.split('.')[0]) >= NODE_MAJOR_MIN) return { name: 'node', outcome: 'ok', found };
  return { name: 'node', outcome: 'wrong', found, fix: `install Node ${NODE_MAJOR_MIN} or later (https://nodejs.org)` };
}

async function checkJava(): Promise<DoctorCheck> {
  const java = javaExecutable();
  const said = await outputOf(java, ['-version']);
  return judgeJava(java, said);
}

/** @param said what `java -version` prints; undefined when there is no such program. @internal exported for its test */
export function judgeJava(java: string, said: string | undefined): DoctorCheck {
  const fix = `install JDK ${JDK_MAJORS.join(' or ')} (\`apt-get install openjdk-17-jdk-headless\`, \`brew install openjdk@21\`) and set JAVA_HOME`;
  const version = /version "([^"]+)"/.exec(said ?? '')?.[1];
  if (version === undefined)
    return {
      name: 'java',
      outcome: 'wrong',
      found: said === undefined ? `no ${java}` : `${java} tells no version`,
      fix,
    };
  const major = Number(version.replace(/^1\./, '').split(/[.\-_+]/)[0]);
  const found = `Java ${version} (${java})`;
  return JDK_MAJORS.includes(major)
    ? { name: 'java', outcome: 'ok', found }
    : { name: 'java', outcome: 'wrong', found, fix };
}

async function checkMaven(): Promise<DoctorCheck> {
  const said = await outputOf('mvn', ['--version']);
  const version = /Apache Maven ([\w.-]+)/.exec(said ?? '')?.[1];
  if (version !== undefined) return { name: 'maven', outcome: 'ok', found: `Maven ${version}` };
  return {
    name: 'maven',
    outcome: 'note',
    found: 'no mvn on the PATH; only fetching the jars needs it',
    fix: '`apt-get install maven` or `brew install maven`',
  };
}

async function checkJars(): Promise<DoctorCheck> {
  const missing = (['spark', 'kafka'] as const).filter((profile) => !hasJars(profile));
  if (missing.length === 0) return { name: 'jars', outcome: 'ok', found: 'Spark and Kafka are there' };
  const found = `the jars of ${missing.join(' and ')} are not there yet`;
  return { name: 'jars', outcome: 'note', found, fix: '`sluice up` fetches them, by Maven' };
}

async function checkMemory(): Promise<DoctorCheck> {
  const bytes = totalmem();
  const found = `${gib(bytes)} GiB, ${availableParallelism()} cores`;
  if (bytes >= MEMORY_BYTES_MIN) return { name: 'memory', outcome: 'ok', found };
  const fix = 'lower SPARK_DRIVER_MEMORY and KAFKA_HEAP, or use services elsewhere';
  return { name: 'memory', outcome: 'note', found, fix };
}

async function checkDisk(folder: string): Promise<DoctorCheck> {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const found = `${gib(bavail * bsize)} GiB free where ${folder} lies`;
  if (bavail * bsize >= DISK_BYTES_MIN) return { name: 'disk', outcome: 'ok', found };
  return {
    name: 'disk',
    outcome: 'wrong',
    found,
    fix: `make room, at least ${gib(DISK_BYTES_MIN)} GiB, or set SLUICE_STATE`,
  };
}

async function checkPorts(settings: Settings): Promise<DoctorCheck> {
  if ((await readStack(settings.stateDir)) !== undefined)
    return { name: 'ports', outcome: 'ok', found: 'in use by the services that run here' };
  const { kafka, postgres, spark } = settings.stack;
  const wished = [kafka.port, postgres.port, spark.connectPort, spark.uiPort].filter((port) => port !== 0);
  const free = await Promise.all(wished.map((port) => isPortFree(port)));
  const taken = wished.filter((_, i) => free[i] === false);
  if (taken.length === 0) return { name: 'ports', outcome: 'ok', found: `${wished.join(', ')} are free` };
  return { name: 'ports', outcome: 'note', found: `${taken.join(', ')} taken; free ones are used instead` };
}

async function checkDocker(): Promise<DoctorCheck> {
  const version = (await outputOf('docker', ['version', '--format', '{{.Server.Version}}']))?.trim();
  if (version !== undefined && /^\d/.test(version))
    return { name: 'docker', outcome: 'ok', found: `Docker ${version}` };
  return { name: 'docker', outcome: 'note', found: 'no Docker that answers; only `./start.sh` needs it' };
}

/** Whether each service answers, and whether the database's clock is ours. */
async function checkServices(settings: Settings): Promise<DoctorCheck[]> {
  const [{ findEndpoints }, { readStatus }, { readClockSkew }] = await Promise.all([
    import('./services.js'),
    import('./health.js'),
    import('./clock.js'),
  ]);
  let endpoints: Awaited<ReturnType<typeof findEndpoints>>;
  try {
    endpoints = await findEndpoints(settings);
  } catch {
    return [{ name: 'services', outcome: 'note', found: 'none running here', fix: '`sluice up` starts them' }];
  }
  const { services } = await readStatus(settings, endpoints);
  const checks = services.map(({ service, address, isUp, problem }): DoctorCheck => {
    const name = service.toLowerCase();
    if (isUp) return { name, outcome: 'ok', found: `answers at ${address}` };
    return {
      name,
      outcome: 'wrong',
      found: `${address}: ${problem ?? 'no answer'}`,
      fix: '`sluice up`, or set its address',
    };
  });
  const postgres = services.find(({ service }) => service === 'Postgres');
  return postgres?.isUp === true ? [...checks, judgeClock(await readClockSkew(endpoints))] : checks;
}

/** @param aheadMs how far the database's clock is ahead of this machine's. @internal exported for its test */
export function judgeClock(aheadMs: number): DoctorCheck {
  const found = `the database's is ${Math.abs(Math.round(aheadMs))} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} this one`;
  if (Math.abs(aheadMs) <= CLOCK_MS_MAX) return { name: 'clock', outcome: 'ok', found };
  return { name: 'clock', outcome: 'wrong', found, fix: 'synchronise the clocks of both machines (NTP)' };
}

/** What a program prints on both streams; undefined when it is not there or does not answer. */
async function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, [...args], {
      timeout: ANSWER_MS_MAX,
      shell: process.platform === 'win32',
    });
    return `${stdout}${stderr}`;
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    return code === 'ENOENT' ? undefined : `${stdout}${stderr}`;
  }
}

function gib(bytes: number): string {
  return (bytes / GIB).toFixed(1);
}
