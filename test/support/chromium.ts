/** A Chromium for tests of pages: the machine's own, or, where this process may, the one of Debian's packages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** @throws Error saying what to install */
export async function openChromium(): Promise<Browser> {
  const executablePath = find() ?? install();
  // Root has no user namespaces of its own to put a sandbox into.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}

function find(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

function install(): string {
  if (process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]): number | null => spawnSync('apt-get', args, { env, stdio: 'ignore' }).status;
    const wanted = ['install', '-y', '--no-install-recommends', 'chromium'];
    if (apt(...wanted) !== 0 && apt('update') === 0) apt(...wanted);
  }
  const found = find();
  if (found === undefined) throw new Error('There is no Chromium on PATH. On Debian: apt-get install chromium');
  return found;
}
