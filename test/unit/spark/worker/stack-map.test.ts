import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStackMap, PROGRAM_FILE } from '../../../../spark/worker/stack-map.js';

/** One mapping: the program's line 1 from column 1 on is line 3, column 5 of orders/save.ts. */
const MAP = JSON.stringify({ version: 3, sources: ['orders/save.ts'], names: [], mappings: 'AAEI' });

test('places of the program become places of the source, and all else stays', () => {
  const map = createStackMap(MAP);
  const stack = `Error: x\n    at save (${PROGRAM_FILE}:1:20)\n    at other (/opt/lib.js:1:20)`;
  assert.equal(map(stack), 'Error: x\n    at save (orders/save.ts:3:5)\n    at other (/opt/lib.js:1:20)');
});

test('a place that the map does not know stays as it is', () => {
  const map = createStackMap(JSON.stringify({ version: 3, sources: [], names: [], mappings: '' }));
  assert.equal(map(`at ${PROGRAM_FILE}:9:9`), `at ${PROGRAM_FILE}:9:9`);
});

test('a map that cannot be read leaves the stack as it is', () => {
  assert.equal(createStackMap('not JSON')(`at ${PROGRAM_FILE}:1:1`), `at ${PROGRAM_FILE}:1:1`);
});
