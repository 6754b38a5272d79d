// From Kafka to Postgres: deliveries are summed up per item, and each micro-batch upserts the sums that changed.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Kafka } from 'kafkajs';
import pg from 'pg';
import { col, from_json, integer, SparkSession, string, struct, sum, Trigger } from 'sluice/connect';
import { batchHandler } from 'sluice/worker';
import { upsertStock } from './handlers/upsert-stock.js';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
const brokers = { 'kafka.bootstrap.servers': process.env.KAFKA_BOOTSTRAP_SERVERS ?? 'localhost:9092' };
const id = randomUUID().replaceAll('-', '');
const [topic, table] = [`deliveries-${id}`, `public.stock_${id}`];

const database = new pg.Client({ connectionString: process.env.DATABASE_URL });
await database.connect();
await database.query(`CREATE TABLE ${table} (item text PRIMARY KEY, pieces bigint NOT NULL, batch_id bigint NOT NULL)`);
await database.query(`GRANT SELECT, INSERT, UPDATE ON ${table} TO PUBLIC`); // the driver may be another role

const kafka = new Kafka({ brokers: brokers['kafka.bootstrap.servers'].split(','), logLevel: 1 });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic }] });

const deliveries = ['{"item":"nut","pieces":5}', '{"item":"bolt","pieces":7}', '{"item":"nut","pieces":20}'];
const records = spark.createDataFrame(
  deliveries.map((value) => ({ value })),
  struct({ value: string() }),
);
await records.write.format('kafka').options(brokers).option('topic', topic).save();

const query = await spark.readStream
  .format('kafka')
  .options({ ...brokers, subscribe: topic, startingOffsets: 'earliest', maxOffsetsPerTrigger: 2 })
  .load()
  .select(from_json(col('value').cast('string'), struct({ item: string(), pieces: integer() })).as('delivery'))
  .groupBy(col('delivery.item').as('item'))
  .agg(sum(col('delivery.pieces')).as('pieces'))
  .writeStream.queryName('stock')
  .outputMode('update')
  .option('checkpointLocation', `${tmpdir()}/sluice-stock-${id}`)
  .trigger(Trigger.availableNow())
  .foreachBatch(
    batchHandler({
      module: new URL('./handlers/upsert-stock.js', import.meta.url),
      handler: upsertStock,
      params: { table },
    }),
  )
  .start();
await query.awaitTermination();

const { rows } = await database.query(`SELECT item, pieces FROM ${table} ORDER BY item`);
for (const { item, pieces } of rows) console.log(`${item} ${pieces}`);
await database.query(`DROP TABLE ${table}`);
await database.end();
await admin.deleteTopics({ topics: [topic] });
await admin.disconnect();
await spark.release();
