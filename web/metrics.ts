/** The snapshot in the text format of Prometheus (version 0.0.4). Names and units are documented in docs/dashboard.md; a test compares them. */
import type { QueryNow, Snapshot } from './snapshot.js';

interface Metric {
  readonly name: string;
  readonly kind: 'gauge' | 'counter';
  readonly help: string;
  /** Undefined: not known now, and left out. */
  readonly of: (query: QueryNow, at: number) => number | undefined;
}

const secondsBetween = (at: number, time: string | undefined): number | undefined =>
  time === undefined ? undefined : (at - Date.parse(time)) / 1000;

/** One value per query, label `query`. */
export const QUERY_METRICS: readonly Metric[] = [
  {
    name: 'sluice_query_running',
    kind: 'gauge',
    help: '1 while the query runs, else 0',
    of: (q) => (q.phase === 'running' ? 1 : 0),
  },
  {
    name: 'sluice_query_lag_records',
    kind: 'gauge',
    help: 'Records of its topics that no committed batch has read',
    of: (q) => q.lag,
  },
  {
    name: 'sluice_query_input_rows_per_second',
    kind: 'gauge',
    help: 'Rows that arrived per second, by the last batch',
    of: (q) => q.inputRowsPerSecond,
  },
  {
    name: 'sluice_query_processed_rows_per_second',
    kind: 'gauge',
    help: 'Rows processed per second, by the last batch',
    of: (q) => q.processedRowsPerSecond,
  },
  {
    name: 'sluice_query_batch_duration_seconds',
    kind: 'gauge',
    help: 'How long the last batch took',
    of: (q) => q.batchDurationMs / 1000,
  },
  {
    name: 'sluice_query_sink_rows_total',
    kind: 'counter',
    help: 'Rows brought to the sink, over all batches in the ledger',
    of: (q) => q.rows,
  },
  {
    name: 'sluice_query_dead_records_total',
    kind: 'counter',
    help: 'Records set aside, over all batches in the ledger',
    of: (q) => q.dead,
  },
  {
    name: 'sluice_query_late_rows_total',
    kind: 'counter',
    help: 'State rows dropped as late since the query was started',
    of: (q) => q.lateRows,
  },
  { name: 'sluice_query_state_rows', kind: 'gauge', help: 'Rows in the state store', of: (q) => q.stateRows },
  { name: 'sluice_query_state_bytes', kind: 'gauge', help: 'Memory of the state store', of: (q) => q.stateBytes },
  {
    name: 'sluice_query_restarts_total',
    kind: 'counter',
    help: 'Starts after a failure, since the supervisor began',
    of: (q) => q.restarts,
  },
  {
    name: 'sluice_query_watermark_lag_seconds',
    kind: 'gauge',
    help: 'Now minus the watermark',
    of: (q, at) => secondsBetween(at, q.watermark),
  },
  {
    name: 'sluice_query_last_commit_age_seconds',
    kind: 'gauge',
    help: 'Time since the last batch was committed',
    of: (q, at) => secondsBetween(at, q.lastCommit),
  },
];

/** Values of the whole, and their labels. */
export const OTHER_METRICS = {
  sluice_service_up: { kind: 'gauge', help: '1 while the service answers, label service' },
  sluice_topic_records: { kind: 'gauge', help: 'records in the source topics' },
  sluice_dead_letters_total: { kind: 'counter', help: 'records in the dead-letter topics, label reason' },
  sluice_alerts: { kind: 'gauge', help: 'alerts standing, label severity' },
  sluice_verification_ok: { kind: 'gauge', help: '1 if all checks of the last sluice verify held, else 0' },
  sluice_verification_age_seconds: { kind: 'gauge', help: 'time since the last sluice verify ended' },
  sluice_snapshot_age_seconds: { kind: 'gauge', help: 'how old all of these values are' },
} as const;

/** @param now in milliseconds */
export function renderMetrics(snapshot: Snapshot, now: number): string {
  const at = Date.parse(snapshot.at);
  const lines: string[] = [];
  const family = (name: string, kind: string, help: string, samples: readonly string[]): void => {
    if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...samples);
  };
  for (const { name, kind, help, of } of QUERY_METRICS) {
    const samples = snapshot.queries.flatMap((query) => {
      const value = of(query, at);
      return value === undefined || !Number.isFinite(value)
        ? []
        : [`${name}${labels({ query: query.query })} ${value}`];
    });
    family(name, kind, help, samples);
  }
  const other = (
    name: keyof typeof OTHER_METRICS,
    samples: readonly (readonly [Record<string, string>, number])[],
  ): void => {
    const { kind, help } = OTHER_METRICS[name];
    family(
      name,
      kind,
      help,
      samples.map(([values, value]) => `${name}${labels(values)} ${value}`),
    );
  };
  other(
    'sluice_service_up',
    snapshot.services.map(({ service, isUp }) => [{ service }, isUp ? 1 : 0]),
  );
  if (snapshot.topicRecords !== undefined) other('sluice_topic_records', [[{}, snapshot.topicRecords]]);
  other(
    'sluice_dead_letters_total',
    Object.entries(snapshot.deadLetters.byReason).map(([reason, n]) => [{ reason }, n]),
  );
  const severities = ['warning', 'critical'] as const;
  other(
    'sluice_alerts',
    severities.map((severity) => [{ severity }, snapshot.alerts.filter((alert) => alert.severity === severity).length]),
  );
  if (snapshot.verification !== undefined) {
    other('sluice_verification_ok', [[{}, snapshot.verification.ok ? 1 : 0]]);
    other('sluice_verification_age_seconds', [[{}, Math.max(0, at - Date.parse(snapshot.verification.at)) / 1000]]);
  }
  other('sluice_snapshot_age_seconds', [[{}, Math.max(0, now - at) / 1000]]);
  return `${lines.join('\n')}\n`;
}

function labels(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, escapeLabel)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(char: string): string {
  return char === '\n' ? '\\n' : `\\${char}`;
}
