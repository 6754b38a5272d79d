// Reads the docstrings of the functions, those made by hand and the generated ones, from their sources.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './recorded.js';

export interface DocumentedFunction {
  readonly name: string;
  readonly file: string;
  readonly isGenerated: boolean;
  readonly since?: string | undefined;
  /** One for each docstring: a function may have several ways to be called. */
  readonly example?: string | undefined;
}

const FOLDER = join(ROOT, 'spark/connect/frame/functions');
const DECLARATION = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (?:function|const) (\w+)/g;

/** Every exported function with its docstring; of one with several signatures those that have a docstring, or the first. */
export function readDocumentedFunctions(): DocumentedFunction[] {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.ts') && !['call.ts', 'lambda.ts', 'index.ts'].includes(file));
  const found = files.flatMap((file) => {
    const text = readFileSync(join(FOLDER, file), 'utf8').replaceAll('\r\n', '\n');
    return [...text.matchAll(DECLARATION)].map(([, doc, name = '']) => ({
      name,
      file,
      isGenerated: file.startsWith('generated/'),
      since: doc === undefined ? undefined : /@since (\S+)/.exec(doc)?.[1],
      example: doc === undefined ? undefined : /@example (.+)/.exec(doc)?.[1],
      hasDoc: doc !== undefined,
    }));
  });
  const documented = new Set(found.filter(({ hasDoc }) => hasDoc).map(({ name }) => name));
  return found.filter(({ name, hasDoc }) => hasDoc || !documented.has(name));
}
