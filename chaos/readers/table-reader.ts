/**
 * Reads the tables and the ledger over and over while faults strike, as a dashboard would, and holds each reading against the one before:
 * counts never fall, rows never vanish, a session that is there never changes, the ledger grows batch by batch without a gap. What a check at
 * the end cannot see: a wrong state that readers saw in between.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { PIPELINE_NAME } from '../../config/names.js';
import { type ReaderSummary, Violations } from './violations.js';

/** Reading takes at most a tenth of the time, so that it does not slow down what it looks at. */
const PAUSE = { leastMs: 500, factor: 9 } as const;
const RETRY_MS = 300;

/** A table as it was read, by key. @internal exported for its test, as is what is done with it */
export type Reading = ReadonlyMap<string, WatchedRow>;

export interface WatchedRow {
  readonly fixed: string;
  /** Must not fall. */
  readonly numbers: readonly number[];
}

interface WatchedTable {
  readonly name: string;
  /** Columns: key, those that must not change, those that must not fall. */
  readonly sql: string;
}

/** Counts grow with each batch that finds more events for a window, a closed window stays as it is; both are "never falls". */
const TABLES: readonly WatchedTable[] = [
  {
    name: 'page_view_counts',
    sql: `SELECT concat_ws(' ', window_start, page_url) AS key, window_end::text AS fixed, ARRAY[view_count, batch_id]::bigint[]::text[] AS numbers FROM page_view_counts`,
  },
  {
    name: 'active_users',
    sql: `SELECT window_start::text AS key, window_end::text AS fixed, ARRAY[active_user_count, batch_id]::bigint[]::text[] AS numbers FROM active_users`,
  },
  {
    name: 'user_sessions',
    sql: `SELECT concat_ws(' ', user_id, session_start) AS key,
            concat_ws(' ', session_end, duration_seconds, event_count, page_views, end_reason, batch_id) AS fixed,
            ARRAY[]::text[] AS numbers FROM user_sessions`,
  },
  {
    name: 'ledger',
    sql: `SELECT concat_ws(' ', query, query_id, batch_id) AS key, concat_ws(' ', epoch, offsets::text, watermark, rows, dead, committed_at) AS fixed,
            ARRAY[]::text[] AS numbers FROM sluice.ledger WHERE pipeline = '${PIPELINE_NAME}'`,
  },
];

/** A query whose batches in the ledger are not 0, 1, 2, … */
const GAPS = `SELECT query, count(*)::int AS batches, max(batch_id)::int AS last FROM sluice.ledger WHERE pipeline = '${PIPELINE_NAME}'
  GROUP BY query, query_id HAVING count(*) <> max(batch_id) + 1 OR min(batch_id) <> 0`;

export class TableReader {
  readonly #databaseUrl: string;
  readonly #before = new Map<string, Reading>();
  readonly #violations = new Violations();
  #reads = 0;
  #seen = 0;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Reads until the signal; a database that is down is waited for. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const begin = performance.now();
      const isRead = await this.read().then(
        () => true,
        () => false,
      );
      const tookMs = performance.now() - begin;
      const pauseMs = isRead ? Math.max(PAUSE.leastMs, tookMs * PAUSE.factor) : RETRY_MS;
      await delay(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  /** One look at everything, as of one moment. @throws when the database does not answer: nothing is held against what was read until then. */
  async read(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      connectionTimeoutMillis: 3_000,
      query_timeout: 30_000,
      application_name: 'sluice-chaos',
    });
    client.on('error', () => {});
    const readings = new Map<string, Reading>();
    let gaps: readonly { query: string; batches: number; last: number }[];
    try {
      await client.connect();
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      for (const table of TABLES) readings.set(table.name, await readTable(client, table));
      gaps = (await client.query<{ query: string; batches: number; last: number }>(GAPS)).rows;
      await client.query('COMMIT');
    } finally {
      await client.end().catch(() => {
        // The connection is gone, and with it what there was to end.
      });
    }
    for (const { query, batches, last } of gaps) {
      this.#violations.add(`ledger: ${query} has ${batches} batches up to ${last}`);
    }
    for (const [name, reading] of readings) {
      for (const what of compareReadings(this.#before.get(name) ?? new Map(), reading))
        this.#violations.add(`${name}: ${what}`);
      this.#before.set(name, reading);
      this.#seen += reading.size;
    }
    this.#reads++;
  }

  summary(): ReaderSummary {
    const { count, samples } = this.#violations;
    return { name: 'tables and ledger', reads: this.#reads, seen: this.#seen, violations: count, samples };
  }
}

/** What a later reading may not show; nothing of `before` may vanish, change or fall. */
export function* compareReadings(before: Reading, now: Reading): Generator<string> {
  for (const [key, was] of before) {
    const is = now.get(key);
    if (is === undefined) yield `row ${key} has vanished`;
    else if (is.fixed !== was.fixed) yield `row ${key} was ${was.fixed}, is ${is.fixed}`;
    else if (was.numbers.some((number, at) => (is.numbers[at] ?? 0) < number)) {
      yield `row ${key} fell from ${was.numbers.join(', ')} to ${is.numbers.join(', ')}`;
    }
  }
}

async function readTable(client: pg.Client, { sql }: WatchedTable): Promise<Reading> {
  const { rows } = await client.query<{ key: string; fixed: string; numbers: string[] }>(sql);
  return new Map(rows.map(({ key, fixed, numbers }) => [key, { fixed, numbers: numbers.map(Number) }]));
}
