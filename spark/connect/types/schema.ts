// Types as text: JSON, which Spark reads back without loss (nullability, metadata), and DDL for people.
import type { DataType, StructField } from './data-type.js';

/**
 * Spark's own JSON of a type (`DataType.json` of Spark 4.2), what readers and `from_json` take as a schema.
 * @example const json = schemaJson(struct({ id: long() }));
 */
export function schemaJson(type: DataType): string {
  return JSON.stringify(jsonOf(type));
}

type Json = string | number | boolean | { readonly [key: string]: Json } | readonly Json[];

function jsonOf(type: DataType): Json {
  switch (type.kind) {
    case 'array':
      return { type: 'array', elementType: jsonOf(type.elementType), containsNull: type.containsNull };
    case 'map':
      return {
        type: 'map',
        keyType: jsonOf(type.keyType),
        valueType: jsonOf(type.valueType),
        valueContainsNull: type.valueContainsNull,
      };
    case 'struct':
      return { type: 'struct', fields: type.fields.map(fieldJson) };
    case 'string':
      // A collation lives in the metadata of the field around it; see fieldJson.
      return 'string';
    default:
      return typeName(type);
  }
}

function fieldJson({ name, type, nullable, metadata }: StructField): Json {
  const collations = collationsOf(type, name);
  const own = metadata === undefined ? {} : (JSON.parse(metadata) as { readonly [key: string]: Json });
  return {
    name,
    type: jsonOf(type),
    nullable,
    metadata: collations.length === 0 ? own : { ...own, __COLLATIONS: Object.fromEntries(collations) },
  };
}

/** The collations within a field up to the next struct, by their paths: `name`, `names.element`, `map.key`, `map.value`. */
function collationsOf(type: DataType, path: string): readonly (readonly [path: string, collation: string])[] {
  switch (type.kind) {
    case 'string':
      if (type.collation === undefined) return [];
      return [[path, `${type.collation.startsWith('UTF8') ? 'spark' : 'icu'}.${type.collation}`]];
    case 'array':
      return collationsOf(type.elementType, `${path}.element`);
    case 'map':
      return [...collationsOf(type.keyType, `${path}.key`), ...collationsOf(type.valueType, `${path}.value`)];
    default:
      return [];
  }
}

const YEAR_MONTH = ['year', 'month'];
const DAY_TIME = ['day', 'hour', 'minute', 'second'];

/** The names in Spark's JSON; for types without parameters DDL has the same, but for `integer` and `long`. */
function typeName(type: Exclude<DataType, { readonly kind: 'array' | 'map' | 'struct' | 'string' }>): string {
  switch (type.kind) {
    case 'null':
      return 'void';
    case 'timestampNtz':
      return 'timestamp_ntz';
    case 'calendarInterval':
      return 'interval';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'char':
    case 'varchar':
      return `${type.kind}(${type.length})`;
    case 'time':
      return `time(${type.precision})`;
    case 'yearMonthInterval':
      return intervalName(YEAR_MONTH, type.startField, type.endField);
    case 'dayTimeInterval':
      return intervalName(DAY_TIME, type.startField, type.endField);
    default:
      return type.kind;
  }
}

function intervalName(units: readonly string[], start: number, end: number): string {
  const from = units[start] ?? units[0];
  return start === end ? `interval ${from}` : `interval ${from} to ${units[end] ?? units.at(-1)}`;
}

/**
 * As SQL writes it: `STRUCT<id: BIGINT NOT NULL, tags: ARRAY<STRING>>`. Nullability of elements cannot be said in DDL.
 * @example console.log(typeDdl(array(string()))); // ARRAY<STRING>
 */
export function typeDdl(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `ARRAY<${typeDdl(type.elementType)}>`;
    case 'map':
      return `MAP<${typeDdl(type.keyType)}, ${typeDdl(type.valueType)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((each) => fieldDdl(each, ': ')).join(', ')}>`;
    case 'string':
      return type.collation === undefined ? 'STRING' : `STRING COLLATE ${type.collation}`;
    default:
      return DDL_NAMES[type.kind] ?? typeName(type).toUpperCase();
  }
}

/**
 * A table's columns: `id BIGINT NOT NULL, name STRING`.
 * @example console.log(schemaDdl((await people.schema()).fields));
 */
export function schemaDdl(fields: readonly StructField[]): string {
  return fields.map((each) => fieldDdl(each, ' ')).join(', ');
}

const DDL_NAMES: Partial<Record<DataType['kind'], string>> = {
  byte: 'TINYINT',
  short: 'SMALLINT',
  integer: 'INT',
  long: 'BIGINT',
};

function fieldDdl({ name, type, nullable }: StructField, separator: string): string {
  return `${/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``}${separator}${typeDdl(type)}${nullable ? '' : ' NOT NULL'}`;
}
