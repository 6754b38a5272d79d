// The live view: snapshots, keys, the clock and the terminal's size come in, lines go out. Ends with a key or when the signal is aborted.
import { emitKeypressEvents } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ViewOptions } from './figures.js';
import { Screen } from './screen.js';
import type { TopSnapshot } from './snapshot.js';
import { BEGIN, type Key, withKey, withSnapshot } from './state.js';
import { topLines } from './view.js';

/** Ages on the screen grow by the second. */
const CLOCK_MS = 1_000;

export interface WatchOptions extends Pick<ViewOptions, 'style' | 'elsewhere'> {
  /** Never rejects. */
  readonly read: () => Promise<TopSnapshot>;
  readonly intervalMs: number;
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly signal: AbortSignal;
}

export async function watchTop(options: WatchOptions): Promise<void> {
  const { read, intervalMs, input, output, signal } = options;
  const isInteractive = input.isTTY === true;
  const ended = new AbortController();
  let state = BEGIN;
  using screen = new Screen(output);
  const draw = (): void => {
    const { style, elsewhere } = options;
    const width = output.columns || 80;
    screen.draw(
      topLines(state, { style, width, height: output.rows || 24, nowMs: Date.now(), elsewhere, isInteractive }),
    );
  };
  const onResize = (): void => {
    screen.clear();
    draw();
  };
  const onKey = (_: string | undefined, key: Key): void => {
    if (key.ctrl === true && key.name === 'z') suspend();
    else if (key.ctrl === true && key.name === 'l') onResize();
    else {
      const next = withKey(state, key);
      if (next === 'quit') ended.abort();
      else {
        state = next;
        draw();
      }
    }
  };
  /** As a shell expects of Ctrl-Z, which the terminal does not translate while it sends every key. */
  const suspend = (): void => {
    screen.close();
    input.setRawMode(false);
    process.once('SIGCONT', () => {
      input.setRawMode(true);
      screen.open();
      draw();
    });
    process.kill(process.pid, 'SIGTSTP');
  };
  const onAbort = (): void => ended.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) ended.abort();
  output.on('resize', onResize);
  if (isInteractive) {
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', onKey);
    input.resume();
  }
  const clock = setInterval(draw, CLOCK_MS);
  try {
    draw();
    while (!ended.signal.aborted) {
      const startedAt = Date.now();
      const snapshot = await unlessAborted(read(), ended.signal);
      if (snapshot === undefined) break;
      state = withSnapshot(state, snapshot);
      draw();
      const waitMs = Math.max(0, startedAt + intervalMs - Date.now());
      // Aborted: the loop ends.
      await delay(waitMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  } finally {
    clearInterval(clock);
    signal.removeEventListener('abort', onAbort);
    output.off('resize', onResize);
    if (isInteractive) {
      input.off('keypress', onKey);
      input.setRawMode(false);
      input.pause();
    }
  }
}

/** What `work` gives, or undefined as soon as the signal is aborted. `work` never rejects. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const listening = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { signal: listening.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    listening.abort();
  }
}
