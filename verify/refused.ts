/**
 * Rows that a sink refused however often they came. They stand in `sluice.refused_rows`, written in the transaction that enters their batch in
 * the ledger, so that the rows beside them could go on. Each must be a row that its query really delivered in that batch, and must not be in the
 * sink as well: otherwise this would be the place to hide a loss.
 */
import type { Client } from 'pg';
import { parseEventTime } from './event-time.js';
import { SEPARATOR } from './hash.js';

/** The part of a check that is needed here; the check itself compares with the help of this file. */
interface Findings {
  difference(kind: 'unexpected', where: string): void;
  note(text: string): void;
}

export interface RefusedRow {
  readonly query: string;
  readonly batchId: number;
  /** JSON: the row with all values as text, or where a record of a topic came from. */
  readonly what: string;
}

export async function readRefused(client: Client, pipeline: string): Promise<RefusedRow[]> {
  const { rows } = await client.query<{ query: string; batch_id: string; what: string }>(
    `SELECT query, batch_id::text, what FROM sluice.refused_rows r WHERE pipeline = $1 ORDER BY query, r.batch_id, number`,
    [pipeline],
  );
  return rows.map(({ query, batch_id, what }) => ({ query, batchId: Number(batch_id), what }));
}

/** A refused row of a table, as the table would show it. */
export interface RefusedTableRow {
  /** As in `KeyedRows`. */
  readonly key: string;
  /** Undefined where only the key can be compared. */
  readonly values?: string;
  readonly batchId: number;
  /** For people. */
  readonly where: string;
}

/** The refused rows of one table. Whoever compares the table asks here for a row that is not as expected. */
export class RefusedTable {
  readonly #byKey = new Map<string, RefusedTableRow[]>();
  readonly #explained = new Set<RefusedTableRow>();
  #accepted = 0;

  constructor(rows: readonly RefusedTableRow[] = []) {
    for (const row of rows) this.#byKey.set(row.key, [...(this.#byKey.get(row.key) ?? []), row]);
  }

  /** Expected rows that are not in the table because it refused them. */
  get accepted(): number {
    return this.#accepted;
  }

  /**
   * The refusal of what `batchId` delivered for the key. Earlier ones of the same key count as explained: a later batch has replaced them.
   * @param batchId undefined: any batch; the last of them is given.
   */
  of(key: string, batchId: number | undefined): RefusedTableRow | undefined {
    const rows = this.#byKey.get(key) ?? [];
    for (const row of rows) if (batchId === undefined || row.batchId <= batchId) this.#explained.add(row);
    return batchId === undefined ? rows.at(-1) : rows.find((row) => row.batchId === batchId);
  }

  accept(): void {
    this.#accepted++;
  }

  /** Reports what no expected row explains, and says how many were accepted. */
  finish(check: Findings): void {
    for (const rows of this.#byKey.values()) {
      for (const row of rows) {
        if (this.#explained.has(row)) continue;
        check.difference('unexpected', `sluice.refused_rows, batch ${row.batchId}, ${row.where}`);
      }
    }
    if (this.#accepted > 0) check.note(`${countOf(this.#accepted)} refused, in sluice.refused_rows`);
  }
}

/** `3 rows are`, `1 row is` */
export function countOf(rows: number, noun = 'row'): string {
  return `${rows} ${noun}${rows === 1 ? ' is' : 's are'}`;
}

/**
 * The refused rows of a query in the form of its table.
 * @param timeColumns columns that the table shows as microseconds.
 */
export function refusedTable(
  refused: readonly RefusedRow[],
  query: string,
  keyColumns: readonly string[],
  valueColumns: readonly string[],
  timeColumns: ReadonlySet<string>,
): RefusedTable {
  const rows = refused.filter((row) => row.query === query);
  return new RefusedTable(
    rows.map(({ batchId, what }) => {
      const row = parseRow(what);
      const textOf = (name: string): string => {
        const text = row[name] ?? 'NULL';
        return timeColumns.has(name) ? String(parseEventTime(isoOf(text)) ?? text) : text;
      };
      return {
        key: keyColumns.map(textOf).join(SEPARATOR),
        values: valueColumns.map((name) => (name === 'batch_id' ? String(batchId) : textOf(name))).join(SEPARATOR),
        batchId,
        where: what,
      };
    }),
  );
}

/** An object of texts; nothing in it if it is none. */
export function parseRow(what: string): Readonly<Record<string, string | null>> {
  try {
    const value = JSON.parse(what) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, string | null>) : {};
  } catch {
    // Not what a sink writes: no expected row explains it, and so it is reported.
    return {};
  }
}

/** Spark and Postgres print `2026-03-01 12:00:00.5`, with `+00` or without: UTC either way. */
function isoOf(text: string): string {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00(?::00)?|Z)?$/.exec(text) ?? [];
  return day === undefined ? text : `${day}T${clock}Z`;
}
