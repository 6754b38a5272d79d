// Which page of the reference tells of what: by the file that declares it.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import type { PublicItem } from './public-api.js';

export interface Page {
  /** Below docs/api. */
  readonly path: string;
  readonly title: string;
  /** What the page is about, in one paragraph. */
  readonly about: string;
  readonly items: readonly PublicItem[];
}

interface Area {
  readonly path: string;
  readonly title: string;
  readonly about: string;
  /** Beginnings of paths from the package's root. */
  readonly sources: readonly string[];
}

const CLIENT = 'spark/connect';

const AREAS: readonly Area[] = [
  {
    path: 'session.md',
    title: 'Sessions',
    about:
      'Where a program begins: a session on a server, its configuration, its tags and interrupts, SQL, and frames of rows at hand.',
    sources: [`${CLIENT}/session.ts`, `${CLIENT}/artifact-names.ts`, `${CLIENT}/conf.ts`, `${CLIENT}/rpc/`],
  },
  {
    path: 'dataframe.md',
    title: 'DataFrames',
    about:
      'A frame is a plan, and the connection that can run it. Methods that answer a frame or a column are lazy; those that answer a promise ask the server.',
    sources: [
      ...['actions', 'combinations', 'dataframe', 'grouped', 'na', 'row', 'stat', 'user-function'].map(
        (name) => `${CLIENT}/frame/${name}.ts`,
      ),
      `${CLIENT}/plan/`,
    ],
  },
  {
    path: 'column.md',
    title: 'Columns and windows',
    about:
      'Expressions over the columns of a row: operators as methods, names, casts, order, and windows of rows. Functions are on pages of their own.',
    sources: [`${CLIENT}/frame/column.ts`, `${CLIENT}/frame/operand.ts`, `${CLIENT}/frame/window.ts`],
  },
  {
    path: 'read-and-write.md',
    title: 'Reading and writing',
    about: 'Files, tables and databases at rest. Readers and writers are immutable: every method answers a new one.',
    sources: [
      ...[
        'read/batch-reader',
        'read/table-functions',
        'write/batch-writer',
        'write/table-writer',
        'write/merge-writer',
      ].map((name) => `${CLIENT}/${name}.ts`),
    ],
  },
  {
    path: 'streaming.md',
    title: 'Streaming',
    about: 'Streams as frames, the queries that run them, what those tell of themselves, and who listens.',
    sources: [
      ...['streams', 'query-events', 'read/stream-reader', 'write/stream-writer', 'write/trigger', 'write/query'].map(
        (name) => `${CLIENT}/${name}.ts`,
      ),
      `${CLIENT}/write/progress.ts`,
      `${CLIENT}/write/foreach-batch.ts`,
    ],
  },
  {
    path: 'catalog.md',
    title: 'Catalog',
    about: 'The catalogs, schemas, tables, views and functions that a session can name.',
    sources: [`${CLIENT}/catalog.ts`],
  },
  {
    path: 'types.md',
    title: 'Types and values',
    about:
      'Types as they are written (`struct({ id: notNull(long()) })`), what their values are in JavaScript, and ids. `struct`, `array`, `map` and `char` make types and columns: see [their page](functions/struct.md).',
    sources: [`${CLIENT}/types/`],
  },
  {
    path: 'errors.md',
    title: 'Errors',
    about: 'The one error of the client, and what it tells.',
    sources: [`${CLIENT}/errors/`],
  },
  {
    path: 'worker.md',
    title: 'TypeScript inside Spark: sluice/worker',
    about:
      '`foreachBatch` handlers beside the driver, and functions of columns and partitions beside the executors, out of exported functions.',
    sources: ['spark/worker/'],
  },
  {
    path: 'testkit.md',
    title: 'Test kit: sluice/testkit',
    about: "What a pipeline's queries make of given events, on a real Spark.",
    sources: ['spark/testkit/'],
  },
  {
    path: 'pipeline.md',
    title: 'Pipelines: sluice',
    about: 'How a pipeline is defined, and the one that comes with sluice.',
    sources: ['spark/pipeline/'],
  },
];

const FUNCTIONS = `${CLIENT}/frame/functions/`;
/** Files of few names share the page of others. */
const SHARED: Readonly<Record<string, string>> = { call: 'arguments', types: 'arguments', logarithm: 'math' };

/** @throws Error naming what belongs to no page. */
export function pagesOf(items: readonly PublicItem[]): Page[] {
  const isFunction = ({ file }: PublicItem): boolean => file.startsWith(FUNCTIONS);
  const groups = new Map<string, PublicItem[]>();
  for (const item of items.filter(isFunction)) {
    const name = basename(item.file, '.ts');
    const group = SHARED[name] ?? name;
    groups.set(group, [...(groups.get(group) ?? []), item]);
  }
  const areas = AREAS.map(({ sources, ...area }) => ({
    ...area,
    items: items.filter((item) => sources.some((source) => item.file.startsWith(source))),
  }));
  const placed = new Set(areas.flatMap((area) => area.items));
  const homeless = items.filter((item) => !isFunction(item) && !placed.has(item));
  if (homeless.length > 0)
    throw new Error(`tools/api/pages.ts has no page for ${homeless.map(({ file }) => file).join(', ')}`);
  return [
    ...areas,
    ...[...groups]
      .sort(([first], [second]) => (first < second ? -1 : 1))
      .map(([group, members]) => ({
        path: `functions/${group}.md`,
        title: `Functions: ${group.replaceAll('-', ' ')}`,
        about: aboutGroup(members),
        items: members,
      })),
  ];
}

/** What the files of a group say at their top; the generated one first, if there is one, for it has most of the functions. */
function aboutGroup(members: readonly PublicItem[]): string {
  const files = [...new Set(members.map(({ file }) => file))].sort();
  const generated = files.filter((file) => file.includes('/generated/'));
  return [...generated, ...files.filter((file) => !generated.includes(file))].slice(0, 1).map(headOf).join(' ');
}

function headOf(file: string): string {
  const [head = ''] =
    /^(?:\/\/.*\n)+/.exec(readFileSync(join(packageRoot(), file), 'utf8').replaceAll('\r\n', '\n')) ?? [];
  return head
    .split('\n')
    .map((line) => line.replace(/^\/\/ ?/, ''))
    .filter((line) => line !== '' && !line.startsWith('Generated from'))
    .join(' ');
}
