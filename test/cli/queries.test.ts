import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sluice, temporaryFolder } from './run-sluice.js';

test('queries are listed and explained without a run, and stopped only with one', async (t) => {
  const cwd = temporaryFolder(t);
  const [list, json, explain, missing, stop, docker] = await Promise.all([
    sluice(['queries', 'list'], { cwd }),
    sluice(['queries', 'list', '--json'], { cwd }),
    sluice(['queries', 'explain', 'active_users'], { cwd }),
    sluice(['queries', 'explain', 'active_user'], { cwd }),
    sluice(['queries', 'stop', 'events'], { cwd }),
    sluice(['queries', 'list', '--env', 'docker'], { cwd }),
  ]);
  assert.deepEqual([list.exitCode, list.stdout.trimEnd().split('\n').length], [0, 5], list.stderr);
  assert.match(list.stderr, /pipeline user-activity is not running/);
  const { format, pipeline, queries } = JSON.parse(json.stdout) as {
    format: string;
    pipeline: string;
    queries: { query: string }[];
  };
  assert.deepEqual([format, pipeline, queries.length], ['queries/1', 'user-activity', 4]);
  assert.match(explain.stdout, /^active_users \(update\) into table active_users, one row per window_start\nselect$/m);
  assert.deepEqual([missing.exitCode, missing.stdout], [2, '']);
  assert.match(missing.stderr, /There is no query active_user; .* Did you mean active_users\?/);
  assert.deepEqual([stop.exitCode, stop.stdout], [1, '']);
  assert.match(stop.stderr, /No pipeline runs here\. `sluice run --detach` starts one/);
  assert.equal(docker.exitCode, 2);
  assert.match(docker.stderr, /docker-compose exec pipeline sluice queries list`/);
});
