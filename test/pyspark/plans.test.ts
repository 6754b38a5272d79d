// This client's plans are PySpark's: both build every case without a server, and their requests are compared field by field.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPySparkApi } from './api.js';
import { ownSignatureCases, WRITTEN_CASES } from './cases/index.js';
import { lambdaCases } from './cases/lambdas.js';
import { runPython } from './environment.js';
import { functionCases } from './function-cases.js';
import { normalize } from './normalize.js';
import { type RecordedRequest, requestOf } from './record.js';

type Answer = { readonly method: RecordedRequest['method']; readonly request: string } | { readonly error: string };

const ALL_CASES = [...WRITTEN_CASES, ...functionCases(await readPySparkApi(), [...ownSignatureCases, ...lambdaCases])];
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
