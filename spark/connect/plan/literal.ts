// A constant within a plan, with its Spark type. What becomes which literal is decided in frame/literal.ts.
import type { DataType, StructType } from '../types/data-type.js';

export type Literal =
  | { readonly kind: 'null'; readonly type: DataType }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'byte' | 'short' | 'integer' | 'float' | 'double'; readonly value: number }
  | { readonly kind: 'long'; readonly value: bigint }
  | { readonly kind: 'decimal'; readonly value: string; readonly precision: number; readonly scale: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'binary'; readonly value: Uint8Array }
  /** Days since 1970-01-01. */
  | { readonly kind: 'date'; readonly value: number }
  /** Microseconds since 1970-01-01T00:00:00, in UTC or, for `timestampNtz`, on the wall clock. */
  | { readonly kind: 'timestamp' | 'timestampNtz'; readonly value: bigint }
  /** Nanoseconds since midnight. */
  | { readonly kind: 'time'; readonly value: bigint; readonly precision: number }
  /** Months. */
  | { readonly kind: 'yearMonthInterval'; readonly value: number }
  /** Microseconds. */
  | { readonly kind: 'dayTimeInterval'; readonly value: bigint }
  | {
      readonly kind: 'calendarInterval';
      readonly months: number;
      readonly days: number;
      readonly microseconds: bigint;
    }
  | { readonly kind: 'array'; readonly elementType: DataType; readonly elements: readonly Literal[] }
  | {
      readonly kind: 'map';
      readonly keyType: DataType;
      readonly valueType: DataType;
      readonly keys: readonly Literal[];
      readonly values: readonly Literal[];
    }
  | { readonly kind: 'struct'; readonly type: StructType; readonly elements: readonly Literal[] };
