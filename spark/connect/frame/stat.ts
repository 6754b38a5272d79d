// Statistics of whole frames. Those that answer a number run a query at once; the others are frames.
import type { Relation, RelationNode } from '../plan/relation.js';
import { createRelation } from '../plan/relation.js';
import type { Any } from '../types/any.js';
import type { ActionOptions } from './actions.js';
import { argument } from './functions/call.js';
import type { Derive, FrameKind, FrameOf } from './kind.js';
import { toLiteral } from './literal.js';
import type { Constant } from './operand.js';
import type { RowName, Selectable } from './row.js';
import { anySeed } from './seed.js';

/** Runs a query of one row and one column. */
export type Ask = <T>(relation: Relation, options: ActionOptions | undefined) => Promise<T>;

/** Mirrors `DataFrameStatFunctions` of Spark 4.2. */
export class Statistics<Kind extends FrameKind, R> {
  readonly #input: Relation;
  readonly #derive: Derive<Kind>;
  readonly #ask: Ask;

  constructor(input: Relation, derive: Derive<Kind>, ask: Ask) {
    this.#input = input;
    this.#derive = derive;
    this.#ask = ask;
  }

  /**
   * Pearson's correlation of two columns.
   * @example const r = await orders.stat.corr('amount', 'quantity');
   */
  async corr(first: RowName<R>, second: RowName<R>, options?: ActionOptions): Promise<number> {
    return this.#answer({ kind: 'corr', input: this.#input, first, second }, options);
  }

  /**
   * The sample covariance of two columns.
   * @example const covariance = await orders.stat.cov('amount', 'quantity');
   */
  async cov(first: RowName<R>, second: RowName<R>, options?: ActionOptions): Promise<number> {
    return this.#answer({ kind: 'cov', input: this.#input, first, second }, options);
  }

  /**
   * Approximate quantiles, per column in the order of `probabilities`.
   * @param relativeError 0 is exact, and may be very expensive.
   * @example const [[median]] = (await orders.stat.approxQuantile(['amount'], [0.5], 0.01)) as [[number]];
   */
  async approxQuantile(
    columns: readonly RowName<R>[],
    probabilities: readonly number[],
    relativeError: number,
    options?: ActionOptions,
  ): Promise<readonly (readonly number[])[]> {
    return this.#answer({ kind: 'approxQuantile', input: this.#input, columns, probabilities, relativeError }, options);
  }

  /**
   * How often each pair of values occurs: a row per value of the first column, a column per value of the second.
   * @example orders.stat.crosstab('customer', 'product')
   */
  crosstab(first: RowName<R>, second: RowName<R>): FrameOf<Kind, Any> {
    return this.#derive<Any>({ kind: 'crosstab', input: this.#input, first, second });
  }

  /**
   * Values that may be frequent, as an array per column, called `customer_freqItems`.
   * @param support the share from which a value counts as frequent.
   * @example orders.stat.freqItems(['customer', 'product'], 0.2)
   */
  freqItems(columns: readonly RowName<R>[], support = 0.01): FrameOf<Kind, Any> {
    return this.#derive<Any>({ kind: 'freqItems', input: this.#input, columns, support });
  }

  /**
   * A share of the rows per value of the column; values that are not named are left out.
   * @param fractions by value, from 0 to 1.
   * @example people.stat.sampleBy('city', new Map([['Paris', 0.1], ['Rome', 0.5]]), 42n)
   */
  sampleBy(
    column: Selectable<R>,
    fractions: ReadonlyMap<Constant, number>,
    seed: bigint = anySeed(),
  ): FrameOf<Kind, R> {
    return this.#derive<R>({
      kind: 'sampleBy',
      input: this.#input,
      column: argument(column),
      fractions: [...fractions].map(([stratum, fraction]) => ({ stratum: toLiteral(stratum), fraction })),
      seed,
    });
  }

  async #answer<T>(node: RelationNode, options: ActionOptions | undefined): Promise<T> {
    return this.#ask<T>(createRelation(node), options);
  }
}
