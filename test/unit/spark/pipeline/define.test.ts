/** What a pipeline of one's own becomes, and which contradictions are refused before anything is started. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, long, mapType, notNull, string, structType, timestamp } from '../../../../spark/connect/index.js';
import {
  definePipeline,
  PipelineError,
  type QueryDefinition,
  sourceTopics,
  table,
  topicsOf,
} from '../../../../spark/pipeline/index.js';

const clicks = {
  schema: structType({ id: notNull(string()), at: notNull(timestamp()), note: string() }),
  eventTime: 'at',
  watermark: '2m',
} as const;
const perId = {
  reads: ['clicks'],
  plan: ({ clicks: events }) => events.groupBy('id').agg(count('*').as('clicks')),
  into: table('clicks_per_id', { key: ['id'], columns: { id: string(), clicks: long() } }),
} satisfies QueryDefinition<{ clicks: typeof clicks }>;

test('each source gets a query of its own that judges every record, and its dead-letter topic', () => {
  const pipeline = definePipeline({ name: 'clicks', sources: { clicks }, queries: { per_id: perId } });
  assert.deepEqual(
    pipeline.queries.map(({ name, sink }) => [name, sink.kind]),
    [
      ['clicks_records', 'events'],
      ['per_id', 'upsert'],
    ],
  );
  assert.deepEqual(pipeline.needs?.topics, ['clicks', 'clicks_dead_letter']);
  assert.equal(pipeline.version, 1);
});

test('a query over two sources reads both topics, in the order in which it names them', () => {
  const pipeline = definePipeline({
    name: 'two',
    sources: { clicks, views: { ...clicks, topic: 'page_views' } },
    queries: {
      both: { ...perId, reads: ['views', 'clicks'], plan: ({ clicks: left, views }) => left.join(views, 'id') },
    },
  });
  const both = pipeline.queries.find(({ name }) => name === 'both');
  assert.ok(both);
  assert.deepEqual(topicsOf(pipeline, both), ['page_views', 'clicks']);
  assert.deepEqual(sourceTopics(pipeline), ['clicks', 'page_views']);
});

test('two sources keep their lakes apart, and a source can do without', () => {
  const { queries } = definePipeline({
    name: 'two',
    sources: { clicks, views: { ...clicks, lake: false } },
    queries: {},
  });
  const folders = queries.map(({ sink }) => sink.kind === 'events' && sink.places?.lakeFolder);
  assert.deepEqual(folders, ['two/clicks', undefined]);
});

test('a table is created with its key, its types and the bookkeeping columns', () => {
  assert.equal(
    perId.into.create,
    'CREATE TABLE IF NOT EXISTS "public"."clicks_per_id" ("id" text NOT NULL, "clicks" bigint, ' +
      '"updated_at" timestamptz NOT NULL DEFAULT now(), "batch_id" bigint NOT NULL, PRIMARY KEY ("id"))',
  );
});

const REFUSED: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['a table without a key', () => table('t', { key: [], columns: { id: string() } }), /has no key/],
  [
    'a column that the sink adds itself',
    () => table('t', { key: ['id'], columns: { id: string(), batch_id: long() } }),
    /batch_id is a column that sluice adds/,
  ],
  [
    'a type that Postgres lacks',
    () => table('t', { key: ['id'], columns: { id: string(), m: mapType(string(), long()) } }),
    /column m is a map/,
  ],
  ['a name that is no SQL name', () => table('drop table', { key: ['id'], columns: { id: string() } }), /not a name/],
  ['a pipeline without sources', () => definePipeline({ name: 'x', sources: {}, queries: {} }), /has no source/],
  [
    'a name with capital letters',
    () => definePipeline({ name: 'X', sources: { clicks }, queries: {} }),
    /made of a-z, 0-9 and -/,
  ],
  [
    'an event time that may be null',
    () =>
      definePipeline({
        name: 'x',
        sources: { clicks: { ...clicks, schema: structType({ at: timestamp() }) } },
        queries: {},
      }),
    /must be notNull\(timestamp\(\)\)/,
  ],
  [
    'a watermark without a unit',
    () => definePipeline({ name: 'x', sources: { clicks: { ...clicks, watermark: '120' } }, queries: {} }),
    /watermark is a duration such as/,
  ],
  [
    'one source twice in a query',
    () => definePipeline({ name: 'x', sources: { clicks }, queries: { q: { ...perId, reads: ['clicks', 'clicks'] } } }),
    /names a source twice/,
  ],
  [
    'a query that takes the name of a source’s own',
    () => definePipeline({ name: 'x', sources: { clicks }, queries: { clicks_records: perId } }),
    /two queries are called clicks_records/,
  ],
  [
    'a finalAt that is no column',
    () => definePipeline({ name: 'x', sources: { clicks }, queries: { q: { ...perId, finalAt: 'window_end' } } }),
    /finalAt names window_end/,
  ],
];

for (const [what, define, message] of REFUSED) {
  test(`${what} is refused with a PipelineError`, () => {
    assert.throws(define, (error) => error instanceof PipelineError && message.test(error.message));
  });
}
