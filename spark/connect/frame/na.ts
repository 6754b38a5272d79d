// What to do with missing values: null, and NaN in floating-point columns.
import { SparkError } from '../errors/spark-error.js';
import type { Relation } from '../plan/relation.js';
import type { Any, IsUntyped } from '../types/any.js';
import type { Derive, FrameKind, FrameOf } from './kind.js';
import { toLiteral } from './literal.js';
import type { PlainBigint, PlainNumber } from './operand.js';
import type { RowName } from './row.js';

/** What may stand in for a missing value. */
export type Filling = PlainNumber | PlainBigint | string | boolean;

/** The row without null in these columns. */
type Filled<R, Names> =
  IsUntyped<R> extends true ? Any : { [Name in keyof R]: Name extends Names ? Exclude<R[Name], null> : R[Name] };

/** Mirrors `DataFrameNaFunctions` of Spark 4.2. */
export class MissingValues<Kind extends FrameKind, R> {
  readonly #input: Relation;
  readonly #derive: Derive<Kind>;

  constructor(input: Relation, derive: Derive<Kind>) {
    this.#input = input;
    this.#derive = derive;
  }

  /**
   * Puts `value` in place of missing ones, in `columns` or else in all columns of its type; or a value per column. Columns of another type than
   * the value are left alone.
   * @throws SparkError of kind `input` if no value is given.
   * @example people.na.fill({ age: 0, city: 'unknown' })
   * @example df.na.fill(0, ['amount', 'count'])
   */
  fill(value: Filling, columns?: readonly RowName<R>[]): FrameOf<Kind, R>;
  fill<const Values extends Readonly<Partial<Record<RowName<R>, Filling>>>>(
    values: Values,
  ): FrameOf<Kind, Filled<R, keyof Values>>;
  fill(value: Filling | Readonly<Record<string, Filling>>, columns: readonly string[] = []): unknown {
    const perColumn = typeof value === 'object';
    const values = perColumn ? Object.values(value) : [value];
    if (values.length === 0) throw new SparkError('fill() takes at least one value.', { kind: 'input' });
    return this.#derive<Any>({
      kind: 'fillNa',
      input: this.#input,
      columns: perColumn ? Object.keys(value) : columns,
      // INT is not among the types that Spark fills with.
      values: values.map((each) =>
        Number.isSafeInteger(each) ? { kind: 'long', value: BigInt(each) } : toLiteral(each),
      ),
    });
  }

  /**
   * Leaves out rows with missing values. What is left of a typed frame has no null in these columns.
   * @param how `any` of the columns, or `all` of them.
   * @param options.minNonNulls keeps rows with at least so many values instead.
   * @example people.na.drop('any', { columns: ['age', 'city'] })
   */
  drop<const Name extends RowName<R> = RowName<R>>(
    how?: 'any',
    options?: { readonly columns?: readonly Name[]; readonly minNonNulls?: undefined },
  ): FrameOf<Kind, Filled<R, Name>>;
  drop(
    how?: 'any' | 'all',
    options?: { readonly columns?: readonly RowName<R>[]; readonly minNonNulls?: number },
  ): FrameOf<Kind, R>;
  drop(
    how: 'any' | 'all' = 'any',
    {
      columns = [],
      minNonNulls,
    }: { readonly columns?: readonly RowName<R>[]; readonly minNonNulls?: number | undefined } = {},
  ): unknown {
    return this.#derive<Any>({
      kind: 'dropNa',
      input: this.#input,
      columns,
      minNonNulls: minNonNulls ?? (how === 'all' ? 1 : undefined),
    });
  }

  /**
   * Puts other values in place of these. All keys are of one type: numbers, text or booleans; what is null already `fill` replaces.
   * @example people.na.replace(new Map([['NYC', 'New York'], ['', null]]), ['city'])
   */
  replace(replacements: ReadonlyMap<Filling, Filling | null>, columns: readonly RowName<R>[] = []): FrameOf<Kind, R> {
    const literal = (value: Filling | null) =>
      // Spark replaces numbers as DOUBLE only.
      typeof value === 'number' ? ({ kind: 'double', value } as const) : toLiteral(value);
    return this.#derive<R>({
      kind: 'replaceNa',
      input: this.#input,
      columns,
      replacements: [...replacements].map(([from, to]) => ({ from: literal(from), to: literal(to) })),
    });
  }
}
