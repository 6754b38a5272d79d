// What the machine must bring: Node, a JDK, Maven where jars are still to be fetched, room on the disk. All that is wrong is said at once, a line each.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, statfsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ROOT } from './paths.mjs';
import { SetupError } from './run.mjs';

const NODE_MAJOR_MIN = 20;

/** What Spark 4.2 is tried with. */
const JDK_MAJORS = [17, 21];

/** node_modules, jars, Maven's own copies of them, the build; and something to work with. */
const FREE_BYTES_MIN = 2 * 1024 ** 3;

/** @param due names of the steps that are still to be done. */
export function checkMachine(due) {
  const problems = [
    checkNode(),
    checkJdk(),
    due.includes('jars') ? checkMaven() : undefined,
    due.length > 0 ? checkDisk() : undefined,
  ];
  const lines = problems.filter((problem) => problem !== undefined);
  if (lines.length > 0) throw new SetupError(...lines);
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= NODE_MAJOR_MIN) return undefined;
  return `Node ${process.versions.node} is too old: install Node ${NODE_MAJOR_MIN} or later (https://nodejs.org).`;
}

function checkJdk() {
  const home = process.env.JAVA_HOME;
  const java = home ? join(home, 'bin', executable('java')) : findOnPath('java');
  const install = `install JDK ${JDK_MAJORS.join(' or ')}, for example \`apt-get install openjdk-17-jdk-headless\` or \`brew install openjdk@21\``;
  if (java === undefined) return `No java on the PATH: ${hintOfInstalled() ?? install}.`;
  if (!isExecutable(java)) return `JAVA_HOME is ${home}, where there is no bin/java: set it right, or ${install}.`;
  const version = javaVersion(java);
  if (version === undefined) return `${java} does not tell its version: ${install}.`;
  const major = majorOf(version);
  if (JDK_MAJORS.includes(major)) return undefined;
  return `${java} is Java ${version}, and Spark needs ${JDK_MAJORS.join(' or ')}: ${hintOfInstalled() ?? `${install}, and set JAVA_HOME`}.`;
}

/** From the JDK's own `release` file, which takes no JVM to read; from `java -version` where there is none (a launcher of macOS, a wrapper). */
function javaVersion(java) {
  const release = join(dirname(dirname(realpathSync(java))), 'release');
  const fromFile = existsSync(release)
    ? /^JAVA_VERSION="([^"]+)"/m.exec(readFileSync(release, 'utf8'))?.[1]
    : undefined;
  if (fromFile !== undefined) return fromFile;
  const { stderr, stdout } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  return /version "([^"]+)"/.exec(`${stderr}${stdout}`)?.[1];
}

/** 17 of `17.0.15`, 8 of `1.8.0_392`. */
function majorOf(version) {
  return Number(version.replace(/^1\./, '').split(/[.\-_+]/)[0]);
}

/** Where a JDK that would do lies, if one does in the usual places of Linux and macOS. */
function hintOfInstalled() {
  const places = [
    ['/usr/lib/jvm', ''],
    ['/Library/Java/JavaVirtualMachines', 'Contents/Home'],
  ];
  for (const [folder, inside] of places) {
    for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
      const home = join(folder, name, inside);
      const java = join(home, 'bin', 'java');
      if (isExecutable(java) && JDK_MAJORS.includes(majorOf(javaVersion(java) ?? '')))
        return `run \`export JAVA_HOME=${home}\``;
    }
  }
  return undefined;
}

function checkMaven() {
  if (findOnPath('mvn') !== undefined) return undefined;
  return 'No mvn on the PATH: install Maven, for example `apt-get install maven` or `brew install maven`. It fetches the jars.';
}

function checkDisk() {
  const { bavail, bsize } = statfsSync(ROOT);
  const free = bavail * bsize;
  if (free >= FREE_BYTES_MIN) return undefined;
  const gib = (bytes) => (bytes / 1024 ** 3).toFixed(1);
  return `Only ${gib(free)} GiB are free where ${ROOT} lies: the set-up needs ${gib(FREE_BYTES_MIN)}. Make room.`;
}

function findOnPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find(isExecutable);
}

function executable(name) {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
