/**
 * One simulated run: a topic of a few batches, two queries (events, and an upsert), and drivers that take the pipeline over from one another while
 * the older ones go on, stand still or die. Workers are killed at any step, calls are lost or come late. At the end a last driver finishes
 * undisturbed, and everything is counted.
 */
import { deliverEvents, type EventsWorker } from '../../spark/sinks/deliver-events.js';
import { deliverUpsert } from '../../spark/sinks/deliver-upsert.js';
import type { Checkpoint } from '../../spark/sinks/ports.js';
import { SinkError } from '../../spark/sinks/sink-error.js';
import type { StagingMemory } from '../../spark/sinks/stage-rows.js';
import { Attempt, createBatches, POISON_ROWS_MAX, type SourceBatch } from './batches.js';
import { checkOutcome } from './outcome.js';
import { Process } from './scheduler.js';
import { ALL_GUARDS, type Guards, type Violation, World } from './world.js';

export type QueryName = 'events' | 'counts';
const QUERIES: readonly QueryName[] = ['events', 'counts'];
export const PIPELINE = 'p';
export const QUERY_IDS: Readonly<Record<QueryName, string>> = { events: 'id of events', counts: 'id of counts' };

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly steps: number;
  readonly trace: readonly string[];
}

export interface SimulationOptions {
  readonly guards?: Guards;
  readonly isTraced?: boolean;
}

/** Batches that only the last, undisturbed driver sees. */
const LAST_BATCHES = 1;

export async function simulate(
  seed: number,
  { guards = ALL_GUARDS, isTraced = false }: SimulationOptions = {},
): Promise<Outcome> {
  const world = new World(seed, guards, isTraced);
  try {
    await new Run(world).play();
  } catch (error) {
    world.violate('runs to its end', (error as Error).message);
  }
  const { steps, trace = [] } = world.scheduler;
  return { seed, violations: world.violations, steps, trace };
}

class Run {
  readonly #world: World;
  readonly #batches: readonly SourceBatch[];
  /** Spark's commit log: per query the batches it will not repeat. */
  readonly #commits: Record<QueryName, number> = { events: 0, counts: 0 };
  #processes = 0;

  constructor(world: World) {
    this.#world = world;
    this.#batches = createBatches(world.scheduler.random, 1 + world.scheduler.random.below(3) + LAST_BATCHES);
  }

  async play(): Promise<void> {
    const { scheduler, faults, postgres } = this.#world;
    const { random } = scheduler;
    scheduler.isKillable = ({ name }) => name.startsWith('worker') || name.startsWith('driver');
    scheduler.killChance = random.chance(0.5) ? 0.02 : 0;
    scheduler.pauseChance = random.chance(0.6) ? 0.05 : 0;
    faults.lossChance = random.chance(0.5) ? 0.05 : 0;
    scheduler.onStuck = () => postgres.terminateHolders();
    const takeOvers = Array.from({ length: random.below(3) }, () => 10 + random.below(250));
    scheduler.onStep = (step) => {
      if (takeOvers.includes(step)) this.#startDriver(this.#batches.length - LAST_BATCHES);
    };
    this.#startDriver(this.#batches.length - LAST_BATCHES);
    await scheduler.run();

    scheduler.killChance = 0;
    scheduler.pauseChance = 0;
    faults.lossChance = 0;
    scheduler.onStep = () => {};
    const epoch = this.#startDriver(this.#batches.length);
    await scheduler.run();
    // As from a copy of the checkpoint: its first batch, known to no ledger, and older than what the table has.
    await this.#deliverCopy(await epoch);
    checkOutcome(this.#world, this.#batches);
  }

  /** A driver takes the pipeline over and runs both queries up to batch `until`. Answers its epoch. */
  #startDriver(until: number): Promise<string> {
    const driver = new Process(`driver ${++this.#processes}`);
    const epoch = this.#world.postgres.raiseEpoch(driver);
    void epoch.then((own) => {
      for (const query of QUERIES) void this.#runQuery(driver, query, own, until);
    });
    return epoch;
  }

  /** A streaming query: batch after batch, a new worker after each failure, and an end when it is fenced or its commit log is not its own. */
  async #runQuery(driver: Process, query: QueryName, epoch: string, until: number): Promise<void> {
    const { scheduler } = this.#world;
    let worker: Worker | undefined;
    for (let batch = this.#commits[query]; batch < until; ) {
      worker ??= this.#startWorker(driver, query);
      const failure = await this.#deliver(worker, query, batch, epoch);
      if (failure === undefined) {
        await scheduler.step(driver, `commits batch ${batch} of ${query}`);
        if (this.#commits[query] !== batch) return;
        this.#commits[query] = ++batch;
        continue;
      }
      scheduler.note(`${worker.process.name}: ${failure}`);
      worker.process.kill();
      worker = undefined;
      if (failure instanceof SinkError && failure.kind === 'fenced') return;
      await scheduler.step(driver, `restarts ${query}`);
    }
    worker?.process.kill();
  }

  #startWorker(driver: Process, query: QueryName): Worker {
    const process = new Process(`worker ${++this.#processes} of ${query}`);
    driver.onEnd(() => process.kill());
    return { process, driver, memory: { hasSwept: false, lastMarker: undefined, expectsMany: false } };
  }

  /** Undefined if the batch is done, else why not; also when the worker is killed meanwhile. */
  async #deliver(worker: Worker, query: QueryName, batch: number, epoch: string): Promise<Error | undefined> {
    const source = this.#batches[batch] as SourceBatch;
    const attempt = new Attempt(this.#world, worker.process, source, BigInt(batch));
    const killed = new Promise<Error>((resolve) => worker.process.onEnd(() => resolve(new Error('killed'))));
    const work = this.#handle(worker, query, BigInt(batch), epoch, attempt).then(
      () => undefined,
      (error: Error) => error,
    );
    const failure = await Promise.race([work, killed]);
    if (failure === undefined) attempt.assertCommitsState();
    return failure;
  }

  #handle(
    worker: Worker,
    query: QueryName,
    batchId: bigint,
    epoch: string,
    attempt: Attempt,
    queryId = QUERY_IDS[query],
  ): Promise<void> {
    const { scheduler, postgres, kafka, lake } = this.#world;
    const { process, driver, memory } = worker;
    const params = { pipeline: PIPELINE, query, epoch, poisonRowsMax: POISON_ROWS_MAX };
    const checkpoint: Checkpoint = {
      queryId: async () => queryId,
      offsets: async () => ({ ranges: {}, watermarkMs: undefined, plannedAtMs: 0 }),
    };
    const clock = { delay: () => scheduler.step(process, 'waits') };
    const database = postgres.database(process, epoch);
    if (query === 'counts') {
      return deliverUpsert(
        { database, checkpoint, clock, batch: attempt.upsertRows(epoch, memory) },
        params,
        batchId,
        memory,
      );
    }
    const ports = {
      database,
      checkpoint,
      clock,
      batch: attempt.eventRows(),
      lake: lake.attempt(process, driver, batchId, attempt.validRows, queryId),
      kafka: { kind: 'exactly-once', topics: kafka.topics(process) } as const,
    };
    return deliverEvents(ports, params, batchId, memory);
  }

  async #deliverCopy(epoch: string): Promise<void> {
    const worker = this.#startWorker(new Process('driver of the copy'), 'counts');
    const attempt = new Attempt(this.#world, worker.process, this.#batches[0] as SourceBatch, 0n);
    const delivered = this.#handle(worker, 'counts', 0n, epoch, attempt, 'id of the copy');
    await this.#world.scheduler.run();
    await delivered;
    worker.process.kill();
  }
}

interface Worker {
  readonly process: Process;
  readonly driver: Process;
  readonly memory: EventsWorker & StagingMemory;
}
