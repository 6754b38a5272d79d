/** Which record of the source has been seen where: each may be seen once, in one of the topics. */
import type { TopicRecord } from '../../verify/index.js';

interface Seen {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly hash: number;
}

export class SourceLog {
  /** By source partition and offset. */
  readonly #seen = new Map<string, Seen>();
  readonly #onViolation: (what: string) => void;

  constructor(onViolation: (what: string) => void) {
    this.#onViolation = onViolation;
  }

  get size(): number {
    return this.#seen.size;
  }

  add(topic: string, record: Pick<TopicRecord, 'partition' | 'offset' | 'headers' | 'value'>): void {
    const { partition, offset } = record;
    const source = sourceOf(record);
    const seen: Seen = { topic, partition, offset, hash: hashOf(record.value) };
    if (source === undefined) {
      this.#onViolation(`${placeOf(seen)} does not say where it comes from`);
      return;
    }
    const other = this.#seen.get(source);
    if (other !== undefined) {
      this.#onViolation(`the record of ${source} was seen twice: at ${placeOf(other)} and at ${placeOf(seen)}`);
    }
    this.#seen.set(source, seen);
  }

  /** What was seen here and is not the same there: a reader was shown something that was taken back. */
  *differencesTo(now: SourceLog): Generator<string> {
    for (const [source, was] of this.#seen) {
      const is = now.#seen.get(source);
      if (is === undefined) yield `the record of ${source} was seen at ${placeOf(was)} and is gone`;
      else if (placeOf(is) !== placeOf(was)) {
        yield `the record of ${source} was seen at ${placeOf(was)} and is at ${placeOf(is)}`;
      } else if (is.hash !== was.hash)
        yield `the record of ${source} at ${placeOf(was)} has another value than was seen`;
    }
  }
}

function sourceOf({ headers }: Pick<TopicRecord, 'headers'>): string | undefined {
  const headerOf = (name: string): string | null | undefined => headers.find(({ key }) => key === name)?.value;
  const [partition, offset] = [headerOf('source_partition'), headerOf('source_offset')];
  return partition && offset ? `partition ${partition} offset ${offset}` : undefined;
}

function placeOf({ topic, partition, offset }: Seen): string {
  return `${topic} partition ${partition} offset ${offset}`;
}

/** FNV-1a, 32 bits: enough to notice that a record is another one. */
function hashOf(bytes: Uint8Array | null): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes ?? []) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
