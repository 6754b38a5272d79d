import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { kafkaAccess, sparkKafkaAccess } from '../../../config/kafka-access.js';
import { packageRoot } from '../../../config/package-root.js';
import { readSettings } from '../../../config/settings.js';

function folder(t: TestContext, env = ''): string {
  const path = mkdtempSync(join(tmpdir(), 'sluice-kafka-access-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  writeFileSync(join(path, '.env'), env);
  return path;
}

const LOGIN = { KAFKA_SASL_USERNAME: 'sluice', KAFKA_SASL_PASSWORD: 'hunter2' };

test('brokers are talked to in the open unless something else is said, also when there is a login', (t) => {
  assert.deepEqual(kafkaAccess({}, folder(t)), {});
  assert.deepEqual(kafkaAccess(LOGIN, folder(t)), {});
  assert.deepEqual(sparkKafkaAccess(LOGIN, folder(t)), {});
});

test('a login comes from the environment or .env, and never stands among the options of Spark', (t) => {
  const directory = folder(t, 'KAFKA_SECURITY_PROTOCOL=SASL_PLAINTEXT\nKAFKA_SASL_PASSWORD=from-file\n');
  assert.deepEqual(kafkaAccess({ KAFKA_SASL_USERNAME: 'sluice' }, directory), {
    sasl: { mechanism: 'scram-sha-512', username: 'sluice', password: 'from-file' },
  });
  const options = sparkKafkaAccess(LOGIN, directory);
  assert.deepEqual(options, { 'kafka.security.protocol': 'SASL_PLAINTEXT', 'kafka.sasl.mechanism': 'SCRAM-SHA-512' });
});

test('TLS takes an authority of its own, for our clients and for Spark', (t) => {
  const directory = folder(t);
  const caFile = join(directory, 'ca.crt');
  writeFileSync(caFile, 'certificate');
  const env = {
    ...LOGIN,
    KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
    KAFKA_SASL_MECHANISM: 'PLAIN',
    KAFKA_SSL_CA_FILE: caFile,
  };
  assert.deepEqual(kafkaAccess(env, directory), {
    ssl: { ca: 'certificate' },
    sasl: { mechanism: 'plain', username: 'sluice', password: 'hunter2' },
  });
  assert.equal(sparkKafkaAccess(env, directory)['kafka.ssl.truststore.location'], caFile);
  assert.deepEqual(kafkaAccess({ KAFKA_SECURITY_PROTOCOL: 'SSL' }, directory), { ssl: true });
});

test('half a login, a file that is not there, and a login for the broker that is started here are refused', (t) => {
  const directory = folder(t);
  assert.throws(() => kafkaAccess({ KAFKA_SECURITY_PROTOCOL: 'SASL_SSL' }, directory), /needs KAFKA_SASL_USERNAME and/);
  assert.throws(
    () => kafkaAccess({ KAFKA_SECURITY_PROTOCOL: 'SSL', KAFKA_SSL_CA_FILE: '/nowhere/ca.crt' }, directory),
    /KAFKA_SSL_CA_FILE=\/nowhere\/ca\.crt cannot be read/,
  );
  assert.throws(() => readSettings({ ...LOGIN, KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT' }, directory), {
    name: 'ConfigError',
    message: /^KAFKA_SECURITY_PROTOCOL=SASL_PLAINTEXT is for a Kafka that exists/,
  });
});

test('every client of Kafka, and every source of Spark that reads it, is made with this access', () => {
  const without: string[] = [];
  for (const folder of ['cli', 'producer', 'spark', 'stack', 'verify', 'web']) {
    const root = join(packageRoot(), folder);
    if (!existsSync(root)) continue;
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      // Examples in docstrings are no clients.
      const text = readFileSync(join(root, name), 'utf8').replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
      if (/new (kafkajs\.)?Kafka\(/.test(text) && !text.includes('...kafkaAccess()')) without.push(`${folder}/${name}`);
      if (text.includes("'kafka.bootstrap.servers'") && !text.includes('...sparkKafkaAccess()'))
        without.push(`${folder}/${name}`);
    }
  }
  assert.deepEqual(without, []);
});
