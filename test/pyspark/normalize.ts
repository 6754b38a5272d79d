// Requests as plain values that can be compared: read from their bytes by one decoder, without what is chance in them.
//   plan ids            numbered in the order of their appearance
//   lambda variables    numbered in each lambda's own scope: their names do not matter
//   call sites          left out: lines of the program that built the plan
//   extensions          left out
//   JSON                compared as values: the two languages space it differently
//   empty values        those of `ABSENT` are left out: PySpark writes them into every column and reader, this client only when they say something
import { loadProtocol } from '../../proto/load.js';
import type { RecordedRequest } from './record.js';

/** @throws Error if the bytes are not such a request. */
export function normalize({ method, bytes }: RecordedRequest): unknown {
  const definition = loadProtocol().service[method];
  const message: unknown = definition.requestDeserialize(Buffer.from(bytes));
  const planIds = new Map<string, number>();
  let lambdas = 0;
  const visit = (value: unknown, name: string, variables: ReadonlyMap<string, string> = new Map()): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    if (Array.isArray(value)) return value.map((each) => visit(each, name, variables));
    if (name === 'planId' && typeof value === 'string') return numbered(planIds, value);
    if (name === 'nameParts' && typeof value === 'string') return variables.get(value) ?? value;
    if (JSON_FIELDS.has(name) && typeof value === 'string') return parsed(value);
    if (name === 'lambdaFunction' && typeof value === 'object') {
      lambdas += 1;
      const own = parametersOf(value).map((parameter, at) => [parameter, `lambda ${lambdas} variable ${at}`] as const);
      variables = new Map([...variables, ...own]);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(
      ([key, member]) =>
        // `_planId: 'planId'` says only that the optional field is there, and so does the field.
        !DROPPED.has(key) &&
        !key.startsWith('_') &&
        !ABSENT.some(([field, value]) => field === key && value === member),
    );
    return Object.fromEntries(entries.map(([key, member]) => [key, visit(member, key, variables)]));
  };
  return visit(message, '');
}

const DROPPED = new Set(['origin', 'extension', 'extensions']);

const JSON_FIELDS = new Set(['metadata', 'schema', 'string']);

/** A schema may also be DDL, and most texts are nothing but text. */
function parsed(text: string): unknown {
  if (!text.startsWith('{')) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Optional fields, and the value for which Spark takes them as absent: it reads `hasX && X`, of the schema
 * `hasSchema && nonEmpty`, and no collation as the plain one. */
const ABSENT: readonly (readonly [field: string, value: unknown])[] = [
  ['isMetadataColumn', false],
  ['isInternal', false],
  ['schema', ''],
  ['collation', ''],
  ['collation', 'UTF8_BINARY'],
];

function numbered(seen: Map<string, number>, key: string): number {
  const number = seen.get(key) ?? seen.size + 1;
  seen.set(key, number);
  return number;
}

function parametersOf(lambda: object | null): readonly string[] {
  const { arguments: parameters } = lambda as {
    readonly arguments: readonly { readonly nameParts: readonly string[] }[];
  };
  return parameters.flatMap(({ nameParts }) => nameParts);
}
