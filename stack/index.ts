/** The embedded services: start, look, restart one, stop. What others import of `stack/`. */
export { type ExecutorProcess, readExecutors } from './executors.js';
export { checkKafka, checkPostgres } from './health.js';
export { type LoneSpark, type LoneSparkOptions, startLoneSpark } from './lone-spark.js';
export { giveLogins } from './postgres-roles.js';
export { restartKafka, restartPostgres, restartSpark } from './restart.js';
export { applySchema } from './schema.js';
export { inspectStack, readStack, type Stack, type StackCluster, type StackInspection } from './stack.js';
export { StackError, type StackErrorKind } from './stack-error.js';
export { type StartOptions, startStack } from './start.js';
export { type Report, stopStack } from './stop.js';
export { ensureTopics } from './topics.js';
