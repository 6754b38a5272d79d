// From our types to the protocol's.
import type * as proto from '../../../proto/messages.js';
import type { DataType, StructField } from '../types/data-type.js';

export function encodeDataType(type: DataType): proto.DataType {
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
      return { [type.kind]: {} };
    case 'string':
      return { string: { collation: type.collation } };
    case 'char':
      return { char: { length: type.length } };
    case 'varchar':
      return { varChar: { length: type.length } };
    case 'decimal':
      return { decimal: { precision: type.precision, scale: type.scale } };
    case 'time':
      return { time: { precision: type.precision } };
    case 'yearMonthInterval':
      return { yearMonthInterval: { startField: type.startField, endField: type.endField } };
    case 'dayTimeInterval':
      return { dayTimeInterval: { startField: type.startField, endField: type.endField } };
    case 'array':
      return { array: { elementType: encodeDataType(type.elementType), containsNull: type.containsNull } };
    case 'map':
      return {
        map: {
          keyType: encodeDataType(type.keyType),
          valueType: encodeDataType(type.valueType),
          valueContainsNull: type.valueContainsNull,
        },
      };
    case 'struct':
      return { struct: { fields: type.fields.map(encodeField) } };
  }
}

function encodeField({ name, type, nullable, metadata }: StructField): proto.DataTypeStructField {
  return { name, dataType: encodeDataType(type), nullable, metadata };
}
