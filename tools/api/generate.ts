/**
 * Writes docs/api, the reference, from the docstrings of everything that users can import.
 *
 *   npm run docs:api
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../config/package-root.js';
import { SCOPE } from './check-examples.js';
import { type Page, pagesOf } from './pages.js';
import { type PublicItem, readPublicApi } from './public-api.js';
import { NOTICE, renderPage } from './render.js';

export const REFERENCE = join(packageRoot(), 'docs/api');

/** The text of each page by its path below docs/api. */
export function generateReference(items: readonly PublicItem[]): ReadonlyMap<string, string> {
  const pages = pagesOf(items);
  return new Map([['README.md', renderIndex(pages)], ...pages.map((page) => [page.path, renderPage(page)] as const)]);
}

/** The paths below docs/api that are there. */
export function writtenPages(): string[] {
  return readdirSync(REFERENCE, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md'));
}

function renderIndex(pages: readonly Page[]): string {
  const isFunctions = ({ path }: Page): boolean => path.startsWith('functions/');
  const row = ({ path, title, about }: Page): string =>
    `| [${title.replace('Functions: ', '')}](${path}) | ${about.replaceAll('|', '\\|')} |`;
  const functionRow = (page: Page): string => `${row(page)} ${page.items.length} |`;
  const [, scope = ''] = readFileSync(SCOPE, 'utf8')
    .replaceAll('\r\n', '\n')
    .split(/\n(?=\/\*\* A session)/);
  return `${[
    '# Reference',
    NOTICE,
    'Everything that `sluice/connect`, `sluice/worker`, `sluice/testkit` and `sluice` export, from their docstrings. Every example is compiled by the tests.',
    ['| page | about |', '|---|---|', ...pages.filter((page) => !isFunctions(page)).map(row)].join('\n'),
    '## Functions',
    "Functions take columns, and text that names a column; other plain values are constants. In the examples `f` is `import * as f from 'sluice/connect'`; each can be imported by its name too.",
    ['| group | about | names |', '|---|---|---|', ...pages.filter(isFunctions).map(functionRow)].join('\n'),
    '## What the examples take for granted',
    'Names of sluice are imported; these are there besides:',
    `\`\`\`ts\n${scope.trim().replaceAll('export declare', 'declare')}\n\`\`\``,
  ].join('\n\n')}\n`;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const pages = generateReference(readPublicApi());
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(REFERENCE, path)), { recursive: true });
    writeFileSync(join(REFERENCE, path), text);
  }
  for (const path of writtenPages()) if (!pages.has(path)) rmSync(join(REFERENCE, path));
  console.log(`${pages.size} pages written to ${REFERENCE}`);
}
