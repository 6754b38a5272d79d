/** Whether a failure is somebody else's: asks Kafka and Postgres for a sign of life, so that a query is not given up for a service that is away. */

import { Kafka, logLevel } from 'kafkajs';
import { type Endpoints, writerUrlOf } from '../../config/endpoints.js';
import { kafkaAccess } from '../../config/kafka-access.js';
import { withClient } from '../sinks/postgres.js';

const ANSWER_MS_MAX = 5_000;

/** Names what does not answer (`Kafka`, `Postgres`, or both); undefined when all is well. Never throws. */
export async function findOutage(
  endpoints: Pick<Endpoints, 'bootstrapServers' | 'databaseUrl' | 'databaseWriterUrl'>,
): Promise<string | undefined> {
  const asked = { Kafka: askKafka(endpoints.bootstrapServers), Postgres: askPostgres(writerUrlOf(endpoints)) };
  const answers = await Promise.allSettled(Object.values(asked));
  const away = Object.keys(asked).filter((_, i) => answers[i]?.status === 'rejected');
  return away.length === 0 ? undefined : away.join(' and ');
}

async function askKafka(bootstrapServers: string): Promise<void> {
  const admin = new Kafka({
    clientId: 'sluice-supervisor',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    connectionTimeout: ANSWER_MS_MAX,
    requestTimeout: ANSWER_MS_MAX,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin();
  try {
    await admin.connect();
    await admin.describeCluster();
  } finally {
    await admin.disconnect();
  }
}

async function askPostgres(databaseUrl: string): Promise<void> {
  await withClient((client) => client.query('SELECT 1'), databaseUrl);
}
