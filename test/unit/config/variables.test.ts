import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderEnvExample } from '../../../config/env-example.js';
import { parseEnvFile } from '../../../config/env-file.js';
import { packageRoot } from '../../../config/package-root.js';
import { parseVariable, VARIABLES, type Variable, type VariableName } from '../../../config/variables.js';

const entries = Object.entries<Variable<unknown>>(VARIABLES);

test('every default is allowed by its own kind', () => {
  for (const [name, { default: text }] of entries) {
    if (text !== '') assert.notEqual(parseVariable(name as VariableName, undefined), undefined, name);
  }
});

test('every variable is explained in one line that fits a screen', () => {
  for (const [name, { explanation }] of entries) {
    assert.match(explanation, /^\S.{8,76}$/, name);
    assert.doesNotMatch(explanation, /\n/, name);
  }
});

test('.env.example is what the table of variables renders; if not: npx tsx config/env-example.ts > .env.example', () => {
  assert.equal(readFileSync(join(packageRoot(), '.env.example'), 'utf8'), renderEnvExample());
});

test('.env.example copied to .env changes nothing', () => {
  const file = parseEnvFile(renderEnvExample(), '.env');
  assert.deepEqual([...file.keys()], Object.keys(VARIABLES));
  for (const [name, { default: text }] of entries) assert.equal(file.get(name)?.value, text, name);
});

test('an empty or blank value means the default', () => {
  assert.equal(parseVariable('KAFKA_PORT', ''), 9092);
  assert.equal(parseVariable('KAFKA_PORT', '  '), 9092);
  assert.equal(parseVariable('DATABASE_URL', ''), undefined);
});

test('a wrong value is refused in one line with name, value, what is allowed and where it stands', () => {
  assert.throws(() => parseVariable('KAFKA_PORT', 'kafka', '.env, line 7'), {
    name: 'ConfigError',
    exitCode: 2,
    message: 'KAFKA_PORT must be a port: a whole number from 0 to 65535, not "kafka" (.env, line 7)',
  });
  assert.throws(
    () => parseVariable('WATERMARK_DELAY', `two\nminutes ${'x'.repeat(500)}`),
    (error: Error) => error.message.length < 300 && !error.message.includes('\n'),
  );
});

test('a wrong value of a secret is refused without the value', () => {
  for (const name of ['DATABASE_URL', 'SPARK_REMOTE'] as const) {
    assert.throws(
      () => parseVariable(name, 'mysql://u:hunter2@h/d'),
      (error: Error) => error.message.startsWith(`${name} must be`) && !error.message.includes('hunter2'),
    );
  }
});
