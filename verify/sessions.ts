/**
 * Query user_sessions, simulated in the two steps that it has in Spark.
 *
 * 1. session_window: an event is late when its own window [t, t + timeout) ends at or before the watermark of the batch before. Otherwise it
 *    is merged with the user's open runs, in order of their starts, where the next start <= the current end. At the end of the batch the runs
 *    whose end is at or before the batch's watermark are emitted and forgotten; an event that comes later and is not late begins a new run,
 *    even within the timeout of a forgotten one.
 * 2. An emitted run is cut: events of the same instant stay together, a session_start cuts before its instant, a session_end after it.
 */
import type { Batch } from './batches.js';
import type { RowComparison } from './compare.js';
import { type EventStore, type PartitionEvents, TYPE } from './event-store.js';
import { LateRows, type Simulation } from './replay.js';

export type EndReason = 'session_end' | 'session_start' | 'timeout';

export interface SessionEvent {
  /** Microseconds since 1970. */
  readonly time: bigint;
  /** One of TYPE. */
  readonly type: number;
}

export interface Session {
  readonly start: bigint;
  readonly end: bigint;
  readonly events: number;
  readonly pageViews: number;
  readonly endReason: EndReason;
}

/** A run of one user's events with no gap above the timeout. */
interface Run {
  readonly start: bigint;
  /** Last event plus the timeout. */
  readonly end: bigint;
  /** In any order. */
  readonly events: readonly SessionEvent[];
}

/** Open runs are looked up by the second in which they end, so that a batch only touches those that may close. */
const SECOND_US = 1_000_000n;

export class UserSessions implements Simulation {
  readonly late = new LateRows();
  /** Events in emitted sessions. */
  counted = 0;
  readonly #store: EventStore;
  readonly #timeout: bigint;
  readonly #rows: RowComparison;
  readonly #runs = new Map<number, readonly Run[]>();
  /** Users with a run that ends in a second; may hold users whose run has grown since. */
  readonly #due = new Map<number, Set<number>>();
  #arrived = new Map<number, SessionEvent[]>();

  constructor(store: EventStore, sessionTimeoutMs: number, rows: RowComparison) {
    this.#store = store;
    this.#timeout = BigInt(sessionTimeoutMs) * 1000n;
    this.#rows = rows;
  }

  /** Events in runs that are still open. */
  get open(): number {
    let events = 0;
    for (const runs of this.#runs.values()) for (const run of runs) events += run.events.length;
    return events;
  }

  /** Users with state, for the test that it is given up. */
  get openUsers(): number {
    return this.#runs.size;
  }

  event(events: PartitionEvents, index: number, batch: Batch): void {
    const time = events.time[index] ?? 0n;
    const end = time + this.#timeout;
    if (batch.lateWatermarkMs !== undefined && end <= BigInt(batch.lateWatermarkMs) * 1000n) {
      this.late.events++;
      this.late.add(events, index, batch, end);
      return;
    }
    const user = events.user[index] ?? 0;
    const event = { time, type: events.type[index] ?? 0 };
    const arrived = this.#arrived.get(user);
    if (arrived === undefined) this.#arrived.set(user, [event]);
    else arrived.push(event);
  }

  endBatch(batch: Batch): number {
    for (const [user, arrived] of this.#arrived) {
      const runs = mergeRuns(this.#runs.get(user) ?? [], arrived, this.#timeout);
      this.#runs.set(user, runs);
      for (const run of runs) this.#remember(user, run);
    }
    this.#arrived = new Map();
    return batch.watermarkMs === undefined ? 0 : this.#evict(BigInt(batch.watermarkMs) * 1000n, batch);
  }

  finish(): void {
    this.#rows.finish();
  }

  #remember(user: number, run: Run): void {
    const second = Number(run.end / SECOND_US);
    const users = this.#due.get(second);
    if (users === undefined) this.#due.set(second, new Set([user]));
    else users.add(user);
  }

  /** Emits the runs that end at or before the watermark. @returns the number of sessions they were cut into */
  #evict(watermark: bigint, batch: Batch): number {
    let emitted = 0;
    // A copy of the keys: the watermark's own second may be filled again below and must not be visited for ever.
    for (const second of [...this.#due.keys()]) {
      if (BigInt(second) * SECOND_US > watermark) continue;
      const users = this.#due.get(second) ?? [];
      this.#due.delete(second);
      for (const user of users) {
        const runs = this.#runs.get(user) ?? [];
        const open = runs.filter(({ end }) => end > watermark);
        for (const run of runs) if (run.end <= watermark) emitted += this.#emit(user, run, batch);
        if (open.length === 0) this.#runs.delete(user);
        else this.#runs.set(user, open);
        for (const run of open) if (Number(run.end / SECOND_US) === second) this.#remember(user, run);
      }
    }
    return emitted;
  }

  #emit(user: number, run: Run, batch: Batch): number {
    this.counted += run.events.length;
    const sessions = cutRun(run.events);
    for (const session of sessions) {
      this.#rows.expect(
        [this.#store.users.textOf(user), String(session.start)],
        [
          String(session.end),
          formatSeconds(session.end - session.start),
          String(session.events),
          String(session.pageViews),
          session.endReason,
          String(batch.id),
        ],
      );
    }
    return sessions.length;
  }
}

/** Merges events into open runs. A gap of exactly the timeout joins: next.start <= current.end. */
export function mergeRuns(runs: readonly Run[], events: readonly SessionEvent[], timeout: bigint): Run[] {
  const single = events.map((event): Run => ({ start: event.time, end: event.time + timeout, events: [event] }));
  const sorted = [...runs, ...single].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const merged: { start: bigint; end: bigint; events: SessionEvent[] }[] = [];
  for (const run of sorted) {
    const current = merged.at(-1);
    if (current === undefined || run.start > current.end) {
      merged.push({ start: run.start, end: run.end, events: [...run.events] });
      continue;
    }
    if (run.end > current.end) current.end = run.end;
    for (const event of run.events) current.events.push(event);
  }
  return merged;
}

/** Cuts a run into sessions where the user says so. The last one ends by `timeout` unless a session_end stands at its end. */
export function cutRun(events: readonly SessionEvent[]): Session[] {
  const sorted = [...events].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const sessions: Session[] = [];
  let open: { start: bigint; end: bigint; events: number; pageViews: number } | undefined;
  let i = 0;
  while (i < sorted.length) {
    const time = sorted[i]?.time ?? 0n;
    let inGroup = 0;
    let pageViews = 0;
    let hasStart = false;
    let hasEnd = false;
    for (; i < sorted.length && sorted[i]?.time === time; i++) {
      const type = sorted[i]?.type;
      inGroup++;
      if (type === TYPE.pageView) pageViews++;
      if (type === TYPE.sessionStart) hasStart = true;
      if (type === TYPE.sessionEnd) hasEnd = true;
    }
    if (hasStart && open !== undefined) {
      sessions.push({ ...open, endReason: 'session_start' });
      open = undefined;
    }
    open = {
      start: open?.start ?? time,
      end: time,
      events: (open?.events ?? 0) + inGroup,
      pageViews: (open?.pageViews ?? 0) + pageViews,
    };
    if (hasEnd) {
      sessions.push({ ...open, endReason: 'session_end' });
      open = undefined;
    }
  }
  if (open !== undefined) sessions.push({ ...open, endReason: 'timeout' });
  return sessions;
}

/** Microseconds as Postgres prints numeric(18,6). */
export function formatSeconds(micros: bigint): string {
  return `${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, '0')}`;
}
