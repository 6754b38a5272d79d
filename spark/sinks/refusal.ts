/**
 * Poison: a row that a sink refuses however often it comes. It must not hold up the rows beside it for ever, and must not vanish either: it is
 * found by halving the batch, and noted in `sluice.refused_rows` with the sink's words, in the transaction that enters the batch in the ledger.
 */
import { SinkError } from './sink-error.js';

/** So many times in a row the same refusal must come before the batch is taken apart: anything else may pass by itself. */
export const REFUSALS_BEFORE_ISOLATION = 3;

/** A row, or a record's coordinates, as JSON, and why the sink did not take it. */
export interface Refusal {
  readonly what: string;
  readonly why: string;
}

/** Counts refusals that are the same, one after the other. */
export class RefusalCount {
  #why: string | undefined;
  #times = 0;

  /** Whether this refusal is the one that calls for isolation. */
  isLast(why: string): boolean {
    this.#times = why === this.#why ? this.#times + 1 : 1;
    this.#why = why;
    return this.#times >= REFUSALS_BEFORE_ISOLATION;
  }
}

/**
 * Brings the items `0 <= n < count` in by halves: `attempt` brings a range in, or answers why not and leaves nothing of it. Answers the items
 * that are refused alone.
 * @throws SinkError `poison` when more than `refusedMax` are: then it is not some row that is wrong, but the table, the topic or the plan.
 */
export async function isolateRefused(
  count: number,
  refusedMax: number,
  attempt: (from: number, until: number) => Promise<string | undefined>,
): Promise<{ readonly index: number; readonly why: string }[]> {
  const refused: { index: number; why: string }[] = [];
  const ranges: (readonly [from: number, until: number])[] = count > 0 ? [[0, count]] : [];
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const [from, until] = range;
    const why = await attempt(from, until);
    if (why === undefined) continue;
    if (until - from === 1) {
      refused.push({ index: from, why });
      assertFew(refused.length, refusedMax, why);
      continue;
    }
    const middle = Math.floor((from + until) / 2);
    ranges.push([middle, until], [from, middle]);
  }
  return refused;
}

/** @throws SinkError `poison` */
export function assertFew(refused: number, refusedMax: number, why: string): void {
  if (refused <= refusedMax) return;
  throw new SinkError(
    'poison',
    `More than ${refusedMax} rows of the batch are refused by the sink, the last because: ${why}. Nothing of the batch was written. ` +
      'Repair the table or the topic, or raise POISON_ROWS_MAX to have the rows set aside in sluice.refused_rows.',
  );
}
