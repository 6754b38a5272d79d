/**
 * Before a pipeline starts: do database, ledger, checkpoints, topic and sinks belong together? Each of them alone can be restored, deleted or
 * created again; starting on a mixture would skip data or count it twice without a word. Looks, and changes nothing but its own note of the
 * topic's id.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ClientBase } from 'pg';
import { writerUrlOf } from '../../../config/endpoints.js';
import { sourceTopics } from '../../pipeline/index.js';
import { lakePathOf } from '../../sinks/lake.js';
import { withClient } from '../../sinks/postgres.js';
import type { SupervisorOptions } from '../options.js';
import { StartError } from '../start-error.js';
import { checkpointOf, outputTopics } from '../start-query.js';
import { assertState, type Checkpoint, readCheckpoint } from './checkpoint.js';
import { assertProgress, type Progress, readLedgerEnds } from './progress.js';
import { assertLakeBatches, assertOutputTopics, assertTableBatches } from './sinks.js';
import { assertTables } from './tables.js';
import { assertTopic, readTopicOffsets } from './topic.js';
import { readTopicId } from './topic-id.js';

/** What the checks need to know of a supervisor's options. */
export type StartCheckOptions = Pick<SupervisorOptions, 'pipeline' | 'endpoints' | 'topics'>;

/**
 * Queries of a supervisor that was killed go on in Spark until the new one takes over. What is read of them one after the other then belongs to
 * different moments, so a misfit counts only if no checkpoint has moved meanwhile.
 */
const MOVING = { attemptsMax: 30, waitMs: 200 } as const;

/** @throws StartError with the first thing that does not fit. */
export async function assertCanStart(options: StartCheckOptions): Promise<void> {
  await withClient(async (client) => {
    for (let attempt = 1; ; attempt++) {
      const checkpoints = await readCheckpoints(options);
      try {
        const topicId = await assertFit(client, options, checkpoints);
        await noteTopic(client, options, topicId);
        return;
      } catch (error) {
        if (!(error instanceof StartError) || attempt >= MOVING.attemptsMax) throw error;
        if (isDeepStrictEqual(checkpoints, await readCheckpoints(options))) throw error;
      }
      await delay(MOVING.waitMs);
    }
  }, writerUrlOf(options.endpoints));
}

type Checkpoints = ReadonlyMap<string, Checkpoint | undefined>;

async function readCheckpoints(options: StartCheckOptions): Promise<Checkpoints> {
  const found = new Map<string, Checkpoint | undefined>();
  for (const { name } of options.pipeline.queries) {
    found.set(name, await readCheckpoint(checkpointOf(options, name), name));
  }
  return found;
}

/** Ledger and tables as of one moment, then what lies in files and in Kafka. Returns the id of the source topic. */
async function assertFit(
  client: ClientBase,
  options: StartCheckOptions,
  checkpoints: Checkpoints,
): Promise<string | undefined> {
  const { pipeline, endpoints } = options;
  const progress: Progress[] = [];
  let known: Known | undefined;
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    await assertTables(client, pipeline);
    known = await readKnown(client, options);
    for (const { name, sink } of pipeline.queries) {
      const ledger = await readLedgerEnds(client, pipeline.name, name);
      const ofQuery = assertProgress(name, ledger, checkpoints.get(name));
      progress.push(ofQuery);
      if (sink.kind === 'upsert') await assertTableBatches(client, sink, ofQuery);
    }
  } finally {
    await client.query('ROLLBACK');
  }
  for (const { query, checkpoint } of progress) {
    if (checkpoint !== undefined) await assertState(checkpointOf(options, query), query, checkpoint.lastCommit);
  }
  for (const [i, { sink }] of pipeline.queries.entries()) {
    const ofQuery = progress[i];
    if (sink.kind !== 'events' || ofQuery === undefined) continue;
    const lakePath = lakePathOf(sink, endpoints.lakePath);
    if (lakePath !== undefined) await assertLakeBatches(lakePath, ofQuery);
  }
  return assertKafka(options, known, progress);
}

/** The id is only replaced while nothing has been read: otherwise another one has been refused. */
async function noteTopic(client: ClientBase, { pipeline }: StartCheckOptions, id: string | undefined): Promise<void> {
  await client.query(
    `INSERT INTO sluice.pipelines AS p (pipeline, version, topic, topic_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (pipeline) DO UPDATE SET topic_id = excluded.topic_id WHERE p.topic_id IS DISTINCT FROM excluded.topic_id`,
    [pipeline.name, pipeline.version, pipeline.source.topic, id],
  );
}

interface Known {
  /** Undefined if it was not recorded. */
  readonly topicId: string | undefined;
}

/** What an earlier start has noted; undefined at the first. @throws StartError `version` or `topic` */
async function readKnown(client: ClientBase, { pipeline }: StartCheckOptions): Promise<Known | undefined> {
  const { rows } = await client.query<{ version: number; topic: string; topic_id: string | null }>(
    'SELECT version, topic, topic_id FROM sluice.pipelines WHERE pipeline = $1',
    [pipeline.name],
  );
  const known = rows[0];
  if (known === undefined) return undefined;
  if (known.version !== pipeline.version) {
    throw new StartError(
      'version',
      `The checkpoints and tables are those of ${pipeline.name} version ${known.version}; this is version ${pipeline.version}.`,
      'Run the other version, or `sluice reset --sinks` to compute everything again with this one.',
    );
  }
  if (known.topic !== pipeline.source.topic) {
    throw new StartError(
      'topic',
      `${pipeline.name} has read topic ${known.topic} so far; now it is told to read ${pipeline.source.topic}.`,
      'Set TOPIC_ACTIVITY back, or run `sluice reset --sinks` to compute everything again from the new topic.',
    );
  }
  return { topicId: known.topic_id ?? undefined };
}

/** Checks the topics; returns the id of the source. */
async function assertKafka(
  { pipeline, endpoints, topics }: StartCheckOptions,
  known: Known | undefined,
  progress: readonly Progress[],
): Promise<string | undefined> {
  const { topic } = pipeline.source;
  const { bootstrapServers } = endpoints;
  const sources = sourceTopics(pipeline);
  const outputs = pipeline.queries.flatMap(({ sink }) => {
    if (sink.kind !== 'events') return [];
    const { enrichedTopic, deadLetterTopic } = outputTopics(sink, topics);
    return enrichedTopic === undefined ? [deadLetterTopic] : [enrichedTopic, deadLetterTopic];
  });
  const [offsets, id] = await Promise.all([
    readTopicOffsets(bootstrapServers, [...sources, ...outputs]),
    readTopicId(bootstrapServers, topic),
  ]);
  for (const source of sources) {
    const partitions = offsets.get(source);
    // Of further topics only the offsets are known, not the id.
    const [idNow, idBefore] = source === topic ? [id, known?.topicId] : [undefined, undefined];
    assertTopic(source, partitions === undefined ? undefined : { id: idNow, partitions }, idBefore, progress);
  }
  for (const [i, { sink }] of pipeline.queries.entries()) {
    const ofQuery = progress[i];
    if (sink.kind === 'events' && ofQuery !== undefined)
      assertOutputTopics(outputTopics(sink, topics), offsets, ofQuery);
  }
  return id;
}
