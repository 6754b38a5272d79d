// What happens to a session's streaming queries, as it happens: one stream of events from the server, shared by all who listen in this process.
// Spark sends each event as JSON; here it gets a type.
import { inspect } from 'node:util';
import type { ExecutePlanResponseOutput } from '../../proto/messages.js';
import { SparkError } from './errors/spark-error.js';
import type { Command } from './plan/command.js';
import { abortable, onAbort } from './rpc/await.js';
import { runCommand } from './rpc/command-result.js';
import type { Connection } from './rpc/connection.js';
import { type QueryId, queryId, type RunId, runId } from './types/ids.js';
import { type TimestampMicros, timestampMicros } from './types/time.js';
import { decodeProgress, type StreamingQueryProgress } from './write/progress.js';

/**
 * Mirrors the events of Spark's `StreamingQueryListener`. `started` is told when the writer's `start()` has answered, and only of queries that this
 * session object started; the others come from the server, of all queries of the session.
 */
export type StreamingQueryEvent =
  | {
      readonly kind: 'started';
      readonly id: QueryId;
      readonly runId: RunId;
      readonly name: string | undefined;
      readonly at: TimestampMicros;
    }
  | { readonly kind: 'progress'; readonly progress: StreamingQueryProgress }
  /** No new data since the last event of this query. */
  | { readonly kind: 'idle'; readonly id: QueryId; readonly runId: RunId; readonly at: TimestampMicros }
  | {
      readonly kind: 'terminated';
      readonly id: QueryId;
      readonly runId: RunId;
      /** Undefined when the query was stopped, or came to its end. */
      readonly failure: { readonly message: string; readonly errorClass: string | undefined } | undefined;
    };

type EventOf<Kind extends StreamingQueryEvent['kind']> = Extract<StreamingQueryEvent, { readonly kind: Kind }>;

/**
 * Called with one event after the other; a promise that a callback answers is not waited for. What it throws, or its promise rejects with, becomes a
 * warning of the process: watching must not stop a query.
 */
export interface StreamingQueryListener {
  readonly onQueryStarted?: (event: EventOf<'started'>) => unknown;
  readonly onQueryProgress?: (event: EventOf<'progress'>) => unknown;
  readonly onQueryIdle?: (event: EventOf<'idle'>) => unknown;
  readonly onQueryTerminated?: (event: EventOf<'terminated'>) => unknown;
  /** The server's events have ended for good: the session is gone, or the server is. The listener hears nothing more. */
  readonly onError?: (error: SparkError) => unknown;
}

/** A server confirms at once; one that has a listener for the session already (4.2) says nothing, for ever. */
const CONFIRM_MS_MAX = 10_000;

/** One who listens, whatever it does with what it hears. */
interface Hearer {
  hear(event: StreamingQueryEvent): void;
  fail(error: SparkError): void;
}

interface Feed {
  readonly opened: Promise<void>;
  readonly ended: Promise<void>;
}

/** The events of one session. The server is asked for them while somebody listens. */
export class QueryEvents {
  readonly #connection: Connection;
  readonly #hearers = new Set<Hearer>();
  readonly #listeners = new Map<StreamingQueryListener, Hearer>();
  #feed: Feed | undefined;
  /** Opening and closing, one after the other: the server knows one listener per session. */
  #turn: Promise<void> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.queryStarted.add((json) => this.#tell(decodeStarted(json)));
  }

  get listeners(): readonly StreamingQueryListener[] {
    return [...this.#listeners.keys()];
  }

  async add(listener: StreamingQueryListener, signal?: AbortSignal): Promise<void> {
    if (this.#listeners.has(listener)) return;
    const hearer = hearerOf(listener);
    this.#listeners.set(listener, hearer);
    try {
      await this.#join(hearer, signal);
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
  }

  async remove(listener: StreamingQueryListener, signal?: AbortSignal): Promise<void> {
    const hearer = this.#listeners.get(listener);
    this.#listeners.delete(listener);
    if (hearer !== undefined) await abortable(this.#leave(hearer), signal, 'Waiting for the last event');
  }

  /** Listening begins with the first `next`; leaving the loop ends it. */
  async *iterate(signal?: AbortSignal): AsyncGenerator<StreamingQueryEvent, void, void> {
    const heard: StreamingQueryEvent[] = [];
    let failure: SparkError | undefined;
    let wake = (): void => {};
    const hearer: Hearer = {
      hear: (event) => {
        heard.push(event);
        wake();
      },
      fail: (error) => {
        failure = error;
        wake();
      },
    };
    const stop = (): void => wake();
    await this.#join(hearer, signal);
    const forget = onAbort(signal, stop);
    try {
      while (signal?.aborted !== true) {
        const event = heard.shift();
        if (event !== undefined) yield event;
        else if (failure !== undefined) throw failure;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      forget();
      // How leaving goes interests nobody any more, least of all who leaves by an error of their own; and a server that is away may take minutes.
      const left = this.#leave(hearer).catch(() => undefined);
      if (signal?.aborted !== true) await left;
    }
  }

  /** @throws SparkError of kind `cancelled` if the signal is aborted first. */
  async #join(hearer: Hearer, signal: AbortSignal | undefined): Promise<void> {
    const joined = this.#inTurn(async () => {
      this.#hearers.add(hearer);
      try {
        this.#feed ??= this.#open();
        await this.#feed.opened;
      } catch (error) {
        this.#hearers.delete(hearer);
        throw error;
      }
    });
    try {
      await abortable(joined, signal, 'Listening to streaming queries');
    } catch (error) {
      // Who gave up waiting leaves as soon as it has come in. Whether that can be told to the server interests nobody any more.
      if (signal?.aborted) joined.then(() => this.#leave(hearer)).catch(() => undefined);
      throw error;
    }
  }

  async #leave(hearer: Hearer): Promise<void> {
    await this.#inTurn(async () => {
      this.#hearers.delete(hearer);
      const feed = this.#feed;
      if (this.#hearers.size > 0 || feed === undefined) return;
      await runCommand(this.#connection, { kind: 'listenerBus', action: 'remove' });
      await feed.ended;
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    // Who comes next does not care how this went.
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #open(): Feed {
    const command: Command = { kind: 'listenerBus', action: 'add' };
    let onAdded = (): void => {};
    let onRefused: (error: SparkError) => void = () => {};
    const opened = new Promise<void>((resolve, reject) => {
      onAdded = resolve;
      onRefused = reject;
    });
    const given = new AbortController();
    const deadline = setTimeout(() => given.abort(), CONFIRM_MS_MAX);
    const end = (failure: SparkError): void => {
      clearTimeout(deadline);
      this.#feed = undefined;
      onRefused(failure);
      this.#failAll(failure);
    };
    const added = (): void => {
      clearTimeout(deadline);
      onAdded();
    };
    const ended = this.#read(command, added, given.signal).then(
      // In order when nobody is left to listen, and then nobody hears of this.
      () => end(new SparkError('The server has ended the events of this session.', { kind: 'sessionLost' })),
      (error: unknown) => end(given.signal.aborted ? notConfirmed() : asSparkError(error)),
    );
    return { opened, ended };
  }

  /** Ends when the server has removed the listener, or has not taken it. */
  async #read(command: Command, onAdded: () => void, signal: AbortSignal): Promise<void> {
    for await (const event of this.#connection.execute({ kind: 'command', command }, { signal })) {
      if (event.kind !== 'response') continue;
      const result = event.response.streamingQueryListenerEventsResult;
      if (result?.listenerBusListenerAdded === true) onAdded();
      for (const each of result?.events ?? []) this.#tell(decodeEvent(each));
    }
  }

  #tell(event: StreamingQueryEvent | undefined): void {
    if (event !== undefined) for (const hearer of [...this.#hearers]) hearer.hear(event);
  }

  #failAll(error: SparkError): void {
    const hearers = [...this.#hearers];
    this.#hearers.clear();
    this.#listeners.clear();
    for (const hearer of hearers) hearer.fail(error);
  }
}

function notConfirmed(): SparkError {
  return new SparkError(
    `The server has not begun to send events within ${CONFIRM_MS_MAX / 1_000} s: another client of this session listens, and it knows one at a time.`,
    { kind: 'input' },
  );
}

function asSparkError(error: unknown): SparkError {
  return error instanceof SparkError ? error : new SparkError(String(error), { kind: 'protocol', cause: error });
}

function hearerOf(listener: StreamingQueryListener): Hearer {
  const call = async (work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const what = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
      process.emitWarning(`A listener of streaming queries has failed: ${what}`);
    }
  };
  return {
    hear(event) {
      void call(() => {
        switch (event.kind) {
          case 'started':
            return listener.onQueryStarted?.(event);
          case 'progress':
            return listener.onQueryProgress?.(event);
          case 'idle':
            return listener.onQueryIdle?.(event);
          case 'terminated':
            return listener.onQueryTerminated?.(event);
        }
      });
    },
    fail: (error) => void call(() => listener.onError?.(error)),
  };
}

type ServerEvent = NonNullable<ExecutePlanResponseOutput['streamingQueryListenerEventsResult']>['events'][number];

/** Undefined for kinds of event that later servers may send. */
function decodeEvent({ eventJson, eventType }: ServerEvent): StreamingQueryEvent | undefined {
  switch (eventType) {
    case 'QUERY_PROGRESS_EVENT':
      return { kind: 'progress', progress: decodeProgress(progressJson(eventJson)) };
    case 'QUERY_IDLE_EVENT': {
      const event = parse(eventJson);
      return { kind: 'idle', ...runOf(event), at: instantOf(event) };
    }
    case 'QUERY_TERMINATED_EVENT': {
      const event = parse(eventJson);
      const { exception, errorClassOnException: errorClass } = event;
      const failure =
        typeof exception === 'string'
          ? { message: exception, errorClass: typeof errorClass === 'string' ? errorClass : undefined }
          : undefined;
      return { kind: 'terminated', ...runOf(event), failure };
    }
    default:
      return undefined;
  }
}

function decodeStarted(json: string): StreamingQueryEvent {
  const event = parse(json);
  const name = typeof event.name === 'string' ? event.name : undefined;
  return { kind: 'started', ...runOf(event), name, at: instantOf(event) };
}

/** The event wraps the progress. */
function progressJson(eventJson: string): string {
  return JSON.stringify(parse(eventJson).progress ?? null);
}

function parse(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new SparkError('An event of a streaming query is not JSON.', { kind: 'protocol', cause });
  }
  throw new SparkError('An event of a streaming query is no JSON object.', { kind: 'protocol' });
}

function runOf({ id, runId: run }: Readonly<Record<string, unknown>>): { id: QueryId; runId: RunId } {
  return { id: queryId(String(id)), runId: runId(String(run)) };
}

function instantOf({ timestamp }: Readonly<Record<string, unknown>>): TimestampMicros {
  const ms = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return timestampMicros(Number.isNaN(ms) ? 0n : BigInt(ms) * 1000n);
}
