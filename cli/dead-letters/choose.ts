// Which dead letters are meant.
import { CommandError, EXIT } from '../exit-codes.js';
import type { DeadLetter } from './read.js';

export interface Choice {
  readonly ids: readonly string[];
  readonly reasons: readonly string[];
  /** Set aside at or after this time, in milliseconds since 1970. */
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
}

export function isChosen(letter: DeadLetter, { ids, reasons, sinceMs, untilMs }: Choice): boolean {
  return (
    (ids.length === 0 || ids.includes(letter.id)) &&
    (reasons.length === 0 || reasons.includes(letter.reason)) &&
    (sinceMs === undefined || letter.deadMs >= sinceMs) &&
    (untilMs === undefined || letter.deadMs < untilMs)
  );
}

/** @throws CommandError for an id that no letter can have. */
export function assertIds(ids: readonly string[]): void {
  const wrong = ids.find((id) => !/^([\w.-]+:)?\d+:\d+$/.test(id));
  if (wrong !== undefined)
    throw new CommandError(
      EXIT.input,
      `${JSON.stringify(wrong)} names no dead letter: that is partition:offset, as \`sluice dlq show\` lists them.`,
    );
}

/** @throws CommandError for what is no time. */
export function instantMs(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // A time without a zone would mean another instant on another machine.
  const ms = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms))
    throw new CommandError(
      EXIT.input,
      `${option} is a time such as 2026-03-01T12:00:00Z, not ${JSON.stringify(text)}.`,
    );
  return ms;
}
