/** A Chromium for tests of pages: the machine's own, or the one of Debian's packages. */
import { type Browser, chromium } from 'playwright-core';
import { findProgram, installPackage } from './debian.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** @throws Error saying what to install */
export async function openChromium(): Promise<Browser> {
  let executablePath = findProgram(...NAMES);
  if (executablePath === undefined) {
    installPackage('chromium');
    executablePath = findProgram(...NAMES);
  }
  if (executablePath === undefined)
    throw new Error('There is no Chromium on PATH. On Debian: apt-get install chromium');
  // Root has no user namespaces of its own to put a sandbox into.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args });
}
