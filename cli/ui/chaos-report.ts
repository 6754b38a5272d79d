// How the faults of `sluice chaos`, and what they have shown, read.
// From light files, not by the folder's door: a command that is only asked for its help does not load the clients of Kafka and Postgres.
import { describeFault } from '../../chaos/fault.js';
import { type ChaosReport, failureShareMax, type StruckFault } from '../../chaos/report.js';
import type { ScheduledFault } from '../../chaos/schedule.js';
import { formatCount, formatSeconds } from './numbers.js';
import type { Style } from './style.js';
import { formatTable } from './table.js';
import { wrap } from './text.js';

/** One line of a run: which fault, whether it fell into a batch, how long it took to get over it. */
export function formatRecovered({ number, what, isInBatch, recoveredMs }: StruckFault, of: number): string {
  const width = String(of).length;
  const place = isInBatch ? '' : ' (between batches)';
  return `${String(number).padStart(width)}/${of}  ${formatSeconds(recoveredMs / 1_000).padStart(9)}  ${what}${place}`;
}

export function formatSchedule(schedule: readonly ScheduledFault[], widthMax: number, style: Style): string[] {
  return formatTable(
    [{ title: '#', align: 'right' }, { title: 'kind' }, { title: 'what', isElastic: true }],
    schedule.map(({ number, name, fault }) => [String(number), name, describeFault(fault)]),
    { widthMax, paintTitle: style.dim },
  );
}

export function formatChaosReport(report: ChaosReport, widthMax: number, style: Style): string[] {
  const lines: string[] = [];
  if (report.kinds.length > 0) {
    lines.push('Seconds from a fault to the next batch of every query that began after it:', '');
    lines.push(
      ...formatTable(
        [
          { title: 'fault', isElastic: true },
          { title: 'count', align: 'right' },
          { title: 'p50', align: 'right' },
          { title: 'p95', align: 'right' },
          { title: 'max', align: 'right' },
        ],
        report.kinds.map(({ name, count, ...times }) => [
          name,
          String(count),
          ...[times.p50Ms, times.p95Ms, times.maxMs].map((ms) => (ms / 1_000).toFixed(1)),
        ]),
        { widthMax, indent: 2, paintTitle: style.dim },
      ),
      '',
    );
  }
  for (const { name, why } of report.leftOut) lines.push(`left out: ${name}: ${why}`);
  for (const { name, reads, seen, violations, samples } of report.readers) {
    lines.push(
      `live reader of ${name}: ${formatCount(reads)} reads, ${formatCount(seen)} rows, ${formatCount(violations)} wrong`,
      ...samples.map((sample) => `  ${sample}`),
    );
  }
  const { supervisor, producer } = report;
  lines.push(
    `supervisor started ${supervisor.starts} times, of which ${supervisor.ownEnds.length} after an end of its own; ` +
      `producer ${producer.starts}, of which ${producer.ownEnds.length}`,
  );
  for (const check of report.verification?.checks ?? []) {
    if (check.holds) continue;
    lines.push(style.red(`${check.name}: ${check.differences} differences`));
    lines.push(
      ...check.samples.map(
        ({ kind, where, expected, found }) =>
          `  ${kind}: ${where}${expected === undefined ? '' : `, expected ${expected}`}${found === undefined ? '' : `, found ${found}`}`,
      ),
    );
  }
  if (report.verification !== undefined) lines.push(`verify: ${report.verification.verdict}`);
  lines.push(...report.leftovers.map((leftover) => style.red(`left behind: ${leftover}`)));
  if (report.folder !== undefined) lines.push(`data and logs: ${report.folder}`);
  lines.push('', ...wrap(report.verdict, widthMax).map((line) => (report.ok ? style.green(line) : style.red(line))));
  if (report.ok) {
    const share = (failureShareMax(report.faults.length) * 100).toPrecision(2);
    lines.push(
      ...wrap(
        `No failure in ${report.faults.length} faults means, with 95 % confidence, that fewer than ${share} % of such faults do harm.`,
        widthMax,
      ),
    );
  }
  return lines;
}
