/**
 * On a cluster, driver and executors write one folder together: executors the state and the Parquet files, the driver the offsets and the commit
 * that makes files count. If a path of the file system is a different disk for each of them, state is lost with the first executor and files of
 * the lake without a word. So before a pipeline starts there, the executors write and the driver looks.
 */
import { randomUUID } from 'node:crypto';
import { col, lit, type SparkSession } from '../connect/index.js';
import { StartError } from './start-error.js';

/** Enough tasks for every executor of a small cluster to get one; of a large one, enough for a fault to show. */
const TASKS = 24;

/** Stays in the folder, a few files of a line each, since only Spark may be able to reach it; hidden from whoever reads the lake. */
const PROBE = '.sluice-shared';

/** @throws StartError `storage` if a folder of the file system is not the same one for all of the cluster. Asks nothing where Spark runs in one process. */
export async function assertShared(spark: SparkSession, folders: Readonly<Record<string, string>>): Promise<void> {
  const master = await spark.conf.get('spark.master', 'local');
  if (/^local\b/.test(master)) return;
  for (const [variable, folder] of Object.entries(folders)) {
    if (!isOnFileSystem(folder)) continue;
    const found = await probe(spark, `${folder.replace(/\/+$/, '')}/${PROBE}`);
    if (found === TASKS) continue;
    throw new StartError(
      'storage',
      `Spark runs on the cluster ${master}, and ${variable}=${folder} is not one folder for all of it: of ${TASKS} files that its executors wrote there, the driver sees ${found}.`,
      `Mount a shared volume there on driver and executors, or set ${variable} to a file system of the cluster's (s3a://…, hdfs://…).`,
    );
  }
}

/** A path, or a `file:` URI; any other scheme is a service that all reach alike. @internal exported for its test */
export function isOnFileSystem(folder: string): boolean {
  return folder.startsWith('file:') || !/^[a-z][a-z0-9+.-]*:/i.test(folder);
}

async function probe(spark: SparkSession, folder: string): Promise<number> {
  const mark = randomUUID();
  await spark.range(0, TASKS, 1, TASKS).select(lit(mark).as('mark')).write.mode('overwrite').text(folder);
  const written = spark.read.text(folder).filter(col('value').eq(lit(mark)));
  return Number(await written.count());
}
