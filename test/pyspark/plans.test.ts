// This client's plans are PySpark's: both build every case without a server, and their requests are compared field by field.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { readPySparkApi } from './api.js';
import { allCases } from './cases/all.js';
import { coverageOf } from './coverage.js';
import { coverageDocument, DOCUMENT } from './coverage-document.js';
import { runPython } from './environment.js';
import { normalize } from './normalize.js';
import { type RecordedRequest, requestOf } from './record.js';

type Answer = { readonly method: RecordedRequest['method']; readonly request: string } | { readonly error: string };

const api = await readPySparkApi();
const ALL_CASES = allCases(api);
/** Members that lead on, or tell of the client itself. */
const WITHOUT_PLAN = new Set(['dtypes', 'is_cached', 'foreach', 'sparkSession', 'executionInfo', 'to_plan']);

const cases = Object.fromEntries(ALL_CASES.map(([name, , python]) => [name, python]));
const answers = await runPython<Record<string, Answer>>('plans.py', { cases });

describe('a plan is the one that PySpark builds', () => {
  for (const [name, build, , options] of ALL_CASES) {
    test(name, async () => {
      const answer = answers[name];
      assert.ok(answer !== undefined && 'request' in answer, `PySpark: ${JSON.stringify(answer)}`);
      const expected = normalize({ method: answer.method, bytes: Buffer.from(answer.request, 'base64') });
      const actual = normalize(await requestOf(build));
      if (options?.differs === undefined) assert.deepEqual(actual, expected);
      else assert.notDeepEqual(actual, expected, `equal by now, so "${options.differs}" can go`);
    });
  }
});

test('no two cases have the same name', () => {
  assert.equal(new Set(ALL_CASES.map(([name]) => name)).size, ALL_CASES.length);
});

test('every public member of PySpark’s client is here, or has a reason why not', () => {
  const unexplained = coverageOf(api, ALL_CASES).filter(({ coverage }) => coverage.kind === 'unknown');
  assert.deepEqual(
    unexplained.map(({ owner, member }) => `${owner}.${member}`),
    [],
  );
});

test('the plan of every method of frames and columns and of every function is compared, unless it makes none', () => {
  const missed = coverageOf(api, ALL_CASES).filter(
    ({ owner, coverage }) =>
      ['DataFrame', 'Column', 'functions'].includes(owner) && 'isCompared' in coverage && !coverage.isCompared,
  );
  assert.deepEqual(
    missed.map(({ member }) => member).filter((member) => !WITHOUT_PLAN.has(member)),
    [],
  );
});

test('docs/connect-coverage.md is what `npm run api:coverage -- --write` writes', async () => {
  assert.equal(coverageDocument(coverageOf(api, ALL_CASES)), await readFile(DOCUMENT, 'utf8'));
});
