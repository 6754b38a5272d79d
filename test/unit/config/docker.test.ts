import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { dockerEnvironment } from '../../../config/docker.js';
import { readSettings } from '../../../config/settings.js';
import { readCompose } from '../deploy/compose-file.js';

function folderWith(t: TestContext, env: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-docker-env-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, '.env'), env);
  return folder;
}

const DOT_ENV =
  'POSTGRES_PASSWORD=p@ss\nSPARK_CONNECT_AUTHENTICATE_TOKEN=secret\nKAFKA_PORT=19092\nSPARK_REMOTE=sc://other:1\n';

test('the services of the compose file are found by the ports and secrets of .env, whatever else it names', (t) => {
  const folder = folderWith(t, DOT_ENV);
  const settings = readSettings(dockerEnvironment({}, folder), folder);
  assert.deepEqual(settings.services, {
    kind: 'external',
    sparkRemote: 'sc://127.0.0.1:15002/;user_id=sluice',
    sparkToken: 'secret',
    sparkUiUrl: 'http://127.0.0.1:4040',
    bootstrapServers: '127.0.0.1:19092',
    databaseUrl: 'postgresql://sluice:p%40ss@127.0.0.1:5432/sluice',
  });
  assert.equal(settings.lakePath, join(folder, 'data', 'lake'));
});

test('with the passwords of the roles, whoever looks or writes logs in as such', (t) => {
  const folder = folderWith(t, `${DOT_ENV}POSTGRES_WRITER_PASSWORD=w\nPOSTGRES_READER_PASSWORD=r\n`);
  const { DATABASE_WRITER_URL, DATABASE_READER_URL } = dockerEnvironment({}, folder);
  assert.equal(DATABASE_WRITER_URL, 'postgresql://sluice_writer:w@127.0.0.1:5432/sluice');
  assert.equal(DATABASE_READER_URL, 'postgresql://sluice_reader:r@127.0.0.1:5432/sluice');
});

test('every address is a port that the compose file publishes', (t) => {
  const folder = folderWith(t, DOT_ENV);
  const env = dockerEnvironment({}, folder);
  const published = Object.values(readCompose('docker-compose.yml', { KAFKA_PORT: '19092' }).services).flatMap(
    ({ ports }) => (ports ?? []).map((port) => port.split(':').slice(0, 2).join(':')),
  );
  for (const name of ['SPARK_REMOTE', 'KAFKA_BOOTSTRAP_SERVERS', 'DATABASE_URL', 'SPARK_UI_URL']) {
    const address = /127\.0\.0\.1:\d+/.exec(env[name] ?? '')?.[0] ?? '';
    assert.ok(published.includes(address), `${name} is at ${address}, published are ${published.join(', ')}`);
  }
});

test('before anything was started it says what to run', (t) => {
  assert.throws(() => dockerEnvironment({}, folderWith(t, 'POSTGRES_PASSWORD=\n')), {
    name: 'ConfigError',
    message: /^POSTGRES_PASSWORD is not set in .*\.env: run \.\/start\.sh first/,
  });
});
