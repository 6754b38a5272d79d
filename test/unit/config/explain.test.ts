/** `sluice config show`: the value in force, where it comes from, and nothing that is secret. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ConfigError } from '../../../config/config-error.js';
import { explainVariables } from '../../../config/explain.js';
import { VARIABLES } from '../../../config/variables.js';

function folderWith(t: TestContext, envFile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-explain-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, '.env'), envFile);
  return folder;
}

test('the environment wins over .env, and .env over the default; each names its source', (t) => {
  const folder = folderWith(t, '# mine\nKAFKA_PORT=9999\nPRODUCER_SEED=7\nPRODUCER_USERS=\n');
  const shown = new Map(explainVariables({ PRODUCER_SEED: '8' }, folder).map((each) => [each.name, each]));
  assert.equal(shown.size, Object.keys(VARIABLES).length);
  const of = (name: keyof typeof VARIABLES) => [shown.get(name)?.value, shown.get(name)?.source];
  assert.deepEqual(of('KAFKA_PORT'), ['9999', '.env, line 2']);
  assert.deepEqual(of('PRODUCER_SEED'), ['8', 'environment']);
  assert.deepEqual(of('PRODUCER_USERS'), ['1000', 'default']);
  assert.deepEqual(of('SPARK_UI_URL'), [undefined, 'default']);
});

test('of a secret only that it is set is told', (t) => {
  const folder = folderWith(t, '');
  const text = JSON.stringify(explainVariables({ POSTGRES_PASSWORD: 'hunter2hunter2' }, folder));
  assert.equal(text.includes('hunter2'), false);
  assert.match(text, /"name":"POSTGRES_PASSWORD","value":"set \(hidden\)","source":"environment"/);
});

test('a value that is not allowed is refused with the line it stands in', (t) => {
  const folder = folderWith(t, 'KAFKA_PORT=many\n');
  assert.throws(
    () => explainVariables({}, folder),
    (error) => error instanceof ConfigError && /KAFKA_PORT.*\.env, line 1/.test(error.message),
  );
});
