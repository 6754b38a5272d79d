// Binary formats with a schema beside them, as records of Kafka often are. Spark has them in modules of their own (spark-avro, spark-protobuf) that
// the server must have been given.
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { type ColumnOrName, call, constant, optional, optionsArgument } from './call.js';
import type { FormatOptions } from './json.js';

/** @param schema the writer's, as Avro's JSON. */
export function from_avro<T = Any>(bytes: ColumnOrName, schema: string, options?: FormatOptions): Column<T | null> {
  return call('from_avro', bytes, constant(schema), ...optionsArgument(options));
}

/** @param schema as Avro's JSON; made of the column's type if not given. */
export const to_avro = (value: ColumnOrName, schema?: string): Column<Uint8Array | null> =>
  call('to_avro', value, ...optional(schema));

/** The type that values of an Avro schema have, as DDL. */
export const schema_of_avro = (schema: string | Column, options?: FormatOptions): Column<string> =>
  call('schema_of_avro', constant(schema), ...optionsArgument(options));

/** How a message is found: in a descriptor set (`protoc --descriptor_set_out`), or by its class at the server. */
export interface ProtobufOptions {
  readonly descriptors?: Uint8Array | undefined;
  readonly options?: FormatOptions | undefined;
}

/** @param message the message's name, or its Java class if there are no descriptors. */
export function from_protobuf<T = Any>(
  bytes: ColumnOrName,
  message: string,
  { descriptors, options }: ProtobufOptions = {},
): Column<T | null> {
  return call('from_protobuf', bytes, constant(message), ...optional(descriptors), ...optionsArgument(options));
}

/** @param message the message's name, or its Java class if there are no descriptors. */
export function to_protobuf(
  value: ColumnOrName,
  message: string,
  { descriptors, options }: ProtobufOptions = {},
): Column<Uint8Array | null> {
  return call('to_protobuf', value, constant(message), ...optional(descriptors), ...optionsArgument(options));
}
