/**
 * The client's core tests against servers of other releases of Spark. Exit code 1 if a test fails that is not in `left-out.ts`, or one passes that is.
 *
 *   npm run compat                                            all releases, all files
 *   npm run compat -- --version 4.3.0 --file live/connect/errors
 *   npm run compat -- --write                                 all, and docs/compatibility.md anew
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../config/package-root.js';
import { readSettings } from '../../config/settings.js';
import { type LoneSpark, startLoneSpark } from '../../stack/index.js';
import { COMPATIBILITY_FILE, renderDocument, renderTable } from './document.js';
import { FILES } from './files.js';
import { judge, type Verdict } from './judge.js';
import { LEFT_OUT } from './left-out.js';
import { runFile } from './run-file.js';
import { sparkJars } from './spark-jars.js';
import { RELEASES, type SparkRelease } from './versions.js';

const { values } = parseArgs({
  options: {
    version: { type: 'string', multiple: true },
    file: { type: 'string', multiple: true },
    write: { type: 'boolean', default: false },
  },
});
const releases = chosen(RELEASES, values.version, ({ version }) => version, 'release');
const files = chosen(FILES, values.file, (file) => file, 'file');
if (values.write && (values.version ?? values.file) !== undefined)
  refuse('--write writes what a whole run has seen: leave out --version and --file');

const verdicts: Verdict[] = [];
for (const release of releases) verdicts.push(...(await runRelease(release)));

console.log(`\n${renderTable(verdicts)}`);
const faults = verdicts.flatMap((verdict) => verdict.faults.map((fault) => `Spark ${verdict.version}, ${fault}`));
for (const fault of faults) console.log(`\n${fault}`);
// The page tells what works; what is wrong is to be mended or listed first.
if (values.write && faults.length === 0)
  writeFileSync(join(packageRoot(), COMPATIBILITY_FILE), renderDocument(pinnedVersion(), verdicts, LEFT_OUT));
process.exitCode = faults.length > 0 ? 1 : 0;

/** One server for all files: what one leaves behind another may trip over, which is worth to be seen. A server that has died is started anew. */
async function runRelease(release: SparkRelease): Promise<Verdict[]> {
  const { version } = release;
  const jars = await sparkJars(release, (line) => console.log(line));
  const folder = await mkdtemp(join(tmpdir(), `sluice-compat-${version}-`));
  let server: LoneSpark | undefined;
  const results: Verdict[] = [];
  try {
    for (const file of files) {
      server ??= await startServer(folder, jars);
      const outcome = await runFile(file, environmentOf(server, folder));
      const verdict = judge(version, outcome, LEFT_OUT);
      const hasDied = !server.isAlive();
      results.push(hasDied ? { ...verdict, faults: [...verdict.faults, `${file}: the server has died`] } : verdict);
      console.log(renderTable([verdict]).split('\n').at(-1)?.replace('|', `Spark ${version}`));
      if (hasDied) {
        await server[Symbol.asyncDispose]();
        server = undefined;
      }
    }
  } finally {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return results;
}

function startServer(folder: string, jars: string): Promise<LoneSpark> {
  const ports = { SPARK_CONNECT_PORT: '0', SPARK_UI_PORT: '0', KAFKA_PORT: '0', POSTGRES_PORT: '0' };
  const env = { SLUICE_STATE: folder, SPARK_MASTER: 'local[2]', SPARK_DRIVER_MEMORY: '2g', ...ports };
  return startLoneSpark(readSettings(env, folder).stack, { jars });
}

/** What the suite's launcher says to the tests, as far as it is about Spark. */
function environmentOf({ remote, token }: LoneSpark, folder: string): Readonly<Record<string, string>> {
  return { SPARK_REMOTE: remote, SPARK_CONNECT_AUTHENTICATE_TOKEN: token, SLUICE_TEST_STATE: folder };
}

function chosen<T>(all: readonly T[], wanted: readonly string[] | undefined, nameOf: (one: T) => string, what: string) {
  const unknown = wanted?.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown !== undefined) refuse(`there is no ${what} ${unknown}; there are ${all.map(nameOf).join(', ')}`);
  return wanted === undefined ? all : all.filter((one) => wanted.includes(nameOf(one)));
}

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}

function pinnedVersion(): string {
  const pom = readFileSync(join(packageRoot(), 'spark', 'pom.xml'), 'utf8');
  const version = /<spark\.version>([^<]+)</.exec(pom)?.[1];
  if (version === undefined) throw new Error('spark/pom.xml names no version of Spark');
  return version;
}
