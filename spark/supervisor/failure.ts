/**
 * What a query's failure means for what to do next. A handler's failure reaches us as the text of Spark's exception, a service's as whatever its
 * client says; the texts that are looked for stand here and nowhere else. Seen with Spark 4.2, Kafka 4.3 and Postgres 17.
 */
import { SparkError } from '../connect/index.js';

/**
 * - `fenced`: another supervisor has the pipeline: stop, and touch nothing
 * - `lost`: state or source data that the checkpoint needs is gone; starting again cannot bring it back
 * - `no-space`: a disk is full; passes when somebody makes room
 * - `other`: a service that is away, a fault in code or data: start again, and see
 */
export type FailureKind = 'fenced' | 'lost' | 'no-space' | 'other';

/** Spark's conditions for state that cannot be read and for Kafka offsets that are gone. */
const LOST_CONDITIONS =
  /^(?:CANNOT_LOAD_STATE_STORE|STATE_STORE_(?:CHECKPOINT|CHECKSUM|KEY_SCHEMA|VALUE_SCHEMA)|KAFKA_DATA_LOSS)/;

const NO_SPACE =
  /No space left on device|\bENOSPC\b|could not (?:extend|write to) file .*(?:disk space|No space)|disk ?full/i;

export function judgeFailure(error: Error): FailureKind {
  const text = fullText(error);
  // `SinkError` of kind fenced names itself in the text of the exception.
  if (/SinkError.*was taken over|was taken over \(.*this writer holds epoch/s.test(text)) return 'fenced';
  if (conditionsOf(error, text).some((condition) => LOST_CONDITIONS.test(condition))) return 'lost';
  return NO_SPACE.test(text) ? 'no-space' : 'other';
}

/** Whether the server is gone, or came back without our session. */
export function isSparkLost(error: unknown): boolean {
  return error instanceof SparkError && (error.kind === 'connection' || error.kind === 'sessionLost');
}

/** The message with those of its causes, which Spark gives apart. */
function fullText(error: Error): string {
  const causes = error instanceof SparkError ? error.causes.map(({ message }) => message) : [];
  return [error.message, ...causes].join('\n');
}

/** Conditions as fields where Spark sends them; else as it writes them into texts, in brackets. */
function conditionsOf(error: Error, text: string): string[] {
  const fields =
    error instanceof SparkError ? [error.condition, ...error.causes.map(({ condition }) => condition)] : [];
  const inText = [...text.matchAll(/\[([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)\]/g)].map(([, condition]) => condition);
  return [...fields, ...inText].filter((condition) => condition !== undefined);
}
