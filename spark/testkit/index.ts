/** The test kit: what a pipeline's queries make of given events, on a real Spark. `import { testPipeline } from 'sluice/testkit'`. */
export { closeTestKit } from './local-spark.js';
export type { TestEvent, TestEvents } from './record-files.js';
export {
  type QueryResult,
  type TestOptions,
  type TestStep,
  testPipeline,
} from './test-pipeline.js';
