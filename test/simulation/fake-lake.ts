/** The lake's file system: folders that Spark fills, renames that take the place of nothing only. */
import type { Lake } from '../../spark/sinks/ports.js';
import type { Process } from './scheduler.js';
import type { World } from './world.js';

export interface LakeRow {
  readonly offset: bigint;
  readonly day: string;
}

interface Published {
  readonly rows: readonly LakeRow[];
  readonly queryId: string;
}

export class FakeLake {
  readonly published = new Map<string, Published>();
  /** Attempt to its partitions. */
  readonly staged = new Map<string, Map<string, readonly LakeRow[]>>();
  readonly #world: World;
  #attempts = 0;

  constructor(world: World) {
    this.#world = world;
  }

  attempt(process: Process, driver: Process, batchId: bigint, valid: readonly LakeRow[], queryId: string): Lake {
    const { scheduler } = this.#world;
    const own = `attempt ${++this.#attempts} of ${process.name}`;
    const step = (name: string): Promise<void> => scheduler.step(process, name);
    return {
      stage: async () => {
        await step('has Spark write the lake');
        this.staged.set(own, new Map());
        // The job is the driver's: it goes on when the worker is gone.
        const job = scheduler.step(driver, `writes the lake for ${process.name}`).then(() => {
          const folder = this.staged.get(own);
          for (const day of new Set(valid.map((row) => row.day))) {
            folder?.set(
              `event_date=${day}/batch_id=${batchId}`,
              valid.filter((row) => row.day === day),
            );
          }
        });
        await job;
        await step('lists what Spark has written');
        const folder = this.staged.get(own);
        if (folder === undefined) throw new Error(`no folder ${own}`);
        return [...folder.keys()];
      },
      publish: async (partition) => {
        await step(`moves ${partition}`);
        const rows = this.staged.get(own)?.get(partition);
        if (rows === undefined) throw new Error(`ENOENT: ${partition} of ${own}`);
        const isFree = !this.published.has(partition);
        if (isFree) {
          this.published.set(partition, { rows, queryId });
          this.staged.get(own)?.delete(partition);
        }
        await step(`has moved ${partition}`);
        return isFree;
      },
      publisherOf: async (partition) => {
        await step(`looks who published ${partition}`);
        return this.published.get(partition)?.queryId;
      },
      discard: async () => {
        await step('removes what it staged');
        this.staged.delete(own);
      },
      sweep: async () => {
        await step('sweeps the lake');
        this.staged.clear();
      },
    };
  }
}
