/** Ledger and tables of a pipeline as of one moment. Values come as text in the form of their column, so that both sides are printed by Postgres. */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { quoteIdentifier } from '../../config/identifier.js';
import type { KeyedRows } from '../compare.js';
import { SEPARATOR } from '../hash.js';
import { type LedgerRow, readLedger, toVerifyError } from '../ledger.js';
import { parseRow, type RefusedRow, RefusedTable, readRefused } from '../refused.js';
import { VerifyError } from '../verify-error.js';
import type { TableSink, VerifiedPipeline } from './pipeline.js';

export interface PipelineSnapshot {
  readonly ledger: readonly LedgerRow[];
  /** By table: key → values, with the columns of the sink in their order. */
  readonly tables: ReadonlyMap<string, KeyedRows>;
  /** By query: rows that Spark dropped as late, over all batches. */
  readonly lateRows: ReadonlyMap<string, number>;
  readonly refused: readonly RefusedRow[];
}

const CONNECT_MS_MAX = 10_000;

/** The supervisor writes down what Spark says of a batch some time after the ledger has it. */
const REPORT_MS_MAX = 10_000;
const REPORT_POLL_MS = 250;

const UNDEFINED_TABLE = '42P01';

/** Class of SQLSTATEs: a value that does not fit its type. */
const DATA_EXCEPTION = '22';

/** A connection that reads only. */
export class VerifyDatabase implements AsyncDisposable {
  readonly #client: Client;
  readonly #url: string;

  private constructor(client: Client, url: string) {
    this.#client = client;
    this.#url = url;
  }

  static async open(url: string): Promise<VerifyDatabase> {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS_MAX,
      application_name: 'sluice-verify',
    });
    // A connection lost between two queries is told here; the next query reports it.
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query(`SET TIME ZONE 'UTC'`);
      return new VerifyDatabase(client, url);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw toVerifyError(error, url);
    }
  }

  async snapshot(pipeline: VerifiedPipeline): Promise<PipelineSnapshot> {
    try {
      await this.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const ledger = await readLedger(this.#client, pipeline.name);
      const tables = new Map<string, KeyedRows>();
      for (const { sink } of pipeline.queries)
        if (sink.kind === 'upsert') tables.set(sink.table, await this.#readTable(sink));
      const { rows } = await this.#client.query<{ query: string; late: string }>(
        'SELECT query, sum(late_rows)::text AS late FROM sluice.batches WHERE pipeline = $1 GROUP BY query',
        [pipeline.name],
      );
      const refused = await readRefused(this.#client, pipeline.name);
      await this.#client.query('COMMIT');
      return { ledger, tables, lateRows: new Map(rows.map(({ query, late }) => [query, Number(late)])), refused };
    } catch (error) {
      throw error instanceof VerifyError ? error : toVerifyError(error, this.#url);
    }
  }

  /**
   * Rows that Spark dropped as late in the batches that `ledger` has of the query. Waits a while for reports that are still to come: without them
   * fewer rows would seem to be late than were.
   */
  async reportedLateRows(pipeline: string, query: string, ledger: readonly LedgerRow[]): Promise<number> {
    const batches = ledger.filter((row) => row.query === query).map(({ batchId }) => batchId);
    const last = Math.max(-1, ...batches);
    const begin = performance.now();
    for (;;) {
      const { rows } = await this.#client
        .query<{ late: string | null; reported: string }>(
          `SELECT sum(late_rows)::text AS late, count(DISTINCT batch_id) FILTER (WHERE batch_id = ANY ($4))::text AS reported
           FROM sluice.batches WHERE pipeline = $1 AND query = $2 AND batch_id <= $3`,
          [pipeline, query, last, batches],
        )
        .catch((error: unknown) => {
          throw toVerifyError(error, this.#url);
        });
      const isComplete = Number(rows[0]?.reported) === new Set(batches).size;
      // A batch whose supervisor died before it wrote the report down never gets one.
      if (isComplete || performance.now() - begin > REPORT_MS_MAX) return Number(rows[0]?.late ?? 0);
      await delay(REPORT_POLL_MS);
    }
  }

  /** Rows that Spark printed, in the form in which the table prints them; one that its types cannot hold stays as it is. */
  async asTablePrints(sink: TableSink, rows: readonly Readonly<Record<string, string | null>>[]): Promise<string[][]> {
    const [first] = rows;
    if (first === undefined) return [];
    try {
      const { rows: printed } = await this.#client.query<(string | null)[]>({
        text: `SELECT ${columnsOf(sink)} FROM json_populate_recordset(NULL::${quoteIdentifier(sink.table)}, $1::json)`,
        values: [JSON.stringify(rows)],
        rowMode: 'array',
      });
      return printed.map((row) => row.map(shown));
    } catch (error) {
      if (!String((error as { code?: unknown }).code).startsWith(DATA_EXCEPTION)) throw toVerifyError(error, this.#url);
      if (rows.length === 1) return [orderedColumns(sink).map((name) => shown(first[name] ?? null))];
      const middle = Math.floor(rows.length / 2);
      return [
        ...(await this.asTablePrints(sink, rows.slice(0, middle))),
        ...(await this.asTablePrints(sink, rows.slice(middle))),
      ];
    }
  }

  /** What the table refused, in the same form. */
  async refusedOf(sink: TableSink, refused: readonly RefusedRow[]): Promise<RefusedTable> {
    const rows = await this.asTablePrints(
      sink,
      refused.map(({ what }) => parseRow(what)),
    );
    const count = sink.key.length;
    return new RefusedTable(
      rows.map((row, i) => ({
        key: row.slice(0, count).join(SEPARATOR),
        batchId: refused[i]?.batchId ?? -1,
        where: refused[i]?.what ?? '',
      })),
    );
  }

  async #readTable(sink: TableSink): Promise<KeyedRows> {
    const { rows } = await this.#client
      .query<(string | null)[]>({
        text: `SELECT ${columnsOf(sink)} FROM ${quoteIdentifier(sink.table)}`,
        rowMode: 'array',
      })
      .catch((error: unknown) => {
        if ((error as { code?: unknown }).code !== UNDEFINED_TABLE) throw error;
        throw new VerifyError(
          'postgres',
          `There is no table ${sink.table} yet: it is made when the pipeline first runs.`,
        );
      });
    const found: KeyedRows = new Map();
    for (const row of rows) {
      const texts = row.map(shown);
      found.set(texts.slice(0, sink.key.length).join(SEPARATOR), texts.slice(sink.key.length).join(SEPARATOR));
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

/** Key columns first, then the others. */
export function orderedColumns({ key, columns }: TableSink): readonly string[] {
  return [...key, ...columns.filter((name) => !key.includes(name))];
}

function columnsOf(sink: TableSink): string {
  return orderedColumns(sink)
    .map((name) => `${quoteIdentifier(name)}::text`)
    .join(', ');
}

function shown(value: string | null): string {
  return value ?? 'NULL';
}
