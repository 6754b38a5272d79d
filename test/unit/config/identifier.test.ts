import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quoteIdentifier } from '../../../config/identifier.js';

test('a table is quoted, with its schema if it has one', () => {
  assert.equal(quoteIdentifier('counts'), '"counts"');
  assert.equal(quoteIdentifier('sluice.stage_1$'), '"sluice"."stage_1$"');
  assert.equal(quoteIdentifier('a'.repeat(63)), `"${'a'.repeat(63)}"`);
});

test('a name that Postgres would cut, or that has an empty or a third part, is refused', () => {
  for (const name of ['a'.repeat(64), '', '.', 'a.', '.a', 'a..b', 'a.b.c', '1a', 'a.1b']) {
    assert.throws(() => quoteIdentifier(name), RangeError, JSON.stringify(name));
  }
});

test('of 10,000 hostile names each is either quoted as it stands or refused, and both happen', () => {
  const random = generator(20_261_124);
  const hostile = [
    '"',
    "'",
    ';',
    '.',
    ' ',
    '-',
    '\u0000',
    '\\',
    'é',
    '`',
    '\n',
    '\r',
    '\u2028',
    '$',
    '1',
    'ſ',
    '"; --',
  ];
  let refused = 0;
  for (let i = 0; i < 10_000; i++) {
    // A good name with up to three changes: nearer to what could slip through than characters at random.
    const characters = [...(random(2) === 0 ? 'sluice.stage_t' : 'page_view_counts')];
    for (let changes = random(4); changes > 0; changes--) {
      characters.splice(random(characters.length + 1), random(2), hostile[random(hostile.length)] as string);
    }
    const name = characters.join('');
    let quoted: string;
    try {
      quoted = quoteIdentifier(name);
    } catch (error) {
      assert.ok(error instanceof RangeError, JSON.stringify(name));
      refused++;
      continue;
    }
    // Nothing but the quotes was added, and no quote of the name's own is left that could end it.
    assert.equal(quoted.replaceAll('"', ''), name);
    assert.match(quoted, /^"[^"]{1,63}"(\."[^"]{1,63}")?$/);
    assert.doesNotMatch(name, /[^\w.$]/);
  }
  assert.ok(refused > 2_000 && refused < 8_000, `${refused} refused`);
});

/** Whole numbers below a bound, the same for the same seed. The high bits: the low ones of such a generator repeat soon. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
}
