/** The report for people: at most 80 columns, colours only where asked for. Says first whether all holds, then what does not. */
import type { Check, Difference } from './compare.js';
import type { QuerySummary, VerifyReport } from './report.js';

export interface RenderOptions {
  /** Whether to write colour codes: only to a terminal, and not if NO_COLOR is set. The caller knows. Default false. */
  readonly color?: boolean;
}

const COLUMNS = 80;
const MARK_COLUMNS = 8;

type Paint = (text: string, code: 'red' | 'green' | 'yellow' | 'bold' | 'dim') => string;

const CODES = { red: 31, green: 32, yellow: 33, bold: 1, dim: 2 } as const;

/** Lines with `\n` between and at the end. */
export function renderReport(report: VerifyReport, { color = false }: RenderOptions = {}): string {
  const paint: Paint = (text, code) => (color ? `\u001b[${CODES[code]}m${text}\u001b[0m` : text);
  const lines = [
    ...renderTopic(report),
    '',
    ...renderQueries(report.queries),
    '',
    ...report.checks.flatMap((check) => renderCheck(check, paint)),
    '',
    ...wrap(report.verdict, COLUMNS).map((line) => paint(line, report.ok ? 'green' : 'red')),
  ];
  return `${lines.join('\n')}\n`;
}

/** The checks alone, for reports of another head. */
export function renderChecks(checks: readonly Check[], { color = false }: RenderOptions = {}): string[] {
  const paint: Paint = (text, code) => (color ? `\u001b[${CODES[code]}m${text}\u001b[0m` : text);
  return checks.flatMap((check) => renderCheck(check, paint));
}

function renderTopic({ topic }: VerifyReport): string[] {
  if (!topic.exists) return wrap(`The topic ${topic.name} does not exist.`, COLUMNS);
  const { records, valid, dead } = topic;
  const lines = wrap(`${topic.name}: ${count(records)} records = ${count(valid)} valid + ${count(dead)} dead`, COLUMNS);
  const reasons = Object.entries(topic.deadByReason).map(([reason, number]) => `${reason} ${count(number)}`);
  return reasons.length === 0
    ? lines
    : [...lines, ...wrap(`dead: ${reasons.join(', ')}`, COLUMNS - 2).map((line) => `  ${line}`)];
}

function renderQueries(queries: readonly QuerySummary[]): string[] {
  const header = ['query', 'batches', 'events', 'counted', 'late', 'open', 'pending'];
  const rows = queries.map((query) => [
    query.query,
    count(query.batches),
    count(query.relevant),
    count(query.counted),
    count(query.late),
    count(query.open),
    count(query.pending),
  ]);
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');
  return [header, ...rows].map((row) => line(row).slice(0, COLUMNS));
}

function renderCheck(check: Check, paint: Paint): string[] {
  const lines = wrap(check.what, COLUMNS - MARK_COLUMNS).map(
    (line, i) => (i === 0 ? mark(check, paint) : ' '.repeat(MARK_COLUMNS)) + line,
  );
  const indent = ' '.repeat(MARK_COLUMNS);
  const detail = (text: string, code: 'red' | 'dim'): void => {
    for (const line of wrap(text, COLUMNS - MARK_COLUMNS)) lines.push(indent + paint(line, code));
  };
  detail(`${check.name}: ${summary(check)}`, 'dim');
  if (check.note !== undefined) detail(check.note, 'dim');
  for (const sample of check.samples) detail(renderDifference(sample), 'red');
  const more = check.differences - check.samples.length;
  if (more > 0) detail(`and ${count(more)} more`, 'red');
  return lines;
}

function mark({ status, holds }: Check, paint: Paint): string {
  const [text, code] =
    status === 'passed' || (status === 'empty' && holds)
      ? (['ok', 'green'] as const)
      : status === 'skipped'
        ? (['not run', 'yellow'] as const)
        : status === 'not-run'
          ? (['not run', 'red'] as const)
          : status === 'empty'
            ? (['nothing', 'red'] as const)
            : (['FAIL', 'red'] as const);
  return paint(text, code) + ' '.repeat(MARK_COLUMNS - text.length);
}

function summary({ status, expected, found, differences }: Check): string {
  switch (status) {
    case 'empty':
      return 'none expected, none found';
    case 'skipped':
    case 'not-run':
      return 'not compared';
    case 'passed':
      return expected === found ? `${count(found)} compared` : `${count(expected)} expected, ${count(found)} found`;
    case 'failed':
      return `${count(expected)} expected, ${count(found)} found, ${count(differences)} ${differences === 1 ? 'difference' : 'differences'}`;
  }
}

function renderDifference({ kind, where, expected, found }: Difference): string {
  const sides = [
    expected === undefined ? '' : `expected ${expected}`,
    found === undefined ? '' : `found ${found}`,
  ].filter((side) => side !== '');
  return sides.length === 0 ? `${kind}: ${where}` : `${kind}: ${where}: ${sides.join(', ')}`;
}

function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Breaks at spaces; a word longer than a line is broken where the line ends. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    while (word.length > columns) {
      if (line !== '') lines.push(line);
      line = '';
      lines.push(word.slice(0, columns));
      word = word.slice(columns);
    }
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
