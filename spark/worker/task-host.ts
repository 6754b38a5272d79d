/**
 * Runs functions over the rows of a task. Bundled with the functions, so that whatever worker file is installed at the executors, rows are read and
 * written as the client that made the plan has it; it meets that file only in `TaskSide` and `TaskHost`.
 */
import type { DataType, StructField, StructType } from '../connect/types/data-type.js';
import type { Column } from '../connect/wire/column.js';
import { columnReader } from '../connect/wire/decode-arrow.js';
import { encodeRowBatch } from '../connect/wire/encode-arrow.js';
import { readArrowStream } from '../connect/wire/read-arrow-stream.js';
import { STREAM_END } from '../connect/wire/write-arrow-stream.js';
import type { PartitionMapper } from './function.js';

/** The worker program, as seen from inside a payload. Part of the payload's format: a change here raises it. */
export interface TaskSide {
  readonly partitionId: number;
  readonly attempt: number;
  readonly functions: readonly AppliedFunction[];
  /** The next message of the input's Arrow stream; undefined at its end. */
  read(): Promise<Uint8Array | undefined>;
  /** Sends a part of the answer's Arrow stream. Resolves when more can be taken. */
  write(bytes: Uint8Array): Promise<void>;
}

/** A function with the input's columns that are its arguments; what one of a chain answers goes to the next. */
export interface AppliedFunction {
  readonly columns: readonly number[];
  readonly chain: readonly LoadedFunction[];
}

/** A function of a payload: its program's `host`, and what the payload's header says. */
export interface LoadedFunction {
  readonly host: TaskHost;
  /** For messages. */
  readonly name: string;
  /** JSON. */
  readonly params: string;
  /** JSON, of a `DataType`. */
  readonly returns: string;
}

/** What the program of a function exports as `host`. */
export interface TaskHost {
  /** The function as its module exports it. */
  readonly handler: unknown;
  /** Each function of a task makes a column of columns. */
  mapColumns(side: TaskSide): Promise<void>;
  /** The one function of a task makes rows of rows. */
  mapPartition(side: TaskSide): Promise<void>;
}

export function hostOf(handler: unknown): TaskHost {
  return { handler, mapColumns, mapPartition };
}

async function mapColumns(side: TaskSide): Promise<void> {
  const fields = side.functions.map(({ chain }, at) => resultField(at, chain.at(-1)));
  const answer = new Answer(side, { kind: 'struct', fields });
  for await (const { columns, length } of batchesOf(side)) {
    const results: (readonly unknown[])[] = [];
    for (const { columns: places, chain } of side.functions) {
      let args = places.map((place) => valuesOf(columns[place], length));
      for (const { host } of chain) args = [await applyToRows(host.handler as RowCall, args, length)];
      results.push(args[0] ?? []);
    }
    await answer.add(
      Array.from({ length }, (_, row) => Object.fromEntries(fields.map(({ name }, at) => [name, results[at]?.[row]]))),
    );
  }
  await answer.end();
}

type RowCall = (...args: readonly unknown[]) => unknown;

/** Results may be promises, some or all of them. */
async function applyToRows(call: RowCall, args: readonly (readonly unknown[])[], length: number): Promise<unknown[]> {
  const results = new Array<unknown>(length);
  let isAnyLater = false;
  for (let row = 0; row < length; row++) {
    const result = call(...args.map((values) => values[row]));
    isAnyLater ||= result instanceof Promise;
    results[row] = result;
  }
  return isAnyLater ? Promise.all(results) : results;
}

/** Named for messages; Spark goes by the place. Two functions may have one name. */
function resultField(at: number, last: LoadedFunction | undefined): StructField {
  if (last === undefined) throw new Error('a task without a function');
  return { name: at === 0 ? last.name : `${last.name} (${at + 1})`, type: typeOf(last), nullable: true };
}

function typeOf({ returns }: LoadedFunction): DataType {
  return JSON.parse(returns) as DataType;
}

async function mapPartition(side: TaskSide): Promise<void> {
  const mapped = side.functions[0]?.chain[0];
  if (mapped === undefined) throw new Error('a task without a function');
  const mapper = mapped.host.handler as PartitionMapper<object>;
  const { partitionId, attempt } = side;
  // Whole rows travel as one column, there and back.
  const answer = new Answer(side, {
    kind: 'struct',
    fields: [{ name: mapped.name, type: typeOf(mapped), nullable: false }],
  });
  const made = mapper(rowBatches(side), { partitionId, attempt, params: JSON.parse(mapped.params) as unknown });
  for await (const rows of made) await answer.add(rows.map((row) => ({ [mapped.name]: row })));
  await answer.end();
}

async function* rowBatches(side: TaskSide): AsyncGenerator<readonly object[]> {
  // Spark wraps what the function is given, which `mapPartitions` has made one column, into a struct.
  for await (const { columns, length } of batchesOf(side)) yield valuesOf(columns[0]?.children[0], length) as object[];
}

interface InputBatch {
  readonly length: number;
  readonly columns: readonly Column[];
}

/** The input's batches that have rows. */
async function* batchesOf(side: TaskSide): AsyncGenerator<InputBatch> {
  const schema = await side.read();
  if (schema === undefined) return;
  for (let message = await side.read(); message !== undefined; message = await side.read()) {
    const batch = readArrowStream(Buffer.concat([schema, message]))?.[0];
    if (batch === undefined)
      throw new Error(
        'The rows came in an Arrow form that functions do not read. Leave spark.sql.execution.arrow.compression.codec at none.',
      );
    if (batch.numRows > 0) yield { length: batch.numRows, columns: batch.data.children };
  }
}

function valuesOf(column: Column | undefined, length: number): unknown[] {
  if (column === undefined) throw new Error('Spark sent fewer columns than the function has arguments.');
  const read = columnReader(column);
  return Array.from({ length }, (_, row) => read(row));
}

/** The answer's Arrow stream; nothing at all if no rows are answered. */
class Answer {
  readonly #side: TaskSide;
  readonly #type: StructType;
  #isBegun = false;

  constructor(side: TaskSide, type: StructType) {
    this.#side = side;
    this.#type = type;
  }

  /** @throws SparkError of kind `input` that names row and column of a value that does not fit its type. */
  async add(rows: readonly object[]): Promise<void> {
    if (rows.length === 0) return;
    const { schema, batch } = encodeRowBatch(rows, this.#type);
    if (!this.#isBegun) await this.#side.write(schema);
    this.#isBegun = true;
    await this.#side.write(batch);
  }

  async end(): Promise<void> {
    if (this.#isBegun) await this.#side.write(STREAM_END);
  }
}
