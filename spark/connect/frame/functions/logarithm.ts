// The logarithm, whose base comes first if there is one.
import type { Column } from '../column.js';
import { type Argument, type ColumnOrName, call } from './call.js';

/**
 * The natural logarithm, or the one to a base.
 * @since 1.5.0
 * @example df.select(f.log('amount'), f.log(2, 'amount'))
 */
export function log(number: ColumnOrName): Column<number | null>;
export function log(base: number, number: ColumnOrName): Column<number | null>;
export function log(first: Argument, second?: ColumnOrName): Column<number | null> {
  return second === undefined ? call('ln', first) : call('log', first, second);
}
