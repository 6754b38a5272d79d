/** A database transaction that is repeated as a whole until it is decided. */
import type { Clock, Database, DatabaseSession } from './ports.js';

/** About a minute in all: as long as a restart of the database takes. */
const RETRY = { attemptsMax: 18, waitMsFirst: 100, waitFactor: 2, waitMsMax: 5_000 } as const;

/** What a transaction's body wants done with it. */
export interface Decision<T> {
  readonly commit: boolean;
  readonly value: T;
}

/**
 * Runs `body` in one transaction and commits it if it says so. Lost connections, deadlocks and the like repeat it on a new connection; a
 * connection is never used again after an error, since its state is not known. One lost in COMMIT may have committed: `body` runs again all the
 * same, so it must begin with something that tells (the ledger).
 */
export async function inTransaction<S extends DatabaseSession, T>(
  { database, clock }: { readonly database: Database<S>; readonly clock: Clock },
  body: (session: S) => Promise<Decision<T>>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const session = await database.open();
      try {
        await session.begin();
        const { commit, value } = await body(session);
        await (commit ? session.commit() : session.rollback());
        return value;
      } finally {
        await session.close();
      }
    } catch (error) {
      if (attempt >= RETRY.attemptsMax || !database.isRetried(error)) throw error;
      const waitMs = Math.min(RETRY.waitMsFirst * RETRY.waitFactor ** (attempt - 1), RETRY.waitMsMax);
      console.warn(`Postgres: ${(error as Error).message}; attempt ${attempt + 1} in ${waitMs} ms`);
      await clock.delay(waitMs, signal);
    }
  }
}
