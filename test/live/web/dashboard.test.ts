/** The dashboard in a real browser, over real Postgres and Kafka, for a pipeline that nothing but this test knows. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { readLive } from '../../../cli/dashboard-facts.js';
import { StatusReader } from '../../../cli/health.js';
import { forgetVerification, recordReport } from '../../../cli/verification-record.js';
import { endpointsOf } from '../../../config/endpoints.js';
import { readSettings } from '../../../config/settings.js';
import { DeadLetterFeed } from '../../../web/dead-letters.js';
import { type PipelineOutline, type RunningDashboard, SnapshotFeed, startDashboard } from '../../../web/index.js';
import type { Snapshot } from '../../../web/snapshot.js';
import { openChromium } from '../../support/chromium.js';

const NAME = 'dashboard-test';
const TOPIC = 'dashboard_test';
const DEAD = 'dashboard_test_dead';
const TORN = 'dashboard_test_torn';
const QUERY_ID = '6b1f0c1e-53f5-4a0e-9a43-0f6b0b8f7d11';

const outline: PipelineOutline = {
  name: NAME,
  topics: [TOPIC],
  queries: [
    {
      name: 'orders',
      description: 'Every order',
      topics: [TOPIC],
      sink: { kind: 'records', lake: true, deadLetterTopic: DEAD },
    },
    {
      name: 'sales',
      description: 'Sales per product and minute',
      topics: [TOPIC],
      sink: {
        kind: 'table',
        table: 'dashboard_sales',
        key: ['minute', 'product'],
        columns: ['minute', 'product', 'amount'],
      },
    },
  ],
};

const stateDir = mkdtempSync(join(tmpdir(), 'sluice-dashboard-'));
const settings = readSettings({ ...process.env, SLUICE_STATE: stateDir });
const endpoints = endpointsOf(settings);
const owner = new pg.Client({ connectionString: endpoints.databaseUrl });
const kafka = new Kafka({ brokers: endpoints.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
let browser: Browser;

before(async () => {
  browser = await openChromium();
  await owner.connect();
  await owner.query(`CREATE TABLE public.dashboard_sales (minute timestamptz, product text, amount bigint, PRIMARY KEY (minute, product));
    GRANT SELECT ON public.dashboard_sales TO sluice_reader;
    INSERT INTO public.dashboard_sales SELECT timestamptz '2026-01-01 00:00Z' + n * interval '1 minute', p, n + 1
      FROM generate_series(0, 9) n, unnest(ARRAY['tea', 'coffee']) p`);
  await commit(0, 12, 2);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: [TOPIC, DEAD, TORN].map((topic) => ({ topic, numPartitions: 1 })),
    waitForLeaders: true,
  });
  await admin.disconnect();
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: TOPIC, messages: Array.from({ length: 15 }, (_, i) => ({ value: `${i}` })) });
  const headers = { reason: 'amount_invalid', source_topic: TOPIC, source_partition: '0', source_offset: '3' };
  await producer.send({ topic: DEAD, messages: ['<b>no markup</b>', 'second'].map((value) => ({ value, headers })) });
  await producer.disconnect();
});

after(async () => {
  rmSync(stateDir, { recursive: true, force: true });
  await browser?.close();
  await owner.query('DROP TABLE IF EXISTS public.dashboard_sales');
  for (const table of ['ledger', 'batches'])
    await owner.query(`DELETE FROM sluice.${table} WHERE pipeline = $1`, [NAME]);
  await owner.end();
});

async function commit(batch: number, rows: number, dead: number): Promise<void> {
  const offsets = JSON.stringify({ [TOPIC]: { 0: [0, rows] } });
  await owner.query(
    `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, rows, dead, watermark)
     VALUES ($1, 'orders', $2, $3, 1, $4, $5, $6, clock_timestamp() - interval '90 seconds')`,
    [NAME, QUERY_ID, batch, offsets, rows, dead],
  );
  await owner.query(
    `INSERT INTO sluice.batches (pipeline, query, query_id, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes)
     VALUES ($1, 'orders', $2, $3, clock_timestamp(), 500, $4, 0, 0, 0)`,
    [NAME, QUERY_ID, batch, rows],
  );
}

async function open(
  port = 0,
  token?: string,
  databaseUrl = process.env.SLUICE_TEST_READER_URL ?? '',
): Promise<RunningDashboard> {
  const reader = new StatusReader(settings, { ...endpoints, databaseReaderUrl: databaseUrl });
  const feed = new SnapshotFeed({
    pipeline: outline,
    databaseUrl,
    bootstrapServers: endpoints.bootstrapServers,
    live: () => readLive(reader, outline),
  });
  const dashboard = await startDashboard({ feed, host: '127.0.0.1', port, token });
  return {
    url: dashboard.url,
    async [Symbol.asyncDispose]() {
      await dashboard[Symbol.asyncDispose]();
      await feed[Symbol.asyncDispose]();
      await reader[Symbol.asyncDispose]();
    },
  };
}

/** A page, and what its console has said that is an error. */
async function openPage(
  url: string,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ page: Page; errors: string[] }> {
  const page = await (await browser.newContext({ colorScheme })).newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

test('the page shows what database and topics hold, follows them, and says nothing on the console', async () => {
  await using dashboard = await open();
  const { page, errors } = await openPage(dashboard.url);
  await page.getByRole('heading', { name: NAME }).waitFor();
  const shown = (id: string): Promise<string> => page.locator(`#${id}`).innerText();
  await page.locator('#tables svg path.line').first().waitFor({ state: 'attached' });
  assert.match(
    await shown('conservation'),
    /records in the topics\s+15\s+read by orders\s+12\s+= valid\s+10\s+\+ dead\s+2\s+waiting\s+3/,
  );
  assert.match(await shown('tables'), /dashboard_sales\s+amount by product · 20 rows/);
  assert.equal(await page.locator('#tables svg path.line').count(), 2);
  assert.match(await shown('reasons'), /amount_invalid\s+2/);
  assert.match(await shown('dead'), /<b>no markup<\/b>/);
  assert.equal(await page.locator('#dead b').count(), 0);

  const { batches } = (await (await fetch(`${dashboard.url}api/snapshot`)).json()) as Snapshot;
  const behindMs = batches[0]?.watermarkLagMs ?? Number.NaN;
  assert.ok(behindMs >= 90_500 && behindMs < 100_000, `${behindMs} ms`);
  await commit(1, 15, 2);
  await page.locator('#conservation', { hasText: '27' }).waitFor();
  assert.match(await shown('ledger'), /orders\s+1\s+15\s+2/);
  assert.deepEqual(errors, []);
});

test('what verify found last is on the page, and an alert when something does not hold', async () => {
  await using dashboard = await open();
  const { page } = await openPage(dashboard.url);
  const shown = page.locator('#verification');
  await page.locator('#verification', { hasText: 'not verified yet' }).waitFor();
  const report = {
    ok: true,
    verdict: 'All 3 checks hold.',
    startedAt: new Date().toISOString(),
    durationMs: 5,
    queries: [],
  };
  recordReport(settings.stateDir, NAME, {
    ...report,
    checks: [{ name: 'orders.rows', holds: true, status: 'passed' }],
  });
  await page.locator('#verification', { hasText: /verified at [\d:]+, \d+.* ago: All 3 checks hold\./ }).waitFor();
  assert.equal(await shown.locator('.mark.down').count(), 0);
  assert.equal(await page.locator('#alerts', { hasText: 'verify' }).count(), 0);
  const failed = { ...report, ok: false, verdict: '1 of 3 checks does not hold: orders.rows.' };
  recordReport(settings.stateDir, NAME, {
    ...failed,
    checks: [{ name: 'orders.rows', holds: false, status: 'failed' }],
  });
  await page.locator('#alerts', { hasText: /what does not hold: orders\.rows/ }).waitFor();
  assert.match(await shown.innerText(), /not in order at .*1 of 3 checks does not hold: orders\.rows/);
  // Another pipeline's says nothing about this one.
  recordReport(settings.stateDir, 'another', { ...report, checks: [] });
  await page.locator('#verification', { hasText: 'not verified yet' }).waitFor();
  forgetVerification(settings.stateDir);
});

test('the sums of the conservation can be seen: large numbers have all their digits', async () => {
  await using dashboard = await open();
  const { page } = await openPage(dashboard.url);
  await commit(3, 1_234_567, 4);
  await page.locator('#conservation', { hasText: '1,234,' }).waitFor();
  const shown = await page.locator('#conservation').innerText();
  const [read, valid, dead] = [/read by orders\s+([\d,]+)/, /= valid\s+([\d,]+)/, /\+ dead\s+([\d,]+)/].map((pattern) =>
    Number(pattern.exec(shown)?.[1]?.replaceAll(',', '')),
  );
  assert.equal((valid ?? 0) + (dead ?? 0), read, shown);
  for (const table of ['ledger', 'batches'])
    await owner.query(`DELETE FROM sluice.${table} WHERE pipeline = $1 AND batch_id = 3`, [NAME]);
});

test('late data are fed: by batch as Spark counts them, and one by one as verify has named them', async () => {
  await using dashboard = await open();
  const { page, errors } = await openPage(dashboard.url);
  await page.locator('#late-batches', { hasText: 'nothing yet' }).waitFor();
  await page.locator('#late-rows', { hasText: 'nothing yet' }).waitFor();
  const late = (batch: number, rows: number): Promise<unknown> =>
    owner.query(
      `INSERT INTO sluice.batches (pipeline, query, query_id, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes)
       VALUES ($1, 'sales', $2, $3, '2026-01-01T00:30:00Z', 500, 9, $4, 0, 0)`,
      [NAME, QUERY_ID, batch, rows],
    );
  await owner.query(
    `INSERT INTO sluice.ledger (pipeline, query, query_id, batch_id, epoch, offsets, rows, watermark)
     VALUES ($1, 'sales', $2, 4, 1, '{}', 9, '2026-01-01T00:21:07Z'), ($1, 'sales', $2, 5, 1, '{}', 9, '2026-01-01T00:25:00Z')`,
    [NAME, QUERY_ID],
  );
  await late(4, 0);
  await late(5, 3);
  // Judged by the watermark of the batch before, not by its own.
  await page.locator('#late-batches', { hasText: /00:30:00sales5300:21:07/ }).waitFor();
  assert.equal(
    await page.locator('#late-batches tbody tr').count(),
    1,
    'a batch without late rows is none of the feed',
  );
  const row = {
    partition: 2,
    offset: 17,
    batchId: 5,
    eventTime: '2026-01-01T00:18:57.000000Z',
    windowEnd: '2026-01-01T00:19:00.000000Z',
    watermark: '2026-01-01T00:21:07.000000Z',
  };
  const report = { ok: true, verdict: 'All hold.', startedAt: new Date().toISOString(), durationMs: 5, checks: [] };
  recordReport(settings.stateDir, NAME, { ...report, queries: [{ query: 'sales', lateSamples: [row] }] });
  const shown = /00:18:57sales2\/172 min 10 s00:19:0000:21:07/;
  await page.locator('#late-rows', { hasText: shown }).waitFor();
  assert.deepEqual(errors, []);
  forgetVerification(settings.stateDir);
  for (const table of ['ledger', 'batches'])
    await owner.query(`DELETE FROM sluice.${table} WHERE pipeline = $1 AND query = 'sales'`, [NAME]);
});

test('each event brings the micro-batches that are new since the one before it', async () => {
  await using dashboard = await open();
  const stop = new AbortController();
  const { body } = await fetch(`${dashboard.url}api/events`, { signal: stop.signal });
  assert.ok(body);
  const brought: string[][] = [];
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      if (!event.startsWith('data: ')) continue;
      const { batches } = JSON.parse(event.slice('data: '.length)) as { batches: { batchId: string }[] };
      brought.push(batches.map(({ batchId }) => batchId));
      if (brought.length === 1) await commit(2, 15, 2);
    }
    if (brought.length > 1 && brought.at(-1)?.length !== 0) break;
  }
  stop.abort();
  assert.deepEqual(
    brought.filter((batches) => batches.length > 0),
    [['0', '1'], ['2']],
  );
});

test('no rule of accessibility that axe knows is broken, in light and in dark', async () => {
  await using dashboard = await open();
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  for (const scheme of ['light', 'dark'] as const) {
    const { page } = await openPage(dashboard.url, scheme);
    await page.locator('#ledger td').first().waitFor();
    // The policy forbids scripts of others to the page, not to the debugger.
    const { readFile } = await import('node:fs/promises');
    await page.evaluate(await readFile(axe, 'utf8'));
    const broken = (await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))',
    )) as string[];
    assert.deepEqual(broken, [], scheme);
  }
});

test('a dashboard that has died is said to be stale, and the page goes on by itself when it is back', async () => {
  const first = await open();
  const { page } = await openPage(first.url);
  await page.locator('#ledger td').first().waitFor();
  assert.equal(await page.locator('#stale').isHidden(), true);
  await first[Symbol.asyncDispose]();
  await page.locator('#stale').waitFor({ state: 'visible' });
  await using _ = await open(Number(new URL(first.url).port));
  await page.locator('#stale').waitFor({ state: 'hidden' });
});

test('on a phone nothing but what scrolls by itself is wider than the page', async () => {
  await using dashboard = await open();
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  await page.goto(dashboard.url);
  await page.locator('#ledger td').first().waitFor();
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
  assert.ok(await page.locator('#conservation').isVisible());
  await context.close();
});

test('the keyboard alone reaches the content, the links and all that scrolls', async () => {
  await using dashboard = await open();
  const { page } = await openPage(dashboard.url);
  await page.locator('#ledger td').first().waitFor();
  const reached: string[] = [];
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press('Tab');
    const focused = `((e) => e.getAttribute('aria-label') ?? e.textContent)(document.activeElement)`;
    reached.push(String(await page.evaluate(focused)));
  }
  const wanted = [
    'Skip to the content',
    'Flow of the data',
    'Queries',
    'Last batches in the ledger',
    'Latest dead letters',
    'metrics',
  ];
  assert.deepEqual(
    wanted.filter((name) => !reached.includes(name)),
    [],
    reached.join(', '),
  );
});

test('hours of batches are drawn within bounds, and the page says nothing on the console', async () => {
  await owner.query(
    `INSERT INTO sluice.batches (pipeline, query, query_id, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes)
     SELECT $1, 'orders', $2, 1000 + n, clock_timestamp() - interval '8 hours' + n * interval '5 seconds', 500 + n % 300, 1000, 0, n, 1024 * n
     FROM generate_series(1, 5760) n`,
    [NAME, QUERY_ID],
  );
  await using dashboard = await open();
  const { page, errors } = await openPage(dashboard.url);
  await page.locator('#batches svg path.line').first().waitFor({ state: 'attached' });
  const path = (await page.locator('#batches svg path.line').first().getAttribute('d')) ?? '';
  const points = path.split(/[ML]/).length;
  assert.ok(points > 100 && points <= 1_000, `${points} points`);
  assert.ok(Number(await page.evaluate('document.querySelectorAll("*").length')) < 3_000);
  assert.deepEqual(errors, []);
  await owner.query('DELETE FROM sluice.batches WHERE pipeline = $1 AND batch_id >= 1000', [NAME]);
});

test('a Postgres that goes away is told, what was known stays, and the page goes on when it is back', async () => {
  const target = new URL(process.env.SLUICE_TEST_READER_URL ?? '');
  const sockets = new Set<Socket>();
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((socket) => {
      const upstream = connect(Number(target.port), target.hostname);
      for (const [one, other] of [
        [socket, upstream],
        [upstream, socket],
      ] as const) {
        sockets.add(one);
        one.on('error', () => undefined).on('close', () => other.destroy());
        one.pipe(other);
      }
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const first = await listen(0);
  const { port } = first.address() as AddressInfo;
  const through = new URL(target);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  await using dashboard = await open(0, undefined, through.href);
  const { page } = await openPage(dashboard.url);
  await page.locator('#ledger td', { hasText: 'orders' }).first().waitFor();
  await page.locator('#services', { hasText: /Postgres(?! down)/ }).waitFor();

  const closed = once(first, 'close');
  first.close();
  for (const socket of sockets) socket.destroy();
  await closed;
  await page.locator('#alerts', { hasText: 'Postgres does not answer' }).waitFor();
  assert.ok(await page.locator('#ledger td', { hasText: 'orders' }).first().isVisible());

  const second = await listen(port);
  await page.locator('#alerts', { hasText: 'Postgres does not answer' }).waitFor({ state: 'hidden' });
  await commit(3, 15, 2);
  await page.locator('#ledger tr', { hasText: /orders\s*3/ }).waitFor();
  second.close();
  for (const socket of sockets) socket.destroy();
});

test('dead letters are counted once, also when a look at them fails half-way', async () => {
  const headers = { reason: 'torn', source_topic: TOPIC, source_partition: '0', source_offset: '0' };
  const producer = kafka.producer();
  await producer.connect();
  // More than one fetch brings, so that there is a middle to fail in.
  const value = 'x'.repeat(500_000);
  for (let i = 0; i < 40; i++) await producer.send({ topic: TORN, messages: [{ value, headers }] });
  await producer.disconnect();
  const feed = new DeadLetterFeed([TORN]);
  const { signal } = new AbortController();
  let asked = 0;
  // Before the topic, before its first fetch; the third time something has been counted.
  signal.throwIfAborted = () => assert.ok(++asked < 3, 'torn');
  await assert.rejects(feed.read(endpoints.bootstrapServers, signal), /torn/);
  assert.deepEqual((await feed.read(endpoints.bootstrapServers)).byReason, { torn: 40 });
});

test('only who has the token, asks by a name of this machine and only reads is answered', async () => {
  await using dashboard = await open(0, 'right');
  const status = async (headers: Record<string, string>, path = '', method = 'GET'): Promise<number> =>
    (await fetch(`${dashboard.url}${path}`, { headers, method })).status;
  const basic = (password: string): Record<string, string> => ({ authorization: `Basic ${btoa(`any:${password}`)}` });
  assert.equal(await status({}), 401);
  assert.equal(await status(basic('wrong')), 401);
  assert.equal(await status(basic('right')), 200);
  assert.equal(await status({ authorization: 'Bearer right' }, 'metrics'), 200);
  assert.equal(await status(basic('right'), '', 'POST'), 405);
  assert.equal(await status(basic('right'), '../package.json'), 404);
  const asked = request(dashboard.url, { headers: { host: 'elsewhere.example', ...basic('right') } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  assert.equal(answer.statusCode, 421);
  assert.equal(await status({}, 'healthz'), 200);
  assert.equal(await status(basic('right'), 'readyz'), 200);
  const page = await fetch(dashboard.url, { headers: basic('right') });
  assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'self'/);
});

test('beyond loopback it does not start without a token', async () => {
  const feed = {} as SnapshotFeed;
  await assert.rejects(startDashboard({ feed, host: '0.0.0.0', port: 0, token: undefined }), /DASHBOARD_TOKEN/);
});
