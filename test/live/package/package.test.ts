/** The package as its users get it: packed, installed into a project that knows nothing of this one, type-checked there and run. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { packageRoot } from '../../../config/package-root.js';
import { readersPlace, runInShell } from '../../support/document.js';

const root = packageRoot();
const folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const PROGRAM = `
import { col, count, SparkSession, type StructType, string, structType } from 'sluice/connect';
import { definePipeline } from 'sluice';
import { testPipeline } from 'sluice/testkit';

export const SCHEMA: StructType = structType({ name: string() });
export const others = [definePipeline, testPipeline];

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? '');
const frame = spark.range(0, 10).filter(col('id').gt(4n)).agg(count('*').as('n'));
const rows: readonly { n: bigint }[] = await frame.collect();
console.log(JSON.stringify({ rows: Number(rows[0]?.n), version: spark.version }));
await spark.release();
`;

const WRONG_PROGRAM = `
import { SparkSession } from 'sluice/connect';
const spark = await SparkSession.connect('sc://localhost');
spark.range(0, 10).select('no_such');
`;

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023', 'ESNext.Disposable'],
    module: 'NodeNext',
    strict: true,
    outDir: 'out',
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
  },
};

async function run(command: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(command, args, options).catch((error: Error & { stdout?: string }) => {
    throw new Error(`${error.message}\n${error.stdout ?? ''}`);
  });
  return stdout;
}

const compile = (file: string): Promise<string> => {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...TSCONFIG, files: [file] }));
  return run(process.execPath, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.');
};

before(async () => {
  // Scripts would build again what is there, beside the tests that use it.
  await run('npm', 'pack', root, '--ignore-scripts', '--silent');
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'fresh', private: true, type: 'module' }));
  await run('npm', 'install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`);
});

test('a program of a fresh project type-checks strictly against the package and runs', async () => {
  writeFileSync(join(folder, 'program.ts'), PROGRAM);
  await compile('program.ts');
  const { rows, version } = JSON.parse(await run(process.execPath, join('out', 'program.js')));
  assert.equal(rows, 5);
  assert.match(version, /^\d+\.\d+\.\d+$/);
});

test('the types hold in a fresh project: a column that is not there does not compile', async () => {
  writeFileSync(join(folder, 'wrong.ts'), WRONG_PROGRAM);
  await assert.rejects(compile('wrong.ts'), /wrong\.ts\(4,\d+\): error TS2\d+.*no_such/s);
});

test('the command line runs from the package', async () => {
  assert.match(await run(join(folder, 'node_modules', '.bin', 'sluice'), '--version'), /^sluice\/\d+\.\d+\.\d+ /);
});

test('a project that it makes goes from init to verify, with the jars fetched on the way', async (t) => {
  const { env } = await readersPlace(t);
  const commands = [
    `cd ${folder}`,
    'npx sluice init my-app',
    'cd my-app',
    'npm install --prefer-offline --ignore-scripts --no-audit --no-fund',
    'npx tsc --noEmit',
    'npx sluice up',
    'npx sluice run pipeline.ts --detach',
    'node events/make.mjs',
    'npx sluice publish orders events/orders.jsonl --key order_id',
    'npx sluice publish payments events/payments.jsonl --key order_id',
    'npx sluice verify --wait',
    'npx sluice down',
  ];
  const output = await runInShell(commands.join('\n'), env, t.signal);
  assert.match(output, /fetching the jars of Spark and Kafka by Maven, which is done once/);
  assert.match(output, /All 13 checks of orders hold\./);
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'my-app', 'package.json'), 'utf8'));
  assert.match(dependencies.sluice, /^file:\.\.\/sluice-.*\.tgz$/);
});

test('the package has neither tests nor sources of others', async () => {
  const files = await readdir(join(folder, 'node_modules', 'sluice'), { recursive: true });
  assert.deepEqual(
    files.filter((file) => /^dist\/(?:test|bench|examples)\/|\.proto$|\.jar$|^\.env$/.test(file)),
    [],
  );
  assert.ok(files.includes('web/page/index.html') && files.includes('dist/proto/generated/descriptor.js'));
});
