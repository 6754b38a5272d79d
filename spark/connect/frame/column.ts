// A column: an expression over a row's columns, with the static type of its values and, where it is known, its name. Operators are methods, since
// JavaScript has no operator overloading. Nothing is computed here; the server resolves names and types when the frame is used.
import { SparkError } from '../errors/spark-error.js';
import type { Expression, SortOrder, SubqueryPlan, WindowFrame } from '../plan/expression.js';
import { printExpression } from '../plan/print.js';
import type { Any } from '../types/any.js';
import { type DataType, isDataType } from '../types/data-type.js';
import type { Typed } from '../types/row-of.js';
import type { Timed } from '../types/time.js';
import { COLUMN, type ColumnLike, stringLiteral, toExpression } from './literal.js';
import type {
  AddableTo,
  Arithmetic,
  Bits,
  Bitwise,
  ComparableTo,
  Constant,
  ConstantAddableTo,
  ConstantComparableTo,
  ConstantSubtractableFrom,
  FactorOf,
  FieldName,
  FieldOf,
  ItemOf,
  KeyOf,
  NullOf,
  Numeric,
  Quotient,
  SubtractableFrom,
  ValueOfName,
} from './operand.js';

/** What an OVER clause says; `Window` makes them. */
export interface WindowDefinition {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortOrder[];
  readonly frame?: WindowFrame | undefined;
}

/** A column or a constant of such a value. A TimestampMicros or DateDays is no constant by itself: `lit(value, timestamp())` makes one. */
export type Operand<V> = Column<V | null> | Exclude<V, Timed> | null;
/** What a column of `T` may be compared with. */
export type Comparand<T> = Column<ComparableTo<T> | null> | ConstantComparableTo<T> | null;

declare const types: unique symbol;

/**
 * Mirrors `Column` of Spark 4.2. In methods text is a constant; in functions (`upper('name')`) it names a column, as in Spark.
 *
 * @typeParam T what its values are in JavaScript; includes null where they may be null.
 * @typeParam N its name in a result, if it is known.
 * @typeParam Reference the name in the frame that it stands for, if it stands for just one; lets a typed frame refuse names that it lacks.
 */
export class Column<T = Any, N extends string = string, Reference = Any> implements ColumnLike {
  /** Only for the compiler. */
  declare readonly [types]: { readonly value: T; readonly name: N; readonly reference: Reference };
  readonly [COLUMN] = true as const;
  /** What it is made of; the plan of a frame that uses it holds this. */
  readonly expression: Expression;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  // Comparison. The result is null if either side is, unless said otherwise.

  /**
   * Whether both are equal. Null, not false, where either is null: a filter then leaves the row out.
   * @example df.filter(col('name').eq('Ada'))
   */
  eq<const U extends Comparand<T>>(other: U): Column<boolean | null> {
    return this.#call('==', other);
  }

  /**
   * Whether they differ. Null where either is null.
   * @example df.filter(col('name').neq('Ada'))
   */
  neq<const U extends Comparand<T>>(other: U): Column<boolean | null> {
    return this.eq(other).not();
  }

  /**
   * Equal, or both null; never null itself.
   * @example people.filter(people.col('city').eqNullSafe(null))
   */
  eqNullSafe<const U extends Comparand<T>>(other: U): Column<boolean> {
    return this.#call('<=>', other);
  }

  /**
   * Whether it is less than `other`. Text is compared by its bytes, unless it has a collation.
   * @example people.filter(people.col('age').lt(18))
   */
  lt<const U extends Comparand<T>>(other: U): Column<boolean | null> {
    return this.#call('<', other);
  }

  /**
   * Whether it is less than `other` or equal.
   * @example people.filter(people.col('age').leq(17))
   */
  leq<const U extends Comparand<T>>(other: U): Column<boolean | null> {
    return this.#call('<=', other);
  }

  /**
   * Whether it is greater than `other`.
   * @example orders.filter(orders.col('ordered_at').gt(new Date('2026-01-01T00:00:00Z')))
   */
  gt<const U extends Comparand<T>>(other: U): Column<boolean | null> {
    return this.#call('>', other);
  }

  /**
   * Whether it is greater than `other` or equal.
   * @example people.filter(people.col('age').geq(18))
   */
  geq<const U extends Comparand<T>>(other: U): Column<boolean | null> {
    return this.#call('>=', other);
  }

  /**
   * From `lower` to `upper`, both included.
   * @example people.filter(people.col('age').between(13, 19))
   */
  between<const U extends Comparand<T>, const V extends Comparand<T>>(lower: U, upper: V): Column<boolean | null> {
    return this.geq(lower).and(this.leq(upper));
  }

  /**
   * Whether it is one of the values, or of a frame's rows; a `struct(…)` of several columns is compared with as many of the frame's.
   * @example people.filter(people.col('city').isin('Paris', 'Rome'))
   * @example people.filter(people.col('name').isin(orders.select('customer')))
   */
  isin(frame: { readonly relation: SubqueryPlan }): Column<boolean | null>;
  isin<const Values extends readonly (Comparand<T> | readonly Comparand<T>[])[]>(
    ...values: Values
  ): Column<boolean | null>;
  isin(...values: readonly unknown[]): Column<boolean | null> {
    const [first] = values;
    if (values.length !== 1 || !isFrame(first)) return this.#call('in', ...values.flat());
    const { expression } = this;
    const compared =
      expression.kind === 'function' && expression.name === 'struct' ? expression.arguments : [expression];
    return new Column({ kind: 'subquery', type: 'in', query: first.relation, values: compared });
  }

  /**
   * Says that the column is of the frame around a subquery or lateral join. The server finds it by its name; this is for the reader.
   * @example people.filter(orders.filter(col('customer').eq(col('name').outer())).exists())
   */
  outer(): Column<T, N, Reference> {
    return new Column(this.expression);
  }

  /**
   * Calls `change` with the column and answers what it answers: for chains of functions in the order in which they are applied.
   * @example df.select(col('name').transform(f.trim).transform(f.upper))
   */
  transform<Result>(change: (column: this) => Result): Result {
    return change(this);
  }

  /**
   * Whether there is no value. Never null itself.
   * @example people.filter(people.col('age').isNull())
   */
  isNull(): Column<boolean> {
    return this.#call('isNull');
  }

  /**
   * Whether there is a value. Never null itself.
   * @example people.filter(people.col('age').isNotNull())
   */
  isNotNull(): Column<boolean> {
    return this.#call('isNotNull');
  }

  /**
   * A floating-point NaN; false for null.
   * @example df.filter(col('amount').isNaN().not())
   */
  isNaN(): Column<boolean> {
    return this.#call('isNaN');
  }

  // Logic of three values: null is "unknown".

  /**
   * Whether both are true. False if either is false, whatever the other; otherwise null if either is null.
   * @example df.filter(col('is_new').and(col('amount').gt(10)))
   */
  and(other: Operand<boolean>): Column<boolean | null> {
    return this.#call('and', other);
  }

  /**
   * Whether either is true. True if either is true, whatever the other; otherwise null if either is null.
   * @example df.filter(col('is_new').or(col('amount').gt(10)))
   */
  or(other: Operand<boolean>): Column<boolean | null> {
    return this.#call('or', other);
  }

  /**
   * The contrary; null of null.
   * @example df.filter(col('is_new').not())
   */
  not(): Column<boolean | null> {
    return this.#call('not');
  }

  // Arithmetic.

  /**
   * The sum, in the wider of both types. Too large a result is an error in ANSI mode, Spark's default; see `try_add`. Null where either is null.
   * @example df.select(col('count').plus(1).as('next'))
   */
  plus<const U extends AddableTo<T> | null>(other: Column<U>): Column<Arithmetic<T, U>>;
  plus<const U extends ConstantAddableTo<T> | null>(other: Column<U> | U): Column<Arithmetic<T, U>>;
  plus(other: unknown): Column {
    return this.#call('+', other);
  }

  /**
   * The difference; of two timestamps an interval. Null where either is null.
   * @example df.select(col('end_time').minus(col('event_time')).as('duration'))
   */
  minus<const U extends SubtractableFrom<T> | null>(other: Column<U>): Column<Arithmetic<T, U>>;
  minus<const U extends ConstantSubtractableFrom<T> | null>(other: Column<U> | U): Column<Arithmetic<T, U>>;
  minus(other: unknown): Column {
    return this.#call('-', other);
  }

  /**
   * The product. Too large a result is an error in ANSI mode, Spark's default; see `try_multiply`.
   * @example df.select(col('amount').multiply(1.2).as('gross'))
   */
  multiply<const U extends FactorOf<T> | null>(other: Column<U> | U): Column<Arithmetic<T, U>> {
    return this.#call('*', other);
  }

  /**
   * Never a whole number's division: 7 / 2 is 3.5. Zero is an error in ANSI mode, Spark's default; see `try_divide`.
   * @example df.select(col('amount').divide(col('count')).as('each'))
   */
  divide<const U extends FactorOf<T> | null>(other: Column<U> | U): Column<Quotient<T, U>> {
    return this.#call('/', other);
  }

  /**
   * The remainder; it has the sign of the receiver.
   * @example df.filter(col('user_id').mod(10).eq(0))
   */
  mod<const U extends FactorOf<T> | null>(other: Column<U> | U): Column<Arithmetic<T, U>> {
    return this.#call('%', other);
  }

  /**
   * To the power of `exponent`, as a double.
   * @example df.select(col('amount').pow(2).as('square'))
   */
  pow(exponent: Operand<Numeric>): Column<number | null> {
    return this.#call('power', exponent);
  }

  /**
   * The same with the other sign. The least number of its type has none: an error in ANSI mode.
   * @example df.select(col('amount').negate().as('refund'))
   */
  negate(): Column<T> {
    return this.#call('negative');
  }

  /**
   * The bits that both have. Of whole numbers, in the wider of both types.
   * @example df.select(col('user_id').bitwiseAND(0xff).as('lowest_byte'))
   */
  bitwiseAND<const U extends Bits | null>(other: Column<U> | U): Column<Bitwise<T, U>> {
    return this.#call('&', other);
  }

  /**
   * The bits that either has.
   * @example df.select(col('count').bitwiseOR(4).as('with_flag'))
   */
  bitwiseOR<const U extends Bits | null>(other: Column<U> | U): Column<Bitwise<T, U>> {
    return this.#call('|', other);
  }

  /**
   * The bits that one has and the other has not.
   * @example df.select(col('count').bitwiseXOR(1).as('toggled'))
   */
  bitwiseXOR<const U extends Bits | null>(other: Column<U> | U): Column<Bitwise<T, U>> {
    return this.#call('^', other);
  }

  // Text.

  /**
   * Whether the whole text matches a pattern of SQL's.
   * @param pattern `_` is any character, `%` any text; a backslash before them takes their meaning away.
   * @example df.filter(col('name').like('A%'))
   */
  like(pattern: string): Column<boolean | null> {
    return this.#call('like', pattern);
  }

  /**
   * Like `like`, whatever the case.
   * @example df.filter(col('name').ilike('a%'))
   */
  ilike(pattern: string): Column<boolean | null> {
    return this.#call('ilike', pattern);
  }

  /**
   * Whether a part of the text matches a regular expression.
   * @param pattern of Java's; `^` and `$` for the whole text.
   * @example df.filter(col('page_url').rlike('^https://[^/]*\\.org/'))
   */
  rlike(pattern: string): Column<boolean | null> {
    return this.#call('rlike', pattern);
  }

  /**
   * Whether `part` is somewhere in it. The case matters.
   * @example df.filter(col('full_name').contains('Love'))
   */
  contains(part: Operand<string> | Column<Uint8Array | null>): Column<boolean | null> {
    return this.#call('contains', part);
  }

  /**
   * Whether it begins with `part`.
   * @example df.filter(col('page_url').startsWith('https://'))
   */
  startsWith(part: Operand<string> | Column<Uint8Array | null>): Column<boolean | null> {
    return this.#call('startsWith', part);
  }

  /**
   * Whether it ends with `part`.
   * @example df.filter(col('full_name').endsWith('lace'))
   */
  endsWith(part: Operand<string> | Column<Uint8Array | null>): Column<boolean | null> {
    return this.#call('endsWith', part);
  }

  /**
   * A part of the text.
   * @param start from 1; negative from the end.
   * @param length in characters.
   * @example df.select(col('name').substr(1, 1).as('initial'))
   */
  substr(start: Operand<number>, length: Operand<number>): Column<string | null> {
    return this.#call('substr', start, length);
  }

  // Parts of arrays, maps and structs.

  /**
   * A struct's field.
   * @example df.select(col('items').getItem(0).getField('label'))
   */
  getField<Name extends FieldName<T>>(name: Name): Column<FieldOf<T, Name>> {
    return new Column({ kind: 'extract', child: this.expression, key: stringLiteral(name) });
  }

  /**
   * An array's element by position from 0, or a map's value by key; null if a map lacks it. An array's end is an error in ANSI mode: `try_element_at`.
   * @example df.select(col('tags').getItem(0), col('attributes').getItem('color'))
   */
  getItem(key: KeyOf<T> | Column<KeyOf<T> | null>): Column<ItemOf<T>> {
    return new Column({ kind: 'extract', child: this.expression, key: toExpression(key) });
  }

  /**
   * The struct with `name` set; a new field goes to the end.
   * @example df.select(f.struct('name', 'count').withField('count', col('count').plus(1)).as('counted'))
   */
  withField(name: string, value: Constant): Column {
    return new Column({ kind: 'updateField', struct: this.expression, field: name, value: toExpression(value) });
  }

  /**
   * The struct without these fields.
   * @example df.select(f.struct('name', 'count', 'amount').dropFields('count', 'amount').as('only_name'))
   */
  dropFields(...names: readonly string[]): Column {
    const expression = names.reduce<Expression>(
      (struct, field) => ({ kind: 'updateField', struct, field }),
      this.expression,
    );
    return new Column(expression);
  }

  // Type and name.

  /**
   * The value in another type. What does not fit is an error in ANSI mode, Spark's default; see `try_cast`.
   * @param type a data type, or its name in DDL.
   * @example df.select(col('count').cast(long()), col('payload').cast('binary'))
   */
  cast<V, const Name extends string = string>(type: Typed<V> | Name): Column<CastValue<V, Name> | NullOf<T>, N> {
    return this.#cast(type, 'session');
  }

  /**
   * Null where `cast` would fail.
   * @example df.select(col('name').try_cast('int').as('number'))
   */
  try_cast<V, const Name extends string = string>(type: Typed<V> | Name): Column<CastValue<V, Name> | null, N> {
    return this.#cast(type, 'try');
  }

  /**
   * Names the column in a result. Several names are for generators (`inline`, `explode` of a map) with several columns.
   * @example df.select(f.sum('amount').as('total'))
   * @example df.select(f.explode('attributes').as('key', 'value'))
   */
  as<Name extends string>(name: Name, ...more: readonly Name[]): Column<T, Name, Reference> {
    return new Column({ kind: 'alias', child: this.expression, names: [name, ...more] });
  }

  /**
   * Same as `as`, and optionally keeps metadata with the field; it must be what JSON can say.
   * @example df.select(col('amount').alias('amount', { unit: 'EUR' }))
   */
  alias<Name extends string>(name: Name, metadata?: Readonly<Record<string, unknown>>): Column<T, Name, Reference> {
    if (metadata === undefined) return this.as(name);
    return new Column({ kind: 'alias', child: this.expression, names: [name], metadata: JSON.stringify(metadata) });
  }

  // Order. Nulls come first ascending and last descending, unless said otherwise.

  /**
   * Ascending, nulls first.
   * @example people.orderBy(people.col('age').asc())
   */
  asc(): Column<T, N, Reference> {
    return this.#order('ascending', 'first');
  }

  /**
   * Ascending, nulls first: as `asc`, said aloud.
   * @example people.orderBy(people.col('age').asc_nulls_first())
   */
  asc_nulls_first(): Column<T, N, Reference> {
    return this.#order('ascending', 'first');
  }

  /**
   * Ascending, nulls last.
   * @example people.orderBy(people.col('age').asc_nulls_last())
   */
  asc_nulls_last(): Column<T, N, Reference> {
    return this.#order('ascending', 'last');
  }

  /**
   * Descending, nulls last.
   * @example people.orderBy(people.col('age').desc())
   */
  desc(): Column<T, N, Reference> {
    return this.#order('descending', 'last');
  }

  /**
   * Descending, nulls first.
   * @example people.orderBy(people.col('age').desc_nulls_first())
   */
  desc_nulls_first(): Column<T, N, Reference> {
    return this.#order('descending', 'first');
  }

  /**
   * Descending, nulls last: as `desc`, said aloud.
   * @example people.orderBy(people.col('age').desc_nulls_last())
   */
  desc_nulls_last(): Column<T, N, Reference> {
    return this.#order('descending', 'last');
  }

  /**
   * Computes this aggregate or window function over each row's window.
   * @throws SparkError of kind `input` if it is computed over one already.
   * @example orders.select('customer', f.sum('amount').over(Window.partitionBy('customer')).as('spent'))
   */
  over(window: { readonly definition: WindowDefinition }): Column<T> {
    if (this.expression.kind === 'window') {
      throw new SparkError('over() stands already in this column; give the function one window.', { kind: 'input' });
    }
    return new Column({ kind: 'window', function: this.expression, ...window.definition });
  }

  /**
   * The expression in a form for people, near SQL.
   * @example console.log(col('age').gt(18).toString());
   */
  toString(): string {
    return printExpression(this.expression);
  }

  #call<V>(name: string, ...operands: readonly unknown[]): Column<V> {
    return new Column({ kind: 'function', name, arguments: [this.expression, ...operands.map(toExpression)] });
  }

  #cast<V>(type: DataType | string, mode: 'session' | 'try'): Column<V, N> {
    if (typeof type !== 'string' && !isDataType(type)) {
      throw new SparkError('A cast takes a data type, such as long(), or its name.', { kind: 'input' });
    }
    return new Column({ kind: 'cast', child: this.expression, to: type, mode });
  }

  #order(direction: SortOrder['direction'], nulls: SortOrder['nulls']): Column<T, N, Reference> {
    // Said twice, the last word counts: sort order of a sort order means nothing.
    const child = this.expression.kind === 'sortOrder' ? this.expression.child : this.expression;
    return new Column({ kind: 'sortOrder', child, direction, nulls });
  }
}

function isFrame(value: unknown): value is { readonly relation: SubqueryPlan } {
  return typeof value === 'object' && value !== null && 'relation' in value;
}

/** The value of a cast: the type's, or what its name says. */
type CastValue<V, Name extends string> = string extends Name ? (unknown extends V ? Any : V) : ValueOfName<Name>;

/** The value of a column. */
export type ValueOf<C> = C extends { readonly [types]: { readonly value: infer T } } ? T : never;
/** The name of a column in a result; `string` if it is not known. */
export type NameOf<C> = C extends { readonly [types]: { readonly name: infer N extends string } } ? N : never;
/** The name in the frame that a column stands for, if it stands for just one; `any` otherwise. */
export type ReferenceOf<C> = C extends { readonly [types]: { readonly reference: infer Name } } ? Name : never;
