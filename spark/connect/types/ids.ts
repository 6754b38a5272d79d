// Ids that could be mistaken for one another, each its own type. A plain string or bigint becomes one only through the function that checks it.
import { SparkError } from '../errors/spark-error.js';

export { type TimestampMicros, timestampMicros } from './time.js';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Names a session at the server, together with the user. A UUID. */
export type SessionId = Branded<string, 'SessionId'>;
/** Names one execution within a session. A UUID. */
export type OperationId = Branded<string, 'OperationId'>;
/** Names a streaming query over all its restarts from one checkpoint. A UUID. */
export type QueryId = Branded<string, 'QueryId'>;
/** Names one run of a streaming query. A UUID. */
export type RunId = Branded<string, 'RunId'>;
/** Numbers the micro-batches of a streaming query from 0, without gaps; a repeated batch has its old number. */
export type BatchId = Branded<bigint, 'BatchId'>;

/**
 * A session's id out of text.
 * @throws SparkError of kind `input` unless `text` is a UUID.
 * @example const id = sessionId('3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11');
 */
export function sessionId(text: string): SessionId {
  return checkedUuid(text, 'session id') as SessionId;
}

/**
 * An operation's id out of text: to be given to an action, so that it can be interrupted.
 * @throws SparkError of kind `input` unless `text` is a UUID.
 * @example const rows = await orders.collect({ operationId: operationId(crypto.randomUUID()) });
 */
export function operationId(text: string): OperationId {
  return checkedUuid(text, 'operation id') as OperationId;
}

/**
 * A streaming query's id out of text.
 * @throws SparkError of kind `input` unless `text` is a UUID.
 * @example const same = f.queryId('3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11') === query.id;
 */
export function queryId(text: string): QueryId {
  return checkedUuid(text, 'query id') as QueryId;
}

/**
 * The id of one run of a streaming query out of text.
 * @throws SparkError of kind `input` unless `text` is a UUID.
 * @example const isSameRun = query.runId === runId('3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11');
 */
export function runId(text: string): RunId {
  return checkedUuid(text, 'run id') as RunId;
}

/**
 * A micro-batch's number.
 * @throws SparkError of kind `input` unless `value` is a whole number from 0 to 2^63 - 1.
 * @example const first = batchId(0n);
 */
export function batchId(value: bigint | number | string): BatchId {
  const id =
    typeof value === 'string' && !/^\d{1,19}$/.test(value)
      ? -1n
      : Number.isInteger(Number(value))
        ? BigInt(value)
        : -1n;
  if (id < 0n || id >= 2n ** 63n)
    throw new SparkError(`A batch id is a whole number from 0; found ${value}.`, { kind: 'input' });
  return id as BatchId;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function checkedUuid(text: string, what: string): string {
  if (!UUID.test(text)) throw new SparkError(`A ${what} is a UUID; found "${text}".`, { kind: 'input' });
  return text;
}
