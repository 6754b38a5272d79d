/** The dead letters of a pipeline, counted by reason and the latest of them kept. Each look reads on from where the one before ended. */
import { withVisibleControls } from '../verify/compare.js';
import { readTopic } from '../verify/read-topic.js';
import type { DeadLetter, DeadLetters } from './snapshot.js';

const LATEST_MAX = 30;
const TEXT_BYTES_MAX = 160;

export class DeadLetterFeed {
  readonly #topics: readonly string[];
  readonly #byReason: Record<string, number> = {};
  /** Newest first. */
  #latest: DeadLetter[] = [];
  /** Per topic and partition: where to read on. */
  readonly #next = new Map<string, Map<number, number>>();

  constructor(topics: readonly string[]) {
    this.#topics = topics;
  }

  /** Memory does not grow with the topic. @throws VerifyError when Kafka cannot be read */
  async read(bootstrapServers: string, signal?: AbortSignal): Promise<DeadLetters> {
    for (const topic of this.#topics) {
      const next = this.#next.get(topic) ?? new Map<number, number>();
      this.#next.set(topic, next);
      const found: DeadLetter[] = [];
      const bounds = await readTopic(
        bootstrapServers,
        topic,
        (records, partition) => {
          for (const record of records) {
            // Reading begins at a whole batch of Kafka's, which may have records that were counted before.
            if (record.offset < (next.get(partition) ?? 0)) continue;
            // At once: a look that fails half-way has counted what it has counted.
            next.set(partition, record.offset + 1);
            const header = (name: string): string => record.headers.find(({ key }) => key === name)?.value ?? '';
            const reason = header('reason') || 'unknown';
            this.#byReason[reason] = (this.#byReason[reason] ?? 0) + 1;
            found.push({
              reason,
              source: `${header('source_topic')}/${header('source_partition')}/${header('source_offset')}`,
              at: new Date(Number(record.timestampMs)).toISOString(),
              text: visible(record.value),
            });
            if (found.length > 4 * LATEST_MAX) found.splice(0, found.length - LATEST_MAX);
          }
        },
        { from: () => next, ...(signal === undefined ? {} : { signal }) },
      );
      for (const { partition, end } of bounds ?? []) next.set(partition, end);
      const all = [...this.#latest, ...found].sort((a, b) => b.at.localeCompare(a.at));
      this.#latest = all.slice(0, LATEST_MAX);
    }
    return { byReason: { ...this.#byReason }, latest: this.#latest };
  }
}

function visible(value: Buffer | null): string {
  if (value === null) return 'null';
  const text = withVisibleControls(value.subarray(0, TEXT_BYTES_MAX).toString('utf8'));
  return value.length > TEXT_BYTES_MAX ? `${text}…` : text;
}
