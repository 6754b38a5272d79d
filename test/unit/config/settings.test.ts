import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endpointsOf } from '../../../config/endpoints.js';
import { readSettings } from '../../../config/settings.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

function folder(t: TestScope, envFile?: string): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-settings-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  if (envFile !== undefined) writeFileSync(join(path, '.env'), envFile);
  return path;
}

const EXTERNAL = {
  SPARK_REMOTE: 'sc://spark:15002/;user_id=sluice',
  KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
  DATABASE_URL: 'postgresql://u:p@db:5432/d',
};

test('without any variable the services are embedded and the defaults hold', (t) => {
  const directory = folder(t);
  const settings = readSettings({}, directory);
  assert.deepEqual(settings.services, { kind: 'embedded' });
  assert.equal(settings.stateDir, join(directory, '.sluice'));
  assert.equal(settings.lakePath, join(directory, 'data', 'lake'));
  assert.equal(settings.checkpointPath, join(directory, '.sluice', 'checkpoints'));
  assert.equal(settings.pipeline.watermarkDelayMs, 120_000);
  assert.equal(settings.pipeline.sessionTimeoutMs, 300_000);
  assert.equal(settings.pipeline.shufflePartitions, availableParallelism());
  assert.equal(settings.stack.postgres.password, undefined);
});

test('the environment wins over .env, even with an empty value', (t) => {
  const directory = folder(t, 'KAFKA_PORT=1111\nPOSTGRES_PORT=2222\nSPARK_UI_PORT=3333\n');
  const { stack } = readSettings({ KAFKA_PORT: '4444', POSTGRES_PORT: '' }, directory);
  assert.deepEqual([stack.kafka.port, stack.postgres.port, stack.spark.uiPort], [4444, 5432, 3333]);
});

test('an error in .env names the line', (t) => {
  const directory = folder(t, '# first\nTRIGGER_INTERVAL=soon\n');
  assert.throws(() => readSettings({}, directory), {
    exitCode: 2,
    message: /^TRIGGER_INTERVAL must be .*, not "soon" \(\.env, line 2\)$/,
  });
});

test('three addresses make the services external, fewer are refused with the missing ones', (t) => {
  const directory = folder(t);
  assert.equal(readSettings(EXTERNAL, directory).services.kind, 'external');
  assert.throws(() => readSettings({ DATABASE_URL: EXTERNAL.DATABASE_URL }, directory), {
    exitCode: 2,
    message: /^DATABASE_URL is set, but not SPARK_REMOTE and KAFKA_BOOTSTRAP_SERVERS/,
  });
});

test('an external Spark keeps its own number of partitions unless told', (t) => {
  const directory = folder(t);
  assert.equal(readSettings(EXTERNAL, directory).pipeline.shufflePartitions, undefined);
  assert.equal(readSettings({ ...EXTERNAL, SHUFFLE_PARTITIONS: '6' }, directory).pipeline.shufflePartitions, 6);
});

test('partitions follow the cores that Spark is given', (t) => {
  const directory = folder(t);
  const partitions = (SPARK_MASTER: string) => readSettings({ SPARK_MASTER }, directory).stack.spark.shufflePartitions;
  assert.equal(partitions('local[3]'), 3);
  assert.equal(partitions('local'), 1);
});

test('a delivery that is not there yet is refused rather than replaced', (t) => {
  assert.throws(() => readSettings({ ENRICHED_DELIVERY: 'real-time' }, folder(t)), {
    exitCode: 2,
    message: /is not there yet/,
  });
  for (const ENRICHED_DELIVERY of ['exactly-once', 'at-least-once']) {
    assert.equal(readSettings({ ENRICHED_DELIVERY }, folder(t)).pipeline.enrichedDelivery, ENRICHED_DELIVERY);
  }
});

test('two topics of one name are refused, also those that Kafka confuses', (t) => {
  for (const TOPIC_ENRICHED of ['user_activity', 'user.activity']) {
    assert.throws(() => readSettings({ TOPIC_ENRICHED }, folder(t)), {
      exitCode: 2,
      message: /^TOPIC_ENRICHED and TOPIC_ACTIVITY must differ/,
    });
  }
});

test('URIs of storage are kept as they are', (t) => {
  const env = { LAKE_PATH: 's3a://bucket/lake', CHECKPOINT_PATH: 'hdfs://nn/checkpoints' };
  const settings = readSettings(env, folder(t));
  assert.deepEqual([settings.lakePath, settings.checkpointPath], [env.LAKE_PATH, env.CHECKPOINT_PATH]);
});

test('endpoints are the external services, or those of the stack, or a refusal', (t) => {
  const directory = folder(t);
  const external = endpointsOf(readSettings({ ...EXTERNAL, SPARK_CONNECT_AUTHENTICATE_TOKEN: 't' }, directory));
  assert.deepEqual([external.databaseUrl, external.sparkToken], [EXTERNAL.DATABASE_URL, 't']);
  const embedded = readSettings({}, directory);
  assert.throws(() => endpointsOf(embedded), { exitCode: 2, message: /sluice up/ });
  const stack = {
    kafka: { bootstrapServers: '127.0.0.1:1' },
    postgres: {
      url: 'postgresql://u:p@127.0.0.1:2/d',
      writerUrl: 'postgresql://w:p@127.0.0.1:2/d',
      readerUrl: 'postgresql://r:p@127.0.0.1:2/d',
    },
    spark: { remote: 'sc://127.0.0.1:3', token: 'secret', uiUrl: 'http://127.0.0.1:4' },
  };
  assert.deepEqual(endpointsOf(embedded, stack), {
    bootstrapServers: '127.0.0.1:1',
    databaseUrl: 'postgresql://u:p@127.0.0.1:2/d',
    databaseWriterUrl: 'postgresql://w:p@127.0.0.1:2/d',
    databaseReaderUrl: 'postgresql://r:p@127.0.0.1:2/d',
    sparkRemote: 'sc://127.0.0.1:3',
    sparkToken: 'secret',
    sparkUiUrl: 'http://127.0.0.1:4',
    lakePath: embedded.lakePath,
    checkpointPath: embedded.checkpointPath,
  });
});
