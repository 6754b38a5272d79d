import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkError } from '../../../../spark/connect/index.js';
import { type QueryAction, type QueryAnswer, StartError } from '../../../../spark/supervisor/index.js';
import { superviseWith } from '../../../../spark/supervisor/supervise.js';
import { FakeRuntime, type Script } from './fake-runtime.js';

const boom = (text = 'boom'): Error => new SparkError(text, { kind: 'query' });
const gone = new SparkError('Spark did not answer', { kind: 'connection' });
const RUNS: Script = [[{ batch: 0 }]];
const FAILS: Script = [[{ fails: boom() }]];

/** Stops the supervision when its clock has passed `ms`. */
function stopAfter(runtime: FakeRuntime, ms: number): void {
  runtime.onWait = (time) => {
    if (time >= ms) runtime.stop();
  };
}

test('a query that fails is started again after waits that double; six failures without a batch end the run', async () => {
  const runtime = new FakeRuntime({ good: RUNS, bad: FAILS });
  const outcome = await superviseWith(runtime, runtime.options());
  assert.equal(outcome.kind, 'crash-loop');
  assert.deepEqual([outcome.kind === 'crash-loop' && outcome.query], ['bad']);
  assert.deepEqual(runtime.waits('bad'), [1_000, 2_000, 4_000, 8_000, 16_000]);
  assert.equal(runtime.log.filter((line) => line === 'start bad @1').length, 6);
  assert.equal(runtime.log.filter((line) => line === 'start good @1').length, 1);
  assert.deepEqual(runtime.log.slice(-2), ['stop good', 'close']);
});

test('a finished batch begins the count anew, and no wait is longer than half a minute', async () => {
  const failing = Array.from({ length: 5 }, () => [{ fails: boom() }]);
  const runtime = new FakeRuntime({
    q: [...failing, [{ batch: 1 }, { fails: boom() }], ...failing.slice(1), [{ batch: 2 }]],
  });
  stopAfter(runtime, 120_000);
  assert.deepEqual(await superviseWith(runtime, runtime.options()), { kind: 'stopped' });
  assert.deepEqual(runtime.waits('q'), [1_000, 2_000, 4_000, 8_000, 16_000, 1_000, 2_000, 4_000, 8_000, 16_000]);
});

test('failures while a service is away never end the run, and say what is away', async () => {
  const runtime = new FakeRuntime({ q: [...Array.from({ length: 30 }, () => [{ fails: boom() }]), [{ batch: 0 }]] });
  runtime.outage = 'Kafka';
  stopAfter(runtime, 30 * 60_000);
  assert.deepEqual(await superviseWith(runtime, runtime.options()), { kind: 'stopped' });
  const failures = runtime.events.filter((event) => event.kind === 'query-failed');
  assert.equal(failures.length, 30);
  assert.ok(failures.every((event) => event.outage === 'Kafka does not answer'));
  assert.equal(Math.max(...runtime.waits('q')), 30_000);
});

test('a full disk is waited out', async () => {
  const full = boom('java.io.IOException: No space left on device');
  const runtime = new FakeRuntime({ q: [...Array.from({ length: 20 }, () => [{ fails: full }]), [{ batch: 0 }]] });
  stopAfter(runtime, 20 * 60_000);
  assert.deepEqual(await superviseWith(runtime, runtime.options()), { kind: 'stopped' });
  assert.ok(runtime.events.some((event) => event.kind === 'query-failed' && event.outage === 'a disk is full'));
});

test('a fenced query ends the run at once and stops the others without waiting for their batches', async () => {
  const fenced = boom(
    'SinkError: Pipeline p was taken over (epoch 2 belongs to x); this writer holds epoch 1 and stops.',
  );
  const runtime = new FakeRuntime({
    a: [[{ batch: 0, isTriggerActive: true }]],
    b: [[{ batch: 0 }, { fails: fenced }]],
  });
  const outcome = await superviseWith(runtime, runtime.options());
  assert.equal(outcome.kind, 'fenced');
  assert.deepEqual(runtime.waits('b'), []);
  assert.deepEqual(runtime.log.slice(-2), ['stop a', 'close']);
});

test('state that is gone ends the run with the command that resolves it', async () => {
  const lost = new SparkError('Error loading state store', {
    kind: 'query',
    causes: [
      {
        message: '',
        classes: [],
        condition: 'CANNOT_LOAD_STATE_STORE.CANNOT_READ_DELTA_FILE_NOT_EXISTS',
        messageParameters: {},
        queryContexts: [],
        stackTrace: [],
      },
    ],
  });
  const runtime = new FakeRuntime({ sessions: [[{ fails: lost }]] });
  const outcome = await superviseWith(runtime, runtime.options());
  assert.equal(outcome.kind, 'crash-loop');
  assert.match((outcome.kind === 'crash-loop' && outcome.remedy) || '', /sluice reset --checkpoint --query sessions/);
  assert.equal(runtime.log.filter((line) => line.startsWith('start')).length, 2);
});

test('when Spark is lost, the supervisor takes over anew and starts every query under a new epoch', async () => {
  const runtime = new FakeRuntime({ a: [[{ batch: 0 }, { throws: gone }], [{ batch: 1 }]], b: RUNS });
  stopAfter(runtime, 10_000);
  let asked = 0;
  const recoverSpark = async () => {
    asked++;
    return { sparkRemote: 'sc://second', sparkToken: undefined };
  };
  assert.deepEqual(await superviseWith(runtime, runtime.options({ recoverSpark })), { kind: 'stopped' });
  assert.equal(asked, 1);
  assert.deepEqual(runtime.log, [
    'connect sc://first',
    'check',
    'start a @1',
    'start b @1',
    'close',
    'connect sc://second',
    'start a @2',
    'start b @2',
    'stop a',
    'stop b',
    'close',
  ]);
});

test('a Spark that dies six times before any batch is finished is a crash loop of nobody’s query', async () => {
  const runtime = new FakeRuntime({ q: [[{ throws: gone }]] });
  const recoverSpark = async () => ({ sparkRemote: 'sc://again', sparkToken: undefined });
  const outcome = await superviseWith(runtime, runtime.options({ recoverSpark }));
  assert.deepEqual([outcome.kind, outcome.kind === 'crash-loop' && outcome.query], ['crash-loop', undefined]);
  assert.equal(runtime.log.filter((line) => line.startsWith('connect')).length, 6);
});

test('a Spark of somebody else’s is waited for as long as it takes', async () => {
  const runtime = new FakeRuntime({ q: [[{ batch: 0 }, { throws: gone }], [{ batch: 1 }]] });
  runtime.onWait = (time) => {
    runtime.connectError = time > 1_000 && time < 3_600_000 ? gone : undefined;
    if (time > 3_700_000) runtime.stop();
  };
  assert.deepEqual(await superviseWith(runtime, runtime.options()), { kind: 'stopped' });
  assert.equal(runtime.log.filter((line) => line === 'start q @2').length, 1);
});

test('a database that is away when Spark comes back is waited for', async () => {
  const runtime = new FakeRuntime({ q: [[{ batch: 0 }, { throws: gone }], [{ batch: 1 }]] });
  let refusals = 3;
  const takeOver = runtime.takeOver.bind(runtime);
  runtime.takeOver = async () => {
    const epoch = await takeOver();
    if (epoch > 1n && refusals-- > 0) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    return epoch;
  };
  stopAfter(runtime, 60_000);
  assert.deepEqual(await superviseWith(runtime, runtime.options()), { kind: 'stopped' });
  assert.ok(
    runtime.log.some((line) => line.startsWith('start q @5')),
    runtime.log.join(),
  );
});

test('a stop lets the batch under way end, then stops the queries', async () => {
  const runtime = new FakeRuntime({ q: [[{ batch: 4, isTriggerActive: true }, { batch: 5 }]] });
  stopAfter(runtime, 1);
  assert.deepEqual(await superviseWith(runtime, runtime.options()), { kind: 'stopped' });
  assert.deepEqual(
    runtime.events.map(({ kind }) => kind),
    ['took-over', 'query-started', 'stopping', 'stopped'],
  );
  assert.ok(
    runtime.written.some(({ batch_id }) => batch_id === '5'),
    'the last batch is recorded',
  );
});

test('a plan that Spark refuses is the caller’s to hear of the first time, and a failure like any other later', async () => {
  const first = new FakeRuntime({ q: RUNS });
  first.planError = new SparkError('no such column', { kind: 'analysis' });
  await assert.rejects(superviseWith(first, first.options()), /no such column/);

  const later = new FakeRuntime({ q: [[{ batch: 0 }, { fails: boom() }], [{ batch: 1 }]] });
  later.onWait = (time) => {
    if (later.waits('q').length === 1) later.planError ??= later.log.length < 5 ? boom('refused') : undefined;
    if (time > 20_000) later.stop();
  };
  assert.deepEqual(await superviseWith(later, later.options()), { kind: 'stopped' });
  assert.equal(later.waits('q').length, 2);
});

test('a refused start touches nothing', async () => {
  const runtime = new FakeRuntime({ q: RUNS });
  runtime.startError = new StartError('topic', 'Found.', 'Do.');
  await assert.rejects(superviseWith(runtime, runtime.options()), /Found\. Do\./);
  assert.deepEqual(runtime.log, []);
});

test('a Spark that cannot be reached at first is an error, not something to wait for', async () => {
  const runtime = new FakeRuntime({ q: RUNS });
  runtime.connectError = gone;
  await assert.rejects(superviseWith(runtime, runtime.options()), /did not answer/);
});

test('every batch is recorded once, also those between two looks and those of a time when the database was away', async () => {
  const runtime = new FakeRuntime({ q: [[{ batch: 0 }, { batch: 3 }, { batch: 4 }]] });
  runtime.onWait = (time) => {
    runtime.writeError = time === 1_000 ? new Error('away') : undefined;
    if (time >= 5_000) runtime.stop();
  };
  await superviseWith(runtime, runtime.options());
  assert.deepEqual(
    runtime.written.map(({ batch_id }) => batch_id),
    ['0', '1', '2', '3', '4'],
  );
  assert.deepEqual(
    { ...runtime.written[0] },
    {
      query: 'q',
      query_id: '11111111-1111-4111-8111-111111111111',
      batch_id: '0',
      started_at: '2026-03-01T12:00:00.000000Z',
      duration_ms: 250,
      input_rows: 7,
      late_rows: 2,
      state_rows: 3,
      state_bytes: 9,
    },
  );
});

/** Asks for something when the clock has come to a time; keeps the answers. */
function asking(runtime: FakeRuntime, plan: readonly { at: number; action: QueryAction; query: string }[]) {
  const answers: string[] = [];
  const waiting = [...plan];
  return {
    answers,
    requests: {
      take: () => {
        const due = waiting.filter(({ at }) => at <= runtime.time);
        waiting.splice(0, due.length);
        return due.map(({ action, query }) => ({
          action,
          query,
          answer: (answer: QueryAnswer) => answers.push(`${action} ${query}: ${answer.kind}`),
        }));
      },
    },
  };
}

test('a query that is asked to stop stays stopped while the others go on, until it is asked to start again', async () => {
  const runtime = new FakeRuntime({ a: [[{ batch: 0 }]], b: RUNS });
  const { answers, requests } = asking(runtime, [
    { at: 2_000, action: 'stop', query: 'a' },
    { at: 60_000, action: 'restart', query: 'a' },
  ]);
  stopAfter(runtime, 70_000);
  assert.deepEqual(await superviseWith(runtime, runtime.options({ requests })), { kind: 'stopped' });
  assert.deepEqual(answers, ['stop a: stopped', 'restart a: started']);
  assert.deepEqual(runtime.log, [
    'connect sc://first',
    'check',
    'start a @1',
    'start b @1',
    'stop a',
    'start a @1',
    'stop a',
    'stop b',
    'close',
  ]);
  assert.deepEqual(
    runtime.events.map(({ kind }) => kind),
    ['took-over', 'query-started', 'query-started', 'query-stopped', 'query-started', 'stopping', 'stopped'],
  );
});

test('a stop waits for the batch under way, and not longer than half a minute', async () => {
  const ends = new FakeRuntime({
    q: [
      [
        { batch: 3, isTriggerActive: true },
        { batch: 3, isTriggerActive: true },
        { batch: 4, isTriggerActive: true },
      ],
    ],
  });
  const stopping = asking(ends, [{ at: 1_000, action: 'stop', query: 'q' }]);
  stopAfter(ends, 20_000);
  await superviseWith(ends, ends.options({ requests: stopping.requests }));
  assert.deepEqual(stopping.answers, ['stop q: stopped']);

  const never = new FakeRuntime({ q: [[{ batch: 3, isTriggerActive: true }]] });
  const { answers, requests } = asking(never, [{ at: 1_000, action: 'stop', query: 'q' }]);
  let answeredAt = 0;
  never.onWait = (time) => {
    if (answers.length > 0) answeredAt ||= time;
    if (time > 60_000) never.stop();
  };
  await superviseWith(never, never.options({ requests }));
  assert.ok(answeredAt >= 31_000 && answeredAt < 33_000, `answered at ${answeredAt}`);
});

test('what is stopped stays stopped when Spark is lost, and a restart that was under way is carried out after', async () => {
  const busy = { batch: 0, isTriggerActive: true } as const;
  const runtime = new FakeRuntime({
    a: RUNS,
    b: [[busy], [{ batch: 1 }]],
    c: [[{ batch: 0 }, { throws: gone }], RUNS[0] ?? []],
  });
  const { answers, requests } = asking(runtime, [
    { at: 0, action: 'stop', query: 'a' },
    { at: 1_000, action: 'restart', query: 'b' },
  ]);
  stopAfter(runtime, 30_000);
  await superviseWith(runtime, runtime.options({ requests }));
  assert.ok(!runtime.log.includes('start a @2'), runtime.log.join());
  assert.ok(runtime.log.includes('start b @2'), runtime.log.join());
  assert.deepEqual(answers, ['stop a: stopped', 'restart b: started']);
});

test('what cannot be done is refused with the reason, and a failure of the question is not one of the query', async () => {
  const runtime = new FakeRuntime({ a: RUNS, bad: [[{ batch: 0 }, { fails: boom() }], ...FAILS] });
  const { answers, requests } = asking(runtime, [
    { at: 1_000, action: 'stop', query: 'none' },
    { at: 1_000, action: 'explain', query: 'a' },
    { at: 2_000, action: 'explain', query: 'bad' },
    { at: 2_000, action: 'restart', query: 'bad' },
  ]);
  stopAfter(runtime, 3_000);
  await superviseWith(runtime, runtime.options({ requests }));
  assert.deepEqual(answers, [
    'stop none: refused',
    'explain a: failed',
    'explain bad: refused',
    'restart bad: started',
  ]);
});
