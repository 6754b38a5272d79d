// The terminal while `sluice top` has it: a screen of its own on which only lines that changed are written, and which is given back whatever happens.
import type { WriteStream } from 'node:tty';

const OPEN = '\u001b[?1049h\u001b[?25l';
const CLOSE = '\u001b[?25h\u001b[?1049l';
const CLEAR = '\u001b[2J';

/** The part of a terminal that is needed here; tests give their own. */
export type Terminal = Pick<WriteStream, 'write'>;

export class Screen implements Disposable {
  readonly #terminal: Terminal;
  #shown: readonly string[] = [];
  #isOpen = false;
  readonly #close = (): void => this.close();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    // Whatever ends the process: nobody wants to type `reset` blindly.
    process.on('exit', this.#close);
    this.open();
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#terminal.write(OPEN);
    this.clear();
  }

  /** The next lines are all written anew: the terminal was resized, or something else has written to it. */
  clear(): void {
    this.#shown = [];
    this.#terminal.write(CLEAR);
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    let out = '';
    for (let row = 0; row < Math.max(lines.length, this.#shown.length); row++) {
      const line = lines[row] ?? '';
      if (line !== this.#shown[row]) out += `\u001b[${row + 1};1H${line}\u001b[K`;
    }
    this.#shown = lines;
    if (out !== '') this.#terminal.write(out);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#terminal.write(CLOSE);
  }

  [Symbol.dispose](): void {
    this.close();
    process.off('exit', this.#close);
  }
}
