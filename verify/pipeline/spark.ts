/** The session with Spark in which plans are run once more, and what it means when that does not go on. */
import type { Endpoints } from '../../config/endpoints.js';
import { isSparkError, SparkSession } from '../../spark/connect/index.js';
import { VerifyError } from '../verify-error.js';

/** @throws VerifyError when Spark does not answer */
export async function openSpark({ sparkRemote, sparkToken }: Endpoints): Promise<SparkSession> {
  try {
    const spark = await SparkSession.connect(sparkRemote, sparkToken === undefined ? {} : { token: sparkToken });
    await spark.conf.set('spark.sql.session.timeZone', 'UTC');
    return spark;
  } catch (cause) {
    throw new VerifyError('spark', `Spark does not answer: ${(cause as Error).message}`, { cause });
  }
}

/** Whether nothing was found out because Spark went away or was told to stop, rather than because of what it read. */
export function isBrokenOff(error: unknown): boolean {
  return isSparkError(error) && ['connection', 'sessionLost', 'cancelled'].includes(error.kind);
}
