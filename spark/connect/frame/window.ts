// What an OVER clause says: which rows belong together, in what order, and which of them a row looks at.
import { SparkError } from '../errors/spark-error.js';
import type { Expression, FrameBoundary, SortOrder, WindowFrame } from '../plan/expression.js';
import type { Column, WindowDefinition } from './column.js';
import { argument, type ColumnOrName } from './functions/call.js';

/** A window under construction; every method returns a new one. */
export class WindowSpec {
  /** What has been said so far. */
  readonly definition: WindowDefinition;

  constructor(definition: WindowDefinition) {
    this.definition = definition;
  }

  /**
   * Rows with the same values belong together. Replaces what was said before.
   * @example Window.orderBy('ordered_at').partitionBy('customer')
   */
  partitionBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.definition, partitionBy: columns.map(argument) });
  }

  /**
   * The order within a part. Replaces what was said before.
   * @example f.row_number().over(Window.partitionBy('customer').orderBy(col('amount').desc()))
   */
  orderBy(...columns: readonly ColumnOrName[]): WindowSpec {
    return new WindowSpec({ ...this.definition, orderBy: columns.map(toSortOrder) });
  }

  /**
   * Rows from `start` to `end`, counted from the current one (0), both included; `Window.unboundedPreceding` and the like are allowed.
   * @throws SparkError of kind `input` unless start <= end.
   * @example f.avg('amount').over(Window.partitionBy('customer').orderBy('ordered_at').rowsBetween(-2, Window.currentRow))
   */
  rowsBetween(start: number, end: number): WindowSpec {
    return this.#withFrame('row', start, end);
  }

  /**
   * As `rowsBetween`, by the difference of the one ordering value instead of by rows.
   * @throws SparkError of kind `input` unless start <= end.
   * @example f.count('*').over(Window.partitionBy('customer').orderBy('quantity').rangeBetween(-5, 5))
   */
  rangeBetween(start: number | bigint, end: number | bigint): WindowSpec {
    return this.#withFrame('range', start, end);
  }

  #withFrame(unit: WindowFrame['unit'], start: number | bigint, end: number | bigint): WindowSpec {
    if (!(start <= end)) {
      throw new SparkError(`A window starts at or before its end; found ${start} and ${end}.`, { kind: 'input' });
    }
    const frame = { unit, lower: boundary(unit, start), upper: boundary(unit, end) };
    return new WindowSpec({ ...this.definition, frame });
  }
}

const EMPTY = new WindowSpec({ partitionBy: [], orderBy: [] });

/** Where windows begin: `Window.partitionBy('user_id').orderBy(col('event_time').desc())`. Mirrors `Window` of Spark 4.2. */
export const Window = {
  /** From the part's first row. */
  unboundedPreceding: Number.NEGATIVE_INFINITY,
  /** To the part's last row. */
  unboundedFollowing: Number.POSITIVE_INFINITY,
  /** The row itself, or with `rangeBetween` all rows that are its equals in the order. */
  currentRow: 0,
  /**
   * A window in which rows with the same values belong together.
   * @example f.sum('amount').over(Window.partitionBy('customer'))
   */
  partitionBy: (...columns: readonly ColumnOrName[]): WindowSpec => EMPTY.partitionBy(...columns),
  /**
   * A window over all rows, in this order. All rows go to one partition: for small results only.
   * @example f.rank().over(Window.orderBy(col('amount').desc()))
   */
  orderBy: (...columns: readonly ColumnOrName[]): WindowSpec => EMPTY.orderBy(...columns),
  /**
   * A window from `start` to `end` rows after the current one (0), both included. Give it an order.
   * @example f.sum('amount').over(Window.rowsBetween(Window.unboundedPreceding, Window.currentRow).orderBy('ordered_at'))
   */
  rowsBetween: (start: number, end: number): WindowSpec => EMPTY.rowsBetween(start, end),
  /**
   * As `rowsBetween`, by the difference of the one ordering value instead of by rows.
   * @example f.max('amount').over(Window.rangeBetween(-1, 1).orderBy('quantity'))
   */
  rangeBetween: (start: number | bigint, end: number | bigint): WindowSpec => EMPTY.rangeBetween(start, end),
} as const;

function boundary(unit: WindowFrame['unit'], value: number | bigint): FrameBoundary {
  if (value === 0 || value === 0n) return { kind: 'currentRow' };
  if (typeof value === 'number' && !Number.isFinite(value)) return { kind: 'unbounded' };
  // Rows are counted by an INT; a range has the ordering value's own type, for which BIGINT serves.
  const literal =
    unit === 'row'
      ? ({ kind: 'integer', value: Number(value) } as const)
      : ({ kind: 'long', value: BigInt(value) } as const);
  return { kind: 'value', value: { kind: 'literal', literal } };
}

/** A column's own order if it says one, otherwise ascending with nulls first. */
export function toSortOrder(column: ColumnOrName | Column): SortOrder {
  const expression: Expression = argument(column);
  if (expression.kind !== 'sortOrder') return { child: expression, direction: 'ascending', nulls: 'first' };
  const { child, direction, nulls } = expression;
  return { child, direction, nulls };
}
