// How the queries of a pipeline, one of them, and its plan read.
import type { PlanStep } from '../../spark/connect/index.js';
import type { PipelineQuery } from '../../spark/pipeline/index.js';
import type { QueryState } from '../../spark/supervisor/index.js';
import { formatBytes, formatCount, formatInstant, formatRate, formatSeconds } from './numbers.js';
import type { Style } from './style.js';
import { formatTable } from './table.js';
import { padEnd, printable, truncate, widthOf, wrap } from './text.js';

export interface ReportOptions {
  readonly style: Style;
  readonly widthMax: number;
}

/** A query of the pipeline, with its state while the pipeline runs. */
export interface ListedQuery {
  readonly query: string;
  readonly state: QueryState | undefined;
}

export function formatQueries(queries: readonly ListedQuery[], { style, widthMax }: ReportOptions): string[] {
  return formatTable(
    [
      { title: 'query', isElastic: true },
      { title: 'state', isElastic: true },
      { title: 'batch', align: 'right' },
      { title: 'in/s', align: 'right' },
      { title: 'done/s', align: 'right' },
      { title: 'took', align: 'right' },
      { title: 'lag', align: 'right' },
      { title: 'watermark', align: 'right' },
    ],
    queries.map(({ query, state }) => {
      if (state === undefined) return [query, 'not running', '-', '-', '-', '-', '-', '-'];
      return [
        query,
        state.phase.replace('waiting-to-restart', 'waiting'),
        state.batchId ?? '-',
        formatRate(state.inputRowsPerSecond, '').trim(),
        formatRate(state.processedRowsPerSecond, '').trim(),
        state.batchId === undefined ? '-' : formatSeconds(state.batchDurationMs / 1_000),
        formatCount(state.lag),
        state.watermark === undefined ? '-' : formatInstant(state.watermark).slice(11),
      ];
    }),
    { widthMax, paintTitle: style.dim },
  );
}

/** A finished batch as `sluice.batches` has it. */
export interface FinishedBatch {
  readonly batch: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly inputRows: number;
  readonly lateRows: number;
}

export interface ShownQuery {
  readonly definition: PipelineQuery;
  readonly topics: readonly string[];
  readonly state: QueryState | undefined;
  /** Newest first; undefined when the database did not answer. */
  readonly batches: readonly FinishedBatch[] | undefined;
}

const LABEL_WIDTH = 12;
/** For lists of names, where other lines may be as long as they are. */
const PLAN_WIDTH = 120;

export function formatQuery({ definition, topics, state, batches }: ShownQuery, options: ReportOptions): string[] {
  const { style, widthMax } = options;
  const lines: string[] = [];
  const say = (label: string, text: string | undefined): void => {
    if (text === undefined) return;
    const [first = '', ...more] = wrap(printable(text), widthMax - LABEL_WIDTH);
    lines.push(`${style.dim(padEnd(label, LABEL_WIDTH))}${first}`);
    lines.push(...more.map((line) => ' '.repeat(LABEL_WIDTH) + line));
  };
  lines.push(...wrap(`${definition.name}: ${definition.description}`, widthMax));
  say('reads', topics.join(', '));
  say('mode', definition.outputMode);
  say('into', describeSink(definition));
  say('state', state?.phase ?? 'not running');
  if (state !== undefined) {
    say('query id', state.queryId);
    say('run id', state.runId);
    say('Spark says', state.message);
    say(
      'batch',
      state.batchId === undefined
        ? undefined
        : `${state.batchId}, took ${formatSeconds(state.batchDurationMs / 1_000)}`,
    );
    say('in', formatRate(state.inputRowsPerSecond, 'records/s'));
    say('done', formatRate(state.processedRowsPerSecond, 'records/s'));
    say('lag', `${formatCount(state.lag)} records`);
    say('watermark', state.watermark === undefined ? 'none yet' : `${formatInstant(state.watermark)} UTC`);
    say(
      'in state',
      `${formatCount(state.stateRows)} rows, ${formatBytes(state.stateBytes)}; ${formatCount(state.droppedByWatermark)} dropped as late`,
    );
    say('restarts', state.restarts === 0 ? 'none' : String(state.restarts));
    say('last error', state.lastError?.split('\n', 1)[0]);
  }
  if (batches === undefined || batches.length === 0) return lines;
  lines.push('', ...formatBatches(batches, options));
  return lines;
}

function formatBatches(batches: readonly FinishedBatch[], { style, widthMax }: ReportOptions): string[] {
  return formatTable(
    [
      { title: 'batch', align: 'right' },
      { title: 'started (UTC)' },
      { title: 'took', align: 'right' },
      { title: 'records', align: 'right' },
      { title: 'late rows', align: 'right' },
    ],
    batches.map(({ batch, startedAt, durationMs, inputRows, lateRows }) => [
      batch,
      formatInstant(startedAt),
      formatSeconds(durationMs / 1_000),
      formatCount(inputRows),
      formatCount(lateRows),
    ]),
    { widthMax, paintTitle: style.dim },
  );
}

export function describeSink({ sink }: PipelineQuery): string {
  switch (sink.kind) {
    case 'upsert':
      return `table ${sink.table}, one row per ${sink.key.join(', ')}`;
    case 'events':
      return sink.places === undefined
        ? 'lake, enriched topic and dead letters'
        : [
            sink.places.lakeFolder === undefined ? [] : [`lake (${sink.places.lakeFolder})`],
            `dead letters (${sink.places.deadLetterTopic})`,
          ]
            .flat()
            .join(' and ');
  }
}

/** The plan from its result down to its sources. Lines are cut to the width; with `widthMax` undefined nothing is. */
export function formatPlan(plan: PlanStep, style: Style, widthMax: number | undefined): string[] {
  const cut = (text: string): string => (widthMax === undefined ? text : truncate(text, widthMax));
  const draw = ({ step, details, inputs }: PlanStep, head: string, rest: string): string[] => {
    const margin = `${rest}${inputs.length > 0 ? '│' : ' '}    `;
    const room = (widthMax ?? PLAN_WIDTH) - widthOf(margin);
    return [
      cut(head + printable(step)),
      ...gathered(details.map(printable), room).map((line) => style.dim(cut(margin + line))),
      ...inputs.flatMap((input, at) => {
        const isLast = at === inputs.length - 1;
        return draw(input, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`);
      }),
    ];
  };
  return draw(plan, '', '');
}

/** Columns that are only passed on share lines; one that is worked out has its own. */
function gathered(details: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let names: string[] = [];
  const flush = (): void => {
    if (names.length > 0) lines.push(...wrap(names.join(', '), Math.max(1, width)));
    names = [];
  };
  for (const detail of details) {
    if (/^\w+$/.test(detail)) names.push(detail);
    else {
      flush();
      lines.push(detail);
    }
  }
  flush();
  return lines;
}
