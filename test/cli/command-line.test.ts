import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../cli/exit-codes.js';
import { packageRoot } from '../../config/package-root.js';
import { sluice, temporaryFolder } from './run-sluice.js';

const COMMANDS = [
  'up',
  'down',
  'run',
  'produce',
  'verify',
  'status',
  'env',
  'reset',
  'demo',
  'chaos',
  'init',
  'publish',
  'table',
  'doctor',
  'sql',
  'logs',
  'open',
  'completion',
  'dlq ls',
  'dlq show',
  'dlq replay',
  'lake ls',
  'queries list',
  'queries show',
  'queries explain',
  'queries stop',
  'queries restart',
];

/** What a wrong use looks like: nothing on stdout, one line on stderr. */
function assertRefused(
  result: { exitCode: number | undefined; stdout: string; stderr: string },
  code: number,
  message: RegExp,
): void {
  assert.match(result.stderr, message);
  assert.deepEqual(
    [result.exitCode, result.stdout, result.stderr.trimEnd().split('\n').length],
    [code, '', 1],
    result.stderr,
  );
}

test('the help names every command, and each command explains itself with examples in 80 plain columns', async (t) => {
  const cwd = temporaryFolder(t);
  const root = await sluice(['--help'], { cwd });
  assert.equal(root.exitCode, 0);
  for (const command of COMMANDS) {
    const words = command.split(' ');
    assert.match(root.stdout, new RegExp(`^  ${words[0]} `, 'm'));
    const help = await sluice([...words, '--help'], { cwd });
    assert.equal(help.exitCode, 0, help.stderr);
    assert.match(help.stdout, /^USAGE\n {2}\$ sluice /m);
    assert.match(help.stdout, /^EXAMPLES$/m);
    assert.ok(!help.stdout.includes('\u001b'), `${command}: escape sequences in a pipe`);
    for (const line of help.stdout.split('\n')) assert.ok(line.length <= 80, `${command}: ${line}`);
    assert.ok(!/default: undefined|\[object/.test(help.stdout));
  }
});

test('help --all has the help of every command, for a pager', async (t) => {
  const { stdout, exitCode } = await sluice(['help', '--all'], { cwd: temporaryFolder(t) });
  assert.equal(exitCode, 0);
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  \\$ sluice ${command}`, 'm'));
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
});

test('help with a command is the same as its --help', async (t) => {
  const cwd = temporaryFolder(t);
  const [help, option] = await Promise.all([sluice(['help', 'reset'], { cwd }), sluice(['reset', '--help'], { cwd })]);
  assert.equal(help.stdout, option.stdout);
  assert.match(help.stdout, /--dry-run/);
});

test('a mistyped command or option is refused with the one that was meant', async (t) => {
  const cwd = temporaryFolder(t);
  assertRefused(
    await sluice(['prodcue'], { cwd }),
    2,
    /There is no command "prodcue"\. Did you mean `sluice produce`\?/,
  );
  assertRefused(
    await sluice(['produce', '--cuont', '3'], { cwd }),
    2,
    /There is no option --cuont; did you mean --count\?/,
  );
  assertRefused(await sluice(['status', 'now'], { cwd }), 2, /Unexpected argument: now/);
});

test('a mistyped topic, and a mistyped word after it, lead to the command that was meant', async (t) => {
  const cwd = temporaryFolder(t);
  const known = sluice(['quereis', 'list'], { cwd });
  assertRefused(await known, 2, /There is no command "quereis"\. Did you mean `sluice queries list`\?/);
  assertRefused(await sluice(['quereis'], { cwd }), 2, /Did you mean `sluice queries`\?/);
  assertRefused(await sluice(['lake', 'qury'], { cwd }), 2, /Did you mean `sluice lake query`\?/);
  assertRefused(await sluice(['open'], { cwd }), 2, /An argument is missing: page \(spark\|dashboard/);
});

test('options that every command has may stand before it', async (t) => {
  const cwd = temporaryFolder(t);
  const { exitCode, stdout } = await sluice(['-q', '--json', 'doctor'], { cwd });
  assert.ok(exitCode === 0 || exitCode === 1);
  assert.ok(Array.isArray(JSON.parse(stdout).checks));
  assertRefused(await sluice(['--env', 'nowhere', 'status'], { cwd }), 2, /--env.*docker/);
  const alone = await sluice(['-v'], { cwd });
  assert.equal(alone.exitCode, 0);
  assert.match(alone.stdout, /^COMMANDS$/m);
});

test('the help says what the exit codes mean', async (t) => {
  const { stdout } = await sluice(['--help'], { cwd: temporaryFolder(t) });
  const text = stdout.replace(/\s+/g, ' ');
  for (const code of Object.values(EXIT)) assert.match(text, new RegExp(`Exit codes: .*\\b${code} \\w`));
});

test('no help shows a default that is none, or a value without saying what it is', async (t) => {
  const { stdout } = await sluice(['help', '--all'], { cwd: temporaryFolder(t) });
  assert.ok(!/\[default: \]/.test(stdout));
});

test('env --unset takes back what env gives, and up says so to a shell that has it', async (t) => {
  const cwd = temporaryFolder(t);
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: 'a:1',
    DATABASE_URL: 'postgresql://sluice:secret@db:5432/sluice',
    SPARK_REMOTE: 'sc://spark:15002',
  };
  const [given, unset] = await Promise.all([sluice(['env'], { cwd, env }), sluice(['env', '--unset'], { cwd })]);
  const left = spawnSync('env', ['-i', 'sh', '-c', `${given.stdout}\n${unset.stdout}\nexport -p`]);
  assert.equal(unset.exitCode, 0);
  for (const name of Object.keys(env)) {
    assert.match(given.stdout, new RegExp(`^export ${name}=`, 'm'));
    assert.ok(!left.stdout.toString().includes(name), left.stdout.toString());
  }
  assertRefused(await sluice(['up'], { cwd, env }), 2, /eval "\$\(sluice env --unset\)"/);
});

test('a detached run that does not start says why, and nothing of runs before, with that run’s exit code', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'state', 'logs'), { recursive: true });
  writeFileSync(join(cwd, 'state', 'logs', 'run.log'), 'sluice: of long ago\n');
  const env = {
    SLUICE_STATE: join(cwd, 'state'),
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
    DATABASE_URL: 'postgresql://x:y@127.0.0.1:1/z',
    SPARK_REMOTE: 'sc://127.0.0.1:1',
  };
  const { exitCode, stderr } = await sluice(['run', '--detach'], { cwd, env });
  assert.equal(exitCode, 3, stderr);
  assert.match(stderr, /^sluice: The pipeline did not start: \S.*127\.0\.0\.1:1/m);
  assert.ok(!stderr.includes('of long ago'), stderr);
});

test('a wrong value is refused by the name of its option', async (t) => {
  const cwd = temporaryFolder(t);
  for (const [args, message] of [
    [['--late-share', '3'], /--late-share must be a share from 0 to 1/],
    [['--duration', '20'], /--duration must be a duration such as 90s/],
    [['--count', '-1'], /--count must be a whole number from 1/],
    [['--rate', 'fast'], /--rate must be a number from 0 on, not "fast"/],
    [['--count'], /--count expects a value/],
    [['--transactional-id', 'x'], /--transactional/],
    [['--rate', '0', '--bootstrap-servers', '127.0.0.1:1'], /rate 0 .* needs a count/],
    [
      ['--count', '5', '--event-time-from', '2999-01-01T00:00:00Z', '--bootstrap-servers', '127.0.0.1:1'],
      /ahead of the clock/,
    ],
    [['--late-share', '60%', '--malformed-share', '60%', '--bootstrap-servers', '127.0.0.1:1'], /more than 1 together/],
  ] as const) {
    assertRefused(await sluice(['produce', ...args], { cwd }), 2, message);
  }
});

test('an .env that cannot be read is refused with file and line, whatever the command', async (t) => {
  const cwd = temporaryFolder(t, '# mine\nTRIGGER_INTERVAL=soon\n');
  for (const command of ['status', 'up', 'run', 'demo', 'produce', 'env']) {
    assertRefused(
      await sluice([command], { cwd }),
      2,
      /TRIGGER_INTERVAL must be a duration .* not "soon" \(\.env, line 2\)/,
    );
  }
});

test('the environment wins over .env', async (t) => {
  const cwd = temporaryFolder(t, 'TRIGGER_INTERVAL=soon\n');
  assertRefused(await sluice(['status'], { cwd, env: { TRIGGER_INTERVAL: '1s' } }), 3, /Nothing is running here/);
});

test('a broker that does not answer is named, soon, with what to do', async (t) => {
  const cwd = temporaryFolder(t);
  const begin = Date.now();
  const result = await sluice(['produce', '--count', '10', '--bootstrap-servers', '127.0.0.1:1'], { cwd });
  assertRefused(result, 3, /Kafka at 127\.0\.0\.1:1 does not answer: .* Start it with `sluice up`/);
  assert.ok(Date.now() - begin < 15_000);
});

test('without services, what needs them says so and exits with 3', async (t) => {
  const cwd = temporaryFolder(t);
  for (const args of [['status'], ['env'], ['verify'], ['produce', '--count', '1'], ['reset', '--sinks', '--yes']]) {
    assertRefused(await sluice(args, { cwd }), 3, /Nothing is running here\. Start it with `sluice up`/);
  }
});

test('status --json says in its document that nothing runs, and exits with 3 all the same', async (t) => {
  const cwd = temporaryFolder(t);
  const { exitCode, stdout, stderr } = await sluice(['status', '--json'], { cwd });
  assert.equal(exitCode, 3);
  const { isRunning, services, queries } = JSON.parse(stdout);
  assert.deepEqual([isRunning, services, queries], [false, [], []]);
  assert.match(stderr, /Nothing is running here/);
});

test('external services that are down are each named by status, which exits with 3', async (t) => {
  const cwd = temporaryFolder(t);
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:1',
    DATABASE_URL: 'postgresql://sluice:secret@127.0.0.1:1/sluice',
    SPARK_REMOTE: 'sc://127.0.0.1:1/;user_id=sluice',
  };
  const result = await sluice(['status'], { cwd, env });
  assert.equal(result.exitCode, 3);
  for (const service of ['Kafka', 'Postgres', 'Spark'])
    assert.match(result.stdout, new RegExp(`^${service} +down `, 'm'));
  assert.ok(!result.stdout.includes('secret'));
  const json = JSON.parse((await sluice(['status', '--json'], { cwd, env })).stdout) as {
    isRunning: boolean;
    services: { isUp: boolean }[];
  };
  assert.deepEqual(
    json.services.map(({ isUp }) => isUp),
    [false, false, false],
  );

  assertRefused(await sluice(['up'], { cwd, env }), 2, /there is nothing to start/);
  const verify = await sluice(['verify', '-q'], { cwd, env });
  assert.equal(verify.exitCode, 3, verify.stderr);
  assert.ok(!/^\s+at /m.test(verify.stderr), verify.stderr);
});

test('env prints what is set for external services, quoted for a shell', async (t) => {
  const cwd = temporaryFolder(t);
  const env = {
    KAFKA_BOOTSTRAP_SERVERS: 'a:1,b:2',
    DATABASE_URL: "postgresql://sluice:o'hara$HOME@db:5432/sluice",
    SPARK_REMOTE: 'sc://spark:15002/;user_id=sluice',
    LAKE_PATH: './my lake',
  };
  const { exitCode, stdout } = await sluice(['env'], { cwd, env });
  assert.equal(exitCode, 0);
  const shell = spawnSync('sh', [
    '-c',
    `${stdout}\nprintf '%s\\n' "$KAFKA_BOOTSTRAP_SERVERS" "$DATABASE_URL" "$SPARK_REMOTE" "$LAKE_PATH"`,
  ]);
  assert.deepEqual(shell.stdout.toString().trim().split('\n'), [
    'a:1,b:2',
    env.DATABASE_URL,
    env.SPARK_REMOTE,
    join(cwd, 'my lake'),
  ]);
  const json = JSON.parse((await sluice(['env', '--json'], { cwd, env })).stdout) as Record<string, string>;
  assert.equal(json.DATABASE_URL, env.DATABASE_URL);
  assert.equal(json.SLUICE_STATE, join(cwd, '.sluice'));
});

test('down with nothing to stop is no error', async (t) => {
  const result = await sluice(['down'], { cwd: temporaryFolder(t) });
  assert.deepEqual([result.exitCode, result.stderr.trim()], [0, 'nothing was running']);
});

test('reset says what it would delete, asks before it does, and deletes only when told to', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'data/lake/event_date=2026-01-31'), { recursive: true });
  writeFileSync(join(cwd, 'data/lake/event_date=2026-01-31/part.parquet'), '');
  assertRefused(await sluice(['reset'], { cwd }), 2, /--sinks or --all/);
  const dry = await sluice(['reset', '--all', '--dry-run'], { cwd });
  assert.equal(dry.exitCode, 0);
  assert.match(dry.stderr, /would delete:\n[\s\S]*one part of the lake/);
  const asked = await sluice(['reset', '--all'], { cwd });
  assert.equal(asked.exitCode, 2);
  assert.match(asked.stderr, /say --yes/);
  assert.match((await sluice(['reset', '--all', '--dry-run'], { cwd })).stderr, /one part of the lake/);
  assert.equal((await sluice(['reset', '--all', '--yes'], { cwd })).exitCode, 0);
  assert.match((await sluice(['reset', '--all', '--dry-run'], { cwd })).stderr, /0 parts of the lake/);
});

test('reset of a pipeline of one’s own takes what is its, and leaves the lake of others', async (t) => {
  const cwd = temporaryFolder(t);
  await sluice(['init', 'my-app'], { cwd });
  const app = join(cwd, 'my-app');
  mkdirSync(join(app, 'node_modules'));
  symlinkSync(packageRoot(), join(app, 'node_modules', 'sluice'));
  const kept = join(app, 'data/lake/event_date=2026-01-31');
  const gone = join(app, 'data/lake/orders/orders/event_date=2026-01-31');
  for (const folder of [kept, gone]) mkdirSync(folder, { recursive: true });
  const { exitCode, stderr } = await sluice(['reset', 'pipeline.ts', '--all', '--yes'], { cwd: app });
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /the checkpoints in \S+\/checkpoints\/orders$/m);
  assert.deepEqual([existsSync(kept), existsSync(gone)], [true, false]);
});

test('an error shows where it comes from with --debug only', async (t) => {
  const cwd = temporaryFolder(t);
  const args = ['produce', '--count', '1', '--bootstrap-servers', '127.0.0.1:1'];
  const debug = await sluice([...args, '--debug'], { cwd });
  assert.match(debug.stderr, /\n\s+at /);
});

test('before anything is built the command says what to run', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'cli'));
  copyFileSync(join(packageRoot(), 'cli/sluice.js'), join(cwd, 'cli/sluice.mjs'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(cwd, 'cli/sluice.mjs'), 'up'], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout, stderr], [1, '', 'sluice is not built yet: run npm run setup\n']);
});
