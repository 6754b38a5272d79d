// Values that travel alone instead of in a column: what `observe` measured. They become what the same type is in a row.
import type { ExpressionLiteralOutput, ExpressionLiteralSpecializedArrayOutput } from '../../../proto/messages.js';
import { SparkError } from '../errors/spark-error.js';
import { parseDecimal } from './decimal-words.js';

/** @throws SparkError of kind `protocol` for a literal that this client does not know. */
export function decodeLiteral(literal: ExpressionLiteralOutput): unknown {
  switch (literal.literalType) {
    case 'null':
      return null;
    case 'binary':
      return Uint8Array.from(literal.binary ?? []);
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'float':
    case 'double':
    case 'string':
    case 'date':
    case 'yearMonthInterval':
      return literal[literal.literalType];
    case 'long':
    case 'timestamp':
    case 'timestampNtz':
    case 'dayTimeInterval':
      return BigInt(literal[literal.literalType] ?? 0);
    case 'time':
      return BigInt(literal.time?.nano ?? 0);
    case 'decimal':
      return parseDecimal(literal.decimal?.value ?? '0');
    case 'calendarInterval':
      return {
        months: literal.calendarInterval?.months ?? 0,
        days: literal.calendarInterval?.days ?? 0,
        microseconds: BigInt(literal.calendarInterval?.microseconds ?? 0),
      };
    case 'array':
      return (literal.array?.elements ?? []).map(decodeLiteral);
    case 'specializedArray':
      return specialized(literal.specializedArray);
    case 'map': {
      const values = literal.map?.values ?? [];
      return new Map(
        (literal.map?.keys ?? []).map((key, index) => {
          const value = values[index];
          return [decodeLiteral(key), value === undefined ? null : decodeLiteral(value)];
        }),
      );
    }
    case 'struct': {
      // Servers up to 4.0 put the type into the struct itself, later ones beside it.
      const fields = (literal.dataType?.struct ?? literal.struct?.structType?.struct)?.fields ?? [];
      const elements = literal.struct?.elements ?? [];
      return Object.fromEntries(
        elements.map((element, index) => [fields[index]?.name ?? `col${index + 1}`, decodeLiteral(element)]),
      );
    }
    default:
      throw new SparkError('The server sent a literal of a kind that this client does not know.', { kind: 'protocol' });
  }
}

function specialized(array: ExpressionLiteralSpecializedArrayOutput | undefined): readonly unknown[] {
  switch (array?.valueType) {
    case 'longs':
      return (array.longs?.values ?? []).map(BigInt);
    case 'bools':
    case 'ints':
    case 'floats':
    case 'doubles':
    case 'strings':
      return array[array.valueType]?.values ?? [];
    default:
      return [];
  }
}
