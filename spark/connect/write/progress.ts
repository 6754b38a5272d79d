// What a streaming query tells of each micro-batch. Spark sends it as JSON (`StreamingQueryProgress.json` of 4.2); here it gets types and units.
// Fields that a Spark release leaves out are absent or zero, never a failure: progress is for watching, and watching must not stop a query.
import { SparkError } from '../errors/spark-error.js';
import { type BatchId, batchId, type QueryId, queryId, type RunId, runId } from '../types/ids.js';
import { type TimestampMicros, timestampMicros } from '../types/time.js';

/** A value of JSON: offsets are whatever the source makes of them. Numbers are exact up to 2^53. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One micro-batch, or a sign of life of an idle query. Counts are exact up to 2^53. */
export interface StreamingQueryProgress {
  readonly id: QueryId;
  readonly runId: RunId;
  readonly name: string | undefined;
  /** When the batch's trigger began. */
  readonly startedAt: TimestampMicros;
  readonly batchId: BatchId;
  readonly batchDurationMs: number;
  /** Where the time went, by Spark's names: `triggerExecution` (all of it), `addBatch`, `latestOffset`, `queryPlanning`, `walCommit`, … */
  readonly durationsMs: Readonly<Record<string, number>>;
  readonly eventTime: EventTimeProgress;
  readonly numInputRows: number;
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
  readonly stateOperators: readonly StateOperatorProgress[];
  readonly sources: readonly SourceProgress[];
  readonly sink: SinkProgress;
  /** By the name given to `observe`; each an object of the metrics by their names. Instants are in milliseconds there. */
  readonly observedMetrics: Readonly<Record<string, Json>>;
}

/** Event times seen in the batch, and the watermark that held for it. Absent in queries without a watermark, and in batches without rows. */
export interface EventTimeProgress {
  /** 0, the epoch, until the first batch with data has been through. */
  readonly watermark?: TimestampMicros;
  readonly max?: TimestampMicros;
  readonly min?: TimestampMicros;
  readonly avg?: TimestampMicros;
}

/** One stateful operator. */
export interface StateOperatorProgress {
  readonly operatorName: string;
  readonly numRowsTotal: number;
  readonly numRowsUpdated: number;
  readonly numRowsRemoved: number;
  readonly numRowsDroppedByWatermark: number;
  readonly allUpdatesTimeMs: number;
  readonly allRemovalsTimeMs: number;
  readonly commitTimeMs: number;
  readonly memoryUsedBytes: number;
  readonly numShufflePartitions: number;
  readonly numStateStoreInstances: number;
  readonly customMetrics: Readonly<Record<string, number>>;
}

/** One source of the query. Offsets are whatever the source makes of them; for Kafka an offset per topic and partition. */
export interface SourceProgress {
  readonly description: string;
  /** Absent at the very start. */
  readonly startOffset: Json | undefined;
  readonly endOffset: Json | undefined;
  readonly latestOffset: Json | undefined;
  readonly numInputRows: number;
  readonly inputRowsPerSecond: number;
  readonly processedRowsPerSecond: number;
  /** The source's own; for Kafka the lag: `minOffsetsBehindLatest`, `maxOffsetsBehindLatest`, `avgOffsetsBehindLatest`. */
  readonly metrics: Readonly<Record<string, string>>;
}

/** The sink of the query. */
export interface SinkProgress {
  readonly description: string;
  /** -1 where the sink does not count. */
  readonly numOutputRows: number;
  readonly metrics: Readonly<Record<string, string>>;
}

/** @throws SparkError of kind `protocol` if the text is not JSON or does not say which batch of which query it is about. */
export function decodeProgress(json: string): StreamingQueryProgress {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new SparkError('The progress of a streaming query is not JSON.', { kind: 'protocol', cause: error });
  }
  const progress = objectOf(parsed);
  const { id, runId: run, batchId: batch } = progress;
  if (typeof id !== 'string' || typeof run !== 'string' || typeof batch !== 'number') {
    throw new SparkError('The progress of a streaming query lacks id, runId or batchId.', { kind: 'protocol' });
  }
  const sources = listOf(progress.sources).map(decodeSource);
  return {
    id: queryId(id),
    runId: runId(run),
    name: typeof progress.name === 'string' ? progress.name : undefined,
    startedAt: instant(progress.timestamp) ?? timestampMicros(0n),
    batchId: batchId(BigInt(batch)),
    batchDurationMs: numberOf(progress.batchDuration),
    durationsMs: numbersOf(progress.durationMs),
    eventTime: decodeEventTime(objectOf(progress.eventTime)),
    // Over Connect, Spark leaves the totals out: they are methods there, not fields.
    numInputRows: sumOf(sources, 'numInputRows'),
    inputRowsPerSecond: sumOf(sources, 'inputRowsPerSecond'),
    processedRowsPerSecond: sumOf(sources, 'processedRowsPerSecond'),
    stateOperators: listOf(progress.stateOperators).map(decodeStateOperator),
    sources,
    sink: decodeSink(objectOf(progress.sink)),
    observedMetrics: Object.fromEntries(
      Object.entries(objectOf(progress.observedMetrics)).map(([name, row]) => [name, rowOf(row as Json)]),
    ),
  };
}

function decodeEventTime(eventTime: Readonly<Record<string, unknown>>): EventTimeProgress {
  const times: { -readonly [Name in keyof EventTimeProgress]: EventTimeProgress[Name] } = {};
  for (const name of ['watermark', 'max', 'min', 'avg'] as const) {
    const time = instant(eventTime[name]);
    if (time !== undefined) times[name] = time;
  }
  return times;
}

function decodeStateOperator(operator: Readonly<Record<string, unknown>>): StateOperatorProgress {
  return {
    operatorName: textOf(operator.operatorName),
    numRowsTotal: numberOf(operator.numRowsTotal),
    numRowsUpdated: numberOf(operator.numRowsUpdated),
    numRowsRemoved: numberOf(operator.numRowsRemoved),
    numRowsDroppedByWatermark: numberOf(operator.numRowsDroppedByWatermark),
    allUpdatesTimeMs: numberOf(operator.allUpdatesTimeMs),
    allRemovalsTimeMs: numberOf(operator.allRemovalsTimeMs),
    commitTimeMs: numberOf(operator.commitTimeMs),
    memoryUsedBytes: numberOf(operator.memoryUsedBytes),
    numShufflePartitions: numberOf(operator.numShufflePartitions),
    numStateStoreInstances: numberOf(operator.numStateStoreInstances),
    customMetrics: numbersOf(operator.customMetrics),
  };
}

function decodeSource(source: Readonly<Record<string, unknown>>): SourceProgress {
  return {
    description: textOf(source.description),
    startOffset: offsetOf(source.startOffset),
    endOffset: offsetOf(source.endOffset),
    latestOffset: offsetOf(source.latestOffset),
    numInputRows: numberOf(source.numInputRows),
    inputRowsPerSecond: numberOf(source.inputRowsPerSecond),
    processedRowsPerSecond: numberOf(source.processedRowsPerSecond),
    metrics: textsOf(source.metrics),
  };
}

function decodeSink(sink: Readonly<Record<string, unknown>>): SinkProgress {
  return {
    description: textOf(sink.description),
    numOutputRows: typeof sink.numOutputRows === 'number' ? sink.numOutputRows : -1,
    metrics: textsOf(sink.metrics),
  };
}

/** Spark writes instants as ISO 8601 in UTC with milliseconds, which a Date holds exactly. */
function instant(value: unknown): TimestampMicros | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : timestampMicros(BigInt(ms) * 1000n);
}

/** Over Connect an offset is a text, mostly with JSON in it (Kafka's `{"topic":{"0":5}}`); a source may also have an offset that is just text. */
function offsetOf(value: unknown): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') return value as Json;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** Over Connect a row is its values beside its schema, in lists and other rows too (`{"values":[5],"schema":{"fields":[{"name":"n",…}]}}`). */
function rowOf(value: Json): Json {
  if (Array.isArray(value)) return value.map(rowOf);
  if (typeof value !== 'object' || value === null) return value;
  const { values, schema } = value as { readonly [key: string]: Json | undefined };
  const fields = objectOf(schema).fields;
  if (!Array.isArray(values) || !Array.isArray(fields)) return value;
  return Object.fromEntries(fields.map((field, index) => [textOf(objectOf(field).name), rowOf(values[index] ?? null)]));
}

function sumOf(
  sources: readonly SourceProgress[],
  name: 'numInputRows' | 'inputRowsPerSecond' | 'processedRowsPerSecond',
) {
  return sources.reduce((sum, source) => sum + source[name], 0);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/** Rates of batches without a past are NaN or infinite, which JSON cannot say: Spark leaves them out. */
function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numbersOf(value: unknown): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, each]) => [key, numberOf(each)]));
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(objectOf(value)).map(([key, each]) => [key, String(each)]));
}
