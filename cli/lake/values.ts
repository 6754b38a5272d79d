// DuckDB's types and values as the Connect client has them, so that results of both are printed by the same code.
import {
  type DuckDBArrayType,
  type DuckDBArrayValue,
  type DuckDBBlobValue,
  type DuckDBDateValue,
  type DuckDBListType,
  type DuckDBListValue,
  type DuckDBStructType,
  type DuckDBStructValue,
  type DuckDBTimestampTZValue,
  type DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { DataType } from '../../spark/connect/index.js';

/** Types that Spark does not have are shown as the text that DuckDB makes of them; whole numbers of any width are exact. */
export function dataTypeOf(type: DuckDBType): DataType {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return { kind: 'boolean' };
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
      return { kind: 'integer' };
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
      return { kind: 'long' };
    case DuckDBTypeId.FLOAT:
      return { kind: 'float' };
    case DuckDBTypeId.DOUBLE:
      return { kind: 'double' };
    case DuckDBTypeId.DECIMAL:
      return { kind: 'decimal', precision: 38, scale: 0 };
    case DuckDBTypeId.DATE:
      return { kind: 'date' };
    case DuckDBTypeId.TIMESTAMP:
      return { kind: 'timestampNtz' };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { kind: 'timestamp' };
    case DuckDBTypeId.BLOB:
      return { kind: 'binary' };
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const { valueType } = type as DuckDBListType | DuckDBArrayType;
      return { kind: 'array', elementType: dataTypeOf(valueType), containsNull: true };
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      const fields = entryTypes.map((entry, at) => ({
        name: entryNames[at] ?? '',
        type: dataTypeOf(entry),
        nullable: true,
      }));
      return { kind: 'struct', fields };
    }
    default:
      return { kind: 'string' };
  }
}

/** The value as `dataTypeOf(type)` has it. */
export function decodedValue(type: DuckDBType, value: DuckDBValue): unknown {
  if (value === null) return null;
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
    case DuckDBTypeId.FLOAT:
    case DuckDBTypeId.DOUBLE:
      return value;
    case DuckDBTypeId.DATE:
      return (value as DuckDBDateValue).days;
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value as DuckDBTimestampValue | DuckDBTimestampTZValue).micros;
    case DuckDBTypeId.BLOB:
      return (value as DuckDBBlobValue).bytes;
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const { valueType } = type as DuckDBListType | DuckDBArrayType;
      return (value as DuckDBListValue | DuckDBArrayValue).items.map((item) => decodedValue(valueType, item));
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType;
      const { entries } = value as DuckDBStructValue;
      return Object.fromEntries(
        entryTypes.map((entry, at) => [
          entryNames[at] ?? '',
          decodedValue(entry, entries[entryNames[at] ?? ''] ?? null),
        ]),
      );
    }
    default:
      return String(value);
  }
}
