// What a command prints with --json against its schema in docs/json; every test that runs a command so does this without asking.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { JSON_LINES } from '../../cli/json-results.js';
import { packageRoot } from '../../config/package-root.js';

const ajv = new Ajv({ allErrors: true, strict: false });
const validators = new Map<string, ValidateFunction>();

/** The id of the command that these words call, such as `lake:ls`; undefined when there is no schema of it. */
function commandOf(args: readonly string[]): string | undefined {
  const [first = '', second = ''] = args.filter((arg) => !arg.startsWith('-'));
  return [`${first}:${second}`, first].find((id) => existsSync(schemaPath(id)));
}

function schemaPath(id: string): string {
  return join(packageRoot(), 'docs', 'json', `${id.replaceAll(':', '-')}.schema.json`);
}

function validatorOf(id: string): ValidateFunction {
  const known = validators.get(id) ?? ajv.compile(JSON.parse(readFileSync(schemaPath(id), 'utf8')));
  validators.set(id, known);
  return known;
}

/** @param stdout of a command that was called with `args`, --json among them, and did not fail. */
export function assertMatchesSchema(args: readonly string[], stdout: string): void {
  const id = commandOf(args);
  assert.ok(id, `sluice ${args.join(' ')} has no schema in docs/json`);
  const isLines = JSON_LINES.has(id) || args.includes('--watch');
  const texts = isLines ? stdout.split('\n').filter((line) => line !== '') : [stdout];
  const validate = validatorOf(id);
  for (const text of texts) {
    const isValid = validate(JSON.parse(text));
    assert.ok(isValid, `sluice ${args.join(' ')}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 2_000)}`);
  }
}
