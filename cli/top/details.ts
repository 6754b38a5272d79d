// Everything `sluice top` knows of one query.
import type { QueryNow } from '../../web/index.js';
import { formatBytes, formatCount, formatInstant, formatRate, formatSeconds } from '../ui/numbers.js';
import { padEnd, padStart, printable, truncate, wrap } from '../ui/text.js';
import { durationShares, formatAge, series, type ViewOptions } from './figures.js';
import { bar, sparkline } from './sparkline.js';
import type { TopState } from './state.js';

const LABEL_WIDTH = 11;
const TREND_WIDTH_MAX = 60;
/** Room for the figure behind a trend. */
const FIGURE_WIDTH = 24;

export function detailLines(query: QueryNow, state: TopState, { style, width, nowMs }: ViewOptions): string[] {
  const label = (text: string): string => style.dim(padEnd(text, LABEL_WIDTH));
  const trendWidth = Math.max(8, Math.min(TREND_WIDTH_MAX, width - LABEL_WIDTH - FIGURE_WIDTH));
  const trend = (name: string, of: (now: QueryNow) => number, format: (value: number) => string): string =>
    label(name) +
    truncate(`${sparkline(series(state, query.query, of), trendWidth)} ${format(of(query))}`, width - LABEL_WIDTH);
  const say = (name: string, text: string): string => label(name) + truncate(printable(text), width - LABEL_WIDTH);
  const rate = (value: number): string => formatRate(value, 'records/s');
  const shares = durationShares(query.durationsMs);
  const nameWidth = Math.max(0, ...shares.map(([name]) => name.length));
  const barWidth = Math.max(0, Math.min(40, width - LABEL_WIDTH - nameWidth - 12));
  return [
    style.bold(truncate(`${query.query}: ${query.phase}`, width)),
    '',
    trend('in', ({ inputRowsPerSecond }) => inputRowsPerSecond, rate),
    trend('done', ({ processedRowsPerSecond }) => processedRowsPerSecond, rate),
    trend(
      'took',
      ({ batchDurationMs }) => batchDurationMs,
      (ms) => formatSeconds(ms / 1_000),
    ),
    trend(
      'lag',
      ({ lag }) => lag ?? 0,
      (lag) => (query.lag === undefined ? '?' : `${formatCount(lag)} records`),
    ),
    trend(
      'state',
      ({ stateRows }) => stateRows,
      (rows) => `${formatCount(rows)} rows, ${formatBytes(query.stateBytes)}`,
    ),
    '',
    say('batch', query.lastBatch === undefined ? 'none yet' : `${query.lastBatch} is in the ledger`),
    ...shares.map(([name, ms]) => {
      const share = query.batchDurationMs === 0 ? 0 : ms / query.batchDurationMs;
      const figures = `${padEnd(name, nameWidth)} ${padStart(formatSeconds(ms / 1_000), 9)}`;
      return ' '.repeat(LABEL_WIDTH) + truncate(`${figures}  ${bar(share, barWidth)}`.trimEnd(), width - LABEL_WIDTH);
    }),
    say(
      'watermark',
      query.watermark === undefined
        ? 'none'
        : `${formatInstant(query.watermark)} UTC, ${formatAge(nowMs - Date.parse(query.watermark))} behind`,
    ),
    say(
      'rows',
      `${formatCount(query.rows)} to the sink, ${formatCount(query.dead)} dead, ${formatCount(query.lateRows)} late in this run`,
    ),
    say(
      'commit',
      query.lastCommit === undefined
        ? 'none yet'
        : `${formatInstant(query.lastCommit)} UTC, ${formatAge(nowMs - Date.parse(query.lastCommit))} ago`,
    ),
    say('restarts', query.restarts === 0 ? 'none' : String(query.restarts)),
    ...(query.lastError === undefined
      ? []
      : wrap(printable(query.lastError.split('\n', 1)[0] ?? ''), width).map((line) => style.yellow(line))),
  ];
}
