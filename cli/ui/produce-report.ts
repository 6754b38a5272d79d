// How the producer's progress and its summary read.
import type { ProduceProgress, ProduceSummary } from '../../producer/index.js';
import { formatBytes, formatCount, formatInstant, formatRate, formatSeconds } from './numbers.js';
import type { Style } from './style.js';
import type { Talk } from './talk.js';
import { wrap } from './text.js';

const WIDTH = 80;
const LABEL_WIDTH = 12;

export function sayProduceProgress(talk: Talk, { sent, count, seconds, eventTime }: ProduceProgress): void {
  const rate = formatRate(seconds > 0 ? sent / seconds : 0);
  const at = eventTime === undefined ? '' : `, at ${formatInstant(eventTime).slice(11)}`;
  if (count === undefined) talk.progress(`${formatCount(sent)} sent, ${rate}${at}`);
  else talk.bar(sent, count, `${formatCount(sent)} of ${formatCount(count)}, ${rate}${at}`);
}

export function formatProduceSummary(summary: ProduceSummary, style: Style): string[] {
  const counts = (of: Readonly<Record<string, number | undefined>>): string =>
    Object.entries(of)
      .map(([name, count]) => `${name} ${formatCount(count ?? 0)}`)
      .join(', ');
  const rows: [string, string][] = [
    [
      'sent',
      `${formatCount(summary.sent)} records (${formatBytes(summary.valueBytes)}) to ${summary.topic} ` +
        `in ${formatSeconds(summary.seconds)}, ${formatRate(summary.eventsPerSecond)}`,
    ],
    ['valid', `${formatCount(summary.valid)}, of which ${formatCount(summary.late)} late`],
  ];
  if (summary.malformed > 0) {
    rows.push(['malformed', `${formatCount(summary.malformed)}: ${counts(summary.malformedByKind)}`]);
  }
  if (summary.valid > 0) rows.push(['types', counts(summary.eventTypes)]);
  if (summary.eventTimeFrom !== undefined && summary.eventTimeTo !== undefined) {
    rows.push(['event time', `${formatInstant(summary.eventTimeFrom)} to ${formatInstant(summary.eventTimeTo)} UTC`]);
  }
  rows.push(['seed', String(summary.seed)]);
  if (summary.aborted) rows.push(['stopped', 'before all was sent']);
  if (summary.unacknowledged > 0) {
    rows.push(['unsure', `${formatCount(summary.unacknowledged)} more were on their way and may have arrived`]);
  }
  return rows.flatMap(([label, text]) =>
    wrap(text, WIDTH - LABEL_WIDTH).map(
      (line, at) => `${style.dim((at === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`,
    ),
  );
}
