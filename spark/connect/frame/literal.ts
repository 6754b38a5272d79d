// From JavaScript values to constants in a plan. The rules are those of `createDataFrame` and of `RowOf`, so that what a row gave can be put back:
//   null → NULL · boolean → BOOLEAN · string → STRING · bigint → BIGINT · Decimal → DECIMAL · Date → TIMESTAMP · Uint8Array → BINARY
//   whole number that fits 32 bits → INT, whole number up to 2^53 → BIGINT, any other number → DOUBLE
//   Temporal's Instant and ZonedDateTime → TIMESTAMP, PlainDateTime → TIMESTAMP_NTZ, PlainDate → DATE, PlainTime → TIME, Duration → INTERVAL
//   array → array(…) · Map → map(…) · plain object → named_struct(…); their members may be columns
// A TimestampMicros is a bigint at run time, a DateDays a number: to make a TIMESTAMP or a DATE of it, pass it to `lit` with its type (typed-literal.ts).
// What takes a constant refuses both at compile time (`Constant` in operand.ts), lest they travel as BIGINT and INT.
import { SparkError } from '../errors/spark-error.js';
import type { Expression } from '../plan/expression.js';
import type { Literal } from '../plan/literal.js';
import { Decimal } from '../types/decimal.js';
import {
  type DurationLike,
  daysOfPlainDate,
  intervalOfDuration,
  isDuration,
  isInstant,
  isPlainDate,
  isPlainDateTime,
  isTemporal,
  microsOfInstant,
  microsOfPlainDateTime,
  nanosOfPlainTime,
  type TemporalLike,
} from '../types/temporal.js';

/**
 * Marks columns, so that this file need not import them. In the global registry, because a bundled handler may meet columns of another copy
 * of this package.
 */
export const COLUMN: unique symbol = Symbol.for('sluice.connect.column');

export interface ColumnLike {
  readonly [COLUMN]: true;
  readonly expression: Expression;
}

export function isColumnLike(value: unknown): value is ColumnLike {
  return typeof value === 'object' && value !== null && COLUMN in value;
}

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);

/**
 * A column as it is, anything else as a constant.
 * @throws SparkError of kind `input` for a value that has no Spark type.
 */
export function toExpression(value: unknown): Expression {
  if (isColumnLike(value)) return value.expression;
  if (Array.isArray(value)) return call('array', value.map(toExpression));
  if (value instanceof Map) return call('map', [...value].flat().map(toExpression));
  if (isPlainObject(value)) {
    return call(
      'named_struct',
      Object.entries(value).flatMap(([name, member]) => [stringLiteral(name), toExpression(member)]),
    );
  }
  return { kind: 'literal', literal: toLiteral(value) };
}

/**
 * A constant of the type that its value has by itself, or that `lit` gave it; for those places of the protocol that take only literals.
 * @throws SparkError of kind `input` for a column that is more than a constant, an array, an object, or a value that has no Spark type.
 */
export function toLiteral(value: unknown): Literal {
  // What `lit` makes of a value and its type: a DATE that is pivoted by, say.
  if (isColumnLike(value)) {
    if (value.expression.kind === 'literal') return value.expression.literal;
    throw new SparkError(`A constant stands here, and no column; found ${String(value)}.`, { kind: 'input' });
  }
  if (value === null || value === undefined) return { kind: 'null', type: { kind: 'null' } };
  switch (typeof value) {
    case 'boolean':
      return { kind: 'boolean', value };
    case 'string':
      return { kind: 'string', value };
    case 'bigint':
      if (value > LONG_MAX || value < LONG_MIN) throw misfit(value, '; BIGINT has 64 bits, use a Decimal');
      return { kind: 'long', value };
    case 'number':
      // Minus zero is not an integer of Spark's: only a double has it.
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) return { kind: 'double', value };
      return value >= INT_MIN && value <= INT_MAX ? { kind: 'integer', value } : { kind: 'long', value: BigInt(value) };
    default:
      return objectLiteral(value);
  }
}

function objectLiteral(value: unknown): Literal {
  if (value instanceof Decimal) {
    return { kind: 'decimal', value: value.toString(), precision: value.precision, scale: value.scale };
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw misfit(value, '');
    return { kind: 'timestamp', value: BigInt(value.getTime()) * 1_000n };
  }
  if (value instanceof Uint8Array) return { kind: 'binary', value };
  if (isTemporal(value)) return temporalLiteral(value);
  throw misfit(
    value,
    "; lit takes null, booleans, numbers, bigints, strings, Dates, Temporal's objects, Decimals, Uint8Arrays, arrays, Maps and plain objects",
  );
}

/** A TIME with microseconds, Spark's default and the finest it has. */
const TIME_DIGITS = 6;

function temporalLiteral(value: TemporalLike): Literal {
  if (isInstant(value)) return { kind: 'timestamp', value: microsOfInstant(value) };
  if (isPlainDateTime(value)) return { kind: 'timestampNtz', value: microsOfPlainDateTime(value) };
  if (isPlainDate(value)) return { kind: 'date', value: daysOfPlainDate(value) };
  if (isDuration(value)) return durationLiteral(value);
  return { kind: 'time', value: (nanosOfPlainTime(value) / 1_000n) * 1_000n, precision: TIME_DIGITS };
}

/** The narrowest kind of interval, because Spark compares and adds each only to its like; a day-time interval's day has 24 hours. */
function durationLiteral(value: DurationLike): Literal {
  const { months, days, microseconds } = intervalOfDuration(value);
  if (months === 0) {
    return { kind: 'dayTimeInterval', value: BigInt(days) * MICROS_PER_DAY + microseconds };
  }
  if (days === 0 && microseconds === 0n) return { kind: 'yearMonthInterval', value: months };
  return { kind: 'calendarInterval', months, days, microseconds };
}

const MICROS_PER_DAY = 86_400_000_000n;

export function stringLiteral(value: string): Expression {
  return { kind: 'literal', literal: { kind: 'string', value } };
}

export function call(name: string, args: readonly Expression[]): Expression {
  return { kind: 'function', name, arguments: args };
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function misfit(value: unknown, advice: string): SparkError {
  const found = typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
  return new SparkError(`${String(value)} (${found}) has no Spark type${advice}.`, { kind: 'input' });
}
