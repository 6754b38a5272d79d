/** `sluice top` in a terminal, with services that do not answer: what it takes over it gives back. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { packageRoot } from '../../config/package-root.js';
import { VARIABLES } from '../../config/variables.js';
import { sluice, temporaryFolder } from './run-sluice.js';

/** Nobody listens on port 1. */
const NOWHERE = {
  KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
  DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/d',
  SPARK_REMOTE: 'sc://127.0.0.1:1/',
};
const OPEN = '\u001b[?1049h';
const CLOSE = '\u001b[?1049l';

/** The command in a terminal of 80 columns and 24 rows. */
function terminal(t: TestContext) {
  const own = Object.entries(process.env).filter(([name]) => !(name in VARIABLES) && !name.startsWith('NODE_'));
  const command = [process.execPath, join(packageRoot(), 'cli', 'sluice.js'), 'top', '--interval', '1'];
  const child = spawn('python3', [join(packageRoot(), 'test', 'support', 'terminal.py'), '80', '24', ...command], {
    cwd: temporaryFolder(t),
    env: { ...Object.fromEntries(own), ...NOWHERE, TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let shown = '';
  let isOver = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    child.emit('shown');
  });
  void ended.then(() => {
    isOver = true;
    child.emit('shown');
  });
  return {
    type: (keys: string) => child.stdin.write(keys),
    /** Waits until the pattern has been written since the last time. */
    async shows(pattern: RegExp): Promise<void> {
      while (!pattern.test(shown)) {
        if (isOver) assert.fail(`it ended before it showed ${pattern}: ${JSON.stringify(shown)}`);
        await once(child, 'shown');
      }
      shown = shown.slice(shown.search(pattern) + (pattern.exec(shown)?.[0].length ?? 0));
    },
    /** The exit code, and what was written since the last time. */
    async end(): Promise<[number | null, string]> {
      const [code] = await ended;
      return [code, shown];
    },
  };
}

test('keys work, the terminal is drawn anew after a resize, and q gives it back', async (t) => {
  const top = terminal(t);
  await top.shows(/\[\?1049h/);
  await top.shows(/Kafka .*down.*Postgres .*down.*Spark .*down/);
  await top.shows(/Postgres does not answer: connect ECONNREFUSED/);
  top.type('?');
  await top.shows(/records in Kafka that are in no finished batch/);
  top.type('?p');
  await top.shows(/paused at /);
  top.type('\u001e 60 20\n');
  await top.shows(/\[2J/);
  await top.shows(/p go on/);
  top.type('q');
  const [code, rest] = await top.end();
  assert.equal(code, 0);
  assert.ok(rest.includes(CLOSE), 'the screen is given back');
  assert.ok(rest.lastIndexOf('\u001b[?25h') >= 0, 'the cursor is back');
  assert.ok(!rest.includes(OPEN));
});

test('Ctrl-C ends it in order', async (t) => {
  const top = terminal(t);
  await top.shows(/Kafka .*down/);
  top.type('\u0003');
  const [code, rest] = await top.end();
  assert.deepEqual([code, rest.includes(CLOSE)], [0, true]);
});

test('without a terminal it looks once, without colours, and says by its exit code that services are down', async (t) => {
  const cwd = temporaryFolder(t);
  const [text, json, wrong] = await Promise.all([
    sluice(['top'], { cwd, env: NOWHERE }),
    sluice(['top', '--once', '--json'], { cwd, env: NOWHERE }),
    sluice(['top', '--interval', '0'], { cwd, env: NOWHERE }),
  ]);
  assert.equal(text.exitCode, 3, text.stderr);
  assert.match(text.stdout, /^user-activity not running .* UTC\nKafka down {2}Postgres down {2}Spark down\n/);
  assert.ok(!text.stdout.includes('\u001b'));
  const { format, services, queries } = JSON.parse(json.stdout) as {
    format: string;
    services: { service: string; isUp: boolean }[];
    queries: unknown[];
  };
  assert.deepEqual(
    [json.exitCode, format, services.map(({ isUp }) => isUp), queries],
    [3, 'top/1', [false, false, false], []],
  );
  assert.ok(!(text.stdout + json.stdout).includes('secret'));
  assert.deepEqual([wrong.exitCode, wrong.stdout], [2, '']);
});
