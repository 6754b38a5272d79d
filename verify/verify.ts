/**
 * The order of a verification. First the ledger and the tables as of one moment, then the topics and the lake: they are written before the
 * ledger, so whatever the ledger lists must already be there, and what is beyond it is in flight.
 */
import { type Endpoints, readerUrlOf } from '../config/endpoints.js';
import { QUERIES, type QueryName } from '../config/names.js';
import { ActivityTopic } from './activity-topic.js';
import { type QueryBatches, readBatches } from './batches.js';
import { type Check, CheckBuilder, columnSum, RowComparison } from './compare.js';
import { Coverage, type RecordLookup } from './coverage.js';
import { readSnapshot, type Snapshot } from './database.js';
import { ActiveUsers, EstimateComparison } from './distinct.js';
import { type EventStore, RECORD } from './event-store.js';
import type { PartitionBounds } from './kafka/fetch-client.js';
import { verifyLake } from './lake.js';
import { readRecords } from './read-topic.js';
import { parseRow, type RefusedRow, type RefusedTable, refusedTable } from './refused.js';
import { type LateRows, replay } from './replay.js';
import { type QuerySummary, type VerifyReport, verdictOf } from './report.js';
import { UserSessions } from './sessions.js';
import { DEFAULT_SETTINGS, type VerifySettings } from './settings.js';
import { verifyDeadLetters, verifyEnriched } from './sink-topics.js';
import { SparkEquality } from './spark-equality.js';
import { checkWatermarks, indexes, isRelevant } from './watermarks.js';
import { PageViewCounts } from './windows.js';

export interface VerifyProgress {
  readonly step: 'tables' | 'topic' | QueryName | 'lake' | 'enriched' | 'dead-letters';
  /** Records read so far and in all; only in step `topic`. */
  readonly records?: number;
  readonly recordsAll?: number;
}

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: VerifyProgress) => void;
  /** False leaves out the one check that needs Spark; the report says so. Default true. */
  readonly spark?: boolean;
  /** Whether a query without any batch has only not come that far yet, since its pipeline runs. Default false: the ledger has lost it. */
  readonly isLive?: boolean;
  /** What differs from the defaults: the pipeline must have run with the same. */
  readonly settings?: Partial<VerifySettings>;
}

/** What all steps share. */
interface Run {
  readonly endpoints: Endpoints;
  readonly settings: VerifySettings;
  readonly options: VerifyOptions;
  readonly snapshot: Snapshot;
  readonly store: EventStore;
  readonly isLive: boolean;
  readonly bounds: readonly PartitionBounds[];
  readonly checks: Check[];
  readonly summaries: QuerySummary[];
}

/**
 * Recomputes every table, the lake and both topics from the activity topic and the ledger, and compares row by row. Never writes anything.
 * Memory: about 35 bytes per record of the topic, and the rows of the three tables.
 *
 * @returns the report; wrong rows are in it, not thrown.
 * @throws VerifyError if Kafka or Postgres cannot be read at all; the signal's reason when it is aborted.
 */
export async function verify(endpoints: Endpoints, options: VerifyOptions = {}): Promise<VerifyReport> {
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  return verifyRound(endpoints, settings, new ActivityTopic(settings), options, options.isLive);
}

/** One verification with a topic that may have been read in part before. @internal for watch.ts */
export async function verifyRound(
  endpoints: Endpoints,
  settings: VerifySettings,
  activity: ActivityTopic,
  options: VerifyOptions,
  isLive = false,
): Promise<VerifyReport> {
  const startedAt = new Date();
  options.onProgress?.({ step: 'tables' });
  const snapshot = await readSnapshot(readerUrlOf(endpoints), settings.pipeline, options.signal);
  await activity.readOn(endpoints.bootstrapServers, {
    signal: options.signal,
    onProgress: (records, recordsAll) => options.onProgress?.({ step: 'topic', records, recordsAll }),
  });
  const { store, bounds, summary: topic } = activity;
  const run: Run = { endpoints, settings, options, snapshot, store, isLive, bounds, checks: [], summaries: [] };

  checkQueryNames(run);
  await verifyEvents(run);
  await verifyPageViewCounts(run);
  await verifyActiveUsers(run);
  await verifyUserSessions(run);

  const { ok, verdict } = verdictOf(topic, run.summaries, run.checks);
  return {
    format: 'sluice.verify/1',
    ok,
    verdict,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    settings,
    topic,
    queries: run.summaries,
    checks: run.checks,
  };
}

function checkQueryNames({ snapshot, settings, checks }: Run): void {
  const check = new CheckBuilder(
    'ledger.queries',
    `no query in the ledger of ${settings.pipeline} but the four that are verified`,
  );
  const known = new Set<string>(Object.values(QUERIES));
  const found = new Set(snapshot.ledger.map(({ query }) => query));
  check.count([...known].filter((query) => found.has(query)).length, found.size);
  for (const query of found) if (!known.has(query)) check.difference('unexpected', `query ${query}`);
  checks.push(check.finish({ emptyHolds: false }));
}

/** Reads a query's batches and checks their chain. */
function openQuery(run: Run, query: QueryName): QueryBatches<QueryName> {
  run.options.onProgress?.({ step: query });
  const { snapshot, settings, bounds, isLive } = run;
  const { batches, check } = readBatches(query, snapshot.ledger, settings.topics.activity, bounds, isLive);
  run.checks.push(checkWatermarks(batches, run.store, run.settings, check));
  return batches;
}

async function verifyEvents(run: Run): Promise<void> {
  const { endpoints, settings, snapshot, store, checks, options } = run;
  const batches = openQuery(run, QUERIES.events);
  checks.push(checkEventBatches(batches, store));
  const coverage = new Coverage(store, batches);
  const lookup: RecordLookup = (coordinates) =>
    readRecords(endpoints.bootstrapServers, settings.topics.activity, coordinates);
  const coversAny = coverage.count(RECORD.valid) + coverage.count(RECORD.dead) > 0;
  const shared = { coverage, lookup, coversAny, signal: options.signal };

  options.onProgress?.({ step: 'lake' });
  const lake = await verifyLake({ ...shared, path: endpoints.lakePath, topic: settings.topics.activity });
  const topics = {
    ...shared,
    bootstrapServers: endpoints.bootstrapServers,
    sourceTopic: settings.topics.activity,
  };
  const [ofEnriched, ofOthers] = refusedByTopic(snapshot.refused, settings.topics.enriched);
  options.onProgress?.({ step: 'enriched' });
  const enriched = await verifyEnriched(
    { ...topics, topic: settings.topics.enriched, refused: ofEnriched },
    lake.processingTimes,
  );
  options.onProgress?.({ step: 'dead-letters' });
  const deadLetters = await verifyDeadLetters({ ...topics, topic: settings.topics.deadLetter, refused: ofOthers });
  checks.push(...lake.checks, enriched.check, deadLetters.check);
  const refused = enriched.refused + deadLetters.refused;
  const found = enriched.check.found + deadLetters.check.found + refused;
  const summary = summarize(run, batches, { counted: (relevant) => relevant, refused });
  checks.push(
    conservation(
      'events',
      'in = valid + dead: enriched records and dead letters make up the records read',
      summary.records,
      found,
    ),
  );
}

/** Records of query events that Kafka refused: those of the enriched topic, and the rest. */
function refusedByTopic(refused: readonly RefusedRow[], enriched: string): [RefusedRow[], RefusedRow[]] {
  const rows = refused.filter(({ query }) => query === QUERIES.events);
  const isEnriched = ({ what }: RefusedRow): boolean => parseRow(what).topic === enriched;
  return [rows.filter(isEnriched), rows.filter((row) => !isEnriched(row))];
}

/** The events query delivers every record; the ledger says how many, and how many of them dead. */
function checkEventBatches({ batches }: QueryBatches, store: EventStore): Check {
  const check = new CheckBuilder(
    'events.batches',
    'the number of records and of dead ones in each batch of events, as the ledger has it',
  );
  for (const batch of batches) {
    let rows = 0;
    let dead = 0;
    for (const range of batch.ranges) {
      const events = store.partitions.get(range.partition);
      if (events === undefined) continue;
      const [from, until] = indexes(events, range);
      for (let i = from; i < until; i++) {
        if (events.record[i] !== RECORD.none) rows++;
        if (events.record[i] === RECORD.dead) dead++;
      }
    }
    check.count(1, 1);
    if (rows !== batch.rows)
      check.difference('different', `events batch ${batch.id}, rows`, String(rows), String(batch.rows));
    if (dead !== batch.dead)
      check.difference('different', `events batch ${batch.id}, dead`, String(dead), String(batch.dead));
  }
  return check.finish({ emptyHolds: false });
}

async function verifyPageViewCounts(run: Run): Promise<void> {
  const { snapshot, store, checks, options } = run;
  const batches = openQuery(run, QUERIES.pageViewCounts);
  const found = columnSum(snapshot.pageViewCounts, 1);
  const check = new CheckBuilder(
    'page_view_counts.rows',
    'page_view_counts, every row and column, as recomputed batch by batch',
  );
  const columns = [
    ['window_start', 'page_url'],
    ['window_end', 'view_count', 'batch_id'],
  ] as const;
  const refused = refusedRows(run, QUERIES.pageViewCounts, ...columns);
  const rows = new RowComparison(check, ...columns, snapshot.pageViewCounts, refused);
  const simulation = new PageViewCounts(store, rows);
  checks.push(await replay(batches, store, simulation, options.signal));
  const { late } = simulation;
  const summary = summarize(run, batches, { late, counted: () => simulation.counted, refused: refused.accepted });
  checks.push(check.finish({ emptyHolds: summary.records > 0 }));
  checks.push(
    conservation(
      'page_view_counts',
      'page views = counted + late: the sum of view_count',
      summary.relevant - summary.late,
      found + rows.shortOf(1),
    ),
  );
}

async function verifyActiveUsers(run: Run): Promise<void> {
  const { snapshot, store, checks, options } = run;
  const batches = openQuery(run, QUERIES.activeUsers);
  const bound = new CheckBuilder(
    'active_users.bound',
    'active_users, every row, within the error of its estimate around the exact count',
  );
  const refused = refusedRows(
    run,
    QUERIES.activeUsers,
    ['window_start'],
    ['window_end', 'active_user_count', 'batch_id'],
  );
  const estimates = new EstimateComparison(bound, snapshot.activeUsers, refused);
  await using equality = await SparkEquality.open(run.endpoints, store.users, snapshot.activeUsers, {
    isWanted: options.spark !== false,
    signal: options.signal,
  });
  const simulation = new ActiveUsers(async (window) => {
    if (estimates.expect(window)) await equality.add(window);
    else equality.leaveOut(window);
  });
  const replayed = await replay(batches, store, simulation, options.signal);
  estimates.finish();
  const { late } = simulation;
  const summary = summarize(run, batches, { late, counted: () => simulation.counted, refused: refused.accepted });
  checks.push(replayed, bound.finish({ emptyHolds: summary.records > 0 }), await equality.finish(summary.records > 0));
}

async function verifyUserSessions(run: Run): Promise<void> {
  const { snapshot, store, settings, checks, options } = run;
  const batches = openQuery(run, QUERIES.userSessions);
  const found = columnSum(snapshot.userSessions, 2);
  const check = new CheckBuilder(
    'user_sessions.rows',
    'user_sessions, every row and column, as recomputed batch by batch',
  );
  const columns = [
    ['user_id', 'session_start'],
    ['session_end', 'duration_seconds', 'event_count', 'page_views', 'end_reason', 'batch_id'],
  ] as const;
  const refused = refusedRows(run, QUERIES.userSessions, ...columns);
  const rows = new RowComparison(check, ...columns, snapshot.userSessions, refused);
  const simulation = new UserSessions(store, settings.sessionTimeoutMs, rows);
  checks.push(await replay(batches, store, simulation, options.signal));
  const { late, open } = simulation;
  const summary = summarize(run, batches, { late, open, counted: () => simulation.counted, refused: refused.accepted });
  checks.push(check.finish({ emptyHolds: summary.records > 0 }));
  const closed = summary.relevant - summary.late - summary.open;
  checks.push(
    conservation(
      'user_sessions',
      'events = in closed sessions + late + open: the sum of event_count',
      closed,
      found + rows.shortOf(2),
    ),
  );
}

/** Columns of the tables that are kept as microseconds. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['window_start', 'window_end', 'session_start', 'session_end']);

/** What a table's query has in `sluice.refused_rows`. */
function refusedRows(
  { snapshot }: Run,
  query: QueryName,
  key: readonly string[],
  values: readonly string[],
): RefusedTable {
  return refusedTable(snapshot.refused, query, key, values, TIME_COLUMNS);
}

/** What became of the events that a query works on. */
interface Outcome {
  readonly counted: (relevant: number) => number;
  readonly late?: LateRows;
  readonly open?: number;
  readonly refused: number;
}

/** Counts what the batches of a query have read, and what is left to read. */
function summarize(
  { store, summaries }: Run,
  batches: QueryBatches<QueryName>,
  { counted, late, open = 0, refused }: Outcome,
): QuerySummary {
  let valid = 0;
  let dead = 0;
  let relevant = 0;
  let pending = 0;
  for (const events of store.partitions.values()) {
    const end = (batches.ends.get(events.partition) ?? events.start) - events.start;
    for (let i = 0; i < events.record.length; i++) {
      const record = events.record[i];
      if (record === RECORD.none) continue;
      if (i >= end) pending++;
      else if (record === RECORD.dead) dead++;
      else valid++;
      if (i < end && isRelevant(batches.query, events, i)) relevant++;
    }
  }
  const summary: QuerySummary = {
    query: batches.query,
    batches: batches.batches.length,
    records: valid + dead,
    valid,
    dead,
    relevant,
    counted: counted(relevant),
    late: late?.events ?? 0,
    latePairs: late?.pairs ?? 0,
    open,
    pending,
    refused,
    lateSamples: late?.samples ?? [],
  };
  summaries.push(summary);
  return summary;
}

function conservation(query: string, what: string, expected: number, found: number): Check {
  const check = new CheckBuilder(`${query}.conservation`, what);
  check.count(expected, found);
  if (expected !== found) check.difference('different', query, String(expected), String(found));
  return check.finish({ emptyHolds: true });
}
