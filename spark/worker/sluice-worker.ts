/**
 * The program in the place of PYSPARK_PYTHON. Spark starts it as it would start Python, `sluice-worker -m <module> [arguments]`, and speaks
 * to it as the module would expect. build.mjs makes one file of it that needs Node and nothing else, so that it can be put on any machine.
 */
import { isMainThread } from 'node:worker_threads';
import { serveForeachBatch } from './foreach-batch.js';
import { runInsideThread } from './inside-thread.js';

/** Resolves with the exit code. */
type Service = (programFile: string, env: NodeJS.ProcessEnv) => Promise<number>;

/** Python's modules, as Spark asks for them, and what stands in their place. */
const SERVICES: ReadonlyMap<string, Service> = new Map([
  ['pyspark.sql.connect.streaming.worker.foreach_batch_worker', serveForeachBatch],
]);

/** What Spark runs on executors; to be served here, once TypeScript runs there. */
const EXECUTOR_MODULES: ReadonlySet<string> = new Set(['pyspark.daemon', 'pyspark.worker']);

async function main(args: readonly string[]): Promise<number> {
  const [flag, module = ''] = args;
  const service = flag === '-m' ? SERVICES.get(module) : undefined;
  if (service !== undefined) return service(__filename, process.env);
  const asked = args.join(' ') || 'nothing';
  const what = EXECUTOR_MODULES.has(module)
    ? `Spark asked for a worker on an executor (${asked}), but only foreachBatch runs in TypeScript yet.`
    : `This program runs foreachBatch handlers inside Spark, which starts it by PYSPARK_PYTHON; it was asked for ${asked}.`;
  process.stderr.write(`sluice-worker: ${what} For Python functions, give PYSPARK_PYTHON a Python.\n`);
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
} else {
  void runInsideThread();
}
