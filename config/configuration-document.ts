/**
 * docs/configuration.md, made of the table of variables. Run as a program it prints it:
 * `node dist/config/configuration-document.js > docs/configuration.md`.
 */
import { pathToFileURL } from 'node:url';
import { VARIABLES, type Variable } from './variables.js';

export function renderConfiguration(): string {
  const lines = [
    '# Settings',
    '',
    'Made by `node dist/config/configuration-document.js > docs/configuration.md` of the table in `config/variables.ts`; a test tells when it is out of date.',
    '',
    'Each is a variable of the environment or a line of `.env` in the folder where `sluice` runs; the environment wins, and an empty value means the',
    'default. `sluice config show` says what holds here and where it comes from. Secrets are never printed, logged or put into arguments. A value that',
    'cannot be used is named in one line, with exit code 2.',
  ];
  const variables = Object.entries<Variable<unknown>>(VARIABLES);
  for (const group of new Set(variables.map(([, variable]) => variable.group))) {
    lines.push('', `## ${group}`, '', '| variable | default | meaning |', '|---|---|---|');
    for (const [name, variable] of variables) {
      if (variable.group !== group) continue;
      const standard = variable.default === '' ? '' : `\`${variable.default}\``;
      const meaning = `${variable.explanation}${variable.isSecret ? ' (secret)' : ''}`;
      lines.push(`| \`${name}\` | ${standard} | ${meaning.replaceAll('|', '\\|')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(renderConfiguration());
}
