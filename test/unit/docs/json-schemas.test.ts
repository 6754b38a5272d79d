import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';
import { renderSchemas, SCHEMA_FOLDER } from '../../../tools/json/schemas.js';
import { assertMatchesSchema } from '../../support/json-schema.js';

test('docs/json has a schema of every command with --json, made from its type as it is', async () => {
  const folder = join(packageRoot(), SCHEMA_FOLDER);
  const expected = await renderSchemas();
  assert.deepEqual(readdirSync(folder).sort(), [...expected.keys()].sort());
  for (const [name, text] of expected)
    assert.equal(readFileSync(join(folder, name), 'utf8'), text, `${name} is out of date: npm run json:generate`);
});

test('a field that is missing, of another type or not documented is told', () => {
  const args = ['publish', 'orders', '--json'];
  assertMatchesSchema(args, '{"topic": "orders", "records": 3}');
  for (const wrong of [
    '{"topic": "orders"}',
    '{"topic": "orders", "records": "3"}',
    '{"topic": "orders", "records": 3, "more": 1}',
  ])
    assert.throws(() => assertMatchesSchema(args, wrong), /sluice publish orders --json/);
  assert.throws(() => assertMatchesSchema(['completion', 'bash', '--json'], '{}'), /no schema/);
});
