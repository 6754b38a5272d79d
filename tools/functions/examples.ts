// An example of each function: a call with columns of a frame that has one column of every kind. A test runs all of them on a server.
import type { FunctionEntry, Parameter } from './table.js';

/** The frame of the examples, as a query: `df`. */
export const EXAMPLE_FRAME = `SELECT
  'Ada' AS name, 'Ada Lovelace' AS full_name, 12.5D AS amount, 3 AS count, 7L AS user_id, true AS is_new,
  array('a', 'b') AS tags, array(1, 2) AS scores, array(array(1), array(2, 3)) AS matrix, map('color', 'red') AS attributes,
  array(struct(1 AS id, 'x' AS label)) AS items, array(struct('color', 'red')) AS entries,
  TIMESTAMP '2026-01-02 03:04:05' AS event_time, TIMESTAMP '2026-01-02 04:00:00' AS end_time, DATE '2026-01-02' AS event_date,
  TIME '03:04:05' AS opens_at, '{"id": 1}' AS payload, '1,2' AS line, '<a><b>1</b></a>' AS xml, 'https://example.org/a?b=c' AS page_url,
  parse_json('{"id": 1}') AS document, CAST('Ada' AS BINARY) AS bytes,
  array(1F, 2F) AS embedding, array(2F, 3F) AS other_embedding`;

/** Columns, by the name of a parameter. A name that means different things in different functions has its example in the table. */
const COLUMNS: Readonly<Record<string, string>> = {
  text: "'name'",
  number: "'amount'",
  value: "'amount'",
  column: "'amount'",
  key: "'user_id'",
  values: "'amount', 'count'",
  columns: "'amount', 'count'",
  array: "'tags'",
  collection: "'tags'",
  map: "'attributes'",
  json: "'payload'",
  document: "'document'",
  url: "'page_url'",
  xml: "'xml'",
  bytes: "'bytes'",
  condition: "'is_new'",
  time: "'event_time'",
  date: "'event_date'",
  timeOfDay: "'opens_at'",
  start: "'event_time'",
  end: "'end_time'",
  first: "'amount'",
  second: "'count'",
  x: "'amount'",
  y: "'count'",
  dividend: "'amount'",
  divisor: "'count'",
  rank: '0.5',
  quantile: '2',
  startDate: "'event_date'",
  numDays: '7',
  numMonths: '1',
  quantity: '5',
  later: "'end_time'",
  earlier: "'event_time'",
  timestamp: "'event_time'",
  microseconds: "'user_id'",
  milliseconds: "'user_id'",
  wkb: "'bytes'",
  source: "'event_time'",
  angle: "'amount'",
  seconds: "'count'",
  days: "'count'",
  vector: "'embedding'",
  vector1: "'embedding'",
  vector2: "'other_embedding'",
  array1: "'tags'",
  array2: "'tags'",
  sketch: "'bytes'",
  sketch1: "'bytes'",
  sketch2: "'bytes'",
  summary: "'amount'",
  whole: "'count'",
  bitmap: "'bytes'",
};

/** Constants, by the name of a parameter. */
const CONSTANTS: Readonly<Record<string, string>> = {
  pattern: "'a+'",
  part: "'da'",
  separator: "', '",
  delimiter: "', '",
  search: "'A'",
  replacement: "'x'",
  from: "'abc'",
  to: "'xyz'",
  charset: "'UTF-8'",
  collation: "'UNICODE_CI'",
  length: '3',
  start: '2',
  scale: '1',
  index: '0',
  n: '2',
  k: '12',
  rows: '2',
  buckets: '8',
  bins: '5',
  zone: "'Europe/Berlin'",
  dayOfWeek: "'Mon'",
  path: "'$.id'",
  percentage: '0.5',
  eps: '0.01',
  confidence: '0.95',
  rank: '0.5',
  srid: '4326',
  min: '1',
  max: '10',
};

/** Where no name is known: by type. */
const BY_TYPE: Readonly<Record<string, string>> = {
  'number | Column': '2',
  number: '2',
  boolean: 'true',
  unknown: '1',
};

export function exampleOf(entry: FunctionEntry): string {
  if (!entry.example.includes('…')) return entry.example;
  const values = entry.parameters.filter(isNeeded).map((parameter) => sampleOf(parameter, entry.name));
  return entry.example.replace('…', `f.${entry.name}(${values.join(', ')})`);
}

function isNeeded(parameter: Parameter): boolean {
  return !parameter.isOptional && parameter.default === undefined && !(parameter.isRest && parameter.name === 'more');
}

function sampleOf({ name, kind }: Parameter, of: string): string {
  const isColumn = /^(ColumnOrName|Argument$|Column<T>|NumericColumn)/.test(kind.type);
  const value = isColumn ? COLUMNS[name] : (CONSTANTS[name] ?? BY_TYPE[kind.type]);
  if (value === undefined) throw new Error(`There is no example value for '${name}' of ${of}; write an @example.`);
  return value;
}
