// The steps of the set-up, in order: packages, jars, protocol, build, worker. Each says whether it is due and can be repeated at any time.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { assertPinned, pinJars } from './jar-pins.mjs';
import { CACHE, DIST, JAR_PINS, JARS, NODE_MODULES, POM, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { filesBelow, hashOf, hashOfTree, isStamped, stamp, unstamp } from './stamps.mjs';

/** What `tsconfig.json` includes. */
const SOURCE_FOLDERS = [
  ...['bench', 'chaos', 'cli', 'config', 'examples', 'producer', 'proto', 'spark', 'stack', 'test', 'tools'],
  ...['verify', 'web'],
];
const PROFILES = ['spark', 'kafka'];
const WORKER = join(DIST, 'spark', 'worker', 'sluice-worker.cjs');
const COMMAND_MANIFEST = join(ROOT, 'oclif.manifest.json');
const COMPILER_NOTES = join(CACHE, 'tsconfig.tsbuildinfo');

const packages = {
  name: 'packages',
  title: 'Packages by npm',
  // Inside of what it speaks for: whoever removes node_modules removes the stamp.
  stampFile: join(NODE_MODULES, '.sluice-setup'),
  hash: () =>
    hashOf({
      texts: [process.platform, process.arch],
      files: [join(ROOT, 'package-lock.json')],
    }),
  isThere: () => true,
  async make() {
    const npm = process.env.npm_execpath;
    const isNpm = npm !== undefined && /^npm-cli\.c?js$/.test(basename(npm));
    const [command, first] = isNpm ? [process.execPath, [npm]] : ['npm', []];
    const advice = 'Is the package registry reachable? `npm ci` shows more.';
    await run(command, [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: ROOT, advice });
  },
};

const jars = {
  name: 'jars',
  title: 'Jars of Spark and Kafka by Maven',
  stampFile: join(JARS, 'stamp'),
  hash: () => hashOf({ files: [POM, JAR_PINS] }),
  isThere: () => PROFILES.every((profile) => countJars(join(JARS, profile)) > 0),
  async make() {
    // One after the other: two Mavens at once can damage their common cache.
    for (const profile of PROFILES) await fetchJars(profile, assertPinned);
    return PROFILES.map((profile) => `${countJars(join(JARS, profile))} for ${profile}`).join(' and ');
  },
};

/** Fetches what the pom says now and pins it: after a change of the pom, by hand. */
export async function pinResolvedJars() {
  for (const profile of PROFILES) await fetchJars(profile, () => undefined);
  pinJars(Object.fromEntries(PROFILES.map((profile) => [profile, join(JARS, profile)])));
}

/** Into a folder beside, which then takes the old one's place: jars of an older pom go, and a running JVM keeps the files it has open. */
async function fetchJars(profile, check) {
  const folder = join(JARS, profile);
  const fresh = `${folder}.new`;
  const old = `${folder}.old`;
  for (const path of [fresh, old]) rmSync(path, { recursive: true, force: true });
  mkdirSync(JARS, { recursive: true });
  const args = [
    '-q',
    '-B',
    '-ntp',
    '-f',
    POM,
    '-P',
    profile,
    'dependency:copy-dependencies',
    `-DoutputDirectory=${fresh}`,
    '-DincludeScope=runtime',
  ];
  await run('mvn', args, { cwd: ROOT, advice: 'Is Maven Central, or the mirror of ~/.m2/settings.xml, reachable?' });
  check(profile, fresh);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

function countJars(folder) {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jar')).length : 0;
}

const protocol = {
  name: 'protocol',
  title: 'Protocol out of the Spark Connect jar',
  stampFile: join(CACHE, 'protocol.stamp'),
  hash: () => hashOf({ files: [POM, ...filesBelow(join(ROOT, 'proto'), (name) => name.endsWith('.mjs'))] }),
  isThere: () => ['messages.ts', 'descriptor.ts'].every((name) => existsSync(join(ROOT, 'proto', 'generated', name))),
  async make() {
    await run(process.execPath, [join(ROOT, 'proto', 'generate.mjs')], {
      cwd: ROOT,
      advice: 'Remove proto/generated and try again.',
    });
  },
};

const build = {
  name: 'build',
  title: 'TypeScript',
  stampFile: join(CACHE, 'build.stamp'),
  hash: () =>
    hashOf({
      texts: [hashOfTree(ROOT, SOURCE_FOLDERS, isSource)],
      files: [join(ROOT, 'tsconfig.json'), join(ROOT, 'package-lock.json')],
    }),
  isThere: () => existsSync(DIST) && existsSync(COMMAND_MANIFEST),
  async make() {
    // By its notes the compiler would write nothing into a dist/ that has been removed.
    if (!existsSync(DIST)) rmSync(COMPILER_NOTES, { force: true });
    const compiler = join(NODE_MODULES, 'typescript', 'bin', 'tsc');
    const args = [compiler, '-p', 'tsconfig.json', '--pretty', 'false'];
    await run(process.execPath, args, { cwd: ROOT, advice: 'The sources do not compile.' });
    removeOrphans();
    await run(process.execPath, [join(DIST, 'cli', 'command-manifest.js')], {
      cwd: ROOT,
      advice: 'A command cannot be loaded.',
    });
  },
};

function isSource(name) {
  return name.endsWith('.ts') || name.endsWith('.tsx');
}

/** What was compiled from a source that is gone: a command that has been removed would otherwise live on. */
function removeOrphans() {
  for (const file of filesBelow(DIST, (name) => /\.(?:js|js\.map|d\.ts)$/.test(name))) {
    const source = join(ROOT, file.slice(DIST.length).replace(/\.(?:js|js\.map|d\.ts)$/, '.ts'));
    if (!existsSync(source)) rmSync(file);
  }
}

const worker = {
  name: 'worker',
  title: 'Worker file for Spark',
  stampFile: join(CACHE, 'worker.stamp'),
  hash: () =>
    hashOf({
      texts: [hashOfTree(ROOT, ['spark', 'proto', 'config'], (name) => isSource(name) || name.endsWith('.mjs'))],
      files: [join(ROOT, 'package-lock.json')],
    }),
  isThere: () => existsSync(WORKER),
  async make() {
    await run(process.execPath, [join(ROOT, 'spark', 'worker', 'build.mjs')], {
      cwd: ROOT,
      advice: 'The worker is not built.',
    });
  },
};

/** The steps that are still to be done, in order. */
export function dueSteps() {
  return [packages, jars, protocol, build, worker]
    .filter((step) => !step.isThere() || !isStamped(step.stampFile, step.hash()))
    .map((step) => ({ name: step.name, title: step.title, run: () => runStep(step) }));
}

async function runStep(step) {
  unstamp(step.stampFile);
  // What counts is what the step started from: a file that is saved while it runs makes it due again.
  const hash = step.hash();
  const result = await step.make();
  mkdirSync(CACHE, { recursive: true });
  stamp(step.stampFile, hash);
  return result;
}
