/** Connections and transactions of the sinks: how long anything may wait, and which failures are worth another try. */
import pg from 'pg';
import { SinkError } from './sink-error.js';

/**
 * Limits of a batch transaction. A writer that is paused inside one loses its session after half a minute, so that it cannot hold row
 * locks for ever; `synchronous_commit` is forced, because an acknowledged batch that Postgres forgets would be lost for good.
 */
const TRANSACTION_SETTINGS = `
  SET LOCAL synchronous_commit = on;
  SET LOCAL lock_timeout = '30s';
  SET LOCAL statement_timeout = '300s';
  SET LOCAL idle_in_transaction_session_timeout = '30s';
  SET LOCAL timezone = 'UTC'`;

const TRANSACTION_RETRY = { attemptsMax: 8, waitMsFirst: 100, waitFactor: 2, waitMsMax: 5_000 } as const;

/**
 * SQLSTATE classes after which the whole transaction is repeated: connection failures (08), operator intervention such as a restart (57P),
 * insufficient resources (53), serialization failure and deadlock (40), lock timeout (55P03).
 */
const RETRIED_STATES = /^(08...|57P..|53...|40...|55P03|25P03)$/;
const RETRIED_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/** Whether repeating the whole transaction can help. A connection that ended without a SQLSTATE is one such case. */
export function isRetriedPostgresError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return RETRIED_STATES.test(code) || RETRIED_CODES.has(code);
  return /Connection terminated|Client has encountered a connection error|timeout expired/.test(error.message);
}

/** The database as the driver's environment names it: the password never travels with a plan. @throws SinkError `settings` */
export function databaseUrl(): string {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === '') {
    throw new SinkError(
      'settings',
      'DATABASE_URL is not set in the environment of the Spark driver: the worker beside it writes to Postgres and needs it there.',
    );
  }
  return url;
}

/**
 * Runs `body` in one transaction and commits it if it says so; connection and locking failures repeat it as a whole with a fresh connection.
 * A connection is never used again after an error: its state is not known.
 */
export async function inTransaction<T>(
  body: (client: pg.Client) => Promise<{ readonly commit: boolean; readonly value: T }>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await withClient(async (client) => {
        await client.query('BEGIN');
        await client.query(TRANSACTION_SETTINGS);
        const { commit, value } = await body(client);
        await client.query(commit ? 'COMMIT' : 'ROLLBACK');
        return value;
      });
    } catch (error) {
      if (attempt >= TRANSACTION_RETRY.attemptsMax || !isRetriedPostgresError(error)) throw error;
      const waitMs = Math.min(
        TRANSACTION_RETRY.waitMsFirst * TRANSACTION_RETRY.waitFactor ** (attempt - 1),
        TRANSACTION_RETRY.waitMsMax,
      );
      console.warn(`Postgres: ${(error as Error).message}; attempt ${attempt + 1} in ${waitMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Opens a connection for one piece of work and ends it, also after a failure. */
export async function withClient<T>(body: (client: pg.Client) => Promise<T>, url = databaseUrl()): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sluice', connectionTimeoutMillis: 10_000 });
  // Without a listener a connection that breaks between two queries would end the process; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
    return await body(client);
  } finally {
    await client.end().catch(() => {
      // Already broken: the server has ended it for us.
    });
  }
}
