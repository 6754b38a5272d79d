// Builds a case's plan without a server: the connection keeps the first request and fails whoever asked.
import { loadProtocol } from '../../proto/load.js';
import { Column, DataFrame, SparkSession } from '../../spark/connect/index.js';
import { encodeAnalyze } from '../../spark/connect/rpc/analyze.js';
import type { AnalyzeRequest, Connection, RootPlan } from '../../spark/connect/rpc/connection.js';
import { encodePlan } from '../../spark/connect/rpc/encode-plan.js';
import { sessionId } from '../../spark/connect/types/ids.js';
import type { Case, World } from './case.js';

/** A request as its bytes, under the name of the call that takes it. */
export interface RecordedRequest {
  readonly method: 'ExecutePlan' | 'AnalyzePlan';
  readonly bytes: Uint8Array;
}

class Recorded extends Error {
  readonly request: RecordedRequest;

  constructor(request: RecordedRequest) {
    super('a request was sent');
    this.request = request;
  }
}

/** The request that runs what the case builds. */
export async function requestOf(build: Case[1]): Promise<RecordedRequest> {
  const world = worldWithoutServer();
  try {
    const result = await build(world);
    const frame = result instanceof Column ? world.df.select(result) : result;
    if (!(frame instanceof DataFrame)) throw new Error(`The case made no frame, no column and no request: ${frame}`);
    return planRequest({ kind: 'relation', relation: frame.relation });
  } catch (error) {
    if (error instanceof Recorded) return error.request;
    throw error;
  }
}

/** The names of a case, over a connection that answers nothing. */
export function worldWithoutServer(): World {
  const connection: Connection = {
    sessionId: sessionId('00000000-0000-4000-8000-000000000000'),
    userId: 'test',
    tags: new Set(),
    queryStarted: new Set(),
    // biome-ignore lint/correctness/useYield: it answers nothing.
    async *execute(plan: RootPlan) {
      throw new Recorded(planRequest(plan));
    },
    async analyze(request: AnalyzeRequest): Promise<never> {
      const bytes = loadProtocol().service.AnalyzePlan.requestSerialize(encodeAnalyze(request));
      throw new Recorded({ method: 'AnalyzePlan', bytes });
    },
    config: async () => ({ values: new Map(), warnings: [] }),
    interrupt: async () => [],
    releaseSession: async () => undefined,
    close: () => undefined,
  };
  // The constructor is private to those who connect; there is nothing to connect to.
  const Session = SparkSession as unknown as new (connection: Connection, version: string) => SparkSession;
  const spark = new Session(connection, '4.2.0');
  return { spark, df: spark.table('items'), other: spark.table('labels') };
}

function planRequest(plan: RootPlan): RecordedRequest {
  const bytes = loadProtocol().service.ExecutePlan.requestSerialize({ plan: encodePlan(plan) });
  return { method: 'ExecutePlan', bytes };
}
