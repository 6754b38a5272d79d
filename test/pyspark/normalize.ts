// Requests as plain values that can be compared: read from their bytes by one decoder, without what is chance in them.
//   plan ids            numbered in the order of their appearance
//   lambda variables    likewise: both clients count, from different starts
//   call sites          left out: lines of the program that built the plan
//   extensions          left out
//   JSON                compared as values: the two languages space it differently
//   flags               those of `FALSE_IF_ABSENT` are left out if false: PySpark writes them into every column, this client only when they are true
import { loadProtocol } from '../../proto/load.js';
import type { RecordedRequest } from './record.js';

/** @throws Error if the bytes are not such a request. */
export function normalize({ method, bytes }: RecordedRequest): unknown {
  const definition = loadProtocol().service[method];
  const message: unknown = definition.requestDeserialize(Buffer.from(bytes));
  const planIds = new Map<string, number>();
  const variables = new Map<string, string>();
  const visit = (value: unknown, name: string): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    if (Array.isArray(value)) return value.map((each) => visit(each, name));
    if (name === 'planId' && typeof value === 'string') return numbered(planIds, value, (n) => n);
    if (name === 'nameParts' && typeof value === 'string') return numbered(variables, value, (n) => `variable ${n}`);
    if (JSON_FIELDS.has(name) && typeof value === 'string') return parsed(value);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(
      ([key, member]) =>
        // `_planId: 'planId'` says only that the optional field is there, and so does the field.
        !DROPPED.has(key) && !key.startsWith('_') && !(member === false && FALSE_IF_ABSENT.has(key)),
    );
    return Object.fromEntries(entries.map(([key, member]) => [key, visit(member, key)]));
  };
  return visit(message, '');
}

const DROPPED = new Set(['origin', 'extension', 'extensions']);

const JSON_FIELDS = new Set(['metadata', 'schema']);

/** A schema may also be DDL. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Spark reads `hasX && X`. */
const FALSE_IF_ABSENT = new Set(['isMetadataColumn', 'isInternal']);

function numbered<T>(seen: Map<string, T>, key: string, label: (n: number) => T): T {
  const known = seen.get(key);
  if (known !== undefined) return known;
  const made = label(seen.size + 1);
  seen.set(key, made);
  return made;
}
