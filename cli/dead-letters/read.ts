// The dead letters of a pipeline, from their topics as they are now: each record that was set aside, once, with its reason.
import type { TopicSettings } from '../../config/settings.js';
import type { Pipeline } from '../../spark/pipeline/index.js';
import { outputTopics } from '../../spark/supervisor/start-query.js';
import type { TopicRecord } from '../../verify/kafka/record-batch.js';
import { readTopic } from '../../verify/read-topic.js';

export interface DeadLetter {
  /** `partition:offset` of the source, with its topic before it where the pipeline has several: what a letter is called on the command line. */
  readonly id: string;
  readonly reason: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly source: SourcePlace;
  /** When it was set aside, in milliseconds since 1970. */
  readonly deadMs: number;
}

export interface SourcePlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Transactions of the pipeline that are open at the start are waited for. */
const SETTLE_MS_MAX = 2_000;

export function deadLetterTopics(pipeline: Pipeline, topics: TopicSettings): readonly string[] {
  const own = pipeline.queries.flatMap(({ sink }) =>
    sink.kind === 'events' ? [outputTopics(sink, topics).deadLetterTopic] : [],
  );
  return [...new Set(own)];
}

/**
 * Calls `onLetter` once for each source record that is dead, oldest first within a partition; a delivery at least once may have left several copies.
 * @returns false when there is no such topic yet. @throws VerifyError `kafka`
 */
export async function readDeadLetters(
  bootstrapServers: string,
  topic: string,
  isOnlyTopic: boolean,
  signal: AbortSignal,
  onLetter: (letter: DeadLetter) => void,
): Promise<boolean> {
  const seen = new Set<string>();
  const bounds = await readTopic(
    bootstrapServers,
    topic,
    (records) => {
      for (const record of records) {
        const letter = letterOf(record, isOnlyTopic);
        if (letter === undefined || seen.has(letter.id)) continue;
        seen.add(letter.id);
        onLetter(letter);
      }
    },
    { signal, settleMsMax: SETTLE_MS_MAX },
  );
  return bounds !== undefined;
}

/** Undefined for a record that the pipeline has not written: nothing says where it is from. The buffers are only valid until the next record. */
function letterOf(record: TopicRecord, isOnlyTopic: boolean): DeadLetter | undefined {
  const header = (name: string): string | undefined =>
    record.headers.find(({ key }) => key === name)?.value ?? undefined;
  const [topic, partition, offset] = ['source_topic', 'source_partition', 'source_offset'].map(header);
  if (topic === undefined || !/^\d+$/.test(partition ?? '') || !/^\d+$/.test(offset ?? '')) return undefined;
  return {
    id: `${isOnlyTopic ? '' : `${topic}:`}${partition}:${offset}`,
    reason: header('reason') ?? 'unknown',
    key: record.key,
    value: record.value,
    source: { topic, partition: Number(partition), offset: Number(offset) },
    deadMs: record.timestampMs,
  };
}

/** With bytes of its own, to be kept. */
export function keepLetter(letter: DeadLetter): DeadLetter {
  const copy = (bytes: Buffer | null): Buffer | null => (bytes === null ? null : Buffer.from(bytes));
  return { ...letter, key: copy(letter.key), value: copy(letter.value) };
}
