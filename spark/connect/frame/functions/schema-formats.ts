// Binary formats with a schema beside them, as records of Kafka often are. Spark has them in modules of their own (spark-avro, spark-protobuf) that
// the server must have been given.
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { type ColumnOrName, call, constant, optional, optionsArgument } from './call.js';
import type { FormatOptions } from './types.js';

/**
 * Reads a record of Avro. The server must have been given spark-avro.
 * @param schema the writer's, as Avro's JSON.
 * @since 4.0.0
 * @example df.select(f.from_avro('bytes', '{"type": "string"}'))
 */
export function from_avro<T = Any>(bytes: ColumnOrName, schema: string, options?: FormatOptions): Column<T | null> {
  return call('from_avro', bytes, constant(schema), ...optionsArgument(options));
}

/** How a message is found: in a descriptor set (`protoc --descriptor_set_out`), or by its class at the server. */
export interface ProtobufOptions {
  readonly descriptors?: Uint8Array | undefined;
  readonly options?: FormatOptions | undefined;
}

/**
 * Reads a message of Protobuf. The server must have been given spark-protobuf.
 * @param message the message's name, or its Java class if there are no descriptors.
 * @since 4.0.0
 * @example df.select(f.from_protobuf('bytes', 'org.example.Visit'))
 */
export function from_protobuf<T = Any>(
  bytes: ColumnOrName,
  message: string,
  { descriptors, options }: ProtobufOptions = {},
): Column<T | null> {
  return call('from_protobuf', bytes, constant(message), ...optional(descriptors), ...optionsArgument(options));
}

/**
 * Writes a message of Protobuf. The server must have been given spark-protobuf.
 * @param message the message's name, or its Java class if there are no descriptors.
 * @since 4.0.0
 * @example df.select(f.to_protobuf(f.struct('name'), 'org.example.Visit'))
 */
export function to_protobuf(
  value: ColumnOrName,
  message: string,
  { descriptors, options }: ProtobufOptions = {},
): Column<Uint8Array | null> {
  return call('to_protobuf', value, constant(message), ...optional(descriptors), ...optionsArgument(options));
}
