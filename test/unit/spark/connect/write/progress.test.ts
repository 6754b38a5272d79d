import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SparkError } from '../../../../../spark/connect/errors/spark-error.js';
import { decodeProgress } from '../../../../../spark/connect/write/progress.js';

/** As Spark 4.2 sent it over Connect for an aggregation over Kafka, shortened. */
const PROGRESS = JSON.stringify({
  id: '493c700d-4d82-4d70-b5a6-103a6452d41d',
  runId: 'd49dc709-3f32-4212-834e-231c224c47c8',
  name: 'page_view_counts',
  timestamp: '2026-11-23T23:05:58.401Z',
  batchId: 12,
  batchDuration: 153,
  durationMs: { triggerExecution: 153, addBatch: 71 },
  eventTime: { watermark: '2026-11-23T23:03:00.001Z', max: '2026-11-23T23:05:00.001Z' },
  stateOperators: [
    {
      operatorName: 'stateStoreSave',
      numRowsTotal: 4,
      numRowsUpdated: 3,
      allUpdatesTimeMs: 2,
      numRowsRemoved: 1,
      allRemovalsTimeMs: 0,
      commitTimeMs: 9,
      memoryUsedBytes: 1024,
      numRowsDroppedByWatermark: 7,
      numShufflePartitions: 2,
      numStateStoreInstances: 2,
      customMetrics: { rocksdbPutCount: 5 },
    },
  ],
  sources: [
    {
      description: 'KafkaV2[Subscribe[user_activity]]',
      startOffset: '{"user_activity":{"0":5,"1":9007199254740991}}',
      endOffset: '{"user_activity":{"0":8}}',
      latestOffset: null,
      numInputRows: 3,
      inputRowsPerSecond: 1.5,
      processedRowsPerSecond: 20,
      metrics: { maxOffsetsBehindLatest: '0' },
    },
    { description: 'odd', startOffset: 'not json', endOffset: 7, numInputRows: 4, inputRowsPerSecond: 1, metrics: {} },
  ],
  sink: { description: 'ForeachBatchSink', numOutputRows: -1, metrics: {} },
  observedMetrics: { quality: { dead: 1 } },
});

test('a progress keeps batch, times in microseconds, durations, state, sources and sink', () => {
  const progress = decodeProgress(PROGRESS);
  assert.equal(progress.name, 'page_view_counts');
  assert.equal(progress.batchId, 12n);
  assert.equal(progress.startedAt, 1_795_475_158_401_000n);
  assert.equal(progress.eventTime.watermark, 1_795_474_980_001_000n);
  assert.equal('min' in progress.eventTime, false);
  assert.equal(progress.durationsMs.addBatch, 71);
  assert.equal(progress.stateOperators[0]?.numRowsDroppedByWatermark, 7);
  assert.equal(progress.stateOperators[0]?.customMetrics.rocksdbPutCount, 5);
  assert.deepEqual(progress.sources[0]?.startOffset, { user_activity: { 0: 5, 1: 9007199254740991 } });
  assert.equal(progress.sources[0]?.latestOffset, undefined);
  assert.equal(progress.sources[1]?.startOffset, 'not json');
  assert.equal(progress.sources[1]?.endOffset, 7);
  assert.equal(progress.sink.numOutputRows, -1);
  assert.deepEqual(progress.observedMetrics, { quality: { dead: 1 } });
});

test("the totals, which Spark does not send over Connect, are the sources' sums", () => {
  const { numInputRows, inputRowsPerSecond, processedRowsPerSecond } = decodeProgress(PROGRESS);
  assert.deepEqual([numInputRows, inputRowsPerSecond, processedRowsPerSecond], [7, 2.5, 20]);
});

test('what a release leaves out is empty, not a failure', () => {
  const { id, runId } = JSON.parse(PROGRESS);
  const progress = decodeProgress(JSON.stringify({ id, runId, batchId: 0 }));
  assert.equal(progress.name, undefined);
  assert.deepEqual(
    [progress.sources, progress.stateOperators, progress.durationsMs, progress.eventTime],
    [[], [], {}, {}],
  );
});

test('a progress of no batch or no JSON is refused', () => {
  for (const text of ['', '{', '[]', 'null', '{"id":"x"}']) {
    assert.throws(
      () => decodeProgress(text),
      (error) => error instanceof SparkError && error.kind === 'protocol',
      text,
    );
  }
});

test('what was observed comes by name, as a row of it does over Connect and as Spark itself writes it', () => {
  const field = (name: string) => ({ name, type: 'long', nullable: false, metadata: {} });
  const inner = { values: [1, 'a'], schema: { type: 'struct', fields: [field('x'), field('y')] } };
  const row = {
    values: [50, inner, [inner], null],
    schema: { type: 'struct', fields: ['n', 's', 'l', 'none'].map(field) },
  };
  const { observedMetrics } = decodeProgress(
    JSON.stringify({
      ...JSON.parse(PROGRESS),
      observedMetrics: { quality: row, plain: { dead: 1 }, values: { values: [1] } },
    }),
  );
  assert.deepEqual(observedMetrics, {
    quality: { n: 50, s: { x: 1, y: 'a' }, l: [{ x: 1, y: 'a' }], none: null },
    plain: { dead: 1 },
    values: { values: [1] },
  });
});
