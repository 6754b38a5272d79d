/** The folders tell the data's way: imports go down it, never up, never in circles. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '..' : '../..', import.meta.url));

/** What each folder may import besides itself. A new arrow is a decision: it is made here. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  cli: [
    'config',
    'chaos',
    'producer',
    'stack',
    'verify',
    'web',
    'spark/supervisor',
    'spark/pipeline',
    'spark/sinks',
    'spark/connect',
  ],
  chaos: ['config', 'producer', 'stack', 'verify', 'spark/supervisor', 'spark/pipeline'],
  web: ['config', 'verify'],
  verify: ['config', 'spark/connect'],
  producer: ['config'],
  stack: ['config'],
  config: [],
  'spark/supervisor': ['config', 'spark/pipeline', 'spark/sinks', 'spark/worker', 'spark/connect'],
  'spark/testkit': ['config', 'stack', 'spark/pipeline', 'spark/connect'],
  'spark/pipeline': ['config', 'spark/sinks', 'spark/worker', 'spark/connect'],
  'spark/sinks': ['config', 'spark/worker', 'spark/connect'],
  'spark/worker': ['spark/connect', 'proto'],
  'spark/connect': ['proto'],
  proto: [],
};

/** Files may grow to this before a family of functions moves out. Generated files do not count, nor do docstrings: they are read one at a time. */
const FILE_LINES_MAX = 400;
const DOCSTRING = /^ *\/\*\*[\s\S]*?\*\/\n/gm;

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources = await readSources();

test('every folder imports only what lies below it on the way of the data', () => {
  const wrong = sources.flatMap(({ path, imports }) => {
    const from = folderOf(path);
    return imports
      .filter((target) => folderOf(target) !== from && !ALLOWED[from]?.includes(folderOf(target)))
      .map((target) => `${path} imports ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('no file is part of an import cycle, type imports included', () => {
  const edges = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  assert.deepEqual(cycles, []);
});

/** What every pipeline gets. The dashboard's page is told of the pipeline as a value, like the rest. */
const GENERIC = ['spark/supervisor/', 'spark/sinks/', 'spark/testkit/', 'verify/pipeline/', 'cli/top/', 'web/'];

/** The pipeline that comes with sluice, by its names of topics, queries and tables and by those of the code about it. */
const OF_ONE_PIPELINE = /user.?activit|page.?view|active.?user|user.?session|session_(?:start|end)/i;
/** The list of its queries (`config/names.ts`), and the type of their names. */
const ITS_QUERIES = /\bQUERIES\b|\bQueryName\b/;

test('what every pipeline gets knows none in particular: its text, and whatever it imports of verify', async () => {
  const isGeneric = (path: string): boolean => GENERIC.some((folder) => path.startsWith(folder));
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const texts = new Map<string, string>();
  // Down to where a door lists everything that there is: those doors hold the user-activity pipeline beside the rest.
  const visit = (source: SourceFile): void => {
    if (texts.has(source.path)) return;
    texts.set(source.path, source.text);
    for (const target of source.imports) {
      const next = byPath.get(target);
      if (next !== undefined && (isGeneric(target) || folderOf(target) === 'verify') && !target.endsWith('/index.ts'))
        visit(next);
    }
  };
  for (const source of sources) if (isGeneric(source.path)) visit(source);
  const page = join('web', 'page');
  for (const name of await readdir(join(root, page)))
    texts.set(join(page, name), await readFile(join(root, page, name), 'utf8'));
  assert.ok(texts.has('verify/batches.ts') && texts.has('web/page/app.js'), [...texts.keys()].join(' '));

  const known = [...texts].flatMap(([path, text]) => {
    const found = OF_ONE_PIPELINE.exec(text) ?? ITS_QUERIES.exec(text);
    return found === null ? [] : [`${path}: ${found[0]}`];
  });
  assert.deepEqual(known, []);
  const imported = sources
    .filter(({ path }) => isGeneric(path))
    .flatMap(({ path, imports }) =>
      imports
        .filter((target) => folderOf(target) === 'spark/pipeline' && !/\/(?:index|pipeline)\.ts$/.test(target))
        .map((target) => `${path} imports ${target}`),
    );
  assert.deepEqual(imported, []);
});

test('no file outgrows one idea', () => {
  const long = sources
    .map(({ path, text }) => `${path}: ${text.replace(DOCSTRING, '').split('\n').length}`)
    .filter((entry) => Number(entry.split(': ')[1]) > FILE_LINES_MAX);
  assert.deepEqual(long, []);
});

test('the environment is read in config/, and in what runs inside the Spark driver', () => {
  const readers = sources
    .filter(({ text }) => /process\.env/.test(text))
    .map(({ path }) => folderOf(path))
    .filter((folder) => !['config', 'spark/worker', 'spark/sinks', 'spark/connect', 'stack'].includes(folder));
  assert.deepEqual(readers, []);
});

test('every relative link of the documents leads to a file', async () => {
  const documents = [
    'README.md',
    ...(await readdir(join(root, 'docs'), { recursive: true }))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const broken: string[] = [];
  for (const document of documents) {
    const text = await readFile(join(root, document), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
      const path = join(root, dirname(document), target as string);
      if (
        await readFile(path).then(
          () => false,
          (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
        )
      )
        broken.push(`${document}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

function folderOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  return first === 'spark' ? `spark/${second}` : first;
}

async function readSources(): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for (const folder of ['chaos', 'cli', 'config', 'producer', 'proto', 'spark', 'stack', 'verify', 'web']) {
    const names = await readdir(join(root, folder), { recursive: true }).catch(() => []);
    for (const name of names) {
      if (!name.endsWith('.ts') || name.includes('generated')) continue;
      const path = join(folder, name);
      const text = await readFile(join(root, path), 'utf8');
      const imports = [...text.matchAll(/(?:from|import\()\s*'(\.{1,2}\/[^']+)'/g)]
        .map(([, target]) =>
          relative(root, normalize(join(root, dirname(path), target as string))).replace(/\.js$/, '.ts'),
        )
        .filter((target) => !target.includes('generated'));
      found.push({ path, text, imports });
    }
  }
  return found;
}
