// From JavaScript values to constants of a given type, for those that no value has by itself: TIMESTAMP of microseconds, DATE of days, intervals, narrow
// numbers, and arrays, maps and structs of them. What is no number of the type is refused, as in local rows: on the wire it would lose its upper bits.
import { SparkError } from '../errors/spark-error.js';
import type { Expression } from '../plan/expression.js';
import type { Literal } from '../plan/literal.js';
import type { DataType } from '../types/data-type.js';
import { typeDdl } from '../types/schema.js';
import { intervalOfDuration, isDuration, isPlainTime } from '../types/temporal.js';
import { dateDays } from '../types/time.js';
import { dayTime, instant, long, timeOfDay, whole, yearMonth } from '../wire/local-values.js';
import { call, isColumnLike, isPlainObject, stringLiteral, toExpression } from './literal.js';

/**
 * A constant of a given type. Values that are none of it by themselves (text as a DATE) are left to a cast at the server.
 * @throws SparkError of kind `input` for a number or Date that the type does not hold, or a struct's field that it does not have.
 */
export function toTypedExpression(value: unknown, type: DataType): Expression {
  if (isColumnLike(value)) return cast(value.expression, type);
  const literal = typedLiteral(value, type);
  if (literal !== undefined) return { kind: 'literal', literal };
  return cast(ofMembers(value, type) ?? toExpression(value), type);
}

function cast(child: Expression, to: DataType): Expression {
  return { kind: 'cast', child, to, mode: 'session' };
}

/** Arrays, maps and structs of constants that have their types already: a cast of the whole would take a BIGINT's microseconds for seconds. */
function ofMembers(value: unknown, type: DataType): Expression | undefined {
  if (type.kind === 'array' && Array.isArray(value)) {
    return call(
      'array',
      value.map((element) => toTypedExpression(element, type.elementType)),
    );
  }
  if (type.kind === 'map' && value instanceof Map) {
    const entries = [...value].flatMap(([key, each]) => [
      toTypedExpression(key, type.keyType),
      toTypedExpression(each, type.valueType),
    ]);
    return call('map', entries);
  }
  if (type.kind === 'struct' && isPlainObject(value)) {
    const unknownName = Object.keys(value).find((name) => !type.fields.some((field) => field.name === name));
    if (unknownName !== undefined) {
      throw new SparkError(`${typeDdl(type)} has no field "${unknownName}".`, { kind: 'input' });
    }
    // In the type's order: a cast goes by position.
    const members = type.fields.flatMap((field) => [
      stringLiteral(field.name),
      toTypedExpression(value[field.name], field.type),
    ]);
    return call('named_struct', members);
  }
  return undefined;
}

const WHOLE = {
  byte: whole(-(2 ** 7), 2 ** 7 - 1),
  short: whole(-(2 ** 15), 2 ** 15 - 1),
  integer: whole(-(2 ** 31), 2 ** 31 - 1),
  date: whole(-(2 ** 31), 2 ** 31 - 1),
} as const;

/** The constant, if the value is one of that type without a cast. */
function typedLiteral(value: unknown, type: DataType): Literal | undefined {
  if (value === null || value === undefined) return { kind: 'null', type };
  const isNumber = typeof value === 'number';
  const isNumeric = isNumber || typeof value === 'bigint';
  switch (type.kind) {
    case 'timestamp':
    case 'timestampNtz':
      // A Date not by a cast of what it would be by itself: that depends on the session's time zone. As in local rows, a wall clock is UTC's.
      if (!(isNumeric || value instanceof Date)) return undefined;
      return { kind: type.kind, value: fitting(instant(value), value, type) };
    case 'long':
      return isNumeric ? { kind: 'long', value: fitting(long(value), value, type) } : undefined;
    case 'dayTimeInterval':
      if (!(isNumeric || isDuration(value))) return undefined;
      return { kind: 'dayTimeInterval', value: fitting(dayTime(value), value, type) };
    case 'yearMonthInterval':
      if (!(isNumeric || isDuration(value))) return undefined;
      return { kind: 'yearMonthInterval', value: fitting(yearMonth(value), value, type) };
    case 'time': {
      if (!(isNumeric || isPlainTime(value))) return undefined;
      const nanos = fitting(timeOfDay(type.precision)(value), value, type);
      return { kind: 'time', value: nanos, precision: type.precision };
    }
    case 'date':
      if (value instanceof Date) return { kind: 'date', value: dateDays(value) };
      return isNumber ? { kind: 'date', value: fitting(WHOLE.date(value), value, type) } : undefined;
    case 'integer':
    case 'short':
    case 'byte':
      return isNumber ? { kind: type.kind, value: fitting(WHOLE[type.kind](value), value, type) } : undefined;
    case 'float':
    case 'double':
      return isNumber ? { kind: type.kind, value } : undefined;
    case 'string':
      return typeof value === 'string' && type.collation === undefined ? { kind: 'string', value } : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? { kind: 'boolean', value } : undefined;
    case 'binary':
      return value instanceof Uint8Array ? { kind: 'binary', value } : undefined;
    case 'calendarInterval':
      return isDuration(value) ? { kind: 'calendarInterval', ...intervalOfDuration(value) } : calendarInterval(value);
    default:
      return undefined;
  }
}

function calendarInterval(value: unknown): Literal | undefined {
  const { months, days, microseconds } = value as { months?: unknown; days?: unknown; microseconds?: unknown };
  if (typeof months !== 'number' || typeof days !== 'number' || typeof microseconds !== 'bigint') return undefined;
  return { kind: 'calendarInterval', months, days, microseconds };
}

function fitting<T>(converted: T | undefined, value: unknown, type: DataType): T {
  if (converted !== undefined) return converted;
  throw new SparkError(`${String(value)} (${typeof value}) is no value of type ${typeDdl(type)}.`, { kind: 'input' });
}
