/**
 * What a check is, and how one is filled: counts, and the first differences with where they are. A check that compared nothing says so and
 * does not hold by itself; only a caller who knows that nothing was to be expected may let it.
 */
import { formatMicros } from './event-time.js';
import { SEPARATOR } from './hash.js';
import { RefusedTable } from './refused.js';

/**
 * - `missing`: expected, not there · `unexpected`: there, not expected · `duplicate`: there more than once
 * - `different`: there with other values · `broken`: cannot be read, or breaks a rule of its form
 */
export type DifferenceKind = 'missing' | 'unexpected' | 'duplicate' | 'different' | 'broken';

export interface Difference {
  readonly kind: DifferenceKind;
  /** The row's key or the record's coordinates, and the column if one is meant. */
  readonly where: string;
  readonly expected?: string;
  readonly found?: string;
}

/**
 * - `passed`: compared, all equal · `failed`: at least one difference
 * - `empty`: nothing was expected and nothing found, or there was nothing to compare at all; `holds` says which
 * - `skipped`: left out because the caller asked for it · `not-run`: could not be done, see `note`
 */
export type CheckStatus = 'passed' | 'failed' | 'empty' | 'skipped' | 'not-run';

export interface Check {
  /** Stable, for machines: the query and what is compared, as in `visits.rows`. */
  readonly name: string;
  /** One line for people: what was compared with what. */
  readonly what: string;
  readonly status: CheckStatus;
  /** Whether the check leaves the report ok. */
  readonly holds: boolean;
  readonly expected: number;
  readonly found: number;
  readonly differences: number;
  /** The first differences, at most `SAMPLES_MAX`. */
  readonly samples: readonly Difference[];
  readonly note?: string;
}

export const SAMPLES_MAX = 10;
/** Values in a report are for reading; a page_url may have 2,048 bytes. */
const SHOWN_CHARACTERS_MAX = 200;

export class CheckBuilder {
  readonly name: string;
  readonly #what: string;
  #expected = 0;
  #found = 0;
  #differences = 0;
  readonly #samples: Difference[] = [];
  #note: string | undefined;

  constructor(name: string, what: string) {
    this.name = name;
    this.#what = what;
  }

  get differences(): number {
    return this.#differences;
  }

  count(expected: number, found: number): void {
    this.#expected += expected;
    this.#found += found;
  }

  difference(kind: DifferenceKind, where: string, expected?: string, found?: string): void {
    this.#differences++;
    if (this.#samples.length >= SAMPLES_MAX) return;
    this.#samples.push({
      kind,
      where: shown(where),
      ...(expected === undefined ? {} : { expected: shown(expected) }),
      ...(found === undefined ? {} : { found: shown(found) }),
    });
  }

  /** Whether the details of one more difference would be kept; saves looking them up when not. */
  get wantsDetails(): boolean {
    return this.#samples.length < SAMPLES_MAX;
  }

  note(text: string): void {
    this.#note = this.#note === undefined ? text : `${this.#note}; ${text}`;
  }

  /** @param emptyHolds whether finding nothing is right when nothing was expected */
  finish({ emptyHolds }: { readonly emptyHolds: boolean }): Check {
    const isEmpty = this.#expected === 0 && this.#found === 0 && this.#differences === 0;
    const status = this.#differences > 0 ? 'failed' : isEmpty ? 'empty' : 'passed';
    return this.#check(status, status === 'passed' || (status === 'empty' && emptyHolds));
  }

  skipped(why: string): Check {
    this.note(why);
    return this.#check('skipped', true);
  }

  notRun(why: string): Check {
    this.note(why);
    return this.#check('not-run', false);
  }

  #check(status: CheckStatus, holds: boolean): Check {
    return {
      name: this.name,
      what: this.#what,
      status,
      holds,
      expected: this.#expected,
      found: this.#found,
      differences: this.#differences,
      samples: this.#samples,
      ...(this.#note === undefined ? {} : { note: this.#note }),
    };
  }
}

/** Nothing is wrong with these queries, and nothing has been shown of them. */
export function tooEarly(queries: readonly string[]): string {
  return `Nothing to verify yet for ${queries.join(', ')}: no record in the ledger's batches. \`sluice verify --wait\` waits until there is.`;
}

/** Rows of a table by key; both sides are column values as text, joined by SEPARATOR. */
export type KeyedRows = Map<string, string>;

/**
 * Compares rows of a table, each once, with rows computed one by one. Takes what it has seen out of `found`, so that what is left at the end
 * was not expected.
 */
export class RowComparison {
  readonly #check: CheckBuilder;
  readonly #keyColumns: readonly string[];
  readonly #valueColumns: readonly string[];
  readonly #found: KeyedRows;
  readonly #refused: RefusedTable;
  /** By value column: what the table lacks of the sum of all expected rows because rows were refused. */
  readonly #short: number[];

  /** @param refused rows that may be missing from `found`, or be there as an earlier batch left them. */
  constructor(
    check: CheckBuilder,
    keyColumns: readonly string[],
    valueColumns: readonly string[],
    found: KeyedRows,
    refused = new RefusedTable(),
  ) {
    this.#check = check;
    this.#keyColumns = keyColumns;
    this.#valueColumns = valueColumns;
    this.#found = found;
    this.#refused = refused;
    this.#short = valueColumns.map(() => 0);
    check.count(0, found.size);
  }

  expect(key: readonly string[], values: readonly string[]): void {
    this.#check.count(1, 0);
    const joined = key.join(SEPARATOR);
    const found = this.#found.get(joined);
    this.#found.delete(joined);
    if (this.#isRefused(key, joined, values, found)) return;
    if (found === undefined) {
      this.#check.difference('missing', this.#where(key), pairs(this.#valueColumns, values));
    } else if (found !== values.join(SEPARATOR)) this.#different(this.#where(key), values, found.split(SEPARATOR));
  }

  /** Compares nothing for this key: somebody else has. */
  leaveOut(key: readonly string[]): void {
    this.#found.delete(key.join(SEPARATOR));
  }

  /** What the table lacks of a column of counts because it refused rows; see `columnSum`. */
  shortOf(column: number): number {
    return this.#short[column] ?? 0;
  }

  /** Whether the row is missing, or an older one in its place, because the table refused what its batch delivered. */
  #isRefused(key: readonly string[], joined: string, values: readonly string[], found: string | undefined): boolean {
    const batchColumn = this.#valueColumns.indexOf('batch_id');
    const batchId = batchColumn < 0 ? undefined : Number(values[batchColumn]);
    const refusal = this.#refused.of(joined, batchId);
    if (refusal === undefined || (batchId === undefined && found === values.join(SEPARATOR))) return false;
    const older = found?.split(SEPARATOR);
    if (older !== undefined && batchId !== undefined && Number(older[batchColumn]) >= batchId) {
      this.#check.difference(
        'unexpected',
        this.#where(key),
        `an older row or none: sluice.refused_rows has it for batch ${batchId}`,
        pairs(this.#valueColumns, older),
      );
      return true;
    }
    if (refusal.values !== undefined && refusal.values !== values.join(SEPARATOR))
      this.#different(`sluice.refused_rows, ${this.#where(key)}`, values, refusal.values.split(SEPARATOR));
    this.#refused.accept();
    for (const [i, value] of values.entries())
      this.#short[i] = this.shortOf(i) + Number(value) - Number(older?.[i] ?? 0);
    return true;
  }

  #different(where: string, expected: readonly string[], found: readonly string[]): void {
    const columns = this.#valueColumns.flatMap((_, i) => (expected[i] === found[i] ? [] : [i]));
    const pick = (row: readonly string[]): string =>
      pairs(
        columns.map((i) => this.#valueColumns[i] ?? ''),
        columns.map((i) => row[i] ?? ''),
      );
    this.#check.difference('different', where, pick(expected), pick(found));
  }

  /** Whatever the table has beyond what was expected. */
  finish(): void {
    this.#refused.finish(this.#check);
    for (const [key, values] of this.#found) {
      const found = this.#check.wantsDetails ? pairs(this.#valueColumns, values.split(SEPARATOR)) : '';
      this.#check.difference('unexpected', this.#where(key.split(SEPARATOR)), undefined, found);
    }
    this.#found.clear();
  }

  #where(key: readonly string[]): string {
    return this.#check.wantsDetails ? pairs(this.#keyColumns, key) : '';
  }
}

/** The sum of a value column of counts. */
export function columnSum(rows: KeyedRows, column: number): number {
  let sum = 0;
  for (const values of rows.values()) sum += Number(values.split(SEPARATOR)[column]);
  return sum;
}

/** Microseconds since 1970, of any time after 2000, in a column that is named as a beginning or an end: shown as a time. */
const TIME_NAME = /_(?:start|end)$/;
const MICROS = /^\d{15,}$/;

/** `column value, column value`, for people. */
export function pairs(names: readonly string[], values: readonly string[]): string {
  return names.map((name, i) => `${name} ${showValue(name, values[i] ?? '')}`).join(', ');
}

function showValue(name: string, value: string): string {
  return TIME_NAME.test(name) && MICROS.test(value) ? formatMicros(BigInt(value)) : value;
}

function shown(text: string): string {
  const clean = withVisibleControls(text);
  return clean.length > SHOWN_CHARACTERS_MAX ? `${clean.slice(0, SHOWN_CHARACTERS_MAX)}…` : clean;
}

/** Control characters as `\u001b`: they would garble a terminal. */
export function withVisibleControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
