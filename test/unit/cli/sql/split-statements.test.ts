import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitStatements } from '../../../../cli/sql/split-statements.js';

const CASES: readonly [string, readonly string[], string][] = [
  ['', [], ''],
  ['select 1', [], 'select 1'],
  ['select 1; select 2 ;', ['select 1', 'select 2'], ''],
  [';; select 1;;', ['select 1'], ''],
  ["select ';' ; x", ["select ';'"], 'x'],
  ["select 'it''s;' ;", ["select 'it''s;'"], ''],
  ["select 'a\\';' ;", ["select 'a\\';'"], ''],
  ["select r'a\\'; select 2", ["select r'a\\'"], 'select 2'],
  ["select bar'a\\';' ;", ["select bar'a\\';'"], ''],
  ['select "a;b", `c;``d`;', ['select "a;b", `c;``d`'], ''],
  ['select 1 -- ; not yet\n;', ['select 1 -- ; not yet'], ''],
  ['-- only; words\n', [], ''],
  ['/* a; /* b; */ c; */ select 1;', ['/* a; /* b; */ c; */ select 1'], ''],
  ['/* a; */', [], ''],
  ["select 'open;", [], "select 'open;"],
  ['select /* open;', [], 'select /* open;'],
];

for (const [text, statements, rest] of CASES) {
  test(`${JSON.stringify(text)} is ${statements.length} statements${rest === '' ? '' : ' and more to come'}`, () => {
    assert.deepEqual(splitStatements(text), { statements, rest });
  });
}
