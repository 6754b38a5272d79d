// What the dashboard is told of the pipeline and of those who run it: the pipeline's outline, and what `sluice status` finds out.
import { PIPELINE_NAME } from '../config/names.js';
import type { Settings } from '../config/settings.js';
import { type Pipeline, sourceTopics, topicsOf } from '../spark/pipeline/index.js';
import type { Sink } from '../spark/sinks/sink.js';
import type { LiveFacts, PipelineOutline, QueryNow, QueryOutline } from '../web/index.js';
import type { QueryLedger, StatusReader } from './health.js';
import type { RunRecord } from './run-record.js';
import { readVerification } from './verification-record.js';

export function outlineOf(pipeline: Pipeline, { topics }: Settings): PipelineOutline {
  const queries = pipeline.queries.map((query): QueryOutline => {
    const { name, description, sink } = query;
    return { name, description, topics: topicsOf(pipeline, query), sink: sinkOutline(sink, topics) };
  });
  return { name: pipeline.name, topics: sourceTopics(pipeline), queries };
}

function sinkOutline(sink: Sink, topics: Settings['topics']): QueryOutline['sink'] {
  if (sink.kind === 'upsert') return { kind: 'table', table: sink.table, key: sink.key, columns: sink.columns };
  const { places } = sink;
  return places === undefined
    ? { kind: 'records', lake: true, enrichedTopic: topics.enriched, deadLetterTopic: topics.deadLetter }
    : { kind: 'records', lake: places.lakeFolder !== undefined, deadLetterTopic: places.deadLetterTopic };
}

/** Never rejects: a service that does not answer is among the facts. @param pipeline undefined: the one that runs, or else the one that comes with sluice. */
export async function readLive(
  reader: StatusReader,
  pipeline?: Pick<PipelineOutline, 'name' | 'topics'>,
): Promise<LiveFacts> {
  const status = await reader.read(pipeline);
  const { sparkUiUrl } = reader.endpoints;
  // Another pipeline may run here. Records of older versions name none, and knew one only.
  const isOther =
    pipeline !== undefined && status.run?.pipeline !== undefined && status.run.pipeline.name !== pipeline.name;
  const run = isOther ? undefined : status.run;
  const names = new Set([
    ...status.queries.map(({ query }) => query),
    ...(run?.queries ?? []).map(({ query }) => query),
  ]);
  const name = pipeline?.name ?? status.run?.pipeline?.name ?? PIPELINE_NAME;
  const verification = readVerification(reader.stateDir, name);
  return {
    services: status.services,
    ...(status.topicRecords === undefined ? {} : { topicRecords: status.topicRecords }),
    ...(run === undefined ? {} : { runSince: run.startedAt }),
    ...(sparkUiUrl === undefined ? {} : { sparkUiUrl }),
    ...(verification === undefined ? {} : { verification }),
    queries: [...names].sort().map((name) => queryNow(name, status.queries, run)),
  };
}

function queryNow(name: string, ledger: readonly QueryLedger[], run: RunRecord | undefined): QueryNow {
  const done = ledger.find(({ query }) => query === name);
  const state = run?.queries.find(({ query }) => query === name);
  const watermark = state?.watermark ?? done?.watermark;
  return {
    query: name,
    phase: state?.phase ?? 'not-running',
    ...(done === undefined ? {} : { lastBatch: done.lastBatch, lastCommit: done.lastCommit }),
    rows: done?.rows ?? 0,
    dead: done?.dead ?? 0,
    ...(watermark === undefined ? {} : { watermark }),
    ...(done?.lag === undefined ? {} : { lag: done.lag }),
    inputRowsPerSecond: state?.inputRowsPerSecond ?? 0,
    processedRowsPerSecond: state?.processedRowsPerSecond ?? 0,
    batchDurationMs: state?.batchDurationMs ?? 0,
    durationsMs: state?.durationsMs ?? {},
    stateRows: state?.stateRows ?? 0,
    stateBytes: state?.stateBytes ?? 0,
    lateRows: state?.droppedByWatermark ?? 0,
    restarts: state?.restarts ?? 0,
    ...(state?.lastError === undefined ? {} : { lastError: state.lastError }),
  };
}
