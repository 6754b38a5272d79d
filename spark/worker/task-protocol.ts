/**
 * The bytes of a task between Spark and a worker beside an executor, as Spark 4.2 speaks them (`PythonRunner.scala`, `PythonUDFRunner.scala`), which
 * calls this `pyspark.worker`:
 *
 *   ← what to do, see `readTask`   ← an Arrow stream   ← int -4
 *   → int -6 and an Arrow stream, unless there is nothing to answer
 *   → int -3 and four longs of times   → two longs of spilled bytes   → int -1   → int 0 accumulators
 *   → int -4: ready for the next task; or int -1: this worker ends
 *   at any time instead: → int -2 and a text: the task fails
 *
 * From 4.3 on `readTask`'s part is announced by int -8 and its length.
 */
import { type ByteReader, int, long, ProtocolError } from './protocol.js';

/** `SpecialLengths` of Spark. */
const END_OF_DATA = -1;
const TIMING_DATA = -3;
const END_OF_STREAM = -4;
const START_OF_INIT_MESSAGE = -8;
export const START_OF_ARROW = int(-6);

/** A function with the columns of the input that are its arguments; what a chain's first one answers goes to the second. */
export interface TaskFunction {
  readonly columns: readonly number[];
  /** Payloads. */
  readonly chain: readonly Uint8Array[];
}

export interface Task {
  readonly partitionId: number;
  readonly attempt: number;
  /** As `FedBy` has it. */
  readonly fedBy: number;
  readonly functions: readonly TaskFunction[];
}

interface TaskContextJson {
  readonly partitionId: number;
  readonly attemptNumber: number;
}

/** Undefined if Spark closed the connection instead. @throws ProtocolError if Spark speaks otherwise; of versions before 4.2 it says so. */
export async function readTask(reader: ByteReader): Promise<Task | undefined> {
  const first = await reader.readIntOrEnd();
  if (first === undefined) return undefined;
  if (first === START_OF_INIT_MESSAGE) {
    await reader.readInt();
    await reader.readInt();
  }
  // Ours, see `udf`: what the payload is it tells itself.
  await reader.readText();
  const context = await readContext(reader);
  // The folder of the session's files, and what Python would import.
  await reader.readText();
  await readTexts(reader);
  if ((await reader.readBoolean()) || (await reader.readInt()) > 0)
    throw new ProtocolError('Spark sent broadcast variables, of which a TypeScript function has none.');
  const fedBy = await reader.readInt();
  await readPairs(reader);
  await readPairs(reader);
  const functions: TaskFunction[] = [];
  for (let left = await reader.readInt(); left > 0; left--) functions.push(await readFunction(reader));
  return { partitionId: context.partitionId, attempt: context.attemptNumber, fedBy, functions };
}

async function readContext(reader: ByteReader): Promise<TaskContextJson> {
  const length = await reader.readExactly(4);
  const start = await reader.readExactly(1);
  // Before 4.2 the context is a row of numbers, in which no brace stands here.
  if (start.toString('latin1') !== '{')
    throw new ProtocolError('TypeScript functions run on executors of Spark 4.2 and later; this Spark is older.');
  const rest = await reader.readExactly(length.readInt32BE(0) - 1);
  return JSON.parse(`{${rest.toString('utf8')}`) as TaskContextJson;
}

async function readFunction(reader: ByteReader): Promise<TaskFunction> {
  const columns: number[] = [];
  for (let left = await reader.readInt(); left > 0; left--) {
    columns.push(await reader.readInt());
    if (await reader.readBoolean())
      throw new ProtocolError(`A TypeScript function has no named arguments: ${await reader.readText()}`);
  }
  const chain: Uint8Array[] = [];
  for (let left = await reader.readInt(); left > 0; left--) chain.push(new Uint8Array(await reader.readBytes()));
  await reader.readLong();
  return { columns, chain };
}

async function readTexts(reader: ByteReader): Promise<void> {
  for (let left = await reader.readInt(); left > 0; left--) await reader.readText();
}

async function readPairs(reader: ByteReader): Promise<void> {
  for (let left = await reader.readInt(); left > 0; left--) {
    await reader.readText();
    await reader.readText();
  }
}

/** When a task came, when its functions were loaded, and when it was done; in milliseconds since 1970. */
export interface TaskTimes {
  readonly begun: number;
  readonly loaded: number;
  readonly done: number;
}

/** What a task ends with. */
export function taskEnd({ begun, loaded, done }: TaskTimes): Buffer {
  const times = [begun, loaded, done, done - loaded].map((ms) => long(BigInt(ms)));
  const [nothing, noAccumulators] = [long(0n), int(0)];
  return Buffer.concat([int(TIMING_DATA), ...times, nothing, nothing, int(END_OF_DATA), noAccumulators]);
}

/** Whether Spark has nothing more to say of the task; asked once its Arrow stream has ended. */
export async function isAtEnd(reader: ByteReader): Promise<boolean> {
  return (await reader.readInt()) === END_OF_STREAM;
}

export const READY_FOR_NEXT = int(END_OF_STREAM);
export const NOT_READY = int(END_OF_DATA);
