// foreachBatch in TypeScript: Spark calls the handler once per micro-batch, in order, beside its driver.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { SparkSession, Trigger } from 'sluice/connect';
import { batchHandler } from 'sluice/worker';
import { noteRows } from './handlers/note-rows.js';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');
// A folder at the server, which here is this machine.
const folder = `${tmpdir()}/sluice-foreach-batch-${randomUUID()}`;
await mkdir(folder);

for (const [name, values] of Object.entries({ first: [1, 2, 3], second: [4, 5] })) {
  await spark
    .range(values[0] ?? 0, (values.at(-1) ?? 0) + 1)
    .selectExpr('id AS value')
    .coalesce(1)
    .write.mode('append')
    .json(`${folder}/numbers/${name}`);
}

const query = await spark.readStream
  .schema('value BIGINT')
  .option('maxFilesPerTrigger', 1)
  .json(`${folder}/numbers/*`)
  .writeStream.queryName('note_rows')
  .option('checkpointLocation', `${folder}/checkpoint`)
  .trigger(Trigger.availableNow())
  .foreachBatch(
    batchHandler({
      module: new URL('./handlers/note-rows.js', import.meta.url),
      handler: noteRows,
      params: { file: `${folder}/rows` },
    }),
  )
  .start();
await query.awaitTermination();

console.log((await readFile(`${folder}/rows`, 'utf8')).trimEnd());
await spark.release();
