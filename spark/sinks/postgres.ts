/** Connections of the sinks: where the database is, how long anything may wait, and which failures are worth another try. */
import pg from 'pg';
import { SinkError } from './sink-error.js';

/**
 * Limits of a batch transaction. A writer that is paused inside one loses its session after half a minute, so that it cannot hold row
 * locks for ever (one that is paused inside COPY is ended by a take-over, see fence.ts); `synchronous_commit` is forced, because an acknowledged
 * batch that Postgres forgets would be lost for good.
 */
export const TRANSACTION_SETTINGS = `
  SET LOCAL synchronous_commit = on;
  SET LOCAL lock_timeout = '30s';
  SET LOCAL statement_timeout = '300s';
  SET LOCAL idle_in_transaction_session_timeout = '30s';
  SET LOCAL timezone = 'UTC'`;

/**
 * SQLSTATE classes after which the whole transaction is repeated: connection failures (08), operator intervention such as a restart (57P),
 * insufficient resources (53), serialization failure and deadlock (40), lock timeout (55P03), and sessions ended for idling or taking too long.
 */
const RETRIED_STATES = /^(08...|57P..|53...|40...|55P03|25P03|25P04)$/;
const RETRIED_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The resolver is not reachable for the moment; a name that does not exist is ENOTFOUND, and stays wrong.
  'EAI_AGAIN',
]);

/** Classes of refused data: wrong values (22), broken constraints (23), too large for an index or a row (54). */
const REFUSED_STATES = /^(22...|23...|54...)$/;

/** Whether repeating the whole transaction can help. A connection that ended without a SQLSTATE is one such case. */
export function isRetriedPostgresError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string') return RETRIED_STATES.test(code) || RETRIED_CODES.has(code);
  return /Connection terminated|Client has encountered a connection error|Client was closed|timeout expired/.test(
    error.message,
  );
}

/** Postgres's word for why it refuses the data as such, with its SQLSTATE; undefined for any other failure. */
export function postgresRefusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, message } = error as Error & { code?: unknown };
  return typeof code === 'string' && REFUSED_STATES.test(code) ? `${code}: ${message}` : undefined;
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

/** Opens a connection. @param name as `pg_stat_activity` shows it, at most 63 characters. */
export async function openClient(name = 'sluice', url = databaseUrl()): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name, connectionTimeoutMillis: 10_000 });
  // Without a listener a connection that breaks between two queries would end the process; the next query reports it.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    await closeClient(client);
    throw error;
  }
  return client;
}

export async function closeClient(client: pg.Client): Promise<void> {
  await client.end().catch(() => {
    // Already broken: the server has ended it for us.
  });
}

/** Opens a connection for one piece of work and ends it, also after a failure. */
export async function withClient<T>(body: (client: pg.Client) => Promise<T>, url = databaseUrl()): Promise<T> {
  const client = await openClient('sluice', url);
  try {
    return await body(client);
  } finally {
    await closeClient(client);
  }
}
