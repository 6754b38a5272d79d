/** Spark's jars of one release. Maven has them too, each for itself; PyPI has them in one package, the connectors (Kafka) left out. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../config/package-root.js';
import type { SparkRelease } from './versions.js';

const run = promisify(execFile);

const FETCH_MS_MAX = 1_200_000;

/** A folder that holds the release's jars, fetched when first wanted: 430 MB, kept below `.cache/compat`. @throws Error if pip or tar fails. */
export async function sparkJars(release: SparkRelease, report: (line: string) => void): Promise<string> {
  const cache = join(packageRoot(), '.cache', 'compat');
  const jars = join(cache, release.version);
  if (existsSync(jars)) return jars;
  report(`fetching the jars of Spark ${release.version}`);
  // Beside, then moved as a whole: a run that is broken off leaves nothing that looks complete.
  const fresh = `${jars}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    const archive = await fetchPackage(release, fresh);
    const name = `pyspark-${release.version}`;
    await run('tar', ['-xzf', archive, '-C', fresh, `${name}/deps/jars`], { timeout: FETCH_MS_MAX });
    const unpacked = join(fresh, name, 'deps', 'jars');
    // The Connect client for Scala's shell, with copies of classes that the server has too.
    await rm(join(unpacked, 'connect-repl'), { recursive: true, force: true });
    if (!(await readdir(unpacked)).includes(`spark-connect_2.13-${release.version}.jar`))
      throw new Error(`PySpark ${release.version} brings no Spark Connect server`);
    await rename(unpacked, jars);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return jars;
}

/** Asks pip for the package as it is published; nothing is installed. */
async function fetchPackage({ version, sha256 }: SparkRelease, folder: string): Promise<string> {
  const list = join(folder, 'requirements.txt');
  await writeFile(list, `pyspark==${version} --hash=sha256:${sha256}\n`);
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--no-binary', 'pyspark', '--require-hashes'];
  await run('python3', [...args, '--dest', folder, '-r', list], { timeout: FETCH_MS_MAX });
  return join(folder, `pyspark-${version}.tar.gz`);
}
