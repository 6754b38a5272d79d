// Rows of this process travel inside the plan, with every plan that uses them. Large ones are sent once instead, as an artifact of the session named by
// its hash, and the plans name the hash.
import { createHash } from 'node:crypto';
import { loadProtocol } from '../../../proto/load.js';
import type { LocalRelation } from '../../../proto/messages.js';

/** As Spark's clients from 4.1 on (`spark.sql.session.localRelationCacheThreshold`; 4.0 says 64 MiB). */
export const CACHED_FROM_BYTES = 1024 * 1024;

/** Sends bytes to the session unless it has them. */
export type StoreBlob = (hash: string, bytes: Uint8Array) => Promise<void>;

/** What of one session's rows is at the server. */
export class CachedRelations {
  readonly #store: StoreBlob;
  /** By the rows' own bytes, which never change: they are hashed once. */
  readonly #hashes = new WeakMap<Uint8Array, Promise<string>>();

  constructor(store: StoreBlob) {
    this.#store = store;
  }

  /** Sends the large local relations that stand anywhere in `message`, and puts their names in their place. The message was made to be sent, by the caller. */
  async replaceIn<Message extends object>(message: Message): Promise<Message> {
    const found: Record<string, unknown>[] = [];
    collect(message, found);
    for (const relation of found) {
      const local = relation.localRelation as LocalRelation;
      relation.cachedLocalRelation = { hash: await this.#hashOf(local) };
      relation.localRelation = undefined;
    }
    return message;
  }

  #hashOf(local: LocalRelation): Promise<string> {
    const data = local.data as Uint8Array;
    const known = this.#hashes.get(data);
    if (known !== undefined) return known;
    const stored = this.#send(local);
    this.#hashes.set(data, stored);
    // What failed is tried again by the next plan.
    stored.catch(() => this.#hashes.delete(data));
    return stored;
  }

  async #send(local: LocalRelation): Promise<string> {
    const bytes = loadProtocol().codecs.localRelation.serialize(local);
    const hash = createHash('sha256').update(bytes).digest('hex');
    await this.#store(hash, bytes);
    return hash;
  }
}

/** Plans have many places where relations can stand (inputs, references, subqueries in expressions), so every object is looked at. */
function collect(value: unknown, found: Record<string, unknown>[]): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  const record = value as Record<string, unknown>;
  const local = record.localRelation as LocalRelation | null | undefined;
  if ((local?.data?.length ?? 0) >= CACHED_FROM_BYTES) found.push(record);
  for (const item of Object.values(record)) collect(item, found);
}
