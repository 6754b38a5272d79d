import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { complete } from '../../../../cli/sql/complete.js';
import { readHistory } from '../../../../cli/sql/history.js';
import { viewsOf } from '../../../../cli/sql/pipeline-views.js';
import { describeError } from '../../../../cli/sql/run-statement.js';
import { runShell } from '../../../../cli/sql/shell.js';
import { styleFor } from '../../../../cli/ui/style.js';
import { userStateFolder } from '../../../../config/user-state.js';
import { SparkError } from '../../../../spark/connect/index.js';
import { userActivity } from '../../../../spark/pipeline/index.js';

const TABLES = [
  { name: 'page_view_counts', columns: ['window_start', 'page_url', 'view_count'] },
  { name: 'lake_events', columns: ['event_time', 'user_id'] },
];

/** A shell on a terminal of its own; `ran` has what it was given to run. */
function shell(t: TestContext, run: (statement: string, signal: AbortSignal) => Promise<void> = async () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sql-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const input = new PassThrough();
  const output = new PassThrough();
  output.resume();
  const ran: string[] = [];
  const said: string[] = [];
  const historyFile = join(folder, 'state', 'sql_history');
  const ended = runShell({
    input,
    output,
    historyFile,
    tables: () => TABLES,
    say: (line) => said.push(line),
    run: async (statement, signal) => {
      ran.push(statement);
      await run(statement, signal);
    },
  });
  return { input, output, ran, said, ended, historyFile };
}

test('a statement goes on over lines until its semicolon, and several on one line run in their order', async (t) => {
  const { input, ran, ended } = shell(t);
  input.end("select ';'\n  , 2;\nselect 3; select 4;\n\\q\nselect 5;\n");
  await ended;
  assert.deepEqual(ran, ["select ';'\n  , 2", 'select 3', 'select 4']);
});

test('Ctrl-C interrupts the statement that runs, and the shell goes on', async (t) => {
  let begun: () => void = () => undefined;
  const isRunning = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { input, ran, ended } = shell(t, async (statement, signal) => {
    if (statement !== 'select slow()') return;
    begun();
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  });
  input.write('select slow();\n');
  await isRunning;
  input.write('\u0003');
  input.end('select 2;\n\\q\n');
  await ended;
  assert.deepEqual(ran, ['select slow()', 'select 2']);
});

test('Ctrl-C while writing gives up what was written, lines before included', async (t) => {
  const { input, output, ran, ended } = shell(t);
  const gaveUp = new Promise<void>((resolve) => {
    output.on('data', (text: Buffer) => {
      if (text.includes('^C')) resolve();
    });
  });
  input.write('select 1\n, half\u0003');
  await gaveUp;
  input.end('select 2;\n');
  await ended;
  assert.deepEqual(ran, ['select 2']);
});

test('the history is kept for the next session, only for its owner to read', async (t) => {
  const { input, ended, historyFile } = shell(t);
  input.end('select 1;\nselect 2;\nselect 1;\n');
  await ended;
  assert.equal(readFileSync(historyFile, 'utf8'), 'select 2;\nselect 1;\n');
  assert.deepEqual(readHistory(historyFile), ['select 1;', 'select 2;']);
  assert.equal(statSync(historyFile).mode & 0o777, 0o600);
});

test('a backslash stands for a statement or for help, and an unknown one is said', async (t) => {
  const { input, ran, said, ended } = shell(t);
  input.end('\\d\n\\d lake_events\n\\x\n\\?\n');
  await ended;
  assert.deepEqual(ran, ['SHOW TABLES', 'DESCRIBE lake_events']);
  assert.match(said[0] ?? '', /There is no \\x/);
  assert.ok(said.some((line) => line.includes('Ctrl-C')));
});

test('Tab offers tables after FROM, columns of the tables that are named, and keywords in the letters that were begun', () => {
  assert.deepEqual(complete('select * from ', TABLES), [['lake_events', 'page_view_counts'], '']);
  assert.deepEqual(complete('select * from pa', TABLES), [['page_view_counts'], 'pa']);
  assert.deepEqual(complete('select * from page_view_counts where v', TABLES), [['view_count', 'values', 'view'], 'v']);
  assert.deepEqual(complete('select lake_events.u', TABLES), [['lake_events.user_id'], 'lake_events.u']);
  assert.deepEqual(complete('SEL', TABLES), [['SELECT'], 'SEL']);
  assert.deepEqual(complete('sel', TABLES), [['select'], 'sel']);
});

test('the pipeline’s lake, tables and bookkeeping have names', () => {
  const pipeline = userActivity({
    topic: 't',
    watermarkDelayMs: 1,
    sessionTimeoutMs: 1,
    futureToleranceMs: 1,
  });
  const views = viewsOf(pipeline, '/data/lake');
  assert.deepEqual(
    views.map(({ name }) => name),
    ['lake_events', 'page_view_counts', 'active_users', 'user_sessions', 'ledger', 'batches'],
  );
  assert.deepEqual(views[0]?.source, { kind: 'lake', path: '/data/lake' });
});

test('an error is told by its condition and SQLSTATE, without the plan, and its place is shown', () => {
  const statement = 'select 1,\n  nme from t';
  const error = new SparkError(
    "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `nme` cannot be resolved. Did you mean `name`? SQLSTATE: 42703; line 2 pos 2;\n'Project [1, 'nme]\n+- Relation",
    {
      kind: 'analysis',
      condition: 'UNRESOLVED_COLUMN.WITH_SUGGESTION',
      sqlState: '42703',
      queryContexts: [
        {
          kind: 'sql',
          objectType: '',
          objectName: '',
          startIndex: 12,
          stopIndex: 14,
          fragment: 'nme',
          callSite: '',
          summary: '',
        },
      ],
    },
  );
  assert.deepEqual(describeError(error, statement, styleFor({})), [
    'UNRESOLVED_COLUMN.WITH_SUGGESTION, SQLSTATE 42703',
    'A column `nme` cannot be resolved. Did you mean `name`?',
    '  nme from t',
    '  ^^^',
  ]);
});

test('state lies where XDG says, and a relative XDG_STATE_HOME is ignored', () => {
  assert.equal(userStateFolder({ XDG_STATE_HOME: '/x/state' }), '/x/state/sluice');
  assert.match(userStateFolder({ XDG_STATE_HOME: 'state' }), /\/\.local\/state\/sluice$/);
  assert.match(userStateFolder({}), /\/\.local\/state\/sluice$/);
});

test('a backslash is a command also within a statement, which goes on after it', async (t) => {
  const { input, ran, said, ended } = shell(t);
  input.end('select 1\n\\?\n\\d visits\n, 2;\nselect\n\\q\n3;\n');
  await ended;
  assert.deepEqual(ran, ['DESCRIBE visits', 'select 1\n, 2']);
  assert.ok(said.some((line) => line.includes('Ctrl-C')));
});
