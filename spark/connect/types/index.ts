export {
  arrayType,
  binary,
  boolean,
  byte,
  calendar_interval,
  char,
  date,
  day_time_interval,
  decimal,
  double,
  float,
  integer,
  long,
  mapType,
  notNull,
  short,
  string,
  structType,
  time,
  timestamp,
  timestamp_ntz,
  varchar,
  variant,
  void_,
  year_month_interval,
} from './build.js';
export type {
  ArrayType,
  CharType,
  DataType,
  DayTimeIntervalType,
  DecimalType,
  MapType,
  SimpleType,
  StringType,
  StructField,
  StructType,
  TimeType,
  YearMonthIntervalType,
} from './data-type.js';
export { isDataType } from './data-type.js';
export { Decimal } from './decimal.js';
export type { LocalRow, LocalValue } from './local-row.js';
export type { CalendarInterval, FieldSpec, NotNull, RowOf, Typed } from './row-of.js';
export { schemaDdl, schemaJson, typeDdl } from './schema.js';
export type {
  DurationLike,
  InstantLike,
  PlainDateLike,
  PlainDateTimeLike,
  PlainTimeLike,
  TemporalLike,
} from './temporal.js';
export {
  type DateDays,
  dateDays,
  type TimestampMicros,
  timestampMicros,
  timestampToDate,
  timestampToString,
} from './time.js';
