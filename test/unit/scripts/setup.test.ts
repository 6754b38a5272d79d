import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { packageRoot } from '../../../config/package-root.js';

/** What is used of a test's context. */
interface TestScope {
  after(action: () => unknown): void;
}

const JDK_17 = 'echo \'openjdk version "17.0.9" 2023-10-17\' >&2';

/** SHA-256 of "jar" and a line feed. */
const JAR_SHA = 'fb8ce05502991565de98e3e21d9ab98151c1cd1715b14a3f7c349cba300cb2b9';
const PINS = `${JAR_SHA}  spark/one.jar\n${JAR_SHA}  kafka/one.jar\n`;

/** What the stand-in for Maven does: it puts one jar where it is told to. */
const MAVEN = `for a in "$@"; do case "$a" in -DoutputDirectory=*) d="\${a#*=}";; esac; done
mkdir -p "$d" && echo jar > "$d/one.jar" && echo mvn >> calls`;

/** A clone with the real set-up and stand-ins for every program that it calls; each writes its name into the file \`calls\`. */
function clone(
  t: TestScope,
  programs: Readonly<Record<string, string>> = {},
): { readonly root: string; readonly env: NodeJS.ProcessEnv } {
  const root = mkdtempSync(join(tmpdir(), 'sluice-setup-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  cpSync(join(packageRoot(), 'scripts'), join(root, 'scripts'), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    'package-lock.json': '{}',
    'tsconfig.json': '{}',
    'spark/pom.xml': '<project/>',
    'spark/jars.sha256': PINS,
    'config/names.ts': 'export {};',
    'cli/command-manifest.ts': 'export {};',
    'proto/generate.mjs': `${note('protocol')} fs.mkdirSync('proto/generated', { recursive: true });
      for (const name of ['messages.ts', 'descriptor.ts']) fs.writeFileSync('proto/generated/' + name, '');`,
    'spark/worker/build.mjs': `${note('worker')} fs.mkdirSync('dist/spark/worker', { recursive: true });
      fs.writeFileSync('dist/spark/worker/sluice-worker.cjs', '');`,
  };
  for (const [name, content] of Object.entries(files)) write(join(root, name), content);
  // The compiler is a package: the stand-in for npm brings it.
  write(
    join(root, 'tsc.mjs'),
    `${note('tsc')} for (const name of ['config', 'cli']) fs.mkdirSync('dist/' + name, { recursive: true });
    fs.writeFileSync('dist/config/names.js', '');
    fs.writeFileSync('dist/cli/command-manifest.js', "require('node:fs').writeFileSync('oclif.manifest.json', '{}')");`,
  );
  const npm =
    'rm -rf node_modules; mkdir -p node_modules/typescript/bin && cp tsc.mjs node_modules/typescript/bin/tsc && echo npm >> calls';
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries({ java: JDK_17, mvn: MAVEN, npm, ...programs })) {
    if (script !== '') writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  for (const name of ['sh', 'mkdir', 'cp', 'rm', 'sleep']) symlinkSync(join('/bin', name), join(bin, name));
  return { root, env: { PATH: bin } };
}

function note(name: string): string {
  return `import fs from 'node:fs'; fs.appendFileSync('calls', '${name}\\n');`;
}

function write(file: string, content: string): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

function setUp(
  root: string,
  env: NodeJS.ProcessEnv,
): { readonly status: number | null; readonly lines: readonly string[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/setup.mjs'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { status, lines: `${stdout}${stderr}`.trim().split('\n') };
}

/** The programs that were called since the last look. */
function calls(root: string): readonly string[] {
  const file = join(root, 'calls');
  if (!existsSync(file)) return [];
  const names = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return names;
}

test('a fresh clone gets everything in order, and a second set-up does nothing', (t) => {
  const { root, env } = clone(t);
  const first = setUp(root, env);
  assert.equal(first.status, 0, first.lines.join('\n'));
  assert.deepEqual(calls(root), ['npm', 'mvn', 'mvn', 'protocol', 'tsc', 'worker']);
  assert.equal(first.lines.length, 6);
  for (const line of first.lines) assert.match(line, /^.{1,70} \d+\.\d s$/);
  const second = setUp(root, env);
  assert.deepEqual([second.status, second.lines.length, calls(root)], [0, 1, []]);
  assert.deepEqual(
    readdirSync(join(root, '.cache')).filter((name) => name.includes('lock')),
    [],
  );
});

test('each step is repeated when what it depends on has changed, and only then', (t) => {
  const { root, env } = clone(t);
  setUp(root, env);
  calls(root);
  const change = (name: string, content: string): readonly string[] => {
    write(join(root, name), content);
    assert.equal(setUp(root, env).status, 0);
    return calls(root);
  };
  assert.deepEqual(change('config/names.ts', 'export const changed = 1;'), ['tsc', 'worker']);
  assert.deepEqual(change('cli/base.ts', 'export {};'), ['tsc']);
  assert.deepEqual(change('spark/pom.xml', '<project></project>'), ['mvn', 'mvn', 'protocol', 'tsc', 'worker']);
  assert.deepEqual(change('package-lock.json', '{ }'), ['npm', 'tsc', 'worker']);
  assert.deepEqual(change('README.md', 'x'), []);
});

test('what is removed comes back', (t) => {
  const { root, env } = clone(t);
  setUp(root, env);
  calls(root);
  for (const [path, expected] of [
    ['node_modules', ['npm']],
    ['.cache/jars/kafka', ['mvn', 'mvn']],
    ['dist', ['tsc', 'worker']],
  ] as const) {
    rmSync(join(root, path), { recursive: true });
    assert.equal(setUp(root, env).status, 0);
    assert.deepEqual(calls(root), expected, path);
  }
});

test('what was compiled from a source that is gone is removed', (t) => {
  const { root, env } = clone(t);
  setUp(root, env);
  write(join(root, 'dist/cli/commands/old.js'), '');
  write(join(root, 'cli/new.ts'), 'export {};');
  setUp(root, env);
  assert.ok(!existsSync(join(root, 'dist/cli/commands/old.js')));
  assert.ok(existsSync(join(root, 'dist/config/names.js')));
});

test('a missing JDK and a missing Maven are told at once, a line each', (t) => {
  const { root, env } = clone(t, { java: '', mvn: '' });
  const { status, lines } = setUp(root, { ...env, JAVA_HOME: '' });
  assert.equal(status, 1);
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? '', /^No java on the PATH: (?:install JDK 17 or 21|run `export JAVA_HOME=)/);
  assert.match(lines[1] ?? '', /^No mvn on the PATH: install Maven/);
  assert.deepEqual(calls(root), []);
});

test('a JDK that Spark does not run on is refused with its version', (t) => {
  const { root, env } = clone(t, { java: 'echo \'java version "1.8.0_392"\' >&2' });
  const { status, lines } = setUp(root, env);
  assert.equal(status, 1);
  assert.match(lines.join('\n'), /^\S+java is Java 1\.8\.0_392, and Spark needs 17 or 21: /);
});

test('JAVA_HOME counts before the PATH, and a wrong one is not passed over', (t) => {
  const { root, env } = clone(t);
  const { status, lines } = setUp(root, { ...env, JAVA_HOME: '/nowhere' });
  assert.equal(status, 1);
  assert.match(lines.join('\n'), /^JAVA_HOME is \/nowhere, where there is no bin\/java/);
});

test('a step that fails shows the end of its output and one line, and is due again', (t) => {
  const { root, env } = clone(t, { npm: 'i=0; while [ $i -lt 50 ]; do echo "line $i"; i=$((i+1)); done; exit 7' });
  const { status, lines } = setUp(root, env);
  assert.equal(status, 1);
  assert.equal(lines.length, 22);
  assert.equal(lines[0], 'Packages by npm … failed');
  assert.equal(lines.at(-2), 'line 49');
  assert.match(lines.at(-1) ?? '', /^Set-up failed: `npm ci.*` ended with exit code 7\. /);
  assert.equal(setUp(root, env).status, 1);
});

test('of two set-ups at once one waits, and the work is done once', async (t) => {
  const { root, env } = clone(t);
  const both = [1, 2].map(() => spawn(process.execPath, ['scripts/setup.mjs'], { cwd: root, env, stdio: 'ignore' }));
  const codes = await Promise.all(both.map(async (child) => (await once(child, 'exit'))[0] as number));
  assert.deepEqual(codes, [0, 0]);
  assert.deepEqual(calls(root), ['npm', 'mvn', 'mvn', 'protocol', 'tsc', 'worker']);
});

test('the lock of a set-up that was killed is void', (t) => {
  const { root, env } = clone(t);
  write(join(root, '.cache', 'setup.lock'), String(2 ** 22 + 1));
  assert.equal(setUp(root, env).status, 0);
});

test('a jar that is not as pinned, not pinned at all, or missing fails the set-up before it is put anywhere', (t) => {
  const other = 'f'.repeat(64);
  for (const [pins, problem] of [
    [PINS.replace(JAR_SHA, other), new RegExp(`^one\\.jar has SHA-256 ${JAR_SHA}, and ${other} is pinned$`)],
    [PINS.replace('spark/one.jar', 'spark/two.jar'), /^one\.jar is not pinned$/],
    [`${PINS}${other}  spark/two.jar\n`, /^two\.jar is pinned and was not resolved$/],
  ] as const) {
    const { root, env } = clone(t);
    write(join(root, 'spark', 'jars.sha256'), pins);
    const { status, lines } = setUp(root, env);
    assert.equal(status, 1);
    assert.ok(
      lines.some((line) => problem.test(line)),
      lines.join('\n'),
    );
    assert.match(lines.at(-1) ?? '', /not those of spark\/jars\.sha256.*--pin-jars/);
    assert.ok(!existsSync(join(root, '.cache', 'jars', 'spark', 'one.jar')));
  }
});

test('--jars fetches the jars and does nothing else: the rest of a package from npm is there', (t) => {
  const { root, env } = clone(t);
  const fetched = spawnSync(process.execPath, ['scripts/setup.mjs', '--jars'], { cwd: root, env, encoding: 'utf8' });
  assert.equal(fetched.status, 0, fetched.stderr);
  assert.deepEqual(calls(root), ['mvn', 'mvn']);
});

test('--pin-jars pins what Maven resolves, and the set-up then takes it', (t) => {
  const { root, env } = clone(t);
  write(join(root, 'spark', 'jars.sha256'), '');
  const pinned = spawnSync(process.execPath, ['scripts/setup.mjs', '--pin-jars'], { cwd: root, env, encoding: 'utf8' });
  assert.equal(pinned.status, 0, pinned.stderr);
  assert.equal(readFileSync(join(root, 'spark', 'jars.sha256'), 'utf8'), PINS);
  assert.equal(setUp(root, env).status, 0);
});
