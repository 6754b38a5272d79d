import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { followHandlerLog, type HandlerOutput, parseEntry } from '../../../../spark/supervisor/handler-log.js';

const line = (text: string): string =>
  `${JSON.stringify({ time: '2026-03-01T12:00:00.000Z', query: 'q', batch: 1, level: 'info', text })}\n`;

test('an entry is read, and a line that is none is passed over', () => {
  assert.equal(parseEntry(line('hello'))?.text, 'hello');
  for (const other of ['', 'text', '{', 'null', '[]', '7', '{"text":1,"level":"info"}', '{"text":"no level"}']) {
    assert.equal(parseEntry(other), undefined, other);
  }
});

test('what is written from now on is told in order, what was there before is not', async (t) => {
  const log = await follow(t, line('before'));
  await appendFile(log.file, line('first') + line('second'));
  assert.deepEqual(await log.next(2), ['first', 'second']);
  await appendFile(log.file, line('third'));
  assert.deepEqual(await log.next(3), ['first', 'second', 'third']);
  await log.end();
});

test('a line that is written in two parts is told once, when it is whole', async (t) => {
  const log = await follow(t, '');
  const whole = line('in two parts');
  await appendFile(log.file, line('first') + whole.slice(0, 20));
  assert.deepEqual(await log.next(1), ['first']);
  await appendFile(log.file, whole.slice(20));
  assert.deepEqual(await log.next(2), ['first', 'in two parts']);
  await log.end();
});

test('a character that is written in two parts arrives whole', async (t) => {
  const log = await follow(t, '');
  const whole = Buffer.from(line('é'));
  const cut = whole.indexOf(0xc3) + 1;
  await appendFile(log.file, Buffer.concat([Buffer.from(line('first')), whole.subarray(0, cut)]));
  await log.next(1);
  await appendFile(log.file, whole.subarray(cut));
  assert.deepEqual(await log.next(2), ['first', 'é']);
  await log.end();
});

test('a file that is replaced by a shorter one is read from its beginning', async (t) => {
  const log = await follow(t, line('a long line that stood there before'));
  await appendFile(log.file, line('first'));
  await log.next(1);
  await writeFile(log.file, line('new'));
  assert.deepEqual(await log.next(2), ['first', 'new']);
  await log.end();
});

test('a file that does not exist is waited for, and the following ends all the same', async (t) => {
  const log = await follow(t, undefined);
  await log.end();
});

interface Following {
  readonly file: string;
  /** The texts of all entries so far, once there are `count`. */
  next(count: number): Promise<string[]>;
  /** Ends the following, which must then resolve. */
  end(): Promise<void>;
}

/** Follows a file that holds `content`; returns when what is appended next is known to count as new. */
async function follow(t: TestContext, content: string | undefined): Promise<Following> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-handler-log-'));
  const file = join(folder, 'worker.jsonl');
  if (content !== undefined) await writeFile(file, content);
  const ended = new AbortController();
  const texts: string[] = [];
  let synced = -1;
  let wake = (): void => {};
  const following = followHandlerLog(file, ended.signal, ({ text }: HandlerOutput) => {
    const [, sync] = /^sync (\d+)$/.exec(text) ?? [];
    if (sync === undefined) texts.push(text);
    else synced = Number(sync);
    wake();
  });
  t.after(async () => {
    ended.abort();
    await following;
    await rm(folder, { recursive: true, force: true });
  });
  const woken = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  // Where the following begins is its own business: lines are written until one of them is told, and that was the last.
  for (let sync = 0; content !== undefined && synced < sync; ) {
    const told = woken();
    await appendFile(file, line(`sync ${sync}`));
    const isTold = await Promise.race([told.then(() => true), delay(1_000, false, { ref: false })]);
    if (!isTold || synced < sync) sync++;
  }
  return {
    file,
    async next(count) {
      while (texts.length < count) await woken();
      return [...texts];
    },
    async end() {
      ended.abort();
      await following;
    },
  };
}
