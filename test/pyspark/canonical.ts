// Values in a form that two languages agree on: each with its kind, numbers as digits or as the bits of a double. `results.py` writes the same.
import type { CalendarInterval, DataType, StructType } from '../../spark/connect/index.js';

export type Canonical = string | boolean | null | readonly Canonical[] | { readonly map: readonly Canonical[] };

/** A row as the list of its values. */
function canonicalRow(row: unknown, { fields }: StructType): Canonical {
  const values = row as Readonly<Record<string, unknown>>;
  return fields.map(({ name, type }) => canonical(values[name], type));
}

/** @throws Error for a type that PySpark gives no values of: variants and intervals of months. */
export function canonical(value: unknown, type: DataType): Canonical {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return value as boolean;
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      return `whole ${value}`;
    case 'float':
    case 'double':
      return canonicalDouble(value as number);
    case 'decimal':
      return `decimal ${value}`;
    case 'string':
    case 'char':
    case 'varchar':
      return `text ${value}`;
    case 'binary':
      return `bytes ${Buffer.from(value as Uint8Array).toString('hex')}`;
    case 'date':
      return `days ${value}`;
    case 'timestamp':
    case 'timestampNtz':
    case 'dayTimeInterval':
      return `micros ${value}`;
    case 'time':
      return `nanos ${value}`;
    case 'calendarInterval': {
      const { months, days, microseconds } = value as CalendarInterval;
      return [`whole ${months}`, `whole ${days}`, `whole ${microseconds * 1_000n}`];
    }
    case 'array':
      return (value as readonly unknown[]).map((each) => canonical(each, type.elementType));
    case 'map': {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)].map(
        ([key, each]): Canonical => [canonical(key, type.keyType), canonical(each, type.valueType)],
      );
      return { map: sorted(entries) };
    }
    case 'struct':
      return canonicalRow(value, type);
    default:
      throw new Error(`no canonical form of ${type.kind}`);
  }
}

/** In an order that does not depend on how they came. */
export function sorted(values: readonly Canonical[]): Canonical[] {
  const keyed = values.map((value) => [JSON.stringify(value), value] as const);
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

/** By its bits: no language's digits. All NaN are one. */
function canonicalDouble(value: number): string {
  if (Number.isNaN(value)) return 'float NaN';
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return `float ${bits.toString('hex')}`;
}
