/** What the topic of a simulated run holds, by micro-batch: events and dead records, rows of a table, poison among both. Fixed by the seed. */
import { toOutgoingRecord } from '../../spark/sinks/outgoing-record.js';
import type { EventRows, KeptRows, OutgoingRecord, UpsertRows } from '../../spark/sinks/ports.js';
import { type StagingMemory, type StagingWays, stageRows } from '../../spark/sinks/stage-rows.js';
import { TOO_LARGE } from './fake-kafka.js';
import type { LakeRow } from './fake-lake.js';
import type { FakeStaged, TableRow } from './fake-postgres.js';
import type { Process, Random } from './scheduler.js';
import type { World } from './world.js';

export interface Event {
  readonly offset: bigint;
  readonly day: string;
  /** Null: valid. */
  readonly reason: string | null;
  /** Kafka refuses it. */
  readonly isPoison: boolean;
}

export interface SourceBatch {
  readonly events: readonly Event[];
  readonly rows: readonly TableRow[];
}

const KEYS = ['a', 'b', 'c', 'd'];
export const POISON_ROWS_MAX = 1;
/** A batch of the table has up to four rows: some are too many for the worker. */
const COPY_ROWS_MAX = 2;
const TOPICS = { sourceTopic: 'activity', enrichedTopic: 'enriched', deadLetterTopic: 'dead' };

export function createBatches(random: Random, count: number): SourceBatch[] {
  let offset = 0n;
  return Array.from({ length: count }, (_, batch) => {
    const hasPoison = random.chance(0.1);
    const events = Array.from({ length: random.below(4) }, (__, index) => ({
      offset: offset++,
      day: random.chance(0.3) ? 'yesterday' : 'today',
      reason: random.chance(0.3) ? 'not_a_json_object' : null,
      isPoison: hasPoison && index === 0,
    }));
    const hasPoisonRow = random.chance(0.1);
    const rows = KEYS.filter(() => random.chance(0.5)).map((key, index) =>
      hasPoisonRow && index === 0
        ? { key: `poison ${batch}`, value: '', isPoison: true }
        : { key, value: `${key} of ${batch}`, isPoison: false },
    );
    return { events, rows };
  });
}

/** The batch as one attempt of a worker sees it, and what Spark says of the attempt afterwards. */
export class Attempt {
  readonly #world: World;
  readonly #process: Process;
  readonly #batch: SourceBatch;
  readonly #batchId: bigint;
  /** Whether Spark has been asked to keep the rows, and whether it has any. */
  #isKept = false;
  #hasRows = false;
  #planRuns = 0;
  #planRunsMax = 1;

  constructor(world: World, process: Process, batch: SourceBatch, batchId: bigint) {
    this.#world = world;
    this.#process = process;
    this.#batch = batch;
    this.#batchId = batchId;
  }

  /** Called when the handler has answered "done": Spark commits the state stores, if the plan has run. */
  assertCommitsState(): void {
    const { violate } = this.#world;
    const where = `batch ${this.#batchId} by ${this.#process.name}`;
    if (this.#planRuns === 0) violate('state commits', `${where}: the plan did not run`);
    if (this.#planRuns > this.#planRunsMax) violate('state commits', `${where}: the plan ran ${this.#planRuns} times`);
    if (this.#isKept) violate('leftovers', `${where}: its rows are still kept`);
  }

  get validRows(): readonly LakeRow[] {
    return this.#batch.events.filter(({ reason }) => reason === null);
  }

  eventRows(): EventRows {
    const { events } = this.#batch;
    const attempt = this;
    return {
      ...this.#rows(),
      count: async () => {
        await this.#act('counts');
        return {
          rows: BigInt(events.length),
          dead: BigInt(events.filter(({ reason }) => reason !== null).length),
          outgoing: BigInt(events.length),
        };
      },
      async *records() {
        await attempt.#act('reads records');
        const middle = Math.ceil(events.length / 2);
        for (const part of [events.slice(0, middle), events.slice(middle)])
          yield part.map((event) => attempt.#record(event));
      },
    };
  }

  upsertRows(epoch: string, memory: StagingMemory): UpsertRows<FakeStaged> {
    const { stagingTables } = this.#world.postgres;
    return {
      runToNoop: () => this.#rows().runToNoop(),
      stage: () => stageRows(this.#ways(`stage_${this.#batchId}_e${epoch}`), memory),
      sweep: async () => {
        await this.#world.scheduler.step(this.#process, 'sweeps staging tables');
        stagingTables.clear();
      },
    };
  }

  #ways(table: string): StagingWays<FakeStaged> {
    const { stagingTables } = this.#world.postgres;
    const step = (name: string): Promise<void> => this.#world.scheduler.step(this.#process, name);
    const all = this.#batch.rows;
    return {
      ...this.#rows(),
      copyRowsMax: COPY_ROWS_MAX,
      throughWorker: async () => {
        await this.#act('reads the rows');
        if (all.length <= COPY_ROWS_MAX) return { place: all, rows: BigInt(all.length), discard: async () => {} };
        // The one case in which the plan runs again: nobody had foreseen so many.
        this.#planRunsMax = 2;
        return undefined;
      },
      byExecutors: async (rows) => {
        await step('creates its staging table');
        stagingTables.set(table, []);
        await this.#act('fills its staging table');
        if (!stagingTables.has(table)) throw new Error(`relation ${table} does not exist`);
        stagingTables.set(table, all);
        await step('has filled its staging table');
        return {
          place: table,
          rows,
          discard: async () => {
            await step('drops its staging table');
            stagingTables.delete(table);
          },
        };
      },
      count: async () => {
        await this.#act('counts');
        return BigInt(all.length);
      },
    };
  }

  #rows(): KeptRows {
    return {
      persist: async () => {
        await this.#world.scheduler.step(this.#process, 'persists');
        this.#isKept = true;
      },
      unpersist: async () => {
        await this.#world.scheduler.step(this.#process, 'unpersists');
        this.#isKept = false;
        this.#hasRows = false;
      },
      runToNoop: async () => {
        if (this.#world.guards.noopRun) await this.#act('runs the plan to noop');
      },
    };
  }

  /** An action of Spark's: runs the plan, unless its rows are kept from the action before. */
  async #act(name: string): Promise<void> {
    await this.#world.scheduler.step(this.#process, name);
    if (!this.#hasRows) this.#planRuns++;
    this.#hasRows = this.#isKept;
  }

  #record({ offset, reason, isPoison }: Event): OutgoingRecord {
    const value = Buffer.from(isPoison ? TOO_LARGE : 'value');
    const row = { reason, enriched_key: null, enriched_value: value, dead_key: null, dead_value: value };
    const record = toOutgoingRecord({ ...row, kafka_partition: 0, kafka_offset: offset }, TOPICS, this.#batchId);
    if (reason === null || this.#world.guards.coordinates) return record;
    return { ...record, message: { ...record.message, headers: { reason } } };
  }
}
