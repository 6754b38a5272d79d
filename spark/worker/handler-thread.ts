/**
 * The thread in which a handler runs, from the main thread's side. A thread of its own, because handlers are other people's code: one that
 * computes without pause, runs out of memory or calls `process.exit` must not keep the main thread from hearing and answering Spark.
 */
import { Worker } from 'node:worker_threads';
import type { Batch } from './batch-host.js';
import { onCrash } from './thread-crash.js';
import type { FromThread, ThreadTask, ToThread } from './thread-messages.js';

/** How a batch ended: undefined if well, else the failure's text. */
type Outcome = string | undefined;

export class HandlerThread {
  readonly #thread: Worker;
  #crash: string | undefined;
  #isBusy = false;
  #deliver: ((message: FromThread) => void) | undefined;

  /** @param file this program; in a thread it becomes the other side, see inside-thread.ts. */
  constructor(file: string, task: ThreadTask) {
    this.#thread = new Worker(file, { workerData: task });
    this.#thread.on('message', (message: FromThread) => this.#receive(message));
    onCrash(
      this.#thread,
      'The handler',
      'Let Spark do more of the work, read batches in parts, or raise the limit for the driver by NODE_OPTIONS=--max-old-space-size=<MB>.',
      (text) => this.#receive({ kind: 'crashed', text }),
    );
  }

  /** Resolves when the handler can take batches. @throws Error with the failure's text. */
  async ready(): Promise<{ readonly hasSessionPerBatch: boolean }> {
    const message = await this.#next();
    if (message.kind === 'ready') return message;
    throw new Error('text' in message ? message.text : `unexpected "${message.kind}" of the handler's thread`);
  }

  /** Whether a batch is with the handler. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** One at a time. */
  async run(batch: Batch): Promise<Outcome> {
    this.#isBusy = true;
    const answer = this.#next();
    this.#post({ kind: 'batch', batch });
    const message = await answer;
    this.#isBusy = false;
    return 'text' in message ? message.text : undefined;
  }

  /** Tells the handler that its query has ended. */
  end(reason: string): void {
    this.#post({ kind: 'end', reason });
  }

  #post(message: ToThread): void {
    this.#thread.postMessage(message);
  }

  /** The next message; if the thread has crashed, why, from then on. */
  #next(): Promise<FromThread> {
    if (this.#crash !== undefined) return Promise.resolve({ kind: 'crashed', text: this.#crash });
    return new Promise((resolve) => {
      this.#deliver = resolve;
    });
  }

  #receive(message: FromThread): void {
    // The first reason is the true one: an error is followed by the thread's exit.
    if (message.kind === 'crashed') {
      if (this.#crash !== undefined) return;
      this.#crash = message.text;
    }
    this.#deliver?.(message);
    this.#deliver = undefined;
  }
}
