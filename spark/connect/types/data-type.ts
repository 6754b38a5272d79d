// Spark's types as plain immutable values, told apart by `kind`. What a value of each type is in JavaScript stands in `row-of.ts`; how users
// write them (`struct({ id: notNull(long()), name: string() })`) in `build.ts`; the protocol's form in wire/encode-type and wire/decode-type.

/** Types without parameters. */
export type SimpleKind =
  | 'null'
  | 'boolean'
  | 'byte'
  | 'short'
  | 'integer'
  | 'long'
  | 'float'
  | 'double'
  | 'binary'
  | 'date'
  | 'timestamp'
  | 'timestampNtz'
  | 'calendarInterval'
  | 'variant';

export interface SimpleType {
  readonly kind: SimpleKind;
}

export interface StringType {
  readonly kind: 'string';
  /** Absent: UTF8_BINARY, Spark's default. */
  readonly collation?: string;
}

export interface CharType {
  readonly kind: 'char' | 'varchar';
  /** In characters. */
  readonly length: number;
}

export interface DecimalType {
  readonly kind: 'decimal';
  /** Digits in all, at most 38. */
  readonly precision: number;
  /** Digits behind the point. */
  readonly scale: number;
}

export interface TimeType {
  readonly kind: 'time';
  /** Digits of the fraction of a second, 0 to 6. */
  readonly precision: number;
}

export interface YearMonthIntervalType {
  readonly kind: 'yearMonthInterval';
  /** 0 year, 1 month. */
  readonly startField: number;
  readonly endField: number;
}

export interface DayTimeIntervalType {
  readonly kind: 'dayTimeInterval';
  /** 0 day, 1 hour, 2 minute, 3 second. */
  readonly startField: number;
  readonly endField: number;
}

export interface ArrayType {
  readonly kind: 'array';
  readonly elementType: DataType;
  readonly containsNull: boolean;
}

export interface MapType {
  readonly kind: 'map';
  readonly keyType: DataType;
  readonly valueType: DataType;
  readonly valueContainsNull: boolean;
}

/** A field of a struct, or a column of a frame. */
export interface StructField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** JSON text, as Spark keeps it. */
  readonly metadata?: string;
}

/** A row's type; also that of a value with named fields. */
export interface StructType {
  readonly kind: 'struct';
  readonly fields: readonly StructField[];
}

/** Every type of Spark 4.2 that can be in a row, but for GEOMETRY and GEOGRAPHY, which are experimental there. */
export type DataType =
  | SimpleType
  | StringType
  | CharType
  | DecimalType
  | TimeType
  | YearMonthIntervalType
  | DayTimeIntervalType
  | ArrayType
  | MapType
  | StructType;

/** Tells a type from other plain objects (rows, options); types come from outside as values without a class. */
export function isDataType(value: unknown): value is DataType {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    KINDS.has(value.kind)
  );
}

const KINDS: ReadonlySet<string> = new Set<DataType['kind']>([
  'null',
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'binary',
  'date',
  'timestamp',
  'timestampNtz',
  'calendarInterval',
  'variant',
  'string',
  'char',
  'varchar',
  'decimal',
  'time',
  'yearMonthInterval',
  'dayTimeInterval',
  'array',
  'map',
  'struct',
]);
