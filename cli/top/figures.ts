// What both views of `sluice top` take from a state.
import type { QueryNow } from '../../web/index.js';
import { formatCount } from '../ui/numbers.js';
import type { Style } from '../ui/style.js';
import type { TopState } from './state.js';

export interface ViewOptions {
  readonly style: Style;
  readonly width: number;
  /** Lines there are; undefined: as many as it takes. */
  readonly height?: number;
  readonly nowMs: number;
  /** Said instead of "not running" when the run cannot be seen from here. */
  readonly elsewhere?: string | undefined;
  /** Whether keys are listened to. */
  readonly isInteractive: boolean;
}

/** `triggerExecution` is the whole, of which the others are parts. */
export function durationShares(durationsMs: QueryNow['durationsMs']): [name: string, ms: number][] {
  return Object.entries(durationsMs)
    .filter(([name, ms]) => name !== 'triggerExecution' && ms > 0)
    .sort(([, a], [, b]) => b - a);
}

/** A figure of one query over the kept snapshots. */
export function series(state: TopState, query: string, of: (now: QueryNow) => number): number[] {
  return state.snapshots.map(({ queries }) => {
    const now = queries.find((each) => each.query === query);
    return now === undefined ? 0 : of(now);
  });
}

/** `4 s`, `12 min`, `3 h`, `5 d`: one number is enough to see whether it grows. Event time may be ahead of the clock: `-3 s`. */
export function formatAge(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1_000);
  const sign = ms <= -500 ? '-' : '';
  if (seconds < 100) return `${sign}${seconds} s`;
  if (seconds < 100 * 60) return `${sign}${Math.round(seconds / 60)} min`;
  if (seconds < 100 * 3_600) return `${sign}${Math.round(seconds / 3_600)} h`;
  return `${sign}${formatCount(Math.round(seconds / 86_400))} d`;
}
