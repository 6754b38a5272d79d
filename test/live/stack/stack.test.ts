// Real services in a state directory of their own, on whatever ports are free. One test after another works on the same stack.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { readSettings } from '../../../config/settings.js';
import { SparkSession } from '../../../spark/connect/index.js';
import { probeSparkConnect } from '../../../stack/connect-probe.js';
import {
  applySchema,
  ensureTopics,
  inspectStack,
  readStack,
  restartKafka,
  restartPostgres,
  restartSpark,
  type Stack,
  startStack,
  stopStack,
} from '../../../stack/index.js';
import { isPortFree } from '../../../stack/ports.js';
import { isAlive } from '../../../stack/process.js';
import { readRecord, SERVICES, type StackRecord } from '../../../stack/state.js';
import { ANY_PORTS } from './any-ports.js';
import { listeningPorts, portsBeyondLoopback } from './listening.js';

const stateDir = mkdtempSync(join(tmpdir(), 'sluice-stack-'));
const settings = readSettings({ SLUICE_STATE: stateDir, ...ANY_PORTS }, stateDir);
let stack: Stack;

before(async () => {
  stack = await startStack(settings.stack);
});

after(async () => {
  await stopStack(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
});

function record(): StackRecord {
  return readRecord(stateDir) ?? assert.fail('there is no record of the stack');
}

function identities(): readonly { readonly pid: number; readonly startTime: string }[] {
  const { processes } = record();
  return SERVICES.map((service) => processes[service] ?? assert.fail(`${service} is not on record`));
}

async function query(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: stack.postgres.url });
  client.on('error', () => {});

  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function kafka(): InstanceType<typeof kafkajs.Kafka> {
  return new kafkajs.Kafka({ brokers: [stack.kafka.bootstrapServers], logLevel: kafkajs.logLevel.NOTHING });
}

async function publish(topic: string, value: string): Promise<void> {
  const producer = kafka().producer();

  try {
    await producer.connect();
    await producer.send({ topic, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
}

async function recordsIn(topic: string): Promise<number> {
  const admin = kafka().admin();

  try {
    await admin.connect();
    return (await admin.fetchTopicOffsets(topic)).reduce((sum, { high }) => sum + Number(high), 0);
  } finally {
    await admin.disconnect();
  }
}

function probe(token: string): Promise<void> {
  return probeSparkConnect('127.0.0.1', stack.spark.connectPort, token, 5000);
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (inspectStack(stateDir).kind === 'running') await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a started stack answers, and its files with secrets are for their owner only', async () => {
  assert.equal(stack.isReused, false);
  assert.deepEqual(await query('SELECT 1 AS one'), [{ one: 1 }]);
  await probe(stack.spark.token);
  assert.deepEqual(await (await fetch(`${stack.spark.uiUrl}/api/v1/version`)).json(), { spark: '4.2.0' });
  for (const file of ['stack.json', 'pgpass', 'postgres-login.json']) {
    assert.equal(statSync(join(stateDir, file)).mode & 0o777, 0o600, file);
  }
});

test('topics and tables are made once, by any number of callers', async () => {
  const make = () => ensureTopics(stack.kafka.bootstrapServers, settings.topics);
  const [first] = await Promise.all([make(), make(), applySchema(stack.postgres.url), applySchema(stack.postgres.url)]);
  const partitions = new Map(first.map((topic) => [topic.topic, topic.partitions]));
  assert.deepEqual(
    partitions,
    new Map([
      ['user_activity', 4],
      ['enriched_activity', 4],
      ['user_activity_dead_letter', 4],
      ['sluice_commits', 1],
    ]),
  );
  assert.ok((await make()).every(({ isCreated }) => !isCreated));
  assert.deepEqual(await query('SELECT count(*)::int AS n FROM sluice.ledger'), [{ n: 0 }]);
});

test('a topic that cannot keep markers is refused', async () => {
  await assert.rejects(
    ensureTopics(stack.kafka.bootstrapServers, {
      ...settings.topics,
      commits: settings.topics.enriched,
      enriched: 'other',
    }),
    {
      name: 'StackError',
      kind: 'mismatch',
      message: /has 4 partitions, but must have 1/,
    },
  );
});

test('a wrong token is refused by Spark, a wrong password by Postgres, without showing it', async () => {
  await assert.rejects(probe('wrong'), /gRPC status 16/);
  const url = new URL(stack.postgres.url);
  url.password = 'hunter2';
  await assert.rejects(applySchema(url.href), (error: Error & { kind?: string; exitCode?: number }) => {
    assert.deepEqual([error.name, error.kind, error.exitCode], ['StackError', 'unreachable', 3]);
    return !error.message.includes('hunter2');
  });
});

test('services that do not answer are named with their address', async () => {
  await assert.rejects(ensureTopics('127.0.0.1:1', settings.topics), {
    kind: 'unreachable',
    message: /^Kafka at 127\.0\.0\.1:1 does not answer/,
  });
  await assert.rejects(applySchema('postgresql://u:p@127.0.0.1:1/d'), {
    kind: 'unreachable',
    message: /^Postgres at 127\.0\.0\.1:1\/d /,
  });
});

test('nothing listens beyond loopback', () => {
  for (const { pid } of identities()) {
    assert.notDeepEqual(listeningPorts(pid), []);
    assert.deepEqual(portsBeyondLoopback(pid), []);
  }
});

test('no secret stands in the arguments of a process', () => {
  const { sparkToken, postgresPassword, rolePasswords } = record().plan;
  const secrets = [sparkToken, postgresPassword, ...Object.values(rolePasswords)];
  for (const { pid } of identities()) {
    const command = execFileSync('ps', ['-ww', '-o', 'args=', '-p', `${pid}`], { encoding: 'utf8' });
    assert.match(command, /java|postgres/);
    assert.ok(!secrets.some((secret) => command.includes(secret)));
  }
});

test('a stack that runs is taken as it is', async () => {
  const again = await startStack(settings.stack);
  assert.deepEqual(again, { ...stack, isReused: true });
  assert.deepEqual(await readStack(stateDir), again);
});

test('Postgres comes back on its port after kill -9 with what was committed, while its old sessions are still there', async () => {
  await query('CREATE TABLE kept AS SELECT 42 AS answer');
  // A backend that computes does not notice the end of its postmaster; one that waits would.
  const busy = query('DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$').catch(() => 'ended');
  const active = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'DO %' AND state = 'active'";
  while ((await query(active)).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await kill(stack.postgres.pid);
  const restarted = await restartPostgres(stateDir);
  assert.equal(restarted.postgres.url, stack.postgres.url);
  assert.notEqual(restarted.postgres.pid, stack.postgres.pid);
  stack = restarted;
  assert.deepEqual(await query('SELECT answer FROM kept'), [{ answer: 42 }]);
  assert.equal(await busy, 'ended');
});

test('Kafka comes back on its port after kill -9 with what was acknowledged', async () => {
  await publish(settings.topics.activity, 'kept');
  await kill(stack.kafka.pid);
  assert.deepEqual((inspectStack(stateDir) as { dead?: unknown }).dead, ['kafka']);
  stack = await restartKafka(stateDir);
  assert.equal(await recordsIn(settings.topics.activity), 1);
  await publish(settings.topics.activity, 'new');
  assert.equal(await recordsIn(settings.topics.activity), 2);
});

test('Spark comes back on its port with its token after kill -9, and who was reading a result is told that the server was restarted', async (t) => {
  const { token, remote, pid } = stack.spark;
  const session = await SparkSession.connect(remote, { token });
  const reading = (async () => {
    // More than fits the sockets between them: the server is still sending when it dies.
    for await (const rows of session.range(0, 50_000_000, 1, 1).rowBatches()) if (rows[0]?.id === 0n) await kill(pid);
  })();
  const told = assert.rejects(reading, { kind: 'sessionLost', message: /was restarted/ }).then(() => Date.now());
  await waitUntilDead(pid);
  stack = await restartSpark(stateDir);
  const backAt = Date.now();
  t.diagnostic(`told ${Math.max(0, (await told) - backAt)} ms after the server was back`);
  session.connection.close();
  assert.deepEqual([stack.spark.token, stack.spark.remote], [token, remote]);
  await probe(token);
  assert.equal((await readStack(stateDir))?.spark.pid, stack.spark.pid);
});

async function waitUntilDead(pid: number): Promise<void> {
  while (identities().some((process) => process.pid === pid && isAlive(process))) await sleep(20);
}

test('starting a stack of which a service has died starts that one only', async () => {
  const { postgres, spark, kafka: broker } = stack;
  await kill(postgres.pid);
  stack = await startStack(settings.stack);
  assert.deepEqual([stack.spark.pid, stack.kafka.pid], [spark.pid, broker.pid]);
  assert.deepEqual(await query('SELECT answer FROM kept'), [{ answer: 42 }]);
});

test('stopping ends every process, frees every port and keeps the data for the next start', async () => {
  const processes = identities();
  const { ports } = record().plan;
  const lines: string[] = [];
  assert.equal(await stopStack(stateDir, (line) => lines.push(line)), true);
  assert.deepEqual(processes.filter(isAlive), []);
  for (const port of Object.values(ports)) assert.ok(await isPortFree(port), `${port}`);
  assert.equal(inspectStack(stateDir).kind, 'none');
  assert.equal(await stopStack(stateDir), false);
  assert.match(lines.join('\n'), /^Spark +stopped +\d+\.\d s\n(?:(?:Kafka|Postgres) +stopped +\d+\.\d s\n?){2}$/);

  stack = await startStack({ ...settings.stack, postgres: { ...settings.stack.postgres, password: 'chosen by hand' } });
  assert.deepEqual(await query('SELECT answer FROM kept'), [{ answer: 42 }]);
  assert.equal(await recordsIn(settings.topics.activity), 2);
  assert.ok(readdirSync(join(stateDir, 'logs')).includes('spark.previous.log'));
});

test('a stack on record whose processes are gone is replaced', async () => {
  for (const { pid } of identities()) process.kill(pid, 'SIGKILL');
  while (inspectStack(stateDir).kind !== 'none') await new Promise((resolve) => setTimeout(resolve, 5));
  stack = await startStack(settings.stack);
  assert.equal(stack.isReused, false);
  // The password that was set by hand has become the one of this data.
  assert.ok(stack.postgres.url.includes('chosen%20by%20hand'));
  assert.deepEqual(await query('SELECT answer FROM kept'), [{ answer: 42 }]);
  await stopStack(stateDir);
});

test('data of another Postgres user is refused before anything is started', async () => {
  const other = { ...settings.stack, postgres: { ...settings.stack.postgres, user: 'somebody' } };
  await assert.rejects(startStack(other), {
    kind: 'mismatch',
    message: /POSTGRES_USER is somebody, .* belongs to sluice/,
  });
  assert.equal(inspectStack(stateDir).kind, 'none');
});
