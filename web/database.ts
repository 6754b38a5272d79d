/** What the dashboard reads from Postgres, as the role that may only read. Connections are kept, and opened again after an outage. */
import pg from 'pg';
import { quoteIdentifier } from '../config/identifier.js';
import type { BatchPoint, LateBatch, LedgerEntry, QueryOutline, TableSeries } from './snapshot.js';

const ANSWER_MS_MAX = 5_000;
/** Batches kept per query: an hour at four seconds a batch. */
const BATCHES_MAX = 900;
const LEDGER_ROWS = 12;
const LATE_BATCHES = 12;
/** Lines of a chart that can be told apart. */
const LINES_MAX = 5;
const SERIES_POINTS_MAX = 60;

type TableSink = Extract<QueryOutline['sink'], { readonly kind: 'table' }>;

/** Types by which a column can be an axis. */
interface Axes {
  readonly time: string;
  readonly value: string;
  /** One line per value of it; undefined: the value's average over time. */
  readonly group: string | undefined;
  readonly isOnePerTime: boolean;
}

export class DashboardDatabase implements AsyncDisposable {
  readonly #pool: pg.Pool;
  readonly #pipeline: string;
  readonly #axes = new Map<string, Axes | undefined>();
  readonly #batches = new Map<string, BatchPoint[]>();
  /** Batches are asked for from here on; their reports may come a little out of order. */
  #batchesFrom = new Date(0);

  constructor(databaseUrl: string, pipeline: string) {
    this.#pipeline = pipeline;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      connectionTimeoutMillis: ANSWER_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
      max: 3,
      application_name: 'sluice dashboard',
      options: '-c default_transaction_read_only=on -c timezone=UTC',
    });
    // A connection that breaks while nobody uses it; the next question opens another and says what is wrong.
    this.#pool.on('error', () => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  /** Per query oldest first, the last `BATCHES_MAX` of each; only those that are new are read. */
  async batches(): Promise<readonly BatchPoint[]> {
    const { rows } = await this.#pool.query<Record<string, string> & { started_at: Date }>(
      `SELECT query, batch_id, started_at, duration_ms, input_rows, late_rows, state_rows, state_bytes,
              extract(epoch FROM started_at - watermark) * 1000 + duration_ms AS watermark_lag_ms
       FROM (SELECT *, row_number() OVER (PARTITION BY query ORDER BY started_at DESC) AS nth
             FROM sluice.batches WHERE pipeline = $1 AND started_at > $2) AS newest
       LEFT JOIN (SELECT pipeline, query, query_id, batch_id, watermark FROM sluice.ledger) AS ledger
         USING (pipeline, query, query_id, batch_id)
       WHERE nth <= $3 ORDER BY started_at`,
      [this.#pipeline, this.#batchesFrom, BATCHES_MAX],
    );
    for (const row of rows) {
      const known = this.#batches.get(row.query ?? '') ?? [];
      const startedAt = row.started_at.toISOString();
      if (known.some((other) => other.startedAt === startedAt && other.batchId === row.batch_id)) continue;
      known.push({
        query: row.query ?? '',
        batchId: row.batch_id ?? '',
        startedAt,
        durationMs: Number(row.duration_ms),
        inputRows: Number(row.input_rows),
        lateRows: Number(row.late_rows),
        stateRows: Number(row.state_rows),
        stateBytes: Number(row.state_bytes),
        ...(row.watermark_lag_ms === null ? {} : { watermarkLagMs: Math.round(Number(row.watermark_lag_ms)) }),
      });
      this.#batches.set(row.query ?? '', known.slice(-BATCHES_MAX));
    }
    const newest = rows.at(-1)?.started_at;
    if (newest !== undefined) this.#batchesFrom = new Date(newest.getTime() - 2 * 60_000);
    return [...this.#batches.values()].flat();
  }

  /** Newest first. */
  async ledger(): Promise<readonly LedgerEntry[]> {
    const { rows } = await this.#pool.query<Record<string, string> & { watermark: Date | null; committed_at: Date }>(
      `SELECT query, batch_id, rows, dead, watermark, committed_at FROM sluice.ledger
       WHERE pipeline = $1 ORDER BY committed_at DESC LIMIT $2`,
      [this.#pipeline, LEDGER_ROWS],
    );
    return rows.map((row) => ({
      query: row.query ?? '',
      batchId: row.batch_id ?? '',
      rows: Number(row.rows),
      dead: Number(row.dead),
      ...(row.watermark === null ? {} : { watermark: row.watermark.toISOString() }),
      committedAt: row.committed_at.toISOString(),
    }));
  }

  /** Newest first. A row is judged by the watermark that was there when its batch began. */
  async lateBatches(): Promise<readonly LateBatch[]> {
    const { rows } = await this.#pool.query<Record<string, string> & { started_at: Date; watermark: Date | null }>(
      `SELECT b.query, b.batch_id, b.started_at, b.late_rows, l.watermark FROM sluice.batches b
       LEFT JOIN sluice.ledger l ON l.pipeline = b.pipeline AND l.query = b.query AND l.query_id = b.query_id AND l.batch_id = b.batch_id - 1
       WHERE b.pipeline = $1 AND b.late_rows > 0 ORDER BY b.started_at DESC LIMIT $2`,
      [this.#pipeline, LATE_BATCHES],
    );
    return rows.map((row) => ({
      query: row.query ?? '',
      batchId: row.batch_id ?? '',
      startedAt: row.started_at.toISOString(),
      rows: Number(row.late_rows),
      ...(row.watermark === null ? {} : { watermark: row.watermark.toISOString() }),
    }));
  }

  /** A table as lines over time; undefined when it is not there yet or has no time among its keys. */
  async series(query: string, sink: TableSink): Promise<TableSeries | undefined> {
    const axes = await this.#axesOf(sink);
    if (axes === undefined) return undefined;
    const { value, group, isOnePerTime } = axes;
    const table = quoteIdentifier(`public.${sink.table}`);
    const time = quoteIdentifier(axes.time);
    const measured = quoteIdentifier(value);
    const counted = await this.#pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`);
    const bucket = `date_trunc('minute', ${time})`;
    const sql =
      group === undefined
        ? `SELECT '' AS name, ${bucket} AS t, ${isOnePerTime ? 'max' : 'avg'}(${measured})::float8 AS v FROM ${table}
           GROUP BY t ORDER BY t DESC LIMIT ${SERIES_POINTS_MAX}`
        : `WITH newest AS (SELECT ${quoteIdentifier(group)}::text AS name, ${bucket} AS t, sum(${measured})::float8 AS v FROM ${table}
             WHERE ${time} > (SELECT max(${time}) FROM ${table}) - interval '${SERIES_POINTS_MAX} minutes' GROUP BY 1, 2)
           SELECT name, t, v FROM newest WHERE name IN (SELECT name FROM newest GROUP BY name ORDER BY sum(v) DESC, name LIMIT ${LINES_MAX})
           ORDER BY t DESC`;
    const { rows } = await this.#pool.query<{ name: string; t: Date; v: number }>(sql);
    const lines = new Map<string, [string, number][]>();
    for (const { name, t, v } of rows.reverse()) {
      const points = lines.get(name) ?? [];
      points.push([t.toISOString(), v]);
      lines.set(name, points);
    }
    const title = isOnePerTime ? value : group === undefined ? `average ${value}` : `${value} by ${group}`;
    return {
      query,
      table: sink.table,
      title,
      lines: [...lines].map(([name, points]) => ({ name: name === '' ? value : name, points })),
      rows: Number(counted.rows[0]?.n),
    };
  }

  /** Which columns make a chart. A time that leads the key groups by what follows it; elsewhere (one row per user, say) averages tell more. */
  async #axesOf({ table, key, columns }: TableSink): Promise<Axes | undefined> {
    if (this.#axes.has(table)) return this.#axes.get(table);
    const { rows } = await this.#pool.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
       WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
      [quoteIdentifier(`public.${table}`)],
    );
    // Not there yet: asked again the next time.
    if (rows.length === 0) return undefined;
    const types = new Map(rows.map(({ name, type }) => [name, type]));
    const time = key.find((name) => types.get(name)?.startsWith('timestamp'));
    const value = columns.find(
      (name) => !key.includes(name) && /^(?:bigint|integer|smallint|numeric|real|double)/.test(types.get(name) ?? ''),
    );
    const group = key[0] === time ? key.find((name) => name !== time) : undefined;
    const axes =
      time === undefined || value === undefined ? undefined : { time, value, group, isOnePerTime: key.length === 1 };
    this.#axes.set(table, axes);
    return axes;
  }
}
