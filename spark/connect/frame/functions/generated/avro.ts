// Avro: bytes with a schema beside them, as records of Kafka often are. The server must have been given spark-avro.
// Generated from tools/functions/table/avro.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type ColumnOrName, call, constant, optional, optionsArgument } from '../call.js';
import type { FormatOptions } from '../types.js';

/**
 * Writes a value as Avro.
 * @param schema as Avro's JSON; made of the column's type if not given.
 * @since 4.0.0
 * @example df.select(f.to_avro('name'))
 */
export function to_avro(value: ColumnOrName, schema?: string): Column<Uint8Array | null> {
  return call('to_avro', value, ...optional(schema));
}

/**
 * The type that values of an Avro schema have, as DDL.
 * @since 4.0.0
 * @example df.select(f.schema_of_avro('{"type": "string"}'))
 */
export function schema_of_avro(schema: string | Column, options?: FormatOptions): Column<string> {
  return call('schema_of_avro', constant(schema), ...optionsArgument(options));
}
