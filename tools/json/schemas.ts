// The schemas of what commands print with --json, made from the types in cli/json-results.ts; docs/json/ holds them, and tests hold both together.
import { join } from 'node:path';
import { createGenerator, type Schema } from 'ts-json-schema-generator';
import { readManifest } from '../../cli/command-manifest.js';
import { JSON_LINES } from '../../cli/json-results.js';
import { packageRoot } from '../../config/package-root.js';

const SOURCE = join('cli', 'json-results.ts');
/** Below the package. */
export const SCHEMA_FOLDER = join('docs', 'json');

/** `lake:compact`: `LakeCompactJson` */
function typeOf(id: string): string {
  const words = id.split(':').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Json`;
}

/** `lake:compact`: `lake-compact.schema.json` */
export function schemaFile(id: string): string {
  return `${id.replaceAll(':', '-')}.schema.json`;
}

/** The commands that have --json, by id. */
export async function jsonCommands(): Promise<string[]> {
  const { commands } = await readManifest();
  return Object.values(commands)
    .filter(({ flags }) => 'json' in flags)
    .map(({ id }) => id)
    .sort();
}

/** Texts by file name: a schema per command, and what leads to them. @throws when a command has no type. */
export async function renderSchemas(): Promise<ReadonlyMap<string, string>> {
  const root = packageRoot();
  const generator = createGenerator({
    path: join(root, SOURCE),
    tsconfig: join(root, 'tsconfig.json'),
    // The compiler has checked them.
    skipTypeCheck: true,
    topRef: false,
    additionalProperties: false,
  });
  const files = new Map<string, string>();
  const ids = await jsonCommands();
  for (const id of ids) {
    const { $schema, ...schema } = asPrinted(generator.createSchema(typeOf(id)) as Json) as Schema;
    const titled = { $schema, title: `sluice ${id.replaceAll(':', ' ')} --json`, ...schema };
    files.set(schemaFile(id), `${JSON.stringify(titled, undefined, 2)}\n`);
  }
  files.set('README.md', renderIndex(ids));
  return files;
}

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What JSON makes of a value: a bigint is text (so commands print it), and what may be undefined may be missing. */
function asPrinted(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(asPrinted);
  if (schema === null || typeof schema !== 'object') return schema;
  const { properties, required, ...rest } = schema;
  const result: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(rest)) result[name] = asPrinted(value);
  if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) return result;
  const undefinable = new Set(Object.keys(properties).filter((name) => mayBeUndefined(properties[name] ?? null)));
  result.properties = Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, asPrinted(withoutUndefined(value))]),
  );
  const needed = (Array.isArray(required) ? required : []).filter((name) => !undefinable.has(String(name)));
  if (needed.length > 0) result.required = needed;
  return result;
}

/** The generator's way of saying `undefined`. */
function isUndefined(schema: Json): boolean {
  return JSON.stringify(schema) === '{"not":{}}';
}

function mayBeUndefined(schema: Json): boolean {
  const parts = (schema as { anyOf?: Json } | null)?.anyOf;
  return Array.isArray(parts) && parts.some(isUndefined);
}

function withoutUndefined(schema: Json): Json {
  if (!mayBeUndefined(schema)) return schema;
  const { anyOf, ...rest } = schema as { anyOf: Json[] };
  const parts = anyOf.filter((part) => !isUndefined(part));
  return parts.length === 1 ? { ...(parts[0] as object), ...rest } : { ...rest, anyOf: parts };
}

function renderIndex(ids: readonly string[]): string {
  const lines = ids.map((id) => {
    const form = JSON_LINES.has(id)
      ? 'a value per line'
      : id === 'verify'
        ? 'one value; with --watch one per line'
        : 'one value';
    return `| \`sluice ${id.replaceAll(':', ' ')}\` | ${form} | [${schemaFile(id)}](${schemaFile(id)}) |`;
  });
  return [
    '# What `--json` prints',
    '',
    'Made by `npm run json:generate` from the types in `cli/json-results.ts`. Each schema is JSON Schema, draft 7, and describes what a command prints to',
    'standard output when it exits with 0, or with 1 where that is a verdict; talk and errors go to standard error. Fields are added; one that is there',
    'keeps its name and meaning as long as `format` stays, where there is one.',
    '',
    '| command | prints | schema |',
    '|---|---|---|',
    ...lines,
    '',
    '`sluice completion` prints a script, and `sluice dashboard` runs until it is ended; its page has `/api/snapshot`.',
    '',
  ].join('\n');
}
