/** `sluice verify --watch` of a pipeline of one's own, beside that pipeline while it runs. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import { supervise } from '../../../spark/supervisor/index.js';
import { type PipelineReport, verifyPipeline, type WatchRound, watchPipeline } from '../../../verify/index.js';
import type { LedgerRow } from '../../../verify/ledger.js';
import { VerifyDatabase } from '../../../verify/pipeline/snapshot.js';
import { SmallPipeline } from '../supervisor/small-pipeline.js';

let small: SmallPipeline;
before(async () => {
  small = await SmallPipeline.create();
  // As `sluice run` lets the reader in; the pipeline's table is made before there are such rights here.
  await small.database.query(`GRANT SELECT ON public.${small.name} TO sluice_reader`);
});
after(async () => {
  await small.close();
});

type Rounds = AsyncGenerator<WatchRound<PipelineReport>, void>;

async function next(rounds: Rounds): Promise<WatchRound<PipelineReport>> {
  const { value } = await rounds.next();
  assert.ok(value, 'the rounds have ended');
  return value;
}

it('waits for a first batch, holds beside the running pipeline, and names what does not hold', async () => {
  const stop = new AbortController();
  const { endpoints } = small.options();
  const rounds = watchPipeline(endpoints, small.pipeline, { intervalMs: 1 });
  const early = await next(rounds);
  assert.deepEqual([early.round, early.outcome, early.records, early.failed], [1, 'waiting', 0, []], early.verdict);

  await small.send(2);
  const [live, lost] = await Promise.all(
    [true, false].map((isLive) => verifyPipeline(endpoints, small.pipeline, { isLive })),
  );
  assert.match(live?.verdict ?? '', /^Nothing to verify: no batch/);
  assert.deepEqual(
    [live, lost].map((report) => report?.checks.find(({ name }) => name.startsWith('per_key.ledger'))?.status),
    ['empty', 'failed'],
    'only beside a running pipeline a ledger without batches is too early',
  );

  const ended = supervise(small.options(stop.signal));
  try {
    await small.send(38);
    await small.caughtUp(ended);
    const first = await next(rounds);
    assert.deepEqual([first.outcome, first.records, first.pending], ['holds', 40, 0], JSON.stringify(first));
    // Batches come and go while the next rounds look.
    const more = (async () => {
      for (let i = 0; i < 4; i++) await small.send(10);
    })();
    for (let i = 0; i < 2; i++) {
      const beside = await next(rounds);
      assert.equal(beside.outcome, 'holds', JSON.stringify(beside));
    }
    await more;
    await small.caughtUp(ended);
  } finally {
    stop.abort();
    await ended;
  }

  const forge = (by: number): Promise<unknown> =>
    small.database.query(`UPDATE public.${small.name} SET records = records + ${by} WHERE key = 'k0'`);
  await forge(1);
  const forged = await next(rounds);
  await forge(-1);
  assert.deepEqual([forged.outcome, forged.failed], ['violated', ['per_key.rows']]);
  assert.equal(forged.report?.format, 'sluice.verify.pipeline/1');
  assert.deepEqual(
    forged.report?.queries.map(({ query, pending, late }) => [query, pending, late]),
    [['per_key', 0, 0]],
  );
  assert.equal((await next(rounds)).outcome, 'holds', 'what was found in one round does not stay for the next');
  await rounds.return();
});

it('says when a service is away, and ends without an error when it is told to', async () => {
  const endpoints = { ...small.options().endpoints };
  const stop = new AbortController();
  const rounds = watchPipeline(endpoints, small.pipeline, { intervalMs: 1, signal: stop.signal });
  assert.equal((await next(rounds)).outcome, 'holds');
  const { databaseReaderUrl } = endpoints;
  Object.assign(endpoints, { databaseReaderUrl: 'postgresql://u:p@127.0.0.1:1/d' });
  assert.equal((await next(rounds)).outcome, 'unreachable');
  Object.assign(endpoints, { databaseReaderUrl });
  const last = rounds.next();
  stop.abort();
  assert.deepEqual(await last, { done: true, value: undefined });
});

it('waits for the reports of the last batches before it says how many rows were late', async () => {
  const pipeline = `reports_${randomUUID().slice(0, 8)}`;
  const queryId = randomUUID();
  const report = (batch: number, late: number): Promise<unknown> =>
    small.database.query(
      `INSERT INTO sluice.batches (pipeline, query, query_id, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes)
       VALUES ($1, 'q', $2, $3, now(), 1, 1, $4, 0, 0)`,
      [pipeline, queryId, batch, late],
    );
  const ledger = [0, 1].map((batchId) => ({ query: 'q', queryId, batchId })) as unknown as LedgerRow[];
  await using database = await VerifyDatabase.open(process.env.SLUICE_TEST_READER_URL ?? '');
  try {
    await report(0, 2);
    const counted = database.reportedLateRows(pipeline, 'q', ledger);
    // Over the same connection, so it is answered after the first look at the reports.
    await database.reportedLateRows(pipeline, 'another', []);
    await report(1, 3);
    // One that the ledger did not have yet when it was read says nothing about it.
    await report(2, 100);
    assert.equal(await counted, 5);
  } finally {
    await small.database.query('DELETE FROM sluice.batches WHERE pipeline = $1', [pipeline]);
  }
});
