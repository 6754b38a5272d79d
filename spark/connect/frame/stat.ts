// Statistics of whole frames. Those that answer a number run a query at once; the others are frames.
import type { Relation, RelationNode } from '../plan/relation.js';
import { createRelation } from '../plan/relation.js';
import type { Any } from '../types/any.js';
import { argument } from './functions/call.js';
import type { Derive, FrameKind, FrameOf } from './kind.js';
import { toLiteral } from './literal.js';
import type { RowName, Selectable } from './row.js';
import { anySeed } from './seed.js';

/** Runs a query of one row and one column. */
export type Ask = <T>(relation: Relation) => Promise<T>;

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

  /** Pearson's correlation of two columns. */
  async corr(first: RowName<R>, second: RowName<R>): Promise<number> {
    return this.#answer({ kind: 'corr', input: this.#input, first, second });
  }

  /** The sample covariance of two columns. */
  async cov(first: RowName<R>, second: RowName<R>): Promise<number> {
    return this.#answer({ kind: 'cov', input: this.#input, first, second });
  }

  /**
   * Approximate quantiles, per column in the order of `probabilities`.
   * @param relativeError 0 is exact, and may be very expensive.
   */
  async approxQuantile(
    columns: readonly RowName<R>[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<readonly (readonly number[])[]> {
    return this.#answer({ kind: 'approxQuantile', input: this.#input, columns, probabilities, relativeError });
  }

  /** How often each pair of values occurs: a row per value of the first column, a column per value of the second. */
  crosstab(first: RowName<R>, second: RowName<R>): FrameOf<Kind, Any> {
    return this.#derive<Any>({ kind: 'crosstab', input: this.#input, first, second });
  }

  /** Values that may be frequent, per column. @param support the share from which a value counts as frequent. */
  freqItems(columns: readonly RowName<R>[], support = 0.01): FrameOf<Kind, Any> {
    return this.#derive<Any>({ kind: 'freqItems', input: this.#input, columns, support });
  }

  /** A share of the rows per value of the column; values that are not named are left out. */
  sampleBy(column: Selectable<R>, fractions: ReadonlyMap<unknown, number>, seed: bigint = anySeed()): FrameOf<Kind, R> {
    return this.#derive<R>({
      kind: 'sampleBy',
      input: this.#input,
      column: argument(column),
      fractions: [...fractions].map(([stratum, fraction]) => ({ stratum: toLiteral(stratum), fraction })),
      seed,
    });
  }

  async #answer<T>(node: RelationNode): Promise<T> {
    return this.#ask<T>(createRelation(node));
  }
}
