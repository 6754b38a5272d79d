// The demo's last screen: what came in, what came out, whether it is right, how fast.
import type { DemoResult } from '../demo.js';
import { formatBytes, formatCount, formatRate, formatSeconds, formatShare } from './numbers.js';
import type { Style } from './style.js';
import { formatTable } from './table.js';
import { wrap } from './text.js';

const WIDTH = 80;
const NUMERIC = new Set(['view_count', 'active_user_count', 'seconds', 'events', 'views']);

/** `verification` is the oracle's own rendering of its report. */
export function formatDemoReport(result: DemoResult, verification: string, style: Style): string[] {
  return [
    ...tableLines(result, style),
    '',
    style.bold('Verification'),
    // At the margin: the oracle writes full lines of 80 columns.
    ...verification.trimEnd().split('\n'),
    '',
    ...figureLines(result, style),
  ];
}

function tableLines({ tables }: DemoResult, style: Style): string[] {
  return tables.flatMap(({ table, rows, columns, sample }, at) => [
    ...(at === 0 ? [] : ['']),
    `${style.bold(table)}  ${formatCount(rows)} rows${sample.length < rows ? ', such as' : ''}`,
    ...formatTable(
      columns.map((title) => ({
        title,
        align: NUMERIC.has(title) ? 'right' : 'left',
        isElastic: /url|user_id/.test(title),
      })),
      sample,
      { widthMax: WIDTH, indent: 2, paintTitle: style.dim },
    ),
  ]);
}

function figureLines(result: DemoResult, style: Style): string[] {
  const { produced, report, queries, throughSeconds } = result;
  const { records, valid, dead } = report.topic;
  const rows: [string, string][] = [
    [
      'conservation',
      `in ${formatCount(records)} = valid ${formatCount(valid)} + dead ${formatCount(dead)} (${formatShare(dead, records)})`,
    ],
    [
      'throughput',
      `${formatCount(produced.sent)} records in ${formatSeconds(throughSeconds)} from the first one sent to the last one in all sinks: ` +
        `${formatRate(produced.sent / throughSeconds)}`,
    ],
  ];
  const state = queries.reduce((sum, { stateBytes }) => sum + stateBytes, 0);
  const batches = queries.map(({ query, batchId }) => `${query} ${batchId === undefined ? 0 : Number(batchId) + 1}`);
  if (batches.length > 0) rows.push(['batches', `${batches.join(', ')}; state ${formatBytes(state)}`]);
  rows.push(['lake', result.lakePath], ['Spark UI', `${result.sparkUiUrl ?? '-'} while it ran`]);
  const failed = report.checks.filter(({ holds }) => !holds);
  const verdict =
    failed.length === 0 && report.ok
      ? style.green(report.checks.length === 1 ? 'the one check passed' : `all ${report.checks.length} checks passed`)
      : style.red(
          `${failed.length} of ${report.checks.length} checks failed: ${failed.map(({ name }) => name).join(', ')}`,
        );
  const lines = rows.flatMap(([label, text]) =>
    wrap(text, WIDTH - 14).map((line, at) => `${style.dim((at === 0 ? label : '').padEnd(14))}${line}`),
  );
  return [...lines, '', verdict];
}
