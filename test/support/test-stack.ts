/** The services that live tests share: started once by scripts/test.mjs, on free ports, in a folder of their own; tests find them in the environment. */
import { join } from 'node:path';
import { endpointsOf } from '../../config/endpoints.js';
import { readSettings } from '../../config/settings.js';
import { applySchema, ensureTopics, startStack, stopStack } from '../../stack/index.js';

export interface TestStack {
  /** What a test process is given: where everything is, by the names that the project's own settings have. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts Kafka, Postgres and Spark below `folder` and makes topics and tables. What fails to start leaves nothing running. */
export async function startTestStack(folder: string, report: (line: string) => void): Promise<TestStack> {
  const stateDir = join(folder, 'state');
  const lakePath = join(folder, 'lake');
  const settings = readSettings({ SLUICE_STATE: stateDir, LAKE_PATH: lakePath, SPARK_MASTER: 'local[2]' }, folder);
  const stack = await startStack(settings.stack, report, { isOwned: true });
  const endpoints = endpointsOf(settings, stack);
  const stop = async (): Promise<void> => void (await stopStack(stateDir, report));
  try {
    await Promise.all([ensureTopics(endpoints.bootstrapServers, settings.topics), applySchema(endpoints.databaseUrl)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env: {
      SPARK_REMOTE: endpoints.sparkRemote,
      SPARK_CONNECT_AUTHENTICATE_TOKEN: endpoints.sparkToken ?? '',
      KAFKA_BOOTSTRAP_SERVERS: endpoints.bootstrapServers,
      DATABASE_URL: endpoints.databaseUrl,
      // Not by the names of the settings: tests that change DATABASE_URL would otherwise still reach this database by the other two.
      SLUICE_TEST_WRITER_URL: endpoints.databaseWriterUrl ?? '',
      SLUICE_TEST_READER_URL: endpoints.databaseReaderUrl ?? '',
      LAKE_PATH: lakePath,
      SLUICE_TEST_STATE: stateDir,
    },
    stop,
  };
}
