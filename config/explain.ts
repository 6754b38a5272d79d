/** Where each setting comes from, for people: the value in force as text, its source, and what it means. Secrets are hidden. */
import { join } from 'node:path';
import { readEnvFile } from './env-file.js';
import { type Env, parseVariable, VARIABLES, type Variable, type VariableName } from './variables.js';

export interface ExplainedVariable {
  readonly name: VariableName;
  /** As written; of a secret only that it is set. Undefined: no value and no default. */
  readonly value: string | undefined;
  /** `environment`, `.env, line 3` or `default`. */
  readonly source: string;
  readonly explanation: string;
  readonly group: string;
}

/** In the order of `.env.example`. @throws ConfigError for a value that is not allowed, as every command does. */
export function explainVariables(
  env: Env = process.env,
  directory: string = process.cwd(),
): readonly ExplainedVariable[] {
  const file = readEnvFile(join(directory, '.env'), '.env');
  return Object.entries<Variable<unknown>>(VARIABLES).map(([key, variable]) => {
    const name = key as VariableName;
    const own = env[name];
    const entry = own === undefined ? file.get(name) : undefined;
    const origin = entry && `.env, line ${entry.line}`;
    parseVariable(name, own ?? entry?.value, origin);
    const given = (own ?? entry?.value)?.trim() ?? '';
    // An empty value means the default, wherever it stands.
    const source = given === '' ? 'default' : (origin ?? 'environment');
    const text = given === '' ? variable.default : given;
    const value = text === '' ? undefined : variable.isSecret ? 'set (hidden)' : text;
    return { name, value, source, explanation: variable.explanation, group: variable.group };
  });
}
