// From rows to Arrow IPC, for createDataFrame: one record batch, one column builder per type. What a value may be is what `RowOf` says of its
// type, and a few friendly forms that lose nothing (a whole number for a long, a Date for a timestamp, text for a decimal).
import { SparkError } from '../errors/spark-error.js';
import type { DataType, StructType } from '../types/data-type.js';
import { unscaledOf, wordsFromUnscaled } from './decimal-words.js';
import {
  bytes,
  days,
  dayTime,
  float,
  instant,
  long,
  text,
  timeOfDay,
  wallClock,
  whole,
  yearMonth,
} from './local-values.js';
import {
  Written,
  type WrittenColumn,
  type WrittenField,
  type WrittenType,
  writeArrowStream,
  writeBatch,
  writeSchema,
} from './write-arrow-stream.js';

/**
 * The rows as a whole Arrow IPC stream.
 *
 * One batch and one message: what a LocalRelation carries must fit into the plan, 128 MiB at most. More rows belong into a file or a table.
 * @throws SparkError of kind `input` that names row and column of the first value that does not fit its type.
 */
export function encodeRows(rows: readonly Readonly<Record<string, unknown>>[], schema: StructType): Uint8Array {
  for (const [row, value] of rows.entries()) {
    if (!isRecord(value)) throw misfit('*', row, value, 'an object of named columns');
  }
  const { fields, columns } = encodeFields(rows, schema, '');
  return writeArrowStream(fields, columns, rows.length);
}

/** Rows as the parts of a stream, which then has as many batches as one likes: what it begins with, and one batch. */
export function encodeRowBatch(rows: readonly object[], schema: StructType): { schema: Uint8Array; batch: Uint8Array } {
  const { fields, columns } = encodeFields(rows, schema, '');
  return { schema: writeSchema(fields), batch: writeBatch(columns, rows.length) };
}

type Values = readonly unknown[];

interface Validity {
  readonly nullCount: number;
  /** Bits, lowest first; nothing while nothing is null. */
  readonly bits: Uint8Array;
}

const NOTHING = new Uint8Array(0);

function validityOf(values: Values, nullable: boolean, path: string): Validity {
  let nullCount = 0;
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined) {
      if (!nullable) throw misfit(path, row, value, 'a value: the column is not nullable');
      nullCount++;
    } else bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return { nullCount, bits: nullCount === 0 ? NOTHING : bits };
}

function column(
  type: WrittenType,
  length: number,
  { nullCount, bits }: Validity,
  buffers: readonly ArrayBufferView[],
  children: readonly WrittenColumn[] = [],
): WrittenColumn {
  return { type, length, nullCount, buffers: [bits, ...buffers], children };
}

function encodeFields(
  rows: Values,
  schema: StructType,
  path: string,
): { fields: readonly WrittenField[]; columns: readonly WrittenColumn[] } {
  const columns: WrittenColumn[] = [];
  const fields: WrittenField[] = [];
  for (const field of schema.fields) {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    // A null struct has null fields, whatever they say of themselves.
    const values = rows.map((row) => memberOf(row as Record<string, unknown> | null | undefined, field.name));
    const isAbsent = rows.some((row) => row === null || row === undefined);
    const encoded = encodeColumn(values, field.type, field.nullable || isAbsent, at);
    columns.push(encoded);
    fields.push({ name: field.name, type: encoded.type, nullable: field.nullable });
  }
  return { fields, columns };
}

/** Not what every object has: a column `constructor` that a row lacks is missing, no function. */
function memberOf(row: Record<string, unknown> | null | undefined, name: string): unknown {
  return row !== null && row !== undefined && name in Object.prototype && !Object.hasOwn(row, name)
    ? undefined
    : row?.[name];
}

/** What has fields by names. Of an array or a Map every field would be missing, and so null. */
function isRecord(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(Array.isArray(value) || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
  );
}

function encodeColumn(values: Values, type: DataType, nullable: boolean, path: string): WrittenColumn {
  const length = values.length;
  if (type.kind === 'null') return { type: Written.null, length, nullCount: length, buffers: [], children: [] };
  const validity = validityOf(values, nullable, path);
  const fixed = <Buffer extends ArrayBufferView & { [row: number]: number | bigint }>(
    arrow: WrittenType,
    data: Buffer,
    convert: (value: unknown) => Buffer[number] | undefined,
    expected: string,
  ): WrittenColumn => {
    for (let row = 0; row < length; row++) {
      const value = values[row];
      if (value === null || value === undefined) continue;
      const converted = convert(value);
      if (converted === undefined) throw misfit(path, row, value, expected);
      data[row] = converted;
    }
    return column(arrow, length, validity, [data]);
  };
  switch (type.kind) {
    case 'boolean':
      return encodeBooleans(values, validity, path);
    case 'byte':
      return fixed(Written.int8, new Int8Array(length), whole(-128, 127), 'a whole number from -128 to 127');
    case 'short':
      return fixed(Written.int16, new Int16Array(length), whole(-32_768, 32_767), 'a whole number of 16 bits');
    case 'integer':
      return fixed(Written.int32, new Int32Array(length), whole(-(2 ** 31), 2 ** 31 - 1), 'a whole number of 32 bits');
    case 'yearMonthInterval':
      return fixed(
        Written.months,
        new Int32Array(length),
        yearMonth,
        'a number of months, or a Temporal.Duration of years and months',
      );
    case 'date':
      return fixed(
        Written.days,
        new Int32Array(length),
        days,
        'a number of days since 1970, a Date at midnight UTC, or a Temporal.PlainDate',
      );
    case 'long':
      return fixed(Written.int64, new BigInt64Array(length), long, 'a bigint of 64 bits, or a safe whole number');
    case 'timestamp':
      return fixed(
        Written.instant,
        new BigInt64Array(length),
        instant,
        'a bigint of microseconds, a Date, or a Temporal.Instant',
      );
    case 'timestampNtz':
      return fixed(
        Written.wallClock,
        new BigInt64Array(length),
        wallClock,
        'a bigint of microseconds, a Date, or a Temporal.PlainDateTime',
      );
    case 'dayTimeInterval':
      return fixed(
        Written.microseconds,
        new BigInt64Array(length),
        dayTime,
        'a bigint of microseconds, or a Temporal.Duration without years and months',
      );
    case 'time':
      return fixed(
        Written.nanosOfDay,
        new BigInt64Array(length),
        timeOfDay(type.precision),
        'a bigint of nanoseconds since midnight, or a Temporal.PlainTime',
      );
    case 'float':
      return fixed(Written.float32, new Float32Array(length), float, 'a number');
    case 'double':
      return fixed(Written.float64, new Float64Array(length), float, 'a number');
    case 'decimal':
      return encodeDecimals(values, validity, type, path);
    case 'string':
    case 'char':
    case 'varchar':
      return encodeBytes(Written.utf8, values, validity, path, 'a string', text);
    case 'binary':
      return encodeBytes(Written.binary, values, validity, path, 'a Uint8Array', bytes);
    case 'array':
      return encodeList(values, validity, type, path);
    case 'map':
      return encodeMap(values, validity, type, path);
    case 'struct': {
      for (let row = 0; row < length; row++) {
        const value = values[row];
        if (value !== null && value !== undefined && !isRecord(value))
          throw misfit(path, row, value, 'an object of named fields');
      }
      const { fields, columns } = encodeFields(values, type, path);
      return column(Written.struct(fields), length, validity, [], columns);
    }
    default:
      throw new SparkError(`Column ${path}: values of type ${type.kind} cannot be sent as local rows.`, {
        kind: 'unsupported',
      });
  }
}

function encodeBooleans(values: Values, validity: Validity, path: string): WrittenColumn {
  const data = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, row) => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'boolean') throw misfit(path, row, value, 'a boolean');
    if (value) data[row >> 3] = (data[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return column(Written.bool, values.length, validity, [data]);
}

function encodeDecimals(
  values: Values,
  validity: Validity,
  type: Extract<DataType, { kind: 'decimal' }>,
  path: string,
): WrittenColumn {
  const data = new Uint32Array(values.length * 4);
  const limit = 10n ** BigInt(type.precision);
  values.forEach((value, row) => {
    if (value === null || value === undefined) return;
    const unscaled = unscaledOf(value, type.scale);
    if (unscaled === undefined || unscaled >= limit || unscaled <= -limit) {
      throw misfit(path, row, value, `a Decimal or text that fits decimal(${type.precision}, ${type.scale}) exactly`);
    }
    wordsFromUnscaled(unscaled, data, row * 4);
  });
  return column(Written.decimal(type.precision, type.scale), values.length, validity, [data]);
}

function encodeBytes(
  arrow: WrittenType,
  values: Values,
  validity: Validity,
  path: string,
  expected: string,
  convert: (value: unknown) => Uint8Array | undefined,
): WrittenColumn {
  const parts: Uint8Array[] = [];
  const valueOffsets = new Int32Array(values.length + 1);
  let length = 0;
  values.forEach((value, row) => {
    if (value !== null && value !== undefined) {
      const part = convert(value);
      if (part === undefined) throw misfit(path, row, value, expected);
      parts.push(part);
      length += part.length;
    }
    valueOffsets[row + 1] = length;
  });
  const data = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return column(arrow, values.length, validity, [valueOffsets, data]);
}

function encodeList(
  values: Values,
  validity: Validity,
  type: Extract<DataType, { kind: 'array' }>,
  path: string,
): WrittenColumn {
  const elements: unknown[] = [];
  const valueOffsets = new Int32Array(values.length + 1);
  values.forEach((value, row) => {
    if (value !== null && value !== undefined) {
      if (!Array.isArray(value)) throw misfit(path, row, value, 'an array');
      for (const element of value) elements.push(element);
    }
    valueOffsets[row + 1] = elements.length;
  });
  const child = encodeColumn(elements, type.elementType, type.containsNull, `${path}[]`);
  const list = Written.list({ name: 'element', type: child.type, nullable: type.containsNull });
  return column(list, values.length, validity, [valueOffsets], [child]);
}

function encodeMap(
  values: Values,
  validity: Validity,
  type: Extract<DataType, { kind: 'map' }>,
  path: string,
): WrittenColumn {
  const keys: unknown[] = [];
  const mapped: unknown[] = [];
  const valueOffsets = new Int32Array(values.length + 1);
  values.forEach((value, row) => {
    if (value !== null && value !== undefined) {
      if (!(value instanceof Map)) throw misfit(path, row, value, 'a Map');
      for (const [key, each] of value) {
        keys.push(key);
        mapped.push(each);
      }
    }
    valueOffsets[row + 1] = keys.length;
  });
  const keyData = encodeColumn(keys, type.keyType, false, `${path}.key`);
  const valueData = encodeColumn(mapped, type.valueType, type.valueContainsNull, `${path}.value`);
  const entries = Written.struct([
    { name: 'key', type: keyData.type, nullable: false },
    { name: 'value', type: valueData.type, nullable: type.valueContainsNull },
  ]);
  const child = column(entries, keys.length, { nullCount: 0, bits: NOTHING }, [], [keyData, valueData]);
  const map = Written.map({ name: 'entries', type: entries, nullable: false });
  return column(map, values.length, validity, [valueOffsets], [child]);
}

function misfit(path: string, row: number, value: unknown, expected: string): SparkError {
  const found = value === null || value === undefined ? String(value) : `${typeof value} ${String(value).slice(0, 40)}`;
  return new SparkError(`Row ${row + 1}, column ${path}: expected ${expected}; found ${found}.`, { kind: 'input' });
}
