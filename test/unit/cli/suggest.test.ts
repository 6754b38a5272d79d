import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggest } from '../../../cli/suggest.js';

const COMMANDS = ['demo', 'down', 'env', 'produce', 'reset', 'run', 'status', 'up', 'verify'];

test('a slip of the finger finds the command that was meant', () => {
  for (const [typed, meant] of [
    ['prodcue', 'produce'],
    ['stauts', 'status'],
    ['verfy', 'verify'],
    ['demmo', 'demo'],
    ['stat', 'status'],
    ['running', 'run'],
    ['rnu', 'run'],
  ]) {
    assert.equal(suggest(typed ?? '', COMMANDS), meant);
  }
});

test('a word that is like nothing gets no suggestion', () => {
  for (const typed of ['kubernetes', 'x', '', 'zzzzzz']) assert.equal(suggest(typed, COMMANDS), undefined, typed);
});
