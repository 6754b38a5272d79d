// The pictures of README and docs: `npm run screenshots`. A system of its own under load, looked at by a Chromium and in a terminal; all of it ends
// with the program. Needs Chromium and `script` (util-linux).
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { packageRoot } from '../../config/package-root.js';
import { openChromium } from '../../test/support/chromium.js';
import { photographTerminal, recordTerminal } from './terminal.js';

/** Long enough for the charts to have something to show, and a little longer than the pictures need. */
const LOAD = { rate: 1_200, warmUpMs: 110_000, durationMs: 300_000 } as const;
const TERMINAL = { columns: 112, rows: 20 } as const;
const PAGES = [
  { file: 'dashboard-light.png', colorScheme: 'light', viewport: { width: 1280, height: 1000 }, fullPage: true },
  { file: 'dashboard-dark.png', colorScheme: 'dark', viewport: { width: 1280, height: 1000 }, fullPage: true },
  { file: 'dashboard-phone.png', colorScheme: 'light', viewport: { width: 390, height: 844 }, fullPage: false },
] as const;

const images = join(packageRoot(), 'docs', 'images');
const sluiceFile = join(packageRoot(), 'cli', 'sluice.js');
const folder = await mkdtemp(join(tmpdir(), 'sluice-screenshots-'));
// The folder is in the pictures.
const env = { ...process.env, SLUICE_STATE: join(folder, '.sluice'), LAKE_PATH: join(folder, 'lake') };
const running: ChildProcess[] = [];

try {
  await sluice('run', '--detach');
  running.push(
    start(
      'produce',
      '--rate',
      `${LOAD.rate}`,
      '--duration',
      `${LOAD.durationMs / 1000}s`,
      '--late-share',
      '0.03',
      '--malformed-share',
      '0.01',
    ),
  );
  const port = await freePort();
  running.push(start('dashboard', '--port', `${port}`));
  const browser = await openChromium();
  try {
    const pages = await Promise.all(PAGES.map((page) => openPage(browser, `http://127.0.0.1:${port}/`, page)));
    await delay(LOAD.warmUpMs);
    await verifiedOnce();
    // One more event brings the verdict.
    await delay(4_000);
    for (const [at, page] of pages.entries()) {
      const { file = '', fullPage = false } = PAGES[at] ?? {};
      await page.screenshot({ path: join(images, file), fullPage });
    }
    const command = ['node', sluiceFile, 'top', '--interval', '2'];
    const shown = await recordTerminal(command, { ...TERMINAL, env, cwd: folder, forMs: 30_000 });
    await photographTerminal(browser, shown, TERMINAL, join(images, 'top.png'));
  } finally {
    await browser.close();
  }
} finally {
  for (const child of running) child.kill('SIGINT');
  await sluice('down');
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** On a busy machine the first batches take their time; until they are in there is nothing to verify. */
async function verifiedOnce(): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sluice('verify');
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await delay(5_000);
    }
  }
}

async function openPage(browser: Browser, url: string, { colorScheme, viewport }: (typeof PAGES)[number]) {
  const context = await browser.newContext({ colorScheme, viewport });
  const page = await context.newPage();
  await untilAnswers(url);
  await page.goto(url);
  return page;
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await delay(100);
    }
  }
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [sluiceFile, ...args], { env, cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

async function sluice(...args: string[]): Promise<void> {
  const child = start(...args);
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${code}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
