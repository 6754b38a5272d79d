// A connection to no server: frames can be made of it and their plans looked at, and whatever would need an answer is refused.
import { SparkError } from '../errors/spark-error.js';
import { sessionId } from '../types/ids.js';
import type { Connection } from './connection.js';

/**
 * A connection to no server: frames can be made of it and their plans looked at, and whatever would need an answer is refused with a SparkError.
 * @example const plan = planTree(new DataFrameReader(UNCONNECTED).table('orders').filter('amount > 0').relation);
 */
export const UNCONNECTED: Connection = {
  sessionId: sessionId('00000000-0000-4000-8000-000000000000'),
  userId: 'nobody',
  tags: new Set(),
  queryStarted: new Set(),
  // biome-ignore lint/correctness/useYield: it refuses before it could.
  async *execute() {
    throw refusal();
  },
  analyze: () => Promise.reject(refusal()),
  config: () => Promise.reject(refusal()),
  interrupt: () => Promise.reject(refusal()),
  releaseSession: () => Promise.reject(refusal()),
  close() {},
};

function refusal(): SparkError {
  return new SparkError('This frame was made to look at its plan; it has no server to run it.', { kind: 'input' });
}
