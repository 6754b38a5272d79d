import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOnFileSystem } from '../../../../spark/supervisor/shared-folder.js';

test('a path and a file: URI lie on a file system, whatever else has a scheme does not', () => {
  for (const folder of ['/state/checkpoints', 'checkpoints', 'file:/state', 'file:///state'])
    assert.equal(isOnFileSystem(folder), true, folder);
  for (const folder of ['s3a://bucket/x', 'hdfs://nn:8020/x', 'abfss://c@a.dfs.core.windows.net/x', 'gs://b/x'])
    assert.equal(isOnFileSystem(folder), false, folder);
});
