/** What somebody should look at, found from the latest snapshots: one snapshot cannot tell a lag that grows from one that is worked off. */
import type { Alert, Facts } from './snapshot.js';

export interface Seen {
  readonly atMs: number;
  readonly facts: Facts;
}

/** A lag below this is a batch or two under way, whatever the rate. */
const LAG_MIN = 5_000;
/** What comes in during two batches waits, and that is as it should be; but not when batches take longer than this. */
const UNDER_WAY_MS_MAX = 30_000;
/** Over this time a lag must have grown, and a watermark moved. */
export const LOOK_BACK_MS = 60_000;

const counted = (value: number): string => value.toLocaleString('en');

/** @param seen oldest first, the last one is now; older ones than `LOOK_BACK_MS` are not needed. */
export function alertsOf(seen: readonly Seen[]): readonly Alert[] {
  const now = seen.at(-1);
  if (now === undefined) return [];
  const alerts: Alert[] = now.facts.services
    .filter(({ isUp }) => !isUp)
    .map(({ service, problem }) => ({
      severity: 'critical',
      name: 'service-down',
      what: `${service} does not answer${problem === undefined ? '' : `: ${problem}`}`,
    }));
  const { verification } = now.facts;
  if (verification?.ok === false && verification.failed.length > 0)
    alerts.push({
      severity: 'critical',
      name: 'verification-failed',
      what: `sluice verify found at ${verification.at.slice(0, 19)}Z what does not hold: ${verification.failed.join(', ')}`,
    });
  if (now.facts.runSince === undefined) {
    const what = 'No supervisor runs here: `sluice run` starts the queries.';
    return [...alerts, { severity: 'warning', name: 'not-running', what }];
  }
  const before = seen.find(
    ({ atMs, facts }) => now.atMs - atMs <= LOOK_BACK_MS && facts.runSince === now.facts.runSince,
  );
  const isLongEnough = before !== undefined && now.atMs - before.atMs >= LOOK_BACK_MS / 2;
  for (const query of now.facts.queries) {
    const name = query.query;
    const earlier = before?.facts.queries.find((other) => other.query === name);
    if (query.phase === 'waiting-to-restart')
      alerts.push({
        severity: 'critical',
        name: 'query-waiting',
        what: `${name} has failed and will be started again${query.lastError === undefined ? '' : `: ${query.lastError}`}`,
      });
    if (earlier === undefined) continue;
    if (query.restarts > earlier.restarts)
      alerts.push({
        severity: 'warning',
        name: 'query-restarted',
        what: `${name} was started again within the last minute`,
      });
    if (!isLongEnough) continue;
    const underWay = (query.inputRowsPerSecond / 1_000) * Math.min(2 * query.batchDurationMs, UNDER_WAY_MS_MAX);
    const { lag = 0 } = query;
    if (lag > Math.max(LAG_MIN, underWay) && lag > 1.2 * (earlier.lag ?? 0))
      alerts.push({
        severity: 'warning',
        name: 'lag-growing',
        what: `${name} falls behind: ${counted(lag)} records wait, ${counted(earlier.lag ?? 0)} did a minute ago`,
      });
    const hasRead = query.lastBatch !== earlier.lastBatch && query.rows > earlier.rows;
    if (query.watermark !== undefined && query.watermark === earlier.watermark && hasRead)
      alerts.push({
        severity: 'warning',
        name: 'watermark-stuck',
        what: `${name} reads, but its watermark stays at ${query.watermark}: a topic or partition sends nothing new`,
      });
  }
  return alerts;
}
