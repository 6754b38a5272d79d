// What the words of the table stand for: kinds of arguments, and types of results.

export interface Kind {
  /** The parameter's type. */
  readonly type: string;
  /** `plain`: text names a column. `constant`: text is a constant. The others are made into columns in their own way. */
  readonly passing: 'plain' | 'constant' | 'options' | 'float';
  /** What it is when it is not given; for kinds that always have one. */
  readonly default?: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  /** A column or its name; what a parameter without a kind takes. */
  column: { type: 'ColumnOrName', passing: 'plain' },
  /** A column, its name, or a constant of another kind than text. */
  any: { type: 'Argument', passing: 'plain' },
  /** A constant of any kind, or a column. */
  value: { type: 'unknown', passing: 'constant' },
  /** A pattern, a format, a unit: text is that constant. */
  literal: { type: 'string | Column', passing: 'constant' },
  /** As `literal`, where Spark takes no column. */
  word: { type: 'string', passing: 'constant' },
  int: { type: 'number | Column', passing: 'plain' },
  /** As `int`, where Spark takes no column. */
  number: { type: 'number', passing: 'plain' },
  flag: { type: 'boolean', passing: 'plain' },
  flags: { type: 'boolean | Column', passing: 'plain' },
  /** Chosen here if it is not given, so that a plan gives the same however often it runs. */
  seed: { type: 'number | bigint | Column', passing: 'plain', default: 'anySeed()' },
  condition: { type: 'ColumnOrName<boolean | null>', passing: 'plain' },
  time: { type: 'ColumnOrName<Time>', passing: 'plain' },
  instant: { type: 'ColumnOrName<TimestampMicros | null>', passing: 'plain' },
  date: { type: 'ColumnOrName<DateDays | null>', passing: 'plain' },
  window: { type: 'ColumnOrName<TimeWindow | null>', passing: 'plain' },
  /** The result's type follows from the column's. */
  T: { type: 'Column<T> | string', passing: 'plain' },
  /** As `T`; text, times and structs are refused at compile time. */
  numeric: { type: 'NumericColumn<T>', passing: 'plain' },
  fallback: { type: 'T | Column<T>', passing: 'constant' },
  percentage: { type: 'number | readonly number[] | Column', passing: 'constant' },
  /** A vector's degree, which Spark wants as a FLOAT. */
  degree: { type: 'number', passing: 'float' },
  mode: { type: 'TupleMode', passing: 'constant' },
  modes: { type: 'TupleMode | Column', passing: 'constant' },
  options: { type: 'FormatOptions', passing: 'options' },
};

/** @param name of a kind, or a type with its passing: `constant<'NDR' | 'XDR' | Column>`. */
export function kindOf(name: string): Kind {
  const known = KINDS[name];
  if (known !== undefined) return known;
  const [, passing, type] = /^(plain|constant)<(.+)>$/.exec(name) ?? [];
  if (passing === undefined || type === undefined) throw new Error(`There is no kind of argument '${name}'.`);
  return { type, passing: passing as Kind['passing'] };
}

/** The type of a result: `string?` may be null, `bytes` are a Uint8Array, of `any` the compiler knows nothing. */
export function resultType(result: string): string {
  if (result === 'any') return 'Column';
  const type = result.replace(/\?$/, ' | null').replace(/\bbytes\b/g, 'Uint8Array');
  return `Column<${type}>`;
}

/** Where the types stand that signatures name; files from the folder of generated ones. */
export const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  '../../../types/any.js': ['Any'],
  '../../../types/decimal.js': ['Decimal'],
  '../../../types/row-of.js': ['CalendarInterval'],
  '../../../types/time.js': ['DateDays', 'TimestampMicros'],
  '../../column.js': ['Column'],
  '../../seed.js': ['anySeed'],
  '../call.js': ['Argument', 'ColumnOrName', 'call', 'constant', 'optional', 'optionsArgument', 'present'],
  '../types.js': [
    'AverageOf',
    'ElementOf',
    'ExplodedOf',
    'FormatOptions',
    'KeysOf',
    'MappedValuesOf',
    'NumericColumn',
    'SumOf',
    'Time',
    'TimeWindow',
    'TupleMode',
  ],
};
