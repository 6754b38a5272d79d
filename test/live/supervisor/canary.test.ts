/**
 * Secrets that can be recognised (those of the services that the tests share are random), and a search for them wherever something is written down,
 * while a pipeline runs. The files that are there to hold them must be found by the same search, so that one that finds nothing cannot pass.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { stagingTable } from '../../../spark/sinks/staging-table.js';
import { type SupervisorOutcome, supervise } from '../../../spark/supervisor/index.js';
import type { StackPlan } from '../../../stack/state.js';
import { sluice } from '../../cli/run-sluice.js';
import { required, SmallPipeline } from './small-pipeline.js';

/** Files of the state directory that hold secrets because that is what they are for. */
const KEPT_IN = ['pgpass', 'postgres-login.json', 'stack.json'];

const stateDir = required('SLUICE_TEST_STATE');
const { plan } = JSON.parse(readFileSync(join(stateDir, 'stack.json'), 'utf8')) as { plan: StackPlan };
const secrets = [plan.postgresPassword, plan.sparkToken, ...Object.values(plan.rolePasswords)];

const stop = new AbortController();
let small: SmallPipeline;
let ended: Promise<SupervisorOutcome>;
before(async () => {
  assert.ok(secrets.length === 4 && secrets.every((secret) => secret.length >= 20), 'secrets that can be recognised');
  small = await SmallPipeline.create();
  // Every batch by way of the executors' JDBC writer: its options travel in plans.
  ended = supervise(small.options(stop.signal, { copyRowsMax: 0 }));
  await small.send(40);
  await small.caughtUp(ended);
});
after(async () => {
  stop.abort();
  await ended;
  await small.close();
});

test('no process has a secret among its arguments', () => {
  const processes = execFileSync('ps', ['-eww', '-o', 'args='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  assert.match(processes, /sluice-worker/);
  assert.deepEqual(secretsIn(processes), []);
});

test('neither Spark’s pages nor its REST interface show a secret, the plans of the JDBC writer included', async () => {
  const get = async (path: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${plan.ports.sparkUi}${path}`)).text();
  const [application] = JSON.parse(await get('/api/v1/applications')) as { id: string }[];
  const api = `/api/v1/applications/${application?.id}`;
  const pages = ['jobs', 'stages', 'storage', 'environment', 'executors', 'SQL', 'StreamingQuery', 'connect'];
  const answers = [`${api}/environment`, `${api}/jobs`, `${api}/sql?details=true&planDescription=true&length=1000`];
  const all = (await Promise.all([...pages.map((page) => `/${page}/`), ...answers].map(get))).join('\n');
  assert.match(all, /spark\.driver\.host/);
  assert.ok(
    all.includes(stagingTable({ pipeline: small.name, query: 'per_key' }, 0n, '1')),
    'no batch went by way of JDBC',
  );
  assert.deepEqual(secretsIn(all), []);
});

test('no table of the bookkeeping holds a secret', async () => {
  for (const table of ['ledger', 'fence', 'pipelines', 'batches']) {
    const { rows } = await small.database.query<{ line: string }>(`SELECT t::text AS line FROM sluice.${table} t`);
    assert.notEqual(rows.length, 0, `sluice.${table} is empty`);
    assert.deepEqual(secretsIn(rows.map(({ line }) => line).join('\n')), []);
  }
});

test('commands print no secret, also when nothing answers', async () => {
  const env = {
    SPARK_REMOTE: required('SPARK_REMOTE'),
    SPARK_CONNECT_AUTHENTICATE_TOKEN: plan.sparkToken,
    KAFKA_BOOTSTRAP_SERVERS: required('KAFKA_BOOTSTRAP_SERVERS'),
    DATABASE_URL: required('DATABASE_URL'),
  };
  const away = { ...env, DATABASE_URL: env.DATABASE_URL.replace(/:\d+\//, ':1/'), SPARK_REMOTE: 'sc://localhost:1' };
  for (const [args, environment] of [
    [['status', '--json'], env],
    [['status', '--verbose'], away],
    [['verify', '--debug'], away],
    [['run', '--debug'], away],
  ] as const) {
    const { stdout, stderr } = await sluice(args, { cwd: small.folder, env: environment });
    assert.notEqual(stdout + stderr, '');
    assert.deepEqual(secretsIn(stdout + stderr), [], args.join(' '));
  }
});

test('secrets stand in the files that keep them, readable by their owner only, and in no log, checkpoint or data file', async () => {
  assert.deepEqual(await filesWithSecrets(small.folder), []);
  assert.deepEqual((await filesWithSecrets(stateDir)).sort(), KEPT_IN);
  for (const file of KEPT_IN) assert.equal(statSync(join(stateDir, file)).mode & 0o777, 0o600, file);
});

async function filesWithSecrets(folder: string): Promise<string[]> {
  const found: string[] = [];
  let files = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    const bytes = await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Folders; and the system runs: a file may be gone by now.
      if (error.code === 'EISDIR' || error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes === undefined) continue;
    files++;
    if (secretsIn(bytes).length > 0) found.push(name);
  }
  assert.ok(files > 10, `${files} files below ${folder}`);
  return found;
}

/** As they are, and in the forms that they take in URLs and in HTTP headers. */
function secretsIn(content: Buffer | string): string[] {
  return secrets.filter((secret) =>
    [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')].some((form) => content.includes(form)),
  );
}
