// The screen of `sluice status`.
import type { Endpoints } from '../../config/endpoints.js';
import type { Status } from '../health.js';
import { formatCount, formatInstant, formatRate, formatSeconds } from './numbers.js';
import type { Style } from './style.js';
import { formatTable } from './table.js';
import { printable, wrap } from './text.js';

export interface StatusOptions {
  /** Whose services these are: completes "Services …". */
  readonly place?: string;
  /** Where a supervisor may run that is not seen from here; what to do to see it. */
  readonly elsewhere?: string | undefined;
  readonly style: Style;
  readonly widthMax: number;
  /** For ages; the present by default. */
  readonly nowMs?: number;
}

const LABEL_WIDTH = 10;

export function formatStatus(status: Status, endpoints: Endpoints, options: StatusOptions): string[] {
  const { style } = options;
  const lines = options.place === undefined ? [] : wrap(`Services ${options.place}`, options.widthMax).map(style.dim);
  for (const { service, address, isUp, problem } of status.services) {
    const state = isUp ? style.green('up  ') : style.red('down');
    const ui = service === 'Spark' && endpoints.sparkUiUrl !== undefined ? `  ${endpoints.sparkUiUrl}` : '';
    lines.push(`${service.padEnd(LABEL_WIDTH)}${state}  ${address}${ui}`);
    if (problem === undefined) continue;
    for (const line of wrap(printable(problem), options.widthMax - LABEL_WIDTH))
      lines.push(' '.repeat(LABEL_WIDTH) + style.dim(line));
  }
  lines.push(runLine(status, options), '');
  if (status.queries.length === 0) {
    lines.push('No batch has been written yet.');
    return lines;
  }
  lines.push(...queryTable(status, options));
  for (const { query, lastError, restarts } of status.run?.queries ?? []) {
    if (restarts === 0) continue;
    const text = `${query} was started again ${restarts === 1 ? 'once' : `${restarts} times`}${lastError === undefined ? '' : `; last error: ${lastError.split('\n', 1)[0]}`}`;
    lines.push(...wrap(printable(text), options.widthMax).map(style.yellow));
  }
  return lines;
}

function runLine({ run, topicRecords }: Status, { style, elsewhere, nowMs = Date.now() }: StatusOptions): string {
  const label = 'Pipeline'.padEnd(LABEL_WIDTH);
  const topic = topicRecords === undefined ? '' : `, ${formatCount(topicRecords)} records in its topics`;
  if (run === undefined && elsewhere !== undefined) return `${label}${style.dim(elsewhere)}${topic}`;
  if (run === undefined) return `${label}${style.yellow('not running')}${topic}`;
  const age = formatSeconds(Math.max(0, nowMs - Date.parse(run.startedAt)) / 1_000);
  return `${label}${style.green(run.phase)} for ${age}, process ${run.process.pid}${topic}`;
}

function queryTable({ queries, run }: Status, { style, widthMax, elsewhere }: StatusOptions): string[] {
  const live = new Map(run?.queries.map((state) => [state.query, state]));
  return formatTable(
    [
      { title: 'query' },
      { title: 'state', isElastic: true },
      { title: 'batch', align: 'right' },
      { title: 'lag', align: 'right' },
      { title: 'rate', align: 'right' },
      { title: 'rows', align: 'right' },
      { title: 'dead', align: 'right' },
      { title: 'watermark', align: 'right' },
    ],
    queries.map(({ query, lastBatch, lag, rows, dead, watermark }) => {
      const state = live.get(query);
      return [
        query,
        state?.phase.replace('waiting-to-restart', 'waiting') ?? (elsewhere === undefined ? 'stopped' : '?'),
        lastBatch,
        lag === undefined ? '?' : formatCount(lag),
        state === undefined ? '-' : formatRate(state.inputRowsPerSecond, '').trim(),
        formatCount(rows),
        formatCount(dead),
        watermark === undefined ? '-' : formatInstant(watermark).slice(11),
      ];
    }),
    { widthMax, paintTitle: style.dim },
  );
}
