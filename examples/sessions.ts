// Sessions of users: a session ends when nothing came for five minutes, and is delivered once the watermark says that nothing late can join it.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { col, count, notNull, SparkSession, session_window, string, struct, Trigger, timestamp } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
// A folder at the server, which here is this machine.
const folder = `${tmpdir()}/sluice-sessions-${randomUUID()}`;

const EVENT = struct({ time: notNull(timestamp()), user: notNull(string()) });
const events = [
  { time: new Date('2026-01-01T12:00:00Z'), user: 'ann' },
  { time: new Date('2026-01-01T12:04:00Z'), user: 'ann' },
  { time: new Date('2026-01-01T12:01:00Z'), user: 'bob' },
  { time: new Date('2026-01-01T12:30:00Z'), user: 'ann' }, // moves the watermark; her second session stays open
];
await spark.createDataFrame(events, EVENT).write.json(`${folder}/events`);

const query = await spark.readStream
  .schema(EVENT)
  .json(`${folder}/events`)
  .withWatermark('time', '1 minute')
  .groupBy(col('user'), session_window('time', '5 minutes'))
  .agg(count('*').as('events'))
  .select('user', 'events', col('session_window.start').as('start'), col('session_window.end').as('end'))
  .writeStream.format('memory')
  .queryName('user_sessions')
  .outputMode('append')
  .option('checkpointLocation', `${folder}/checkpoint`)
  .trigger(Trigger.availableNow())
  .start();
await query.awaitTermination();

for (const { user, events, start, end } of await spark.table('user_sessions').orderBy('user').collect()) {
  console.log(`${user}: ${events} events, open for ${Number(end - start) / 1_000_000} s`);
}
await spark.release();
