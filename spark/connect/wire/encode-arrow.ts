// From rows to Arrow IPC, for createDataFrame: one record batch, one column builder per type. What a value may be is what `RowOf` says of its
// type, and a few friendly forms that lose nothing (a whole number for a long, a Date for a timestamp, text for a decimal).
import {
  Decimal as ArrowDecimal,
  type DataType as ArrowType,
  Binary,
  Bool,
  type Data,
  DateDay,
  DurationMicrosecond,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  IntervalYearMonth,
  List,
  Map_,
  makeData,
  Null,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import { SparkError } from '../errors/spark-error.js';
import type { DataType, StructType } from '../types/data-type.js';
import { unscaledOf, wordsFromUnscaled } from './decimal-words.js';
import { bytes, days, float, instant, long, text, wallClock, whole } from './local-values.js';

/**
 * The rows as a whole Arrow IPC stream.
 *
 * One batch and one message: what a LocalRelation carries must fit into the plan, 128 MiB at most. More rows belong into a file or a table.
 * @throws SparkError of kind `input` that names row and column of the first value that does not fit its type.
 */
export function encodeRows(rows: readonly Readonly<Record<string, unknown>>[], schema: StructType): Uint8Array {
  const data = encodeStruct(rows, schema, '');
  const arrowSchema = new Schema(data.type.children);
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(arrowSchema, data));
  writer.finish();
  return writer.toUint8Array(true);
}

type Values = readonly unknown[];

/** Validity bits, lowest first; undefined while nothing is null. */
interface Validity {
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array | undefined;
}

function validityOf(values: Values, nullable: boolean, path: string): Validity {
  let nullCount = 0;
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined) {
      if (!nullable) throw misfit(path, row, value, 'a value: the column is not nullable');
      nullCount++;
    } else nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
  }
  return { nullCount, nullBitmap: nullCount === 0 ? undefined : nullBitmap };
}

function encodeStruct(rows: Values, schema: StructType, path: string): Data<Struct> {
  const children: Data[] = [];
  const fields: Field[] = [];
  for (const field of schema.fields) {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    // A null struct has null fields, whatever they say of themselves.
    const values = rows.map((row) => (row as Record<string, unknown> | null | undefined)?.[field.name]);
    const isAbsent = rows.some((row) => row === null || row === undefined);
    const data = encodeColumn(values, field.type, field.nullable || isAbsent, at);
    children.push(data);
    fields.push(new Field(field.name, data.type, field.nullable));
  }
  return makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children }) as Data<Struct>;
}

function encodeColumn(values: Values, type: DataType, nullable: boolean, path: string): Data {
  const length = values.length;
  if (type.kind === 'null') return makeData({ type: new Null(), length });
  const validity = validityOf(values, nullable, path);
  const fixed = <Buffer extends { [row: number]: number | bigint }>(
    arrow: ArrowType,
    data: Buffer,
    convert: (value: unknown) => Buffer[number] | undefined,
    expected: string,
  ): Data => {
    for (let row = 0; row < length; row++) {
      const value = values[row];
      if (value === null || value === undefined) continue;
      const converted = convert(value);
      if (converted === undefined) throw misfit(path, row, value, expected);
      data[row] = converted;
    }
    return makeData({ type: arrow, length, ...validity, data } as never) as Data;
  };
  switch (type.kind) {
    case 'boolean':
      return encodeBooleans(values, validity, path);
    case 'byte':
      return fixed(new Int8(), new Int8Array(length), whole(-128, 127), 'a whole number from -128 to 127');
    case 'short':
      return fixed(new Int16(), new Int16Array(length), whole(-32_768, 32_767), 'a whole number of 16 bits');
    case 'integer':
      return fixed(new Int32(), new Int32Array(length), whole(-(2 ** 31), 2 ** 31 - 1), 'a whole number of 32 bits');
    case 'yearMonthInterval':
      return fixed(
        new IntervalYearMonth(),
        new Int32Array(length),
        whole(-(2 ** 31), 2 ** 31 - 1),
        'a number of months',
      );
    case 'date':
      return fixed(
        new DateDay(),
        new Int32Array(length),
        days,
        'a number of days since 1970, a Date at midnight UTC, or a Temporal.PlainDate',
      );
    case 'long':
      return fixed(new Int64(), new BigInt64Array(length), long, 'a bigint of 64 bits, or a safe whole number');
    case 'timestamp':
      return fixed(
        new TimestampMicrosecond('UTC'),
        new BigInt64Array(length),
        instant,
        'a bigint of microseconds, a Date, or a Temporal.Instant',
      );
    case 'timestampNtz':
      return fixed(
        new TimestampMicrosecond(),
        new BigInt64Array(length),
        wallClock,
        'a bigint of microseconds, a Date, or a Temporal.PlainDateTime',
      );
    case 'dayTimeInterval':
      return fixed(new DurationMicrosecond(), new BigInt64Array(length), long, 'a bigint of microseconds');
    case 'float':
      return fixed(new Float32(), new Float32Array(length), float, 'a number');
    case 'double':
      return fixed(new Float64(), new Float64Array(length), float, 'a number');
    case 'decimal':
      return encodeDecimals(values, validity, type, path);
    case 'string':
    case 'char':
    case 'varchar':
      return encodeBytes(new Utf8(), values, validity, path, 'a string', text);
    case 'binary':
      return encodeBytes(new Binary(), values, validity, path, 'a Uint8Array', bytes);
    case 'array':
      return encodeList(values, validity, type, path);
    case 'map':
      return encodeMap(values, validity, type, path);
    case 'struct': {
      for (let row = 0; row < length; row++) {
        const value = values[row];
        if (value !== null && value !== undefined && typeof value !== 'object')
          throw misfit(path, row, value, 'an object');
      }
      const struct = encodeStruct(values, type, path);
      return makeData({ type: struct.type, length, ...validity, children: struct.children });
    }
    default:
      throw new SparkError(`Column ${path}: values of type ${type.kind} cannot be sent as local rows.`, {
        kind: 'unsupported',
      });
  }
}

function encodeBooleans(values: Values, validity: Validity, path: string): Data {
  const data = new Uint8Array((values.length + 7) >> 3);
  values.forEach((value, row) => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'boolean') throw misfit(path, row, value, 'a boolean');
    if (value) data[row >> 3] = (data[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return makeData({ type: new Bool(), length: values.length, ...validity, data });
}

function encodeDecimals(
  values: Values,
  validity: Validity,
  type: Extract<DataType, { kind: 'decimal' }>,
  path: string,
): Data {
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
  return makeData({
    type: new ArrowDecimal(type.scale, type.precision, 128),
    length: values.length,
    ...validity,
    data,
  });
}

function encodeBytes(
  arrow: Utf8 | Binary,
  values: Values,
  validity: Validity,
  path: string,
  expected: string,
  convert: (value: unknown) => Uint8Array | undefined,
): Data {
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
  return makeData({ type: arrow as Utf8, length: values.length, ...validity, valueOffsets, data });
}

function encodeList(
  values: Values,
  validity: Validity,
  type: Extract<DataType, { kind: 'array' }>,
  path: string,
): Data {
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
  const arrow = new List(new Field('element', child.type, type.containsNull));
  return makeData({ type: arrow, length: values.length, ...validity, valueOffsets, child });
}

function encodeMap(values: Values, validity: Validity, type: Extract<DataType, { kind: 'map' }>, path: string): Data {
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
  const entries = new Struct([
    new Field('key', keyData.type, false),
    new Field('value', valueData.type, type.valueContainsNull),
  ]);
  const child = makeData({ type: entries, length: keys.length, nullCount: 0, children: [keyData, valueData] });
  const arrow = new Map_(new Field('entries', entries, false) as never);
  return makeData({ type: arrow, length: values.length, ...validity, valueOffsets, child: child as never });
}

function misfit(path: string, row: number, value: unknown, expected: string): SparkError {
  const found = value === null || value === undefined ? String(value) : `${typeof value} ${String(value).slice(0, 40)}`;
  return new SparkError(`Row ${row + 1}, column ${path}: expected ${expected}; found ${found}.`, { kind: 'input' });
}
