/** Programs that tests need and that may be missing: the machine's own, or, where this process may, Debian's package of it. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of the first of these programs that there is. */
export function findProgram(...names: readonly string[]): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

/** As root, by apt; anywhere else nothing happens. */
export function installPackage(name: string): void {
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): number | null => spawnSync('apt-get', args, { env, stdio: 'ignore' }).status;
  const wanted = ['install', '-y', '--no-install-recommends', name];
  if (apt(...wanted) !== 0 && apt('update') === 0) apt(...wanted);
}
