/** A table against the query's plan, run once by Spark over all records that the ledger lists. */
import { col, type DataFrame } from '../../spark/connect/index.js';
import { type Check, CheckBuilder, type KeyedRows, RowComparison } from '../compare.js';
import type { RefusedRow } from '../refused.js';
import type { TableSink, VerifiedQuery } from './pipeline.js';
import { orderedColumns, type VerifyDatabase } from './snapshot.js';

/** Rows that go to Postgres at once to be printed in its form. */
const PORTION_ROWS = 5_000;

export interface TableFacts {
  readonly found: KeyedRows;
  /** What the table refused of this query. */
  readonly refused: readonly RefusedRow[];
  /** The ledger's last watermark. */
  readonly watermarkMs: number | undefined;
  /** Rows that the stream has dropped as late in the ledger's batches; a batch of everything has no late rows. Asked for only when rows differ. */
  readonly lateRows: () => Promise<number>;
  readonly hasRecords: boolean;
}

/**
 * A batch knows no watermark. So two kinds of row may differ from it, and are said: those that come only when final and are still open, and,
 * where rows were dropped as late, at most as many as were dropped.
 */
export async function verifyTable(
  database: VerifyDatabase,
  query: VerifiedQuery,
  sink: TableSink,
  records: readonly DataFrame[],
  facts: TableFacts,
): Promise<Check> {
  const what = `${sink.table}, every row and column, equal to its plan run by Spark as one batch over the records in the ledger`;
  const check = new CheckBuilder(`${query.name}.rows`, what);
  const names = orderedColumns(sink);
  const finalAt = query.outputMode === 'append' && query.finalAt !== undefined ? names.indexOf(query.finalAt) : -1;
  const refused = await database.refusedOf(sink, facts.refused);
  const rows = new RowComparison(check, sink.key, names.slice(sink.key.length), facts.found, refused);
  const [first, ...others] = records;
  if (first === undefined) return check.notRun('the query reads no topic');
  const plan = query.plan(first, ...others).select(...names.map((name) => col(name).cast('string').as(name)));
  let open = 0;
  for await (const portion of portions(plan)) {
    for (const row of await database.asTablePrints(sink, portion)) {
      if (finalAt >= 0 && isOpen(row[finalAt] ?? '', facts.watermarkMs)) open++;
      else rows.expect(row.slice(0, sink.key.length), row.slice(sink.key.length));
    }
  }
  rows.finish();
  if (open > 0) check.note(`${open} rows are still open behind the watermark and not in the table yet`);
  const lateRows = check.differences === 0 ? 0 : await facts.lateRows();
  if (lateRows === 0) return check.finish({ emptyHolds: facts.hasRecords });
  // A join may have made several rows of one that was dropped.
  const isBounded = records.length === 1 && check.differences <= lateRows;
  const late = `${lateRows} rows were dropped as late, which a batch does not do`;
  return isBounded
    ? { ...check.skipped(`${late}: ${check.differences} rows differ, no more than that`), status: 'passed' }
    : check.notRun(`${late}: ${check.differences} rows differ`);
}

function isOpen(text: string, watermarkMs: number | undefined): boolean {
  return watermarkMs === undefined || Date.parse(text.replace(' ', 'T')) > watermarkMs;
}

async function* portions(frame: DataFrame): AsyncGenerator<Record<string, string | null>[]> {
  for await (const rows of frame.rowBatches()) {
    for (let i = 0; i < rows.length; i += PORTION_ROWS)
      yield (rows as Record<string, string | null>[]).slice(i, i + PORTION_ROWS);
  }
}
