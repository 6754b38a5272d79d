// What a command says while it works: on stderr, so that stdout holds nothing but data. On a terminal one line at the bottom is redrawn;
// anywhere else the same becomes plain lines, few enough to be read in a log.
import { type ColourStream, type Style, styleFor } from './style.js';
import { fitted, truncate, widthOf } from './text.js';

/** The part of a stream that is needed here; tests give their own. */
export interface TalkStream extends ColourStream {
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TalkOptions {
  /** Only errors are said. */
  readonly isQuiet?: boolean;
  readonly now?: () => number;
}

const CLEAR_LINE = '\r\u001b[2K';
/** Without a terminal, progress is said this often. */
const PLAIN_INTERVAL_MS = 10_000;
/** A terminal is redrawn at most this often. */
const REDRAW_INTERVAL_MS = 80;
const BAR_WIDTH = 16;

export class Talk {
  readonly style: Style;
  /** Whether the bottom line can be redrawn. */
  readonly isLive: boolean;
  readonly #stream: TalkStream;
  readonly #isQuiet: boolean;
  readonly #now: () => number;
  #shown = '';
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(stream: TalkStream, options: TalkOptions = {}) {
    this.#stream = stream;
    this.#isQuiet = options.isQuiet ?? false;
    this.#now = options.now ?? Date.now;
    this.style = styleFor(stream);
    // A terminal that has or wants no colours may not understand the rest either.
    this.isLive = this.style.isColoured;
  }

  /** A line that stays. */
  line(text: string): void {
    if (this.#isQuiet) return;
    const shown = this.#shown;
    this.#erase();
    this.#stream.write(`${fitted(text, this.#stream)}\n`);
    if (shown !== '') this.#draw(shown);
  }

  /** What is going on now: takes the place of what was going on before. Plain text. */
  progress(text: string): void {
    if (this.#isQuiet) return;
    const now = this.#now();
    if (!this.isLive) {
      if (now - this.#saidAt < PLAIN_INTERVAL_MS) return;
      this.#saidAt = now;
      this.#stream.write(`${text}\n`);
      return;
    }
    if (now - this.#saidAt < REDRAW_INTERVAL_MS) return;
    this.#saidAt = now;
    this.#draw(text);
  }

  /** Progress towards a known end, with a bar on a terminal. */
  bar(done: number, total: number, text: string): void {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
    const filled = Math.round(share * BAR_WIDTH);
    const bar = this.isLive ? `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ` : '';
    this.progress(`${bar}${percent}  ${text}`);
  }

  /** Ends a run of progress: its line goes away, and the next progress is said at once. */
  endProgress(): void {
    this.#erase();
    this.#saidAt = Number.NEGATIVE_INFINITY;
  }

  #draw(text: string): void {
    // One column is left free: a terminal may wrap when the last one is written.
    const room = (this.#stream.columns || 80) - 1;
    this.#shown = widthOf(text) > room ? truncate(text, room) : text;
    this.#stream.write(CLEAR_LINE + this.#shown);
  }

  #erase(): void {
    if (this.#shown === '') return;
    this.#stream.write(CLEAR_LINE);
    this.#shown = '';
  }
}
