/** What a source's records must be, completed from its declaration: nothing in it is optional. */
import type { Column, StructType } from '../connect/index.js';

export interface SourceRules {
  readonly topic: string;
  readonly schema: StructType;
  /** The timestamp column that the watermark follows. */
  readonly eventTime: string;
  readonly watermarkDelayMs: number;
  readonly futureToleranceMs: number;
  /** Reason of the dead letter → what holds for every valid event. */
  readonly rules: Readonly<Record<string, Column>>;
}
