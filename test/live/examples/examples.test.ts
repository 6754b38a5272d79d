/** The examples, run as a user runs them: each a process of its own on the shared services, judged by what it prints. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const EXAMPLE_MS = 120_000;
const compiled = fileURLToPath(new URL('../../../examples', import.meta.url));

/** What each example prints. */
const PRINTED: Readonly<Record<string, readonly string[]>> = {
  abort: ['stopped: cancelled', 'afterwards: 10'],
  'arrow-batches': ['500000 rows, sum 41666541666750000', '3 squared is 9'],
  'arrow-into-duckdb': [
    'Lyon: 33334 orders, 416670833.25',
    'Oslo: 33333 orders, 416654166.75',
    'Rome: 33333 orders, 416662500',
    'before 2026-01-01T00:02:00.000Z: 2',
  ],
  'foreach-batch': ['batch 0: 1 2 3', 'batch 1: 4 5'],
  functions: ['blog.example: 1 requests', 'shop.example: 2 requests', 'in SQL: www.example'],
  'kafka-to-postgres': ['bolt 7', 'nut 25'],
  sessions: ['ann: 2 events, open for 540 s', 'bob: 1 events, open for 300 s'],
  'sql-parameters': ["adults: Ann, O'Hara", 'found: 1', 'found by an attack: 0'],
  'stream-stream-join': ['order 1 was paid after 180 s'],
  'typed-rows': ['first: north 19.99', 'NORTH 20.00', 'SOUTH 5.00'],
  'windowed-counts': [
    '2026-01-01T12:00:00.000000Z / 2',
    '2026-01-01T12:00:00.000000Z /help 1',
    '2026-01-01T12:01:00.000000Z / 1',
  ],
  'word-count': ['to 4', 'be 3', 'is 2'],
};

const folder = await mkdtemp(join(tmpdir(), 'sluice-examples-'));
after(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

test('every example is run here', async () => {
  const names = (await readdir(compiled)).filter((name) => name.endsWith('.js')).map((name) => name.slice(0, -3));
  assert.deepEqual(names.sort(), Object.keys(PRINTED).sort());
});

for (const [name, lines] of Object.entries(PRINTED)) {
  test(`the example ${name} prints what it promises`, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(compiled, `${name}.js`)], {
      env: { ...process.env, TMPDIR: folder },
      timeout: EXAMPLE_MS,
    });
    assert.deepEqual(stdout.trimEnd().split('\n'), lines);
  });
}
