// A statement's result on its way to stdout, batch by batch as Spark sends it. Every form but the table is written as it comes, so its size is
// nobody's concern.
import { type RecordBatch, RecordBatchStreamWriter } from 'apache-arrow';
import type { StructType } from '../../spark/connect/index.js';
import { columnReader } from '../../spark/connect/wire/decode-arrow.js';
import type { Style } from '../ui/style.js';
import { formatTable } from '../ui/table.js';
import { padEnd, printable, widthOf } from '../ui/text.js';
import { cellText, isNumeric, jsonText } from './cell.js';

export const FORMATS = ['table', 'json', 'csv', 'arrow'] as const;
export type ResultFormat = (typeof FORMATS)[number];

/** By position: two columns may have one name. */
export type Row = readonly unknown[];

interface Writer<T> {
  /** Whether more is wanted. */
  write(part: T): Promise<boolean>;
  /** After the last batch. @returns how many rows were shown, and whether there may be more. */
  end(): Promise<{ readonly rows: number; readonly isCut: boolean }>;
}

export type ResultWriter = Writer<RecordBatch>;
export type RowWriter = Writer<Iterable<Row>>;

export interface ResultOptions {
  readonly format: ResultFormat;
  /** Resolves when stdout has taken it. */
  readonly put: (data: string | Uint8Array) => Promise<void>;
  readonly style: Style;
  readonly widthMax: number;
  /** Of a table, which is held in memory until its columns' widths are known. */
  readonly rowsMax: number;
}

export function resultWriter(schema: StructType, options: ResultOptions): ResultWriter {
  const { format } = options;
  if (format === 'arrow') return arrowWriter(options);
  const { write, end } = rowWriter(schema, { ...options, format });
  return { write: (batch) => write(rowsOf(batch)), end };
}

/** For values as the Connect client gives them, from wherever they come. */
export function rowWriter(
  schema: StructType,
  options: ResultOptions & { readonly format: Exclude<ResultFormat, 'arrow'> },
): RowWriter {
  switch (options.format) {
    case 'table':
      return tableWriter(schema, options);
    case 'json':
      return lineWriter(schema, options, jsonLine);
    case 'csv':
      return lineWriter(schema, options, csvLine, `${schema.fields.map(({ name }) => csvCell(name)).join(',')}\r\n`);
  }
}

function* rowsOf(batch: RecordBatch): Generator<Row> {
  const readers = batch.data.children.map(columnReader);
  for (let row = 0; row < batch.numRows; row++) yield readers.map((read) => read(row));
}

function tableWriter({ fields }: StructType, { put, style, widthMax, rowsMax }: ResultOptions): RowWriter {
  const rows: string[][] = [];
  let isCut = false;
  return {
    async write(part) {
      for (const row of part) {
        if (rows.length === rowsMax) {
          isCut = true;
          return false;
        }
        rows.push(fields.map(({ type }, at) => cellText(type, row[at]) ?? 'NULL'));
      }
      return true;
    },
    async end() {
      if (fields.length === 0) return { rows: rows.length, isCut };
      const columns = fields.map(({ name, type }) => ({
        title: printable(name),
        align: isNumeric(type) ? ('right' as const) : ('left' as const),
        isElastic: !isNumeric(type),
      }));
      const lines = formatTable(columns, rows, { widthMax, paintTitle: style.dim });
      const isTooWide = lines.some((line) => widthOf(line) > widthMax);
      const shown = isTooWide
        ? recordLines(
            columns.map(({ title }) => title),
            rows,
            style,
          )
        : lines;
      await put(`${shown.join('\n')}\n`);
      return { rows: rows.length, isCut };
    },
  };
}

/** One line per value, for rows that are too wide for the terminal. */
function recordLines(titles: readonly string[], rows: readonly (readonly string[])[], style: Style): string[] {
  const width = Math.max(...titles.map(widthOf)) + 2;
  return rows.flatMap((row, number) => [
    style.dim(`row ${number + 1}`),
    ...row.map((cell, at) => padEnd(titles[at] ?? '', width) + printable(cell)),
  ]);
}

function lineWriter(
  schema: StructType,
  { put }: ResultOptions,
  line: (schema: StructType, row: Row) => string,
  head = '',
): RowWriter {
  let count = 0;
  let waiting = head;
  return {
    async write(part) {
      for (const row of part) {
        waiting += line(schema, row);
        count++;
      }
      await put(waiting);
      waiting = '';
      return true;
    },
    async end() {
      if (schema.fields.length > 0) await put(waiting);
      return { rows: count, isCut: false };
    },
  };
}

function jsonLine({ fields }: StructType, row: Row): string {
  return `{${fields.map(({ name, type }, at) => `${JSON.stringify(name)}:${jsonText(type, row[at])}`).join(',')}}\n`;
}

/** RFC 4180. Null is empty, an empty text is `""`. */
function csvLine({ fields }: StructType, row: Row): string {
  return `${fields
    .map(({ type }, at) => {
      const text = cellText(type, row[at]);
      return text === undefined ? '' : csvCell(text);
    })
    .join(',')}\r\n`;
}

function csvCell(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The batches as they are, as one Arrow IPC stream. */
function arrowWriter({ put }: ResultOptions): ResultWriter {
  const writer = new RecordBatchStreamWriter();
  let count = 0;
  const flushed = (async () => {
    for await (const chunk of writer) await put(chunk);
  })();
  // Whoever writes hears of it at the end.
  flushed.catch(() => undefined);
  return {
    async write(batch) {
      writer.write(batch);
      count += batch.numRows;
      return true;
    },
    async end() {
      writer.finish();
      writer.close();
      await flushed;
      return { rows: count, isCut: false };
    },
  };
}
