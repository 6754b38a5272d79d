/** What a program loads before its first row: the reason why that comes soon. Its time is in bench/connect.ts. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';
import { loadedModules } from '../../support/loaded-modules.js';
import { sparkRemote } from './open-session.js';

const door = JSON.stringify(join(packageRoot(), 'dist', 'spark', 'connect', 'index.js'));

async function packagesOf(body: string): Promise<readonly string[]> {
  const program = `
    const { SparkSession, integer, struct } = await import(${door});
    const spark = await SparkSession.connect(${JSON.stringify(sparkRemote())}, { userId: 'sluice-test' });
    const frame = spark.createDataFrame([{ one: 1 }], struct({ one: integer() }));
    ${body}
    await spark.release();`;
  const { packages, stdout } = await loadedModules(['--input-type=module', '--eval', program], { env: process.env });
  assert.equal(stdout.trim(), '[{"one":1}]');
  return packages;
}

test('a program that sends rows and reads rows loads gRPC and no other package', async () => {
  assert.deepEqual(await packagesOf('console.log(JSON.stringify(await frame.collect()));'), ['@grpc/grpc-js']);
});

test('apache-arrow is loaded by the first who asks for its tables', async () => {
  const packages = await packagesOf('console.log(JSON.stringify((await frame.toArrow()).toArray()));');
  assert.ok(packages.includes('apache-arrow'), packages.join());
});
