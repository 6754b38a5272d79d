// Page views per page and minute, from a stream of JSON files. Swap the source for Kafka and the sink for a table of yours.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import {
  col,
  notNull,
  SparkSession,
  string,
  struct,
  Trigger,
  timestamp,
  timestampToString,
  window,
} from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
// A folder at the server, which here is this machine.
const folder = `${tmpdir()}/sluice-windowed-counts-${randomUUID()}`;

const VIEW = struct({ time: notNull(timestamp()), page: notNull(string()) });
const views = [
  { time: new Date('2026-01-01T12:00:10Z'), page: '/' },
  { time: new Date('2026-01-01T12:00:50Z'), page: '/' },
  { time: new Date('2026-01-01T12:00:59.999Z'), page: '/help' },
  { time: new Date('2026-01-01T12:01:00Z'), page: '/' },
];
await spark.createDataFrame(views, VIEW).write.json(`${folder}/views`);

const query = await spark.readStream
  .schema(VIEW)
  .json(`${folder}/views`)
  .withWatermark('time', '2 minutes')
  .groupBy(window('time', '1 minute'), col('page'))
  .count()
  .writeStream.format('memory')
  .queryName('page_view_counts')
  .outputMode('complete')
  .option('checkpointLocation', `${folder}/checkpoint`)
  .trigger(Trigger.availableNow())
  .start();
await query.awaitTermination();

for (const { window, page, count } of await spark.table('page_view_counts').orderBy('window', 'page').collect()) {
  console.log(`${timestampToString(window.start)} ${page} ${count}`);
}
await spark.release();
