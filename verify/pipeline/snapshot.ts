/** Ledger and tables of a pipeline as of one moment. Values come as text in the form of their column, so that both sides are printed by Postgres. */
import { Client } from 'pg';
import { quoteIdentifier } from '../../config/identifier.js';
import type { KeyedRows } from '../compare.js';
import { SEPARATOR } from '../hash.js';
import { type LedgerRow, readLedger, toVerifyError } from '../ledger.js';
import { parseRow, type RefusedRow, RefusedTable, readRefused } from '../refused.js';
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
      throw toVerifyError(error, this.#url);
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
    const { rows } = await this.#client.query<(string | null)[]>({
      text: `SELECT ${columnsOf(sink)} FROM ${quoteIdentifier(sink.table)}`,
      rowMode: 'array',
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
