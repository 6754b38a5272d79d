/** A world for a supervision: its clock jumps instead of waiting, its queries do what a script says, one moment per look. */
import type { StreamingQuery } from '../../../../spark/connect/index.js';
import { decodeProgress } from '../../../../spark/connect/write/progress.js';
import type { Pipeline } from '../../../../spark/pipeline/index.js';
import type { BatchRecord } from '../../../../spark/supervisor/batch-record.js';
import type { SupervisorEvent, SupervisorOptions } from '../../../../spark/supervisor/index.js';
import type { Runtime, Session, SparkAddress } from '../../../../spark/supervisor/runtime.js';

/** What a look at a running query finds: a batch finished, an error that ended it, or an error of the call itself. */
export type Moment =
  | { readonly batch: number; readonly isTriggerActive?: boolean }
  | { readonly fails: Error }
  | { readonly throws: Error };

/** One run of a query after the other; the last moment of a run stays. */
export type Script = readonly (readonly Moment[])[];

/** A supervision that has not ended after so long has gone astray. */
const TIME_MS_MAX = 24 * 3_600_000;

export class FakeRuntime implements Runtime<Session> {
  time = 0;
  /** What was done, in order. */
  readonly log: string[] = [];
  readonly events: SupervisorEvent[] = [];
  readonly written: BatchRecord[] = [];
  readonly #scripts: Readonly<Record<string, Script>>;
  readonly #runs = new Map<string, number>();
  readonly #abort = new AbortController();
  #sessions = 0;
  /** Called before each wait; may change the world. */
  onWait: (time: number) => void = () => undefined;
  outage: string | undefined;
  startError: Error | undefined;
  connectError: Error | undefined;
  writeError: Error | undefined;
  /** Thrown by the next start of a query. */
  planError: Error | undefined;

  constructor(scripts: Readonly<Record<string, Script>>) {
    this.#scripts = scripts;
  }

  options(more: Partial<SupervisorOptions> = {}): SupervisorOptions {
    const pipeline = {
      name: 'p',
      version: 1,
      source: { kind: 'kafka', topic: 't' },
      queries: Object.keys(this.#scripts).map((name) => ({ name })),
    } as unknown as Pipeline;
    return {
      pipeline,
      endpoints: { sparkRemote: 'sc://first' } as SupervisorOptions['endpoints'],
      topics: {} as SupervisorOptions['topics'],
      settings: {} as SupervisorOptions['settings'],
      signal: this.#abort.signal,
      onEvent: (event) => {
        if (event.kind !== 'progress') this.events.push(event);
      },
      ...more,
    };
  }

  stop(): void {
    this.#abort.abort();
  }

  /** The waits before restarts that the events announce, in milliseconds. */
  waits(query: string): number[] {
    return this.events.flatMap((event) =>
      event.kind === 'query-failed' && event.query === query ? [event.restartInMs] : [],
    );
  }

  async assertCanStart(): Promise<void> {
    if (this.startError !== undefined) throw this.startError;
  }

  async connect({ sparkRemote }: SparkAddress): Promise<Session> {
    if (this.connectError !== undefined) throw this.connectError;
    this.log.push(`connect ${sparkRemote}`);
    return { sessionId: `s${++this.#sessions}`, version: '4.2.0', close: () => this.log.push('close') } as never;
  }

  async assertCanStartOn(): Promise<void> {
    this.log.push('check');
  }

  async takeOver(): Promise<bigint> {
    return BigInt(this.#sessions);
  }

  async startQuery(
    _session: Session,
    _options: SupervisorOptions,
    { name }: { readonly name: string },
    epoch: bigint,
  ): Promise<StreamingQuery> {
    this.log.push(`start ${name} @${epoch}`);
    const error = this.planError;
    this.planError = undefined;
    if (error !== undefined) throw error;
    const run = this.#runs.get(name) ?? 0;
    this.#runs.set(name, run + 1);
    const script = this.#scripts[name] ?? [];
    return this.#query(name, run, script[Math.min(run, script.length - 1)] ?? []);
  }

  async findOutage(): Promise<string | undefined> {
    return this.outage;
  }

  async writeBatches(_options: SupervisorOptions, records: readonly BatchRecord[]): Promise<void> {
    if (this.writeError !== undefined) throw this.writeError;
    this.written.push(...records);
  }

  now(): number {
    return this.time;
  }

  async sleep(ms: number): Promise<void> {
    this.time += ms;
    if (this.time > TIME_MS_MAX) throw new Error('the supervision does not end');
    this.onWait(this.time);
  }

  #query(name: string, run: number, moments: readonly Moment[]): StreamingQuery {
    let at = -1;
    const moment = (): Moment | undefined => moments[at];
    const runId = `00000000-0000-4000-8000-${String(run).padStart(12, '0')}`;
    const progressOf = (batchId: number) =>
      decodeProgress(
        JSON.stringify({
          id: '11111111-1111-4111-8111-111111111111',
          runId,
          name,
          timestamp: '2026-03-01T12:00:00.000Z',
          batchId,
          batchDuration: 250,
          stateOperators: [{ operatorName: 'o', numRowsTotal: 3, memoryUsedBytes: 9, numRowsDroppedByWatermark: 2 }],
          sources: [{ description: 's', numInputRows: 7 }],
          sink: { description: 's', numOutputRows: -1 },
        }),
      );
    const batch = (): number | undefined => {
      const now = moment();
      return now !== undefined && 'batch' in now ? now.batch : undefined;
    };
    const query = {
      id: '11111111-1111-4111-8111-111111111111',
      runId,
      exception: async () => {
        const now = moment();
        return now !== undefined && 'fails' in now ? now.fails : undefined;
      },
      // Whoever looks asks for the status: each look finds the next moment.
      status: async () => {
        at = Math.min(at + 1, moments.length - 1);
        const now = moment();
        if (now !== undefined && 'throws' in now) throw now.throws;
        const isTriggerActive = now !== undefined && 'batch' in now && now.isTriggerActive === true;
        return {
          message: 'm',
          isTriggerActive,
          isDataAvailable: false,
          isActive: now === undefined || !('fails' in now),
        };
      },
      lastProgress: async () => {
        const batchId = batch();
        return batchId === undefined ? undefined : progressOf(batchId);
      },
      recentProgress: async () => {
        const batchId = batch();
        return batchId === undefined ? [] : Array.from({ length: batchId + 1 }, (_, i) => progressOf(i));
      },
      stop: async () => {
        this.log.push(`stop ${name}`);
      },
    };
    return query as unknown as StreamingQuery;
  }
}
