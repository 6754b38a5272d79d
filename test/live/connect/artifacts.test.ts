// Files that a session is given: classes its queries call, files and archives its tasks find, rows that are sent once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { integer, notNull, SparkError, type SparkSession, string, structType } from '../../../spark/connect/index.js';
import { openSession } from './open-session.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-artifacts-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const spark = await openSession();

/** A program of the JDK. */
function tool(program: string): string {
  const home = process.env.JAVA_HOME;
  return home === undefined || home === '' ? program : join(home, 'bin', program);
}

/** A jar with one class, by the JDK's own tools. */
function makeJar(name: string, answer: string): string {
  const sources = join(folder, name);
  mkdirSync(sources);
  const source = join(sources, 'Greeting.java');
  writeFileSync(
    source,
    `package dev.sluice.test; public class Greeting { public static String greet(String who) { return "${answer} " + who; } }`,
  );
  // A release that every JDK which runs Spark understands.
  execFileSync(tool('javac'), ['--release', '17', '-d', sources, source], { stdio: 'pipe' });
  const jar = join(folder, `${name}.jar`);
  execFileSync(tool('jar'), ['--create', '--file', jar, '-C', sources, 'dev'], { stdio: 'pipe' });
  return jar;
}

async function greeting(session: SparkSession): Promise<unknown> {
  const call = "select java_method('dev.sluice.test.Greeting', 'greet', concat('row ', id)) as text from range(2, 3)";
  return (await session.sql<{ text: string }>(call).collect())[0]?.text;
}

/** Where tasks find a file that was added to some session. The server is on this machine, and each session has a folder of its own there. */
async function pathAtServer(name: string): Promise<string> {
  const call = "select java_method('org.apache.spark.SparkFiles', 'getRootDirectory') as root";
  const [row] = await spark.sql<{ root: string }>(call).collect();
  const root = row?.root ?? '';
  const found = readdirSync(root).find((session) => existsSync(join(root, session, name)));
  assert.ok(found !== undefined, `${name} is in no folder of ${root}`);
  return join(root, found, name);
}

const isRefused = (kind: string, pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof SparkError, String(error));
  assert.equal(error.kind, kind);
  assert.match(error.message, pattern);
  return true;
};

test("a jar's classes are those of its session alone", async () => {
  const [one, two] = [await openSession(), await openSession()];
  await one.addArtifact(makeJar('hello', 'hello'));
  await two.addArtifacts([makeJar('good-day', 'good day')]);
  assert.equal(await greeting(one), 'hello row 2');
  assert.equal(await greeting(two), 'good day row 2');
  await assert.rejects(greeting(spark), SparkError);
});

test('a class of a package is found by its path', async () => {
  const own = await openSession();
  makeJar('single', 'alone');
  const file = join(folder, 'single', 'dev', 'sluice', 'test', 'Greeting.class');
  await own.addArtifact(file, { name: 'dev/sluice/test/Greeting.class' });
  assert.equal(await greeting(own), 'alone row 2');
  await assert.rejects(greeting(spark), SparkError);
});

test('modules of Python lie where tasks look for them', async () => {
  const own = await openSession();
  // Of this run alone: a server keeps the folders of sessions that have ended.
  const name = `shapes_${process.pid}`;
  const [module, modules] = [join(folder, `${name}.py`), join(folder, `${name}.zip`)];
  writeFileSync(module, 'SIDES = 4\n');
  execFileSync(tool('jar'), ['--create', '--no-manifest', '--file', modules, '-C', folder, `${name}.py`]);
  await own.addArtifacts([module, modules], { as: 'pyfile' });
  assert.equal(readFileSync(await pathAtServer(`${name}.py`), 'utf8'), 'SIDES = 4\n');
  // Not unpacked: Python imports from it as it is.
  assert.ok(readFileSync(await pathAtServer(`${name}.zip`)).equals(readFileSync(modules)));
});

test('a file of any size arrives byte by byte, under the name that it is given', async () => {
  const own = await openSession();
  for (const bytes of [0, 1, 32 * 1024, 32 * 1024 + 1, 3_000_000]) {
    const content = randomBytes(bytes);
    const file = join(folder, `bytes-${bytes}`);
    writeFileSync(file, content);
    await own.addArtifact(file, { as: 'file', name: `of-${bytes}` });
    assert.ok(readFileSync(await pathAtServer(`of-${bytes}`)).equals(content), `${bytes} bytes`);
  }
});

test('an archive is unpacked where its name says', async () => {
  const own = await openSession();
  writeFileSync(join(folder, 'inner.txt'), 'unpacked');
  const archive = join(folder, 'things.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', folder, 'inner.txt']);
  await own.addArtifact(archive, { as: 'archive', name: 'things' });
  const path = await pathAtServer('things');
  assert.ok(statSync(path).isDirectory());
  assert.equal(readFileSync(join(path, 'inner.txt'), 'utf8'), 'unpacked');
});

test('the same file again is no error, another of its name is', async () => {
  const own = await openSession();
  const file = join(folder, 'twice');
  writeFileSync(file, 'first');
  await own.addArtifact(file, { as: 'file' });
  await own.addArtifact(file, { as: 'file' });
  writeFileSync(file, 'second');
  await assert.rejects(own.addArtifact(file, { as: 'file' }), isRefused('execution', /twice/));
  assert.equal(readFileSync(await pathAtServer('twice'), 'utf8'), 'first');
});

test('what cannot be sent is refused before anything is', async () => {
  await assert.rejects(spark.addArtifact(join(folder, 'none.jar')), isRefused('input', /none\.jar cannot be sent/));
  await assert.rejects(
    spark.addArtifact(join(folder, 'what')),
    isRefused('input', /'jar', 'class', 'pyfile', 'file' or 'archive'/),
  );
  await assert.rejects(spark.addArtifact('x', { as: 'file', name: '../x' }), isRefused('input', /no slash/));
  await assert.rejects(spark.copyFromLocalToFs('x', 'relative'), isRefused('input', /not an absolute path/));
  await assert.rejects(spark.addArtifact(folder, { as: 'file' }), isRefused('input', /is no file/));
});

test("the server's own disk takes no file unless the server allows it", async () => {
  const source = join(folder, 'refused.csv');
  writeFileSync(source, 'a,b\n');
  await assert.rejects(spark.copyFromLocalToFs(source, join(folder, 'refused-copy.csv')), SparkError);
  assert.equal(existsSync(join(folder, 'refused-copy.csv')), false);
});

test("a file is copied to the server's file system", async (t) => {
  const own = await openSession();
  const setting = 'spark.sql.artifact.copyFromLocalToFs.allowDestLocal';
  if (!(await own.conf.isModifiable(setting))) return t.skip('a session of Spark 4.3 cannot allow it');
  const [source, destination] = [join(folder, 'source.csv'), join(folder, 'copy.csv')];
  writeFileSync(source, 'a,b\n1,2\n');
  await own.conf.set(setting, 'true');
  await own.copyFromLocalToFs(source, destination);
  assert.equal(readFileSync(destination, 'utf8'), 'a,b\n1,2\n');
});

test('many rows are sent once and serve every plan, also twice in one', async () => {
  const own = await openSession();
  const schema = structType({ id: notNull(integer()), text: notNull(string()) });
  const rows = Array.from({ length: 40_000 }, (_, id) => ({ id, text: `row ${id} ${'x'.repeat(60)}` }));
  const frame = own.createDataFrame(rows, schema);
  assert.equal(await frame.count(), 40_000n);
  assert.equal(await frame.union(frame).count(), 80_000n);
  assert.deepEqual((await frame.filter('id = 39999').collect())[0], rows[39_999]);
  // The session keeps them, for views too.
  await frame.createOrReplaceTempView('many_rows');
  assert.equal(await own.table('many_rows').count(), 40_000n);
});
