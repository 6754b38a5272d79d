/** Takes a snapshot every other second while somebody looks, and hands the last one to whoever asks. */
import { alertsOf, LOOK_BACK_MS, type Seen } from './alerts.js';
import { DashboardDatabase } from './database.js';
import { DeadLetterFeed } from './dead-letters.js';
import type { Facts, PipelineOutline, Snapshot, TableSeries } from './snapshot.js';

/** What the command that runs the pipeline knows anyway: services, queries, the running supervisor. */
export type LiveFacts = Pick<
  Facts,
  'services' | 'queries' | 'runSince' | 'topicRecords' | 'sparkUiUrl' | 'verification'
>;

export interface FeedSources {
  readonly pipeline: PipelineOutline;
  readonly databaseUrl: string;
  readonly bootstrapServers: string;
  /** Never rejects: a service that does not answer is a fact, too. */
  readonly live: () => Promise<LiveFacts>;
}

const INTERVAL_MS = 2_000;
/** Tables may be large, dead letters many: they are read again after so long. */
const SLOW_INTERVAL_MS = 6_000;

export class SnapshotFeed implements AsyncDisposable {
  readonly #sources: FeedSources;
  readonly #database: DashboardDatabase;
  readonly #deadLetters: DeadLetterFeed;
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #stop = new AbortController();
  #seen: Seen[] = [];
  #last: Snapshot | undefined;
  #underWay: Promise<Snapshot> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #slowAtMs = 0;
  /** What was read when it could be; shown as it was while a service is away. */
  #known: Pick<Facts, 'batches' | 'ledger' | 'tables' | 'deadLetters' | 'lateBatches'> = {
    batches: [],
    ledger: [],
    tables: [],
    deadLetters: { byReason: {}, latest: [] },
    lateBatches: [],
  };

  constructor(sources: FeedSources) {
    this.#sources = sources;
    this.#database = new DashboardDatabase(sources.databaseUrl, sources.pipeline.name);
    const topics = sources.pipeline.queries.flatMap(({ sink }) =>
      sink.kind === 'records' ? [sink.deadLetterTopic] : [],
    );
    this.#deadLetters = new DeadLetterFeed([...new Set(topics)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#stop.abort();
    await this.#underWay?.catch(() => undefined);
    await this.#database[Symbol.asyncDispose]();
  }

  /** Calls `listener` with each new snapshot until the returned function is called. */
  listen(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    if (this.#last !== undefined && this.#isFresh(this.#last)) listener(this.#last);
    this.#schedule(0);
    return () => this.#listeners.delete(listener);
  }

  /** One that is not older than the interval. */
  async current(): Promise<Snapshot> {
    return this.#last !== undefined && this.#isFresh(this.#last) ? this.#last : this.#take();
  }

  #isFresh({ at }: Snapshot): boolean {
    return Date.now() - Date.parse(at) < INTERVAL_MS;
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => {
      void this.#take().finally(() => {
        this.#timer = undefined;
        if (this.#listeners.size > 0) this.#schedule(INTERVAL_MS);
      });
    }, ms);
  }

  #take(): Promise<Snapshot> {
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #read(): Promise<Snapshot> {
    const { pipeline, bootstrapServers } = this.#sources;
    const isSlowRound = Date.now() - this.#slowAtMs >= SLOW_INTERVAL_MS;
    if (isSlowRound) this.#slowAtMs = Date.now();
    const [live, batches, ledger, lateBatches, tables, deadLetters] = await Promise.all([
      this.#sources.live(),
      this.#database.batches().catch(() => this.#known.batches),
      this.#database.ledger().catch(() => this.#known.ledger),
      this.#database.lateBatches().catch(() => this.#known.lateBatches),
      isSlowRound ? this.#readTables().catch(() => this.#known.tables) : this.#known.tables,
      isSlowRound
        ? this.#deadLetters.read(bootstrapServers, this.#stop.signal).catch(() => this.#known.deadLetters)
        : this.#known.deadLetters,
    ]);
    this.#known = { batches, ledger, tables, deadLetters, lateBatches };
    const facts: Facts = { pipeline, ...live, ...this.#known };
    const atMs = Date.now();
    this.#seen = [
      ...this.#seen.filter((seen) => atMs - seen.atMs <= LOOK_BACK_MS),
      { atMs, facts: { ...facts, batches: [] } },
    ];
    const snapshot: Snapshot = {
      format: 'sluice.dashboard/1',
      at: new Date(atMs).toISOString(),
      ...facts,
      alerts: alertsOf(this.#seen),
    };
    this.#last = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
    return snapshot;
  }

  async #readTables(): Promise<readonly TableSeries[]> {
    const series: TableSeries[] = [];
    for (const { name, sink } of this.#sources.pipeline.queries) {
      if (sink.kind !== 'table') continue;
      const found = await this.#database.series(name, sink);
      if (found !== undefined) series.push(found);
    }
    return series;
  }
}
