/** Upserts into Postgres: a batch that comes again, too late, or from a writer whose turn is over. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { from as copyFrom } from 'pg-copy-streams';
import {
  type DataFrame,
  integer,
  string,
  structType,
  timestamp,
  timestampMicros,
} from '../../../spark/connect/index.js';
import { assertEpoch, writerName } from '../../../spark/sinks/fence.js';
import { closeClient, openClient, withClient } from '../../../spark/sinks/postgres.js';
import type { UpsertParams } from '../../../spark/sinks/sink.js';
import { SinkError } from '../../../spark/sinks/sink-error.js';
import { stagingTable } from '../../../spark/sinks/staging-table.js';
import { upsertBatch } from '../../../spark/sinks/upsert-batch.js';
import { openSession } from '../connect/open-session.js';
import { failureOf, startQuery } from '../worker/queries.js';
import { asWriter, createQuery, type TestQuery, WATERMARK_MS, whenRead } from './micro-batch.js';

const spark = await openSession();
const suffix = randomUUID().slice(0, 8);
const TABLES = [`public.counts_${suffix}`, `public.other_counts_${suffix}`] as const;

before(() =>
  withClient(async (client) => {
    for (const table of TABLES) {
      await client.query(
        `CREATE TABLE ${table} (page text, minute timestamptz, views int, note text, batch_id bigint NOT NULL,
         updated_at timestamptz NOT NULL, PRIMARY KEY (page, minute))`,
      );
    }
    // The second one refuses a certain row.
    await client.query(`ALTER TABLE ${TABLES[1]} ADD CHECK (views <> -7)`);
  }),
);

after(() => withClient(async (client) => void (await client.query(`DROP TABLE ${TABLES.join(', ')}`))));

interface Row {
  readonly page: string;
  readonly views: number | null;
  readonly note?: string | null;
  readonly minute?: string;
}

const ROW = structType({ page: string(), minute: timestamp(), views: integer(), note: string() });
const MINUTE = '2026-03-01T12:00:00.123456Z';

/** What a text field may hold and a sink may spoil. */
const TEXTS = [
  '',
  ' ',
  '\\N',
  '\\',
  '\\.',
  'a\tb',
  'c\nd\r\ne',
  '"q"',
  "it's",
  '\\t',
  'é€😀',
  'NULL',
  '{a,b}',
  'x'.repeat(2048),
];
const HOSTILE: readonly Row[] = [
  ...TEXTS.map((text, views) => ({ page: text, views, note: text })),
  { page: 'no note', views: null, note: null },
  { page: 'before 1970', views: -1, minute: '1969-12-31T23:59:59.999999Z' },
];

for (const [way, copyRowsMax] of [
  ['through the worker', 1_000],
  ['by the executors', 0],
] as const) {
  test(`the first delivery ${way} writes rows and ledger, the same batch again changes nothing`, async () => {
    const query = await createQuery(spark);
    await clear();
    await deliver(
      query,
      0,
      [
        { page: 'a', views: 1 },
        { page: 'b', views: 2 },
      ],
      { copyRowsMax },
    );
    const first = { rows: await rowsOf(), ledger: await query.ledger() };
    assert.deepEqual(views(first.rows), { a: 1, b: 2 });
    assert.deepEqual(first.ledger, [
      {
        batch_id: '0',
        epoch: query.params.epoch,
        offsets: { t: { '0': [0, 10] } },
        watermark: null,
        rows: '2',
        dead: '0',
        query_id: query.queryId,
      },
    ]);
    // Other rows than the first time, so that it shows if any of them is written; the time of the last change is compared too.
    await deliver(
      query,
      0,
      [
        { page: 'a', views: 99 },
        { page: 'c', views: 3 },
      ],
      { copyRowsMax },
    );
    assert.deepEqual({ rows: await rowsOf(), ledger: await query.ledger() }, first);
    assert.deepEqual(await stagingTables(), []);
  });

  test(`a later batch ${way} replaces and adds, and its ledger row has its offsets and watermark`, async () => {
    const query = await createQuery(spark);
    await clear();
    await deliver(
      query,
      0,
      [
        { page: 'a', views: 1 },
        { page: 'b', views: 2 },
      ],
      { copyRowsMax },
    );
    await deliver(
      query,
      1,
      [
        { page: 'b', views: 20 },
        { page: 'c', views: 3 },
      ],
      { copyRowsMax },
    );
    const rows = await rowsOf();
    assert.deepEqual(views(rows), { a: 1, b: 20, c: 3 });
    assert.deepEqual(
      rows.map(({ page, batch_id }) => [page, batch_id]),
      [
        ['a', '0'],
        ['b', '1'],
        ['c', '1'],
      ],
    );
    const [, second] = await query.ledger();
    assert.deepEqual([second?.offsets, second?.watermark], [{ t: { '0': [10, 20] } }, new Date(WATERMARK_MS)]);
  });

  test(`an older batch that arrives ${way} after a newer one overwrites nothing, and still adds what is missing`, async () => {
    const query = await createQuery(spark);
    await clear();
    await deliver(query, 3, [{ page: 'a', views: 30 }], { copyRowsMax });
    await deliver(
      query,
      2,
      [
        { page: 'a', views: 20 },
        { page: 'b', views: 2 },
      ],
      { copyRowsMax },
    );
    assert.deepEqual(views(await rowsOf()), { a: 30, b: 2 });
  });

  test(`a row that a batch brings twice ${way} is written once`, async () => {
    const query = await createQuery(spark);
    await clear();
    await deliver(
      query,
      0,
      [
        { page: 'a', views: 1 },
        { page: 'a', views: 1 },
      ],
      { copyRowsMax },
    );
    assert.deepEqual(views(await rowsOf()), { a: 1 });
  });

  test(`a batch without rows ${way} is entered in the ledger all the same`, async () => {
    const query = await createQuery(spark);
    await clear();
    await deliver(query, 0, [], { copyRowsMax });
    assert.deepEqual(await rowsOf(), []);
    assert.deepEqual(
      (await query.ledger()).map(({ batch_id, rows }) => [batch_id, rows]),
      [['0', '0']],
    );
  });

  test(`a batch whose rows Postgres refuses ${way} leaves neither rows nor ledger nor a staging table`, async () => {
    const query = await createQuery(spark);
    await clear();
    const frame = spark.createDataFrame(
      [...rowValues([{ page: 'fine', views: 1 }]), { page: null, minute: null }],
      ROW,
    );
    const strict = { ...query, params: { ...query.params, poisonRowsMax: 0 } };
    await assert.rejects(deliverFrame(strict, 0, frame, { copyRowsMax }), /null value in column "page"/);
    assert.deepEqual([await rowsOf(), await query.ledger(), await stagingTables()], [[], [], []]);
    // The failure is not remembered anywhere: the same batch, whole this time, is taken.
    await deliver(query, 0, [{ page: 'fine', views: 1 }], { copyRowsMax });
    assert.deepEqual(views(await rowsOf()), { fine: 1 });
  });

  test(`a take-over while a batch is on its way ${way} lets nothing of it in`, async () => {
    const query = await createQuery(spark);
    await clear();
    const frame = whenRead(spark.createDataFrame(rowValues([{ page: 'a', views: 1 }]), ROW), query.takeOver);
    await assert.rejects(deliverFrame(query, 0, frame, { copyRowsMax }), isFenced);
    assert.deepEqual([await rowsOf(), await query.ledger(), await stagingTables()], [[], [], []]);
  });
}

for (const [way, copyRowsMax] of [
  ['through the worker', 1_000],
  ['by the executors', 0],
] as const) {
  test(`a row that the table refuses ${way} is set aside with the table's words, and the others are in`, async () => {
    const query = await createQuery(spark);
    await clear();
    const rows = Array.from({ length: 9 }, (_, index) => ({ page: `p${index}`, views: index }));
    const poison = [
      { page: 'x', views: -7 },
      { page: randomTextOf(9_000), views: 1 },
    ];
    await deliver(query, 0, [...rows, ...poison], { copyRowsMax, table: TABLES[1] });
    assert.deepEqual(
      views(await rowsOf(TABLES[1])),
      Object.fromEntries(rows.map(({ page, views: count }) => [page, count])),
    );
    const refused = await query.refused();
    assert.deepEqual(
      refused.map(({ what, why }) => [JSON.parse(what).page, why.slice(0, 5)]).sort(),
      [
        ['x', '23514'],
        [poison[1]?.page, '54000'],
      ].sort(),
    );
    // The same batch again, as after a crash that Postgres has survived: nothing is noted twice.
    await deliver(query, 0, [...rows, ...poison], { copyRowsMax, table: TABLES[1] });
    assert.deepEqual(await query.refused(), refused);
  });
}

test('more refused rows than allowed fail the batch, and neither rows nor ledger nor notes are left of it', async () => {
  const query = await createQuery(spark);
  await clear();
  const rows = [1, 2, 3].map((index) => ({ page: `p${index}`, views: -7 }));
  await assert.rejects(
    deliver(query, 0, [{ page: 'fine', views: 1 }, ...rows], { table: TABLES[1] }),
    (error: unknown) => error instanceof SinkError && error.kind === 'poison' && /POISON_ROWS_MAX/.test(error.message),
  );
  assert.deepEqual([await rowsOf(TABLES[1]), await query.ledger(), await query.refused()], [[], [], []]);
});

test('a take-over ends a writer that stands still inside COPY with the fence in its hand', async () => {
  const query = await createQuery(spark);
  const paused = await openClient(writerName(query.params.pipeline));
  try {
    await paused.query(`BEGIN; CREATE TEMPORARY TABLE t (n int) ON COMMIT DROP`);
    await assertEpoch(paused, query.params.pipeline, query.params.epoch);
    const copying = paused.query(copyFrom('COPY t FROM STDIN'));
    const ended = new Promise((resolve) => copying.on('error', resolve));
    copying.write('1\n');
    assert.equal(await query.takeOver(), BigInt(query.params.epoch) + 1n);
    await ended;
  } finally {
    await closeClient(paused);
  }
});

test('staging tables that killed writers have left are swept by the next worker, those of others are not', async () => {
  const query = await createQuery(spark);
  await clear();
  const left = stagingTable(query.params, 0n, '1');
  const others = stagingTable({ ...query.params, query: 'other' }, 0n, '1');
  await asWriter(() =>
    withClient(async (client) => {
      await client.query(`CREATE UNLOGGED TABLE ${left} (n int); CREATE UNLOGGED TABLE ${others} (n int)`);
    }),
  );
  const module = new URL(`../../../spark/sinks/upsert-batch.js?worker=${randomUUID()}`, import.meta.url);
  const { upsertBatch: ofNewWorker } = (await import(module.href)) as { upsertBatch: typeof upsertBatch };
  await query.deliver(
    ofNewWorker,
    0,
    spark.createDataFrame(rowValues([{ page: 'a', views: 1 }]), ROW),
    paramsOf(query.params),
  );
  const there = await withClient(async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[]) AS t (name) WHERE to_regclass(name) IS NOT NULL`,
      [[left, others]],
    );
    await client.query(`DROP TABLE ${others}`);
    return rows.map(({ name }) => name);
  });
  assert.deepEqual(there, [others]);
});

test('both ways give the same table, for texts that only one of them could spoil', async () => {
  const query = await createQuery(spark);
  await clear();
  for (const [index, table] of TABLES.entries()) {
    await deliver(query, index, HOSTILE, { copyRowsMax: index === 0 ? 1_000 : 0, table });
  }
  const [copied, written] = await Promise.all(TABLES.map((table) => rowsOf(table)));
  const content = (rows: TableRow[] = []) =>
    rows.map(({ page, minute, views, note }) => ({ page, minute, views, note }));
  assert.deepEqual(content(copied), content(written));
  assert.equal(copied?.length, HOSTILE.length);
  for (const { page, views: count, note = null, minute = MINUTE } of HOSTILE) {
    const row: TableRow | undefined = copied?.find((other) => other.page === page);
    assert.deepEqual([row?.views, row?.note, row?.minute], [count, note, postgresTime(minute)], JSON.stringify(page));
  }
});

test('a writer whose turn is over is refused as fenced before it reads a row', async () => {
  const query = await createQuery(spark);
  await clear();
  await query.takeOver();
  const frame = whenRead(spark.createDataFrame(rowValues([{ page: 'a', views: 1 }]), ROW), () =>
    assert.fail('it counted the rows'),
  );
  await assert.rejects(deliverFrame(query, 0, frame), isFenced);
  assert.deepEqual([await rowsOf(), await query.ledger()], [[], []]);
});

test('a batch of a new checkpoint is not taken for the one of the same number before it', async () => {
  const [old, renewed] = [await createQuery(spark), await createQuery(spark)];
  await clear();
  await deliver(old, 0, [{ page: 'a', views: 1 }]);
  // The same pipeline and turn, another checkpoint.
  const params = { ...old.params, checkpoint: renewed.folder };
  await deliver({ ...old, params }, 0, [{ page: 'a', views: 2 }]);
  assert.deepEqual(views(await rowsOf()), { a: 2 });
  assert.deepEqual((await old.ledger()).map(({ query_id }) => query_id).sort(), [old.queryId, renewed.queryId].sort());
});

test('a fenced handler fails its query with words that the supervisor knows it by', async (t) => {
  const query = await createQuery(spark);
  await query.takeOver();
  const running = await startQuery(
    t,
    spark,
    `fenced_${suffix}`,
    {
      module: new URL('../../../spark/sinks/upsert-batch.js', import.meta.url),
      export: 'upsertBatch',
      params: paramsOf({ ...query.params, checkpoint: `${query.folder}/run` }),
    },
    `${query.folder}/run`,
  );
  // The first part is what supervise.ts looks for.
  assert.match((await failureOf(running)).message, /SinkError.*was taken over \(.*this writer holds epoch/s);
  assert.deepEqual(await query.ledger(), []);
});

type Change = { readonly copyRowsMax?: number; readonly table?: string };

function deliver(query: TestQuery, id: number, rows: readonly Row[], change: Change = {}): Promise<void> {
  return deliverFrame(query, id, spark.createDataFrame(rowValues(rows), ROW), change);
}

function deliverFrame(query: TestQuery, id: number, frame: DataFrame, change: Change = {}): Promise<void> {
  return query.deliver(upsertBatch, id, frame, paramsOf(query.params, change));
}

function paramsOf(params: TestQuery['params'], { copyRowsMax = 1_000, table = TABLES[0] }: Change = {}): UpsertParams {
  const columns = ['page', 'minute', 'views', 'note'];
  return { ...params, copyRowsMax, sink: { kind: 'upsert', table, key: ['page', 'minute'], columns } };
}

function rowValues(rows: readonly Row[]): Record<string, unknown>[] {
  return rows.map(({ minute = MINUTE, note = null, ...row }) => ({ ...row, note, minute: timestampMicros(minute) }));
}

interface TableRow {
  readonly page: string;
  readonly minute: string;
  readonly views: number | null;
  readonly note: string | null;
  readonly batch_id: string;
  readonly updated_at: Date;
}

/** Times as Postgres prints them in UTC: a Date would lose the microseconds. */
async function rowsOf(table: string = TABLES[0]): Promise<TableRow[]> {
  return withClient(async (client) => {
    await client.query("SET timezone = 'UTC'");
    const { rows } = await client.query<TableRow>(
      `SELECT page, minute::text, views, note, batch_id, updated_at FROM ${table} ORDER BY page COLLATE "C", minute`,
    );
    return rows;
  });
}

function postgresTime(iso: string): string {
  return iso.replace('T', ' ').replace('Z', '+00');
}

function views(rows: readonly TableRow[]): Record<string, number | null> {
  return Object.fromEntries(rows.map((row) => [row.page, row.views]));
}

async function stagingTables(): Promise<unknown[]> {
  return withClient(async (client) => {
    const { rows } = await client.query('SELECT relname FROM pg_class WHERE relname LIKE $1', ['stage_q_%']);
    return rows;
  });
}

/** Too long for an index entry, however well Postgres compresses. */
function randomTextOf(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length);
}

async function clear(): Promise<void> {
  await withClient(async (client) => void (await client.query(`TRUNCATE ${TABLES.join(', ')}`)));
}

function isFenced(error: unknown): boolean {
  return error instanceof SinkError && error.kind === 'fenced';
}
