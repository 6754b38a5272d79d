/** The doctor's judgements: what will do, what is worth a note, what must be mended and how. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNode, type DoctorCheck, judgeClock, judgeJava } from '../../../cli/doctor.js';
import { formatChecks } from '../../../cli/ui/doctor-report.js';
import { styleFor } from '../../../cli/ui/style.js';

const JAVA: readonly (readonly [string | undefined, DoctorCheck['outcome']])[] = [
  ['openjdk version "17.0.15" 2025-04-15', 'ok'],
  ['openjdk version "21" 2023-09-19', 'ok'],
  ['java version "1.8.0_392"', 'wrong'],
  ['openjdk version "25.0.1" 2025-10-21', 'wrong'],
  ['Error: could not open jvm.cfg', 'wrong'],
  [undefined, 'wrong'],
];

for (const [said, outcome] of JAVA) {
  test(`a java that says ${JSON.stringify(said)} is ${outcome}`, () => {
    const check = judgeJava('java', said);
    assert.equal(check.outcome, outcome, check.found);
    assert.equal(check.fix !== undefined, outcome === 'wrong', 'what is wrong comes with its fix, and only that');
  });
}

test('Node 18 is too old, Node 20 is not', () => {
  assert.equal(checkNode('18.20.4').outcome, 'wrong');
  assert.equal(checkNode('20.0.0').outcome, 'ok');
});

test('a clock that is seconds off is wrong in both directions, and the text says which', () => {
  assert.equal(judgeClock(40).outcome, 'ok');
  assert.deepEqual([judgeClock(5_000).outcome, judgeClock(-5_000).outcome], ['wrong', 'wrong']);
  assert.match(judgeClock(-5_000).found, /5000 ms behind/);
});

test('no line of the report is wider than 80 columns, and the fix stands below what is wrong', () => {
  const wrong: DoctorCheck = {
    name: 'java',
    outcome: 'wrong',
    found: 'x '.repeat(80).trim(),
    fix: 'y '.repeat(80).trim(),
  };
  const lines = formatChecks([wrong, checkNode('20.0.0')], { style: styleFor({ isTTY: false }), widthMax: 80 });
  assert.ok(
    lines.every((line) => line.length <= 80),
    lines.join('\n'),
  );
  assert.ok(lines.findIndex((line) => line.includes('y y')) > lines.findIndex((line) => line.includes('x x')));
});
