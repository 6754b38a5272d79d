// A program's terminal as a picture: what it writes is recorded in a terminal of its own and shown by xterm.js, as an editor's terminal would.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface RecordOptions extends TerminalSize {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly forMs: number;
}

/** What the program has written after `forMs`; then it is interrupted, and how it clears up is not part of it. */
export function recordTerminal(command: readonly string[], options: RecordOptions): Promise<Buffer> {
  const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const inside = `stty cols ${options.columns} rows ${options.rows}; exec ${quoted}`;
  const { env, cwd, forMs } = options;
  const child = spawn('script', ['--quiet', '--flush', '--command', inside, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color', COLORTERM: 'truecolor' },
    cwd,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  let isOver = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (!isOver) chunks.push(chunk);
  });
  const timer = setTimeout(() => {
    isOver = true;
    child.stdin.write('\u0003');
  }, forMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
  });
}

/** Writes a PNG of the screen as it was at the end of `shown`. */
export async function photographTerminal(
  browser: Browser,
  shown: Buffer,
  { columns, rows }: TerminalSize,
  path: string,
): Promise<void> {
  const root = join(createRequire(import.meta.url).resolve('@xterm/xterm'), '..', '..');
  const context = await browser.newContext({ deviceScaleFactor: 1.5, viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  await page.setContent(
    '<body style="margin:0;background:#16181d"><div id="screen" style="display:inline-block;padding:14px"></div></body>',
  );
  await page.addStyleTag({ path: join(root, 'css', 'xterm.css') });
  await page.addScriptTag({ path: join(root, 'lib', 'xterm.js') });
  const options = {
    cols: columns,
    rows,
    fontSize: 14,
    fontFamily: 'DejaVu Sans Mono, Liberation Mono, monospace',
    cursorBlink: false,
    cursorInactiveStyle: 'none',
    theme: { background: '#16181d', foreground: '#d7dae0' },
  };
  await page.evaluate(`new Promise((resolve) => {
    const terminal = new Terminal(${JSON.stringify(options)});
    terminal.open(document.getElementById('screen'));
    const bytes = Uint8Array.from(atob('${shown.toString('base64')}'), (letter) => letter.charCodeAt(0));
    terminal.write(bytes, () => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  })`);
  await page.locator('#screen').screenshot({ path });
  await context.close();
}
