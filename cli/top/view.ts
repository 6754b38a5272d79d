// A state of `sluice top` as lines that fit a terminal. Pure, so that it can be compared with golden files.
import type { QueryNow, ServiceState } from '../../web/index.js';
import { formatBytes, formatCount, formatInstant, formatRate, formatSeconds } from '../ui/numbers.js';
import type { Style } from '../ui/style.js';
import { formatTable, type TableColumn } from '../ui/table.js';
import { padEnd, printable, truncate, widthOf, wrap } from '../ui/text.js';
import { detailLines } from './details.js';
import { durationShares, formatAge, series, type ViewOptions } from './figures.js';
import type { TopSnapshot } from './snapshot.js';
import { sparkline } from './sparkline.js';
import { selectedQuery, sortedQueries, type TopState } from './state.js';

/** From this age on a snapshot is no longer taken for the present. */
const STALE_MS = 10_000;
const TREND_WIDTH = 12;

export function topLines(state: TopState, options: ViewOptions): string[] {
  const snapshot = state.snapshots.at(-1);
  if (snapshot === undefined) return [options.style.dim('looking …')];
  const head = headLines(snapshot, state, options);
  const foot = options.isInteractive ? [options.style.dim(truncate(keyLine(state), options.width))] : [];
  const room = options.height === undefined ? undefined : options.height - head.length - foot.length;
  const body = bodyLines(state, options);
  const shown = room === undefined || body.length <= room ? body : body.slice(0, Math.max(0, room));
  // The keys stay at the bottom.
  const gap = room === undefined ? [] : Array<string>(Math.max(0, room - shown.length)).fill('');
  return [...head, ...shown, ...gap, ...foot];
}

function headLines(snapshot: TopSnapshot, state: TopState, { style, width, nowMs, elsewhere }: ViewOptions): string[] {
  const { phase, runSince, services, topicRecords } = snapshot;
  const age = runSince === undefined ? '' : ` for ${formatSeconds(Math.max(0, nowMs - Date.parse(runSince)) / 1_000)}`;
  const running =
    phase !== undefined
      ? style.green(`${phase}${age}`)
      : elsewhere === undefined
        ? style.yellow('not running')
        : style.dim(elsewhere);
  const isStale = nowMs - Date.parse(snapshot.at) > STALE_MS;
  const clock = `${formatInstant(snapshot.at).slice(11)} UTC`;
  const note = state.isPaused ? 'paused at ' : isStale ? 'stale since ' : '';
  const right = note === '' ? style.dim(clock) : style.yellow(`${note}${clock}`);
  const name = truncate(printable(snapshot.pipeline), Math.max(1, width - widthOf(running) - 1));
  const left = `${style.bold(name)} ${running}`;
  const gap = width - widthOf(left) - widthOf(right);
  const topic = topicRecords === undefined ? '' : `   ${formatCount(topicRecords)} records in its topics`;
  const health = services.map((service) => serviceWord(service, style)).join('  ');
  return [
    ...(gap > 0 ? [left + ' '.repeat(gap) + right] : [left, right]),
    widthOf(health + topic) <= width ? health + topic : health,
    ...services.flatMap(({ service, isUp, problem }) =>
      isUp ? [] : [style.red(truncate(printable(`${service} does not answer: ${problem ?? 'unknown'}`), width))],
    ),
    '',
  ];
}

function serviceWord({ service, isUp }: ServiceState, style: Style): string {
  return isUp ? `${service} ${style.green('up')}` : `${service} ${style.red('down')}`;
}

function bodyLines(state: TopState, options: ViewOptions): string[] {
  if (state.view === 'help') return helpLines(options.width);
  const selected = selectedQuery(state);
  if (selected === undefined)
    return wrap('No query has written anything yet. `sluice run --detach` starts the pipeline.', options.width);
  return state.view === 'details' ? detailLines(selected, state, options) : tableLines(state, selected, options);
}

function tableLines(state: TopState, selected: QueryNow, options: ViewOptions): string[] {
  const { style, width, nowMs } = options;
  const queries = sortedQueries(state);
  const number = (title: string, importance: number, cell: Column['cell']): Column => ({
    title,
    align: 'right',
    importance,
    cell,
  });
  const flow: Column[] = [
    {
      title: 'state',
      importance: 3,
      cell: ({ phase }) => shortPhase(phase, options.elsewhere !== undefined),
    },
    {
      title: 'records/s',
      // One look has no course.
      importance: options.isInteractive ? 0 : Number.NEGATIVE_INFINITY,
      cell: ({ query }) => sparkline(series(state, query, rateOf), TREND_WIDTH),
    },
    number('in/s', 2, ({ inputRowsPerSecond }) => formatRate(inputRowsPerSecond, '').trim()),
    number('done/s', 4, ({ processedRowsPerSecond }) => formatRate(processedRowsPerSecond, '').trim()),
    number('took', 1, ({ batchDurationMs }) => (batchDurationMs === 0 ? '-' : formatSeconds(batchDurationMs / 1_000))),
    number('lag', 5, ({ lag }) => (lag === undefined ? '?' : formatCount(lag))),
  ];
  const rest: Column[] = [
    number('watermark', 0, ({ watermark }) => (watermark === undefined ? '-' : formatInstant(watermark).slice(11))),
    number('behind', 5, ({ watermark }) => (watermark === undefined ? '-' : formatAge(nowMs - Date.parse(watermark)))),
    number('rows', 2, ({ stateRows }) => formatCount(stateRows)),
    number('memory', 1, ({ stateBytes }) => formatBytes(stateBytes)),
    number('late', 3, ({ lateRows }) => formatCount(lateRows)),
    number('dead', 4, ({ dead }) => formatCount(dead)),
    number('commit', 2, ({ lastCommit }) =>
      lastCommit === undefined ? '-' : `${formatAge(nowMs - Date.parse(lastCommit))} ago`,
    ),
  ];
  const mark = (query: QueryNow): string => (options.isInteractive && query === selected ? '> ' : '  ');
  const paint = (query: QueryNow, row: string): string => {
    if (query.phase === 'waiting-to-restart') return style.yellow(row);
    return options.isInteractive && query === selected ? style.bold(row) : row;
  };
  const draw = (columns: readonly Column[]): string[] => {
    const [titles = '', ...rows] = fittingTable(columns, queries, mark, width);
    return [style.dim(titles), ...rows.map((row, at) => paint(queries[at] as QueryNow, row))];
  };
  return [
    ...draw(flow),
    '',
    ...draw(rest),
    '',
    truncate(splitLine(selected), width),
    ...queries.flatMap(({ query, restarts, lastError }) =>
      restarts === 0
        ? []
        : [
            style.yellow(
              truncate(printable(`${query} restarted ${restarts}×: ${lastError?.split('\n', 1)[0] ?? ''}`), width),
            ),
          ],
    ),
  ];
}

/** Without its least important columns, as far as the terminal is too narrow for them. */
function fittingTable(
  columns: readonly Column[],
  queries: readonly QueryNow[],
  mark: (query: QueryNow) => string,
  width: number,
): string[] {
  let shown = columns.filter(({ importance }) => importance >= 0);
  for (;;) {
    const lines = formatTable(
      [{ title: '  query', isElastic: true }, ...shown],
      queries.map((query) => [mark(query) + query.query, ...shown.map(({ cell }) => cell(query))]),
      { widthMax: width },
    );
    if (shown.length === 0 || lines.every((line) => widthOf(line) <= width)) return lines;
    const least = Math.min(...shown.map(({ importance }) => importance));
    shown = shown.filter(
      (column, at) => column.importance !== least || shown.findIndex((each) => each.importance === least) !== at,
    );
  }
}

interface Column extends TableColumn {
  /** Columns of little importance give way first; below 0 it is not shown at all. */
  readonly importance: number;
  readonly cell: (query: QueryNow) => string;
}

function shortPhase(phase: QueryNow['phase'], isElsewhere: boolean): string {
  if (phase === 'not-running') return isElsewhere ? '?' : 'stopped';
  return phase === 'waiting-to-restart' ? 'waiting' : phase;
}

/** Where the last batch's time went, largest first. */
function splitLine({ query, lastBatch, batchDurationMs, durationsMs }: QueryNow): string {
  const parts = durationShares(durationsMs).map(([name, ms]) => `${name} ${formatSeconds(ms / 1_000)}`);
  if (parts.length === 0) return `${query}: no batch seen in this run yet`;
  const batch = lastBatch === undefined ? '' : ` after batch ${lastBatch}`;
  return `${query}${batch}: ${formatSeconds(batchDurationMs / 1_000)} = ${parts.join(' + ')}`;
}

const rateOf = ({ processedRowsPerSecond }: QueryNow): number => processedRowsPerSecond;

function keyLine({ sort, isReversed, isPaused, view }: TopState): string {
  if (view !== 'table') return 'Esc back  q quit';
  return `q quit  p ${isPaused ? 'go on' : 'pause'}  s sort: ${sort}${isReversed ? ', reversed' : ''}  r reverse  ↑↓ select  Enter details  ? help`;
}

const HELP: readonly (readonly [what: string, meaning: string])[] = [
  ['q, Ctrl-C', 'quit'],
  ['p, space', 'pause: the screen stays as it is; again: go on'],
  ['s', 'sort by the next column: name, in, done, took, lag, behind, state, dead'],
  ['r', 'reverse the order'],
  ['↑, ↓, k, j', 'select a query; the line below the tables is about it'],
  ['Enter', 'details of the selected query'],
  ['Esc', 'back'],
  ['?, h', 'this'],
  ['', ''],
  ['in/s, done/s', 'records a second that come in, and that the last batch got through'],
  ['took', 'how long the last batch took'],
  ['lag', 'records in Kafka that are in no finished batch'],
  ['behind', 'how far the watermark is behind the clock'],
  ['rows, memory', 'of the state, while the query runs'],
  ['late, dead', 'state rows too late for the watermark; records set aside'],
  ['commit', 'when the last batch was entered in the ledger'],
];
const HELP_WIDTH = 14;

function helpLines(width: number): string[] {
  return HELP.flatMap(([what, meaning]) =>
    wrap(meaning, width - HELP_WIDTH).map((line, at) => (padEnd(at === 0 ? what : '', HELP_WIDTH) + line).trimEnd()),
  );
}
