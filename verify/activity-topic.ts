/**
 * The activity topic in memory, judged record by record: read once, or again and again with only what has come since. What has been read stays,
 * also when the topic no longer has it.
 */
import type { DeadReason } from './activity.js';
import { EventStore } from './event-store.js';
import type { PartitionBounds } from './kafka/fetch-client.js';
import { readTopic } from './read-topic.js';
import type { TopicSummary } from './report.js';
import type { VerifySettings } from './settings.js';

export interface ActivityReading {
  readonly signal?: AbortSignal | undefined;
  /** Records read so far and in all that there are to read, in this call. */
  readonly onProgress?: (records: number, recordsAll: number) => void;
}

export class ActivityTopic {
  readonly #name: string;
  readonly #futureToleranceMs: number;
  #store: EventStore;
  #bounds: readonly PartitionBounds[] = [];
  #exists = false;
  #records = 0;
  #deadByReason: Partial<Record<DeadReason, number>> = {};

  constructor({ topics, futureToleranceMs }: VerifySettings) {
    this.#name = topics.activity;
    this.#futureToleranceMs = futureToleranceMs;
    this.#store = new EventStore(futureToleranceMs);
  }

  get store(): EventStore {
    return this.#store;
  }

  /** What has been read: from where the first reading began to where the last one ended. */
  get bounds(): readonly PartitionBounds[] {
    return this.#bounds;
  }

  get summary(): TopicSummary {
    const dead = Object.values(this.#deadByReason).reduce((sum, count) => sum + count, 0);
    return {
      name: this.#name,
      exists: this.#exists,
      partitions: this.#bounds.length,
      records: this.#records,
      valid: this.#records - dead,
      dead,
      deadByReason: { ...this.#deadByReason },
    };
  }

  /**
   * Reads from where the last call ended to the end of the topic. A topic that ends before that was created again: it is read from its beginning,
   * and what was known is forgotten.
   * @throws VerifyError `kafka`
   */
  async readOn(bootstrapServers: string, { signal, onProgress }: ActivityReading): Promise<void> {
    const known = new Map(this.#bounds.map((bound) => [bound.partition, bound]));
    let records = 0;
    let recordsAll = 0;
    const bounds = await readTopic(
      bootstrapServers,
      this.#name,
      (batch) => {
        for (const record of batch) {
          const reason = this.#store.add(record);
          if (reason !== undefined) this.#deadByReason[reason] = (this.#deadByReason[reason] ?? 0) + 1;
        }
        records += batch.length;
        this.#records += batch.length;
        onProgress?.(records, recordsAll);
      },
      {
        ...(signal === undefined ? {} : { signal }),
        from: (partitions) => {
          if (partitions.some(({ partition, end }) => end < (known.get(partition)?.end ?? 0))) {
            known.clear();
            this.#store = new EventStore(this.#futureToleranceMs);
            this.#records = 0;
            this.#deadByReason = {};
          }
          return new Map([...known].map(([partition, { end }]) => [partition, end]));
        },
        onBounds: (partitions) => {
          this.#store.open(partitions);
          recordsAll = partitions.reduce((sum, { partition, start, end }) => {
            return sum + end - (known.get(partition)?.end ?? start);
          }, 0);
        },
      },
    );
    this.#exists = bounds !== undefined;
    this.#bounds = (bounds ?? []).map((bound) => ({
      ...bound,
      start: known.get(bound.partition)?.start ?? bound.start,
    }));
  }
}
