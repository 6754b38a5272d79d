// Stops an action by an AbortSignal, here as soon as Spark reports that its tasks run. The server stops the job too.
import { isSparkError, SparkSession } from 'sluice/connect';

const spark = await SparkSession.connect(process.env.SPARK_REMOTE ?? 'sc://localhost:15002');

const abort = new AbortController();
try {
  await spark
    .range(20_000_000_000n)
    .filter('id % 7 = -1')
    .count({
      signal: abort.signal,
      onProgress: ({ inflightTasks }) => {
        if (inflightTasks > 0) abort.abort();
      },
    });
  console.log('counted');
} catch (error) {
  if (!isSparkError(error)) throw error;
  console.log(`stopped: ${error.kind}`);
}

// The session goes on.
console.log(`afterwards: ${await spark.range(10).count()}`);
await spark.release();
