/**
 * Before a pipeline starts: do database, ledger, checkpoints, topic and sinks belong together? Each of them alone can be restored, deleted or
 * created again; starting on a mixture would skip data or count it twice without a word. Looks, and changes nothing but its own note of the
 * topic's id.
 */
import type { ClientBase } from 'pg';
import { writerUrlOf } from '../../../config/endpoints.js';
import { sourceTopics } from '../../pipeline/index.js';
import { lakePathOf } from '../../sinks/lake.js';
import { withClient } from '../../sinks/postgres.js';
import type { SupervisorOptions } from '../options.js';
import { StartError } from '../start-error.js';
import { checkpointOf, outputTopics } from '../start-query.js';
import { assertState, readCheckpoint } from './checkpoint.js';
import { assertProgress, type Progress, readLedgerEnds } from './progress.js';
import { assertLakeBatches, assertOutputTopics, assertTableBatches } from './sinks.js';
import { assertTables } from './tables.js';
import { assertTopic, readTopicOffsets } from './topic.js';
import { readTopicId } from './topic-id.js';

/** What the checks need to know of a supervisor's options. */
export type StartCheckOptions = Pick<SupervisorOptions, 'pipeline' | 'endpoints' | 'topics'>;

/** @throws StartError with the first thing that does not fit. */
export async function assertCanStart(options: StartCheckOptions): Promise<void> {
  const { pipeline, endpoints } = options;
  const { topic } = pipeline.source;
  await withClient(async (client) => {
    await assertTables(client, pipeline);
    const known = await readKnown(client, options);
    const progress: Progress[] = [];
    for (const { name } of pipeline.queries) {
      const path = checkpointOf(options, name);
      const checkpoint = await readCheckpoint(path, name);
      progress.push(assertProgress(name, await readLedgerEnds(client, pipeline.name, name), checkpoint));
      if (checkpoint !== undefined) await assertState(path, name, checkpoint.lastCommit);
    }
    const id = await assertKafka(options, known, progress);
    for (const [i, { sink }] of pipeline.queries.entries()) {
      const ofQuery = progress[i];
      if (ofQuery === undefined) continue;
      if (sink.kind === 'upsert') await assertTableBatches(client, sink, ofQuery);
      if (sink.kind !== 'events') continue;
      const lakePath = lakePathOf(sink, endpoints.lakePath);
      if (lakePath !== undefined) await assertLakeBatches(lakePath, ofQuery);
    }
    // The id is only replaced while nothing has been read: otherwise another one was refused above.
    await client.query(
      `INSERT INTO sluice.pipelines AS p (pipeline, version, topic, topic_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (pipeline) DO UPDATE SET topic_id = excluded.topic_id WHERE p.topic_id IS DISTINCT FROM excluded.topic_id`,
      [pipeline.name, pipeline.version, topic, id],
    );
  }, writerUrlOf(endpoints));
}

/** What an earlier start has noted; undefined at the first. @throws StartError `version` or `topic` */
async function readKnown(
  client: ClientBase,
  { pipeline }: StartCheckOptions,
): Promise<{ readonly topicId: string | undefined } | undefined> {
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
  known: { readonly topicId: string | undefined } | undefined,
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
