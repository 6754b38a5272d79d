/** The worker program beside an executor that this test plays: its daemon, the processes that it starts, and their tasks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, isRunning } from '../../../support/eventually.js';
import { FakeExecutor, olderTask } from './fake-executor.js';
import { buildWorker } from './fake-spark.js';

const program = await buildWorker();

/** For what should end and does not. */
const LIMIT = { timeout: 60_000 };

/** Answers what it is told of the task, as text in the place of an Arrow stream. */
const TELL = `
  const messages = [];
  for (let message = await side.read(); message; message = await side.read()) messages.push(message.length);
  const { partitionId, attempt, functions: [{ columns, chain }] } = side;
  const told = JSON.stringify([partitionId, attempt, columns, chain.map(({ name, params, returns }) => [name, params, returns]), messages.length]);
  await side.write(Buffer.from(told));`;
const TOLD = '[3,1,[0],[["text.ts#shout","null","\\"x\\""]],3]';

for (const byFile of [false, true])
  for (const hasLength of [false, true])
    test(
      `serves tasks over ${byFile ? 'a socket file' : 'TCP'}${hasLength ? ' as from 4.3' : ''}, one process for each connection`,
      LIMIT,
      async (t) => {
        const executor = await FakeExecutor.start(t, program, { byFile });
        const [one, other] = [await executor.connect(t), await executor.connect(t)];
        assert.equal(one.accepted, 'ok');
        assert.notEqual(one.pid, other.pid);
        const task = { code: TELL, hasLength, input: [[1], [2, 3]] };
        for (const link of [one, other, one]) {
          const answer = await link.run(task, TOLD.length);
          assert.deepEqual(answer, { arrow: Buffer.from(TOLD), isReady: true });
        }
      },
    );

test('a task that has not read its input is the last one of its process', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const link = await executor.connect(t);
  assert.deepEqual(await link.run({ code: 'await side.read();' }), { arrow: Buffer.alloc(0), isReady: false });
  link.socket.end();
  await untilGone(link.pid);
});

test('a failure is told in words, and ends its process alone', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const [one, other] = [await executor.connect(t), await executor.connect(t)];
  const answer = String(await one.run({ code: `throw new RangeError('too loud');` }));
  assert.match(answer, /^text\.ts#shout, partition 3: RangeError: too loud\n/);
  await one.ended;
  await untilGone(one.pid);
  assert.deepEqual(await other.run({ code: TELL }, TOLD.length), {
    arrow: Buffer.from(TOLD.replace(',3]', ',2]')),
    isReady: true,
  });
});

test('an error in the background and the end of the thread are failures too', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const later = await executor.connect(t);
  assert.match(
    String(
      await later.run({
        code: `setTimeout(() => { throw new Error('from a timer'); }, 1); await new Promise(() => {});`,
      }),
    ),
    /^In the background of a function: Error: from a timer\n/,
  );
  const gone = await executor.connect(t);
  assert.match(
    String(await gone.run({ code: 'process.exit(9);' })),
    /ended with code 9: did it call process\.exit\(\)\?/,
  );
});

test('what is printed goes to the error output', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const link = await executor.connect(t);
  await link.run({ code: `console.log('said aloud'); await side.read(); await side.read(); await side.read();` });
  await eventually('the words', async () => executor.stderr.includes('said aloud\n') || undefined);
});

test('a process ends when Spark closes its connection, whatever its function does', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const link = await executor.connect(t);
  await link.send({ code: 'await side.write(Buffer.from("begun")); for (;;);' });
  await link.answer(0).catch(() => undefined);
  link.socket.destroy();
  await untilGone(link.pid);
});

test('Spark has a process killed by its pid, and all of them by its own end', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const [one, other] = [await executor.connect(t), await executor.connect(t)];
  executor.kill(one.pid);
  await one.ended;
  assert.ok(await isRunning(other.pid));
  executor.daemon.stdin?.end();
  await other.ended;
  assert.equal(await executor.exited, 0);
  assert.equal(executor.stderr, '');
});

test('who does not know the secret is refused', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const link = await executor.connect(t, 'another');
  assert.equal(link.accepted, 'err');
  await link.ended;
  await eventually('a line', async () => /not Spark has connected/.test(executor.stderr) || undefined);
});

test('an older Spark is told so', LIMIT, async (t) => {
  const executor = await FakeExecutor.start(t, program);
  const link = await executor.connect(t);
  link.socket.write(olderTask());
  assert.match(String(await link.answer()), /of Spark 4\.2 and later; this Spark is older/);
});

function untilGone(pid: number): Promise<true> {
  return eventually(`the end of ${pid}`, async () => ((await isRunning(pid)) ? undefined : true));
}
