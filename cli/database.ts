// One look into the database: a connection that says whose it is, does not wait for ever, and is closed whatever happens.
import pg from 'pg';

/** @param purpose names the connection in `pg_stat_activity`. @throws when the database does not answer in time, or `look` does. */
export async function lookInto<T>(
  databaseUrl: string,
  { purpose, answerMsMax }: { readonly purpose: string; readonly answerMsMax: number },
  look: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: answerMsMax,
    query_timeout: answerMsMax,
    application_name: `sluice ${purpose}`,
  });
  // An error between two queries has no other listener and would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await look(client);
  } finally {
    // It has answered or failed by now; a failing goodbye tells nothing more.
    await client.end().catch(() => undefined);
  }
}
