import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';

const tests = join(packageRoot(), 'test');
const document = readFileSync(join(packageRoot(), 'docs', 'reliability.md'), 'utf8');

/** What the table's legend calls by a short name. */
const SHORT_NAMES: readonly (readonly [name: RegExp, place: string])[] = [
  [/\bsim\b/, 'simulation'],
  [/\bpoints\b/, 'crash-points'],
  [/\bstart checks\b/, 'live/supervisor/start-checks'],
];

interface Hole {
  readonly number: number;
  readonly closedBy: string;
  readonly places: readonly string[];
}

const holes: readonly Hole[] = [...document.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, number, closedBy = '', shownBy = '']) => ({
    number: Number(number),
    closedBy,
    places: [
      ...SHORT_NAMES.flatMap(([name, place]) => (name.test(shownBy) ? [place] : [])),
      ...[...shownBy.matchAll(/`([a-z-]+(?:\/[a-z*-]+)+)`/g)].map(([, place = '']) => place.replace(/\/\*$/, '')),
    ],
  }),
);

test('the table of holes has all 32, in order', () => {
  assert.deepEqual(
    holes.map(({ number }) => number),
    Array.from({ length: 32 }, (_, i) => i + 1),
  );
});

for (const { number, closedBy, places } of holes) {
  test(`hole ${number} is shown closed by tests that exist`, () => {
    assert.ok(closedBy.trim() !== '' && places.length > 0, 'nothing closes it, or no test shows it');
    for (const place of places)
      assert.ok(
        existsSync(join(tests, place)) || existsSync(join(tests, `${place}.test.ts`)),
        `there is no test/${place}`,
      );
  });
}
