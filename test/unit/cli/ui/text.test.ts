import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatInstant,
  formatRate,
  formatSeconds,
  formatShare,
} from '../../../../cli/ui/numbers.js';
import { shellQuote } from '../../../../cli/ui/shell.js';
import { styleFor } from '../../../../cli/ui/style.js';
import { formatTable } from '../../../../cli/ui/table.js';
import { fitted, printable, truncate, widthOf, wrap } from '../../../../cli/ui/text.js';

test('numbers read the same everywhere', () => {
  assert.deepEqual([0, 999, 1_000, 1_234_567.4].map(formatCount), ['0', '999', '1,000', '1,234,567']);
  assert.equal(formatCount(12_345_678_901_234_567_890n), '12,345,678,901,234,567,890');
  assert.deepEqual(
    [0, 0.25, 9.94, 9.96, 12_345].map((rate) => formatRate(rate)),
    ['0 events/s', '0.3 events/s', '9.9 events/s', '10 events/s', '12,345 events/s'],
  );
  assert.deepEqual([0.0004, 0.85, 4.21, 59.96, 65, 3_599.7, 7_380].map(formatSeconds), [
    '0 ms',
    '850 ms',
    '4.2 s',
    '1 min 00 s',
    '1 min 05 s',
    '1 h 00 min',
    '2 h 03 min',
  ]);
  assert.deepEqual([0, 512, 1_536, 1_048_570].map(formatBytes), ['0 B', '512 B', '1.5 KiB', '1.0 MiB']);
  assert.deepEqual(
    [formatShare(0, 10), formatShare(1, 100_000), formatShare(1, 80), formatShare(1, 0)],
    ['0 %', '< 0.1 %', '1.3 %', '0 %'],
  );
  assert.equal(formatInstant('2026-01-31T12:00:05.999Z'), '2026-01-31 12:00:05');
});

test('widths count what a terminal shows: no colours, no combining marks, wide letters twice', () => {
  assert.equal(widthOf('\u001b[31mred\u001b[39m'), 3);
  assert.equal(widthOf('e\u0301'), 1);
  assert.equal(widthOf('日本'), 4);
  assert.equal(truncate('日本語', 5), '日本…');
  assert.equal(truncate('abc', 3), 'abc');
  assert.equal(truncate('abcd', 3), 'ab…');
});

test('control characters in data cannot move the cursor of who looks at it', () => {
  assert.equal(printable('a\u001b[2Jb\nc\u0000\u2028'), 'a\\u001b[2Jb\\u000ac\\u0000\\u2028');
});

test('lines are broken between words, and a long word is left whole', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('unbreakable x', 5), ['unbreakable', 'x']);
});

test('on a terminal long lines break between words and keep their indent; in a pipe they stay whole', () => {
  const text = '  one two three\nfour';
  assert.equal(fitted(text, { isTTY: true, columns: 10 }), '  one two\n  three\nfour');
  assert.equal(fitted(text, { isTTY: true, columns: 15 }), text);
  assert.equal(fitted(text, { columns: 10 }), text);
  const wide = 'a'.repeat(79);
  assert.equal(fitted(`${wide} b`, { isTTY: true, columns: 0 }), `${wide}\nb`);
});

test('a table fits its width by cutting the elastic column only', () => {
  const lines = formatTable(
    [
      { title: 'page', isElastic: true },
      { title: 'views', align: 'right' },
    ],
    [
      ['https://shop.example/products/very/long', '12,345'],
      ['/\n', '7'],
    ],
    { widthMax: 24, indent: 2 },
  );
  assert.deepEqual(lines, ['  page             views', '  https://shop.…  12,345', '  /\\u000a              7']);
  assert.ok(lines.every((line) => widthOf(line) <= 24));
});

test('a table without rows is its titles', () => {
  assert.deepEqual(formatTable([{ title: 'a' }, { title: 'b' }], [], { widthMax: 80 }), ['a  b']);
});

test('colours appear on a terminal that wants them, and nowhere else', () => {
  assert.equal(styleFor({ isTTY: true, hasColors: () => true }).red('x'), '\u001b[31mx\u001b[39m');
  assert.equal(styleFor({ isTTY: true, hasColors: () => false }).red('x'), 'x');
  assert.equal(styleFor({}).red('x'), 'x');
});

test('what env prints is one word of a shell, whatever it holds', () => {
  assert.equal(shellQuote('127.0.0.1:9092'), '127.0.0.1:9092');
  assert.equal(shellQuote("it's; $(rm)"), `'it'\\''s; $(rm)'`);
  assert.equal(shellQuote(''), "''");
});
