// A few rows of each result table, chosen so that they say something: the demo's report shows them.
import pg from 'pg';
import { TABLES } from '../config/names.js';

export interface TableSample {
  readonly table: string;
  readonly rows: number;
  readonly columns: readonly string[];
  readonly sample: readonly (readonly string[])[];
}

const ANSWER_MS_MAX = 30_000;
const INSTANT = `'YYYY-MM-DD HH24:MI:SS'`;

const SAMPLES = [
  {
    table: TABLES.pageViewCounts,
    columns: ['window_start', 'page_url', 'view_count'],
    query: `SELECT to_char(window_start AT TIME ZONE 'UTC', ${INSTANT}), page_url, view_count::text
            FROM page_view_counts ORDER BY view_count DESC, window_start DESC, page_url LIMIT 3`,
  },
  {
    table: TABLES.activeUsers,
    columns: ['window_start', 'window_end', 'active_user_count'],
    query: `SELECT to_char(window_start AT TIME ZONE 'UTC', ${INSTANT}), to_char(window_end AT TIME ZONE 'UTC', ${INSTANT}), active_user_count::text
            FROM active_users ORDER BY active_user_count DESC, window_start DESC LIMIT 3`,
  },
  {
    table: TABLES.userSessions,
    columns: ['user_id', 'session_start', 'seconds', 'events', 'views', 'end_reason'],
    query: `SELECT user_id, to_char(session_start AT TIME ZONE 'UTC', ${INSTANT}), round(duration_seconds, 1)::text,
                   event_count::text, page_views::text, end_reason
            FROM (SELECT *, row_number() OVER (PARTITION BY end_reason ORDER BY event_count DESC, session_start, user_id) AS nth
                  FROM user_sessions) AS ranked
            WHERE nth = 1 ORDER BY end_reason`,
  },
] as const;

export async function readTableSamples(databaseUrl: string): Promise<TableSample[]> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: ANSWER_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    application_name: 'sluice report',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const samples: TableSample[] = [];
    for (const { table, columns, query } of SAMPLES) {
      const { rows: counts } = await client.query<[string]>({
        text: `SELECT count(*) FROM ${table}`,
        rowMode: 'array',
      });
      const { rows } = await client.query<string[]>({ text: query, rowMode: 'array' });
      samples.push({ table, rows: Number(counts[0]?.[0] ?? 0), columns, sample: rows });
    }
    return samples;
  } finally {
    await client.end();
  }
}
