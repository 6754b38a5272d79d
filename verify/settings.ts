/** What verify must know to recompute: the rules' numbers and the names. Completed once from the options; nothing in it is optional. */
import { PIPELINE_NAME, TOPICS } from '../config/names.js';

export interface VerifySettings {
  readonly pipeline: string;
  readonly topics: { readonly activity: string; readonly enriched: string; readonly deadLetter: string };
  readonly watermarkDelayMs: number;
  readonly sessionTimeoutMs: number;
  /** How far an event's time may be ahead of its record's Kafka timestamp. */
  readonly futureToleranceMs: number;
}

export const DEFAULT_SETTINGS: VerifySettings = {
  pipeline: PIPELINE_NAME,
  topics: TOPICS,
  watermarkDelayMs: 2 * 60_000,
  sessionTimeoutMs: 5 * 60_000,
  futureToleranceMs: 5 * 60_000,
};
