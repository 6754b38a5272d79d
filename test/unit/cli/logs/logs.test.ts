import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EntryReader, type LogEntry, parseLine } from '../../../../cli/logs/log-entry.js';
import { follow, LogTail, logFiles, readAll } from '../../../../cli/logs/log-files.js';

const KAFKA = '2026-03-01T12:00:00.123Z WARN QuorumController: something';
const POSTGRES = '2026-03-01 12:00:00.500 UTC [42] FATAL:  no more';
const RUN = '2026-03-01T12:00:01.000Z pipeline taken over (epoch 1)';
const HANDLER = JSON.stringify({
  time: '2026-03-01T12:00:00.200Z',
  query: 'events',
  batch: 3,
  level: 'log',
  text: 'hello',
});

test('lines of Kafka, Postgres, the pipeline and handlers are read alike', () => {
  assert.deepEqual(parseLine('kafka', KAFKA), {
    source: 'kafka',
    time: '2026-03-01T12:00:00.123Z',
    level: 'warn',
    text: 'QuorumController: something',
  });
  assert.deepEqual(parseLine('postgres', POSTGRES), {
    source: 'postgres',
    time: '2026-03-01T12:00:00.500Z',
    level: 'error',
    text: 'no more',
  });
  assert.deepEqual(parseLine('run', RUN), {
    source: 'run',
    time: '2026-03-01T12:00:01.000Z',
    level: 'info',
    text: 'pipeline taken over (epoch 1)',
  });
  assert.deepEqual(parseLine('handlers', HANDLER), {
    source: 'handlers',
    time: '2026-03-01T12:00:00.200Z',
    level: 'info',
    text: 'hello',
    query: 'events',
    batch: 3,
  });
});

test('a stack trace belongs to the line before it, and what has no beginning is left out', () => {
  const reader = new EntryReader('spark');
  const entries = reader.read(['\tat lost(A.java)', '2026-03-01T12:00:00.000Z ERROR A: no', '\tat b(B.java)', '', RUN]);
  assert.deepEqual(
    entries.map(({ level, text }) => [level, text]),
    [['error', 'A: no\n\tat b(B.java)']],
  );
  assert.equal(reader.flush()[0]?.text, 'pipeline taken over (epoch 1)');
});

function stateWithLogs(t: TestContext): { state: string; file: (name: string) => string } {
  const state = mkdtempSync(join(tmpdir(), 'sluice-logs-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  mkdirSync(join(state, 'logs'));
  const file = (name: string): string => join(state, 'logs', name);
  writeFileSync(file('kafka.log'), `${KAFKA}\n`);
  writeFileSync(file('kafka.previous.log'), '2026-02-01T00:00:00.000Z INFO A: before\n');
  writeFileSync(file('postgres.log'), `${POSTGRES}\n`);
  writeFileSync(file('run.log'), `${RUN}\n`);
  writeFileSync(file('worker.jsonl'), `${HANDLER}\n`);
  writeFileSync(file('notes.txt'), 'no log');
  return { state, file };
}

test('the logs of a folder are put together in order of time, those of the start before only on request', async (t) => {
  const { state } = stateWithLogs(t);
  const sources = async (previous: boolean): Promise<string[]> => {
    const files = await logFiles(state, { previous });
    return (await readAll(files.map((file) => new LogTail(file)))).map(
      ({ source, time }) => `${time.slice(5, 7)} ${source}`,
    );
  };
  assert.deepEqual(await sources(false), ['03 kafka', '03 handlers', '03 postgres', '03 run']);
  assert.deepEqual(await sources(true), ['02 kafka', '03 kafka', '03 handlers', '03 postgres', '03 run']);
  assert.deepEqual(await logFiles(join(state, 'nowhere')), []);
});

test('following goes on when a log is moved away and begun anew, and with a log that begins later', async (t) => {
  const { state, file } = stateWithLogs(t);
  const stop = new AbortController();
  t.after(() => stop.abort());
  const heard: LogEntry[] = [];
  let wake = (): void => {};
  const until = async (text: string): Promise<void> => {
    while (!heard.some((entry) => entry.text.includes(text)))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  const known = new Map((await logFiles(state)).map((each) => [each.path, new LogTail(each)]));
  await readAll([...known.values()]);
  const followed = follow(
    known,
    () => logFiles(state),
    stop.signal,
    (entry) => {
      heard.push(entry);
      wake();
    },
  );
  appendFileSync(file('kafka.log'), '2026-03-01T12:00:02.000Z INFO A: appended\n');
  await until('appended');
  renameSync(file('kafka.log'), file('kafka.previous.log'));
  writeFileSync(
    file('kafka.log'),
    '2026-03-01T12:00:03.000Z INFO A: begun anew, and longer than the one before it was\n',
  );
  await until('begun anew');
  writeFileSync(file('spark.log'), '2026-03-01T12:00:04.000Z INFO A: a new log\n');
  await until('a new log');
  stop.abort();
  await followed;
  assert.deepEqual(
    heard.map(({ source, text }) => `${source} ${text.slice(3, 10)}`),
    ['kafka appende', 'kafka begun a', 'spark a new l'],
  );
});
