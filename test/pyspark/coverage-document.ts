// The coverage as a document: first how much, then what has another name, then what is left out and why.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CoverageRow } from './coverage.js';

/** Where it is kept. */
export const DOCUMENT = join(projectRoot(), 'docs', 'connect-coverage.md');

export function coverageDocument(rows: readonly CoverageRow[]): string {
  const owners = [...new Set(rows.map(({ owner }) => owner))];
  return `# What of PySpark's Connect client is here

Every public member of PySpark 4.2's Connect classes and every function of \`pyspark.sql.functions\`. "Compared" counts those whose plans the tests
hold against PySpark's, field by field (\`test/pyspark\`). Written by \`npm run api:coverage -- --write\`; a test says whether it is current.

${table(['PySpark', 'public', 'same name', 'other name', 'left out', 'compared'], [...owners.map((owner) => countsOf(owner, rows)), countsOf(undefined, rows)])}

## Other names

${table(
  ['PySpark', 'here'],
  rows.flatMap(({ owner, member, coverage }) =>
    coverage.kind === 'spelled' ? [[`\`${owner}.${member}\``, `\`${coverage.as}\``]] : [],
  ),
)}

## Left out

${table(
  ['PySpark', 'why'],
  rows.flatMap(({ owner, member, coverage }) =>
    coverage.kind === 'missing' ? [[`\`${owner}.${member}\``, coverage.reason]] : [],
  ),
)}
`;
}

function countsOf(owner: string | undefined, rows: readonly CoverageRow[]): string[] {
  const own = rows.filter((row) => owner === undefined || row.owner === owner).map(({ coverage }) => coverage);
  const count = (isIt: (coverage: CoverageRow['coverage']) => boolean): string => String(own.filter(isIt).length);
  return [
    owner ?? '**all**',
    String(own.length),
    count(({ kind }) => kind === 'same'),
    count(({ kind }) => kind === 'spelled'),
    count(({ kind }) => kind === 'missing' || kind === 'unknown'),
    count((coverage) => 'isCompared' in coverage && coverage.isCompared),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
