// From the protocol's types to ours. Total: a type that this client does not know becomes an error that names it, not an `unknown` in rows.
import type { DataTypeOutput, DataTypeStructFieldOutput } from '../../../proto/messages.js';
import { SparkError } from '../errors/spark-error.js';
import type { DataType, StructField, StructType } from '../types/data-type.js';

/** @throws SparkError of kind `protocol` if the server's schema is not a struct. */
export function decodeSchema(type: DataTypeOutput): StructType {
  const decoded = decodeDataType(type);
  if (decoded.kind !== 'struct') throw unreadable(`a schema is a struct, not ${decoded.kind}`);
  return decoded;
}

/** @throws SparkError of kind `protocol` for a type that this client does not know. */
export function decodeDataType(type: DataTypeOutput): DataType {
  switch (type.kind) {
    case 'null':
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'binary':
    case 'date':
    case 'timestamp':
    case 'timestampNtz':
    case 'calendarInterval':
    case 'variant':
      return { kind: type.kind };
    case 'string': {
      const collation = type.string?.collation ?? '';
      return { kind: 'string', ...(collation === '' || collation === 'UTF8_BINARY' ? {} : { collation }) };
    }
    case 'char':
      return { kind: 'char', length: type.char?.length ?? 0 };
    case 'varChar':
      return { kind: 'varchar', length: type.varChar?.length ?? 0 };
    case 'decimal':
      // Spark's own default, DECIMAL without numbers.
      return { kind: 'decimal', precision: type.decimal?.precision ?? 10, scale: type.decimal?.scale ?? 0 };
    case 'time':
      return { kind: 'time', precision: type.time?.precision ?? 6 };
    case 'yearMonthInterval':
      return {
        kind: 'yearMonthInterval',
        startField: type.yearMonthInterval?.startField ?? 0,
        endField: type.yearMonthInterval?.endField ?? 1,
      };
    case 'dayTimeInterval':
      return {
        kind: 'dayTimeInterval',
        startField: type.dayTimeInterval?.startField ?? 0,
        endField: type.dayTimeInterval?.endField ?? 3,
      };
    case 'array':
      return {
        kind: 'array',
        elementType: decodeDataType(present(type.array?.elementType, 'the element type of an array')),
        containsNull: type.array?.containsNull ?? true,
      };
    case 'map':
      return {
        kind: 'map',
        keyType: decodeDataType(present(type.map?.keyType, 'the key type of a map')),
        valueType: decodeDataType(present(type.map?.valueType, 'the value type of a map')),
        valueContainsNull: type.map?.valueContainsNull ?? true,
      };
    case 'struct':
      return { kind: 'struct', fields: (type.struct?.fields ?? []).map(decodeField) };
    case 'udt':
      // Rows of a user-defined type travel as what it is made of.
      return decodeDataType(present(type.udt?.sqlType, 'the SQL type of a user-defined type'));
    default:
      throw unreadable(`type ${type.kind ?? 'nothing'} is not known to this client`);
  }
}

function decodeField(field: DataTypeStructFieldOutput): StructField {
  return {
    name: field.name,
    type: decodeDataType(present(field.dataType, `the type of field ${field.name}`)),
    nullable: field.nullable,
    ...(field.metadata === undefined ? {} : { metadata: field.metadata }),
  };
}

function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw unreadable(`${what} is missing`);
  return value;
}

function unreadable(fault: string): SparkError {
  return new SparkError(`The server's schema cannot be read: ${fault}.`, { kind: 'protocol' });
}
