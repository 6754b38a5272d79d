/**
 * The program in the place of PYSPARK_PYTHON. Spark starts it as it would start Python, `sluice-worker -m <module> [arguments]`, and speaks
 * to it as the module would expect. build.mjs makes one file of it that needs Node and nothing else, so that it can be put on any machine.
 */
import { isMainThread, workerData } from 'node:worker_threads';
import { serveDaemon } from './daemon.js';
import { serveForeachBatch } from './foreach-batch.js';
import { runInsideTaskThread } from './inside-task-thread.js';
import { runInsideThread } from './inside-thread.js';
import { FOR_TASKS } from './task-thread-messages.js';
import { serveTasksDirectly, serveTasksOfDaemon, TASK_MODULE } from './task-worker.js';

/** Resolves with the exit code. */
type Service = (programFile: string, env: NodeJS.ProcessEnv) => Promise<number>;

/** Python's modules, as Spark asks for them, and what stands in their place. */
const SERVICES: ReadonlyMap<string, Service> = new Map([
  ['pyspark.sql.connect.streaming.worker.foreach_batch_worker', serveForeachBatch],
  ['pyspark.daemon', serveDaemon],
  ['pyspark.worker', serveTasksDirectly],
  [TASK_MODULE, serveTasksOfDaemon],
]);

async function main(args: readonly string[]): Promise<number> {
  const [flag, module = ''] = args;
  const service = flag === '-m' ? SERVICES.get(module) : undefined;
  if (service !== undefined) return service(__filename, process.env);
  process.stderr.write(
    `sluice-worker: This program runs TypeScript inside Spark, which starts it by PYSPARK_PYTHON; it was asked for ${args.join(' ') || 'nothing'}. For Python functions, give PYSPARK_PYTHON a Python.\n`,
  );
  return 2;
}

if (isMainThread) {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      const isExpected = error instanceof Error && error.name === 'ProtocolError';
      process.stderr.write(
        `sluice-worker: ${isExpected ? error.message : error instanceof Error ? error.stack : error}\n`,
      );
      process.exit(1);
    },
  );
} else if (workerData === FOR_TASKS) {
  runInsideTaskThread();
} else {
  void runInsideThread();
}
