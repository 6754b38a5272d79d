/**
 * Negative controls: with any one guard taken out, the proof must turn red, and by a check that has to do with that guard. Seven are taken out of
 * simulated runs, where chance finds the moment that needs the guard; the check for events from the future stands in a plan, so Spark itself runs that.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import { type DataFrame, Trigger } from '../../../spark/connect/index.js';
import { pageViewCounts } from '../../../spark/pipeline/page-view-counts.js';
import { validActivity } from '../../../spark/pipeline/source.js';
import { simulateMany } from '../../simulation/many.js';
import { ALL_GUARDS, type Guards } from '../../simulation/world.js';
import { openSession } from '../connect/open-session.js';
import { createTopics } from './kafka.js';
import { required } from './micro-batch.js';

const spark = await openSession();

/** Enough for chance to find the moment: of as many runs, between 60 and 220 turned red when this was written. */
const RUNS = 300;

/** Which check must find out that a guard is missing. */
const SABOTAGES: Readonly<Record<keyof Guards, { readonly guard: string; readonly check: string }>> = {
  ledger: { guard: 'ledger', check: 'once in Postgres' },
  fence: { guard: 'fence', check: 'fence' },
  batch: { guard: 'batch guard of the upsert', check: 'newest in the table' },
  marker: { guard: 'marker in Kafka', check: 'topic enriched' },
  readCommitted: { guard: 'read_committed', check: 'topic enriched' },
  noopRun: { guard: 'noop run on skip', check: 'state commits' },
  coordinates: { guard: 'coordinates of dead letters', check: 'topic dead' },
};
const SABOTAGES_IN_ALL = Object.keys(SABOTAGES).length + 1;

const caught: string[] = [];
after(() => console.log(`${caught.length}/${SABOTAGES_IN_ALL} sabotages caught\n${caught.join('\n')}`));

test('with all guards in place the same runs are green', async (t) => {
  t.mock.method(console, 'warn', () => {});
  assert.deepEqual((await simulateMany(1, RUNS)).failed, []);
});

for (const [name, { guard, check }] of Object.entries(SABOTAGES)) {
  test(`without the ${guard} the simulation turns red, by the check "${check}"`, async (t) => {
    t.mock.method(console, 'warn', () => {});
    const { failed } = await simulateMany(1, RUNS, { guards: { ...ALL_GUARDS, [name]: false } });
    const violation = failed.flatMap(({ violations }) => violations).find((one) => one.check === check);
    assert.ok(violation, `${failed.length} of ${RUNS} runs failed, none by "${check}"`);
    caught.push(`${guard}: ${failed.length} of ${RUNS} runs red, "${check}": ${violation.what}`);
  });
}

test('without the check for events from the future later events are counted as late and their windows are missing', async () => {
  const [topic = ''] = await createTopics('future');
  const event = (event_time: string, page_url: string): string =>
    JSON.stringify({ event_time, user_id: 'u', page_url, event_type: 'page_view' });
  // The topic is read two records at a time: the one of 2099 comes in the first batch, before those that it would make late.
  const values = [
    event('2026-03-01T12:00:00Z', '/first'),
    event('2099-01-01T00:00:00Z', '/future'),
    event('2026-03-01T12:10:00Z', '/second'),
    event('2026-03-01T12:20:00Z', '/third'),
    event('2026-03-01T12:30:00Z', '/fourth'),
    event('2026-03-01T12:40:00Z', '/fifth'),
  ];
  const producer = new Kafka({
    brokers: required('KAFKA_BOOTSTRAP_SERVERS').split(','),
    logLevel: logLevel.NOTHING,
  }).producer();
  await producer.connect();
  await producer.send({ topic, messages: values.map((value) => ({ value })) });
  await producer.disconnect();

  const wanted = ['/fifth', '/first', '/fourth', '/second', '/third'];
  assert.deepEqual(await pagesCounted(topic, 5 * 60_000), wanted);
  const centuryMs = 100 * 365 * 86_400_000;
  const withoutCheck = await pagesCounted(topic, centuryMs);
  const lost = wanted.filter((page) => !withoutCheck.includes(page));
  // The batch right behind the future event is judged by the watermark before it; all later ones are not.
  assert.deepEqual(lost, ['/fifth', '/fourth']);
  caught.push(`check for future events: page_view_counts lacks ${lost.join(', ')}`);
});

/** Pages in the counts of a streaming query that reads two records per batch. */
async function pagesCounted(topic: string, futureToleranceMs: number): Promise<string[]> {
  const name = `future_${futureToleranceMs}`;
  const records: DataFrame = spark.readStream
    .format('kafka')
    .options({
      'kafka.bootstrap.servers': required('KAFKA_BOOTSTRAP_SERVERS'),
      subscribe: topic,
      startingOffsets: 'earliest',
      maxOffsetsPerTrigger: '2',
    })
    .load();
  const query = await pageViewCounts(validActivity(records, futureToleranceMs, 120_000))
    .writeStream.format('memory')
    .queryName(name)
    .outputMode('update')
    .trigger(Trigger.availableNow())
    .start();
  await query.awaitTermination(60_000);
  const rows = (await spark.table(name).select('page_url').distinct().collect()) as { page_url: string }[];
  return rows
    .map(({ page_url }) => page_url)
    .filter((page) => page !== '/future')
    .sort();
}
