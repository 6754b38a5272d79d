/** Brings the database to the schema of `init-db.sql`. For any Postgres, not only the one started here. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { packageRoot } from '../config/package-root.js';
import { StackError } from './stack-error.js';

/** Held while the schema is applied: CREATE … IF NOT EXISTS alone fails when two run it at once. The number is "sluice" in ASCII. */
const ADVISORY_LOCK = BigInt(`0x${Buffer.from('sluice').toString('hex')}`);

const ANSWER_MS_MAX = 10_000;

/**
 * Runs `init-db.sql`, and `further` statements behind it, in one transaction. Nothing that exists is changed; whether an existing table fits is the start checks' question.
 * @throws StackError `unreachable`, or `mismatch` with what Postgres says when the script does not run.
 */
export async function applySchema(databaseUrl: string, further: readonly string[] = []): Promise<void> {
  const script = await readFile(join(packageRoot(), 'init-db.sql'), 'utf8');
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    application_name: 'sluice schema',
  });
  client.on('error', () => {});

  try {
    await connect(client, databaseUrl);
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK.toString()]);
      await client.query(script);
      for (const statement of further) await client.query(statement);
      await client.query('COMMIT');
    } catch (error) {
      throw new StackError(
        'mismatch',
        `the schema cannot be applied to Postgres at ${placeOf(databaseUrl)}: ${(error as Error).message}`,
        {
          cause: error,
        },
      );
    }
  } finally {
    // Also ends an open transaction.
    await client.end();
  }
}

async function connect(client: pg.Client, databaseUrl: string): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    throw new StackError(
      'unreachable',
      `Postgres at ${placeOf(databaseUrl)} cannot be used (${(error as Error).message}). Start it with \`sluice up\`, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** host:port/database, without the password. */
function placeOf(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'DATABASE_URL';
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}
