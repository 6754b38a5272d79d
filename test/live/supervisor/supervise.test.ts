/** The supervisor on real services, with a small pipeline of its own. The tests build on one another in order. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askSupervisor, openRequests, type SupervisorEvent, supervise } from '../../../spark/supervisor/index.js';
import { SmallPipeline } from './small-pipeline.js';

let small: SmallPipeline;
before(async () => {
  small = await SmallPipeline.create();
});
after(async () => {
  await small.close();
});

test('a supervised pipeline takes in what is there, records its batches, and a stop leaves no batch half done', async () => {
  await small.send(40);
  const events: SupervisorEvent[] = [];
  const stop = new AbortController();
  const ended = supervise(small.options(stop.signal, { onEvent: (event) => events.push(event) }));
  await small.caughtUp(ended);
  await small.send(10);
  const left: number[] = [];
  await small.caughtUp(ended, (records) => left.push(records));
  assert.equal(left.at(-1), 0);
  stop.abort();
  assert.deepEqual(await ended, { kind: 'stopped' });

  assert.deepEqual(await small.counted(), [25, 25]);
  const ledger = await small.batches('ledger');
  assert.ok(ledger.length >= 2, 'two deliveries are two batches at least');
  assert.deepEqual(await small.batches('batches'), ledger, 'every batch of the ledger has its record');
  const { rows } = await small.database.query(
    'SELECT sum(input_rows)::int AS rows FROM sluice.batches WHERE pipeline = $1',
    [small.name],
  );
  assert.equal(rows[0]?.rows, 50);
  assert.deepEqual(
    small.logged('offsets').at(-1),
    small.logged('commits').at(-1),
    'no batch is planned and not finished',
  );
  assert.deepEqual(
    events.filter(({ kind }) => kind === 'query-failed' || kind === 'spark-lost'),
    [],
  );
});

test('a query stopped on request reads nothing more, and goes on where it was when it is started again', async () => {
  using requests = openRequests(small.folder);
  const stop = new AbortController();
  const ended = supervise({ ...small.options(stop.signal), requests });
  const ask = (action: 'stop' | 'restart' | 'explain') =>
    askSupervisor(small.folder, action, 'per_key', { signal: AbortSignal.timeout(60_000), isThere: () => true });
  await small.send(2);
  await small.caughtUp(ended);
  const plan = await ask('explain');
  assert.match(plan?.kind === 'plan' ? plan.text : '', /StateStoreSave/);

  assert.deepEqual(await ask('stop'), { kind: 'stopped' });
  const batches = await small.batches('ledger');
  await small.send(2);
  assert.equal((await ask('explain'))?.kind, 'refused');
  assert.deepEqual(await small.batches('ledger'), batches);
  assert.deepEqual(small.logged('offsets'), small.logged('commits'), 'the last batch was not broken off');

  assert.equal((await ask('restart'))?.kind, 'started');
  await small.caughtUp(ended);
  assert.deepEqual(await small.counted(), [27, 27]);
  stop.abort();
  assert.deepEqual(await ended, { kind: 'stopped' });
});

test('a batch that turns out too large for the worker, whose plan then runs a second time, is counted once; so are those after it', async () => {
  const stop = new AbortController();
  // Two keys are more than one: the first batch is read and then written by the executors, later ones are kept and counted before.
  const ended = supervise(small.options(stop.signal, { copyRowsMax: 1 }));
  for (const [sent, counted] of [
    [10, 32],
    [6, 35],
  ] as const) {
    await small.send(sent);
    await small.caughtUp(ended);
    assert.deepEqual(await small.counted(), [counted, counted]);
  }
  stop.abort();
  assert.deepEqual(await ended, { kind: 'stopped' });
});

test('a second start goes on where the first one stopped, and ends by itself when another supervisor takes over', async () => {
  const before = (await small.batches('ledger')).length;
  const ended = supervise(small.options());
  await small.send(4);
  await small.caughtUp(ended);
  assert.ok((await small.batches('ledger')).length > before);
  assert.deepEqual(await small.counted(), [37, 37]);

  await small.database.query(
    `UPDATE sluice.fence SET epoch = epoch + 1, taken_by = 'another host' WHERE pipeline = $1`,
    [small.name],
  );
  await small.send(2);
  const outcome = await ended;
  assert.equal(outcome.kind, 'fenced');
  assert.match((outcome.kind === 'fenced' && outcome.error.message) || '', /belongs to another host/);
  assert.deepEqual(await small.counted(), [37, 37], 'the fenced one has written nothing more');
});
