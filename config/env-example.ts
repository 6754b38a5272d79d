/** Renders `.env.example` from the table of variables. Run as a program it prints it: `npx tsx config/env-example.ts > .env.example`. */
import { pathToFileURL } from 'node:url';
import { VARIABLES, type Variable } from './variables.js';

const HEADER = [
  '# Every variable of sluice with its default. Copy this file to .env and change what you need.',
  '# A variable of the environment wins over .env; an empty value means the default.',
  '# The same variables drive the embedded mode (npm start) and Docker.',
];

export function renderEnvExample(): string {
  const lines = [...HEADER];
  let group = '';
  for (const [name, variable] of Object.entries<Variable<unknown>>(VARIABLES)) {
    if (variable.group !== group) {
      group = variable.group;
      lines.push('', `### ${group}`);
    }
    lines.push(`# ${variable.explanation}`, `${name}=${quoted(variable.default)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Double quotes where a shell that sources the file would otherwise split the value. */
function quoted(value: string): string {
  return /^[\w./:,@[\]*-]*$/.test(value) ? value : `"${value.replace(/["\\$]/g, '\\$&')}"`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(renderEnvExample());
}
