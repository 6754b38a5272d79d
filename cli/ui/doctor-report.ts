// The doctor's findings for people: a line each, and below what is not well the line that mends it.
import type { DoctorCheck } from '../doctor.js';
import type { Style } from './style.js';
import { padEnd, wrap } from './text.js';

const OUTCOME_COLUMNS = 7;

export function formatChecks(
  checks: readonly DoctorCheck[],
  { style, widthMax }: { readonly style: Style; readonly widthMax: number },
): string[] {
  const nameColumns = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const indent = OUTCOME_COLUMNS + nameColumns;
  const paint = { ok: style.green, note: style.yellow, wrong: style.red } as const;
  return checks.flatMap(({ name, outcome, found, fix }) => {
    const [first = '', ...rest] = wrap(found, widthMax - indent);
    return [
      paint[outcome](padEnd(outcome, OUTCOME_COLUMNS)) + padEnd(name, nameColumns) + first,
      ...rest.map((line) => ' '.repeat(indent) + line),
      ...(fix === undefined ? [] : wrap(fix, widthMax - indent).map((line) => ' '.repeat(indent) + style.dim(line))),
    ];
  });
}
