// One value of a result as text: as Spark's own shell prints it, and as JSON. Times are UTC, as the session's time zone is.
import { type DataType, type DateDays, type TimestampMicros, timestampToString } from '../../spark/connect/index.js';

const MS_PER_DAY = 86_400_000;
const NANOS_PER_SECOND = 1_000_000_000n;

/** For a table or a CSV cell; undefined stands for null. */
export function cellText(type: DataType, value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (type.kind) {
    case 'timestamp':
    case 'timestampNtz':
      return timestampText(value as TimestampMicros);
    case 'date':
      return dateText(value as DateDays);
    case 'time':
      return timeText(value as bigint);
    case 'binary':
      return Buffer.from(value as Uint8Array)
        .toString('hex')
        .toUpperCase();
    case 'array':
    case 'map':
    case 'struct':
    case 'variant':
    case 'calendarInterval':
      return jsonText(type, value);
    default:
      return String(value);
  }
}

/** Numbers keep all their digits, also those that a JavaScript number would lose. Binary is Base64, a map whose keys are no strings a list of pairs. */
export function jsonText(type: DataType, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  switch (type.kind) {
    case 'boolean':
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
    case 'yearMonthInterval':
    case 'dayTimeInterval':
      return String(value);
    case 'float':
    case 'double':
      // JSON has no NaN and no infinity.
      return Number.isFinite(value) ? String(value) : JSON.stringify(String(value));
    case 'timestamp':
      return JSON.stringify(timestampToString(value as TimestampMicros));
    case 'timestampNtz':
      return JSON.stringify(timestampToString(value as TimestampMicros).slice(0, -1));
    case 'date':
    case 'time':
      return JSON.stringify(cellText(type, value));
    case 'binary':
      return JSON.stringify(Buffer.from(value as Uint8Array).toString('base64'));
    case 'array':
      return `[${(value as readonly unknown[]).map((each) => jsonText(type.elementType, each)).join(',')}]`;
    case 'map': {
      const entries = [...(value as ReadonlyMap<unknown, unknown>)];
      if (type.keyType.kind === 'string')
        return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${jsonText(type.valueType, each)}`).join(',')}}`;
      return `[${entries.map(([key, each]) => `[${jsonText(type.keyType, key)},${jsonText(type.valueType, each)}]`).join(',')}]`;
    }
    case 'struct': {
      const row = value as Readonly<Record<string, unknown>>;
      return `{${type.fields.map((field) => `${JSON.stringify(field.name)}:${jsonText(field.type, row[field.name])}`).join(',')}}`;
    }
    case 'variant':
    case 'calendarInterval':
      return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each));
    default:
      return JSON.stringify(String(value));
  }
}

/** Whether its cells stand to the right. */
export function isNumeric({ kind }: DataType): boolean {
  return ['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal'].includes(kind);
}

/** `2026-03-01 12:00:05.25`: zeros at the end of the fraction say nothing. */
function timestampText(value: TimestampMicros): string {
  return timestampToString(value)
    .replace('T', ' ')
    .replace(/\.?0*Z$/, '');
}

function dateText(days: DateDays): string {
  return new Date(days * MS_PER_DAY).toISOString().replace(/T.*$/, '');
}

function timeText(nanos: bigint): string {
  const seconds = Number(nanos / NANOS_PER_SECOND);
  const fraction = String(nanos % NANOS_PER_SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const clock = new Date(seconds * 1_000).toISOString().slice(11, 19);
  return fraction === '' ? clock : `${clock}.${fraction}`;
}
