// Sends a simulation to Kafka at a given rate or as fast as the broker takes it, and counts what was acknowledged.
import { setTimeout as delay } from 'node:timers/promises';
import { disorder, type SimulatedMessage } from './disorder.js';
import { type KafkaWriter, openKafkaWriter } from './kafka-writer.js';
import { ProduceError } from './produce-error.js';
import { completeProduce, type ProduceOptions, type ProduceSettings } from './settings.js';
import { type ProduceProgress, type ProduceSummary, Tally } from './summary.js';

export interface ProduceHooks {
  /** Stops after the chunk under way; what was sent is in the summary. */
  readonly signal?: AbortSignal;
  /** Called after each chunk, at most `PROGRESS_PER_SECOND` times a second, and once at the end. */
  readonly onProgress?: (progress: ProduceProgress) => void;
}

/** How often a paced producer sends. In transactions less often, because each costs the broker several writes. */
const TICK_MS = 100;
const TRANSACTION_TICK_MS = 500;
/** A chunk that falls into one partition must fit Kafka's default `message.max.bytes` of 1 MiB with its framing. */
const CHUNK_BYTES_MAX = 800_000;
/** Framing of one record (lengths, deltas, key), estimated from above. */
const RECORD_OVERHEAD_BYTES = 64;
const PROGRESS_PER_SECOND = 10;
/** How long after the end of its duration a producer goes on when the broker could not keep up with the rate. */
const OVERTIME_MS_MAX = 1_000;
/** After an abort the chunk under way is waited for, but not for a broker that has gone. */
const ABORT_WAIT_MS_MAX = 5_000;

/**
 * Sends simulated users' events. Every message is written once: the producer is idempotent, and with `transactional` each chunk becomes visible as a whole or
 * not at all to readers with `isolation.level=read_committed`.
 * @throws ProduceError; one that breaks off the sending says how much had been acknowledged.
 */
export async function produce(options: ProduceOptions, hooks: ProduceHooks = {}): Promise<ProduceSummary> {
  const settings = completeProduce(options, Date.now());
  const writer = await unlessAborted(openKafkaWriter(settings), hooks.signal, (late) => late.close());
  if (writer === undefined) return new Sending(settings, hooks).summary(0);

  try {
    return await new Sending(settings, hooks).run(writer);
  } finally {
    await writer.close();
  }
}

class Sending {
  readonly #settings: ProduceSettings;
  readonly #hooks: ProduceHooks;
  readonly #tally = new Tally();
  readonly #source: Iterator<SimulatedMessage>;
  readonly #startedMs = performance.now();
  #taken = 0;
  #isExhausted = false;
  #reportedMs = 0;

  constructor(settings: ProduceSettings, hooks: ProduceHooks) {
    this.#settings = settings;
    this.#hooks = hooks;
    this.#source = disorder(settings.simulation);
  }

  /** While the broker works on one chunk the next one is made; no more than these two exist at a time. */
  async run(writer: KafkaWriter): Promise<ProduceSummary> {
    using giveUp = afterAbort(this.#hooks.signal, ABORT_WAIT_MS_MAX);
    let underWay: Promise<true> = Promise.resolve(true);
    let underWayRows = 0;
    for (;;) {
      const chunk = await this.#nextChunk();
      const isAcknowledged = await unlessAborted(underWay, giveUp.signal, () => undefined);
      if (isAcknowledged === undefined) return this.summary(underWayRows);
      if (chunk.length === 0) break;
      underWayRows = chunk.length;
      underWay = this.#send(writer, chunk);
      // It is awaited in the next turn; until then a failure must not count as unhandled.
      underWay.catch(() => undefined);
    }
    this.#report(true);
    return this.summary(0);
  }

  summary(unacknowledged: number): ProduceSummary {
    return this.#tally.summary({
      topic: this.#settings.topic,
      seed: this.#settings.simulation.seed,
      seconds: this.#elapsedMs() / 1_000,
      aborted: this.#hooks.signal?.aborted === true && this.#tally.sent < this.#settings.simulation.count,
      unacknowledged,
    });
  }

  async #send(writer: KafkaWriter, chunk: readonly SimulatedMessage[]): Promise<true> {
    try {
      await writer.write(chunk);
    } catch (error) {
      if (!(error instanceof ProduceError)) throw error;
      const fate = this.#settings.transactional ? 'were rolled back' : 'may or may not have arrived';
      throw new ProduceError(
        error.kind,
        `${error.message} ${this.#tally.sent} events had been acknowledged; ${chunk.length} more ${fate}.`,
        { cause: error },
      );
    }
    this.#tally.add(chunk);
    this.#report(false);
    return true;
  }

  /** Waits until messages are due and takes them; none when all is sent, time is up or the signal says stop. */
  async #nextChunk(): Promise<SimulatedMessage[]> {
    const { rate, batchRowsMax, durationMs, transactional } = this.#settings;
    const { signal } = this.#hooks;
    const tickMs = transactional ? TRANSACTION_TICK_MS : TICK_MS;
    const tickRows = Math.max(1, Math.min(batchRowsMax, Math.floor((rate * tickMs) / 1_000)));
    for (;;) {
      if (signal?.aborted || this.#isExhausted || this.#elapsedMs() > durationMs + OVERTIME_MS_MAX) return [];
      const elapsedMs = Math.min(this.#elapsedMs(), durationMs);
      if (rate === 0) return elapsedMs < durationMs ? this.#take(batchRowsMax) : [];
      const due = Math.floor((rate * elapsedMs) / 1_000) - this.#taken;
      // The last tick of a duration may be a short one.
      if (due >= tickRows || (due > 0 && elapsedMs === durationMs)) return this.#take(Math.min(due, batchRowsMax));
      if (elapsedMs === durationMs) return [];
      await sleep(Math.min(Math.ceil(((tickRows - due) / rate) * 1_000), durationMs - elapsedMs), signal);
    }
  }

  #take(rowsMax: number): SimulatedMessage[] {
    const chunk: SimulatedMessage[] = [];
    let bytes = 0;
    while (chunk.length < rowsMax && bytes < CHUNK_BYTES_MAX) {
      const next = this.#source.next();
      if (next.done) {
        this.#isExhausted = true;
        break;
      }
      chunk.push(next.value);
      bytes += (next.value.value?.length ?? 0) + next.value.key.length + RECORD_OVERHEAD_BYTES;
    }
    this.#taken += chunk.length;
    return chunk;
  }

  #report(isLast: boolean): void {
    const now = performance.now();
    if (!isLast && now - this.#reportedMs < 1_000 / PROGRESS_PER_SECOND) return;
    this.#reportedMs = now;
    this.#hooks.onProgress?.(this.#tally.progress(this.#elapsedMs() / 1_000, this.#settings.simulation.count));
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }
}

/** What `work` yields, or undefined when the signal comes first; `discard` then gets what it yields later. */
async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  discard: (late: T) => unknown,
): Promise<T | undefined> {
  if (signal === undefined) return await work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted');
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    const first = await Promise.race([work.then((value) => ({ value })), aborted]);
    if (first !== 'aborted') return first.value;
    // It fails or ends unseen: the caller has left.
    work.then(discard).catch(() => undefined);
    return undefined;
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

/** A signal that follows another one after some time. To be disposed of, or its timer keeps the process alive. */
function afterAbort(signal: AbortSignal | undefined, waitMs: number): Disposable & { readonly signal: AbortSignal } {
  const follower = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => follower.abort(), waitMs);
  };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: follower.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(Math.max(1, ms), undefined, signal === undefined ? {} : { signal });
  } catch {
    // The only error is the abort itself, and the loop looks at the signal next.
  }
}
