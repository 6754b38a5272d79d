// How dead letters, their reasons and refused rows read.
import type { DeadLetter } from '../dead-letters/read.js';
import type { RefusedRow } from '../dead-letters/refused-rows.js';
import type { Repaired } from '../dead-letters/replay.js';
import type { ReasonSummary } from '../dead-letters/summary.js';
import { formatCount, formatInstant } from './numbers.js';
import type { Style } from './style.js';
import { formatTable } from './table.js';
import { printable, wrap } from './text.js';

interface ReportOptions {
  readonly style: Style;
  readonly widthMax: number;
}

/** The topic is only told where there are several. */
export function formatReasons(reasons: readonly ReasonSummary[], { style, widthMax }: ReportOptions): string[] {
  const hasTopics = new Set(reasons.map(({ topic }) => topic)).size > 1;
  return formatTable(
    [
      { title: 'reason', isElastic: true },
      { title: 'letters', align: 'right' },
      { title: 'first (UTC)' },
      { title: 'last (UTC)' },
      ...(hasTopics ? [{ title: 'topic', isElastic: true }] : []),
    ],
    reasons.map(({ reason, letters, firstMs, lastMs, topic }) => [
      reason,
      formatCount(letters),
      formatInstant(new Date(firstMs)),
      formatInstant(new Date(lastMs)),
      ...(hasTopics ? [topic] : []),
    ]),
    { widthMax, paintTitle: style.dim },
  );
}

export function formatLetters(letters: readonly DeadLetter[], { style, widthMax }: ReportOptions): string[] {
  return formatTable(
    [
      { title: 'letter' },
      { title: 'set aside (UTC)' },
      { title: 'reason', isElastic: true },
      { title: 'value', isElastic: true },
    ],
    letters.map(({ id, deadMs, reason, value }) => [id, formatInstant(new Date(deadMs)), reason, textOf(value)]),
    { widthMax, paintTitle: style.dim },
  );
}

/** One letter with all of its record. */
export function formatLetter(letter: DeadLetter, { style, widthMax }: ReportOptions): string[] {
  const { id, reason, key, value, source, deadMs } = letter;
  const lines: readonly (readonly [string, string])[] = [
    ['letter', id],
    ['reason', reason],
    ['source', `topic ${source.topic}, partition ${source.partition}, offset ${source.offset}`],
    ['set aside', `${formatInstant(new Date(deadMs))} UTC`],
    ['key', textOf(key)],
    ['value', textOf(value)],
  ];
  return lines.flatMap(([label, text]) => {
    const [first = '', ...more] = wrap(printable(text), widthMax - 11);
    return [`${style.dim(label.padEnd(11))}${first}`, ...more.map((line) => ' '.repeat(11) + line)];
  });
}

export function formatRefused(rows: readonly RefusedRow[], { style, widthMax }: ReportOptions): string[] {
  return formatTable(
    [
      { title: 'query' },
      { title: 'batch', align: 'right' },
      { title: 'refused (UTC)' },
      { title: 'why', isElastic: true },
      { title: 'what', isElastic: true },
    ],
    rows.map(({ query, batch, refusedAt, why, what }) => [query, batch, formatInstant(refusedAt), why, what]),
    { widthMax, paintTitle: style.dim },
  );
}

/** What a replay would send, or has sent. */
export function formatRepaired(repaired: readonly Repaired[], { style, widthMax }: ReportOptions): string[] {
  return formatTable(
    [
      { title: 'letter' },
      { title: 'reason', isElastic: true },
      { title: 'was', isElastic: true },
      { title: 'sent as', isElastic: true },
    ],
    repaired.map(({ letter, value }) => {
      const isSame = value === letter.value || (value !== null && letter.value?.equals(value) === true);
      return [letter.id, letter.reason, textOf(letter.value), isSame ? 'it was' : textOf(value)];
    }),
    { widthMax, paintTitle: style.dim },
  );
}

function textOf(bytes: Buffer | null): string {
  return bytes === null ? 'null' : bytes.toString('utf8');
}
