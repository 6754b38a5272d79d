// A connection without a server: keeps what it is asked and answers what the test says.
import { type RecordBatch, Table, tableFromArrays } from 'apache-arrow';
import type {
  AnalyzeRequest,
  AnalyzeResults,
  Connection,
  ExecuteEvent,
  ExecuteOptions,
  RootPlan,
} from '../../../../spark/connect/rpc/connection.js';
import { sessionId } from '../../../../spark/connect/types/ids.js';

export interface FakeConnection extends Connection {
  readonly executed: RootPlan[];
  readonly analyzed: AnalyzeRequest[];
  /** How many executions were read to their end or left early. */
  readonly ended: { count: number };
}

export function fakeConnection(
  events: readonly ExecuteEvent[] = [],
  answers: Partial<AnalyzeResults> = {},
): FakeConnection {
  const executed: RootPlan[] = [];
  const analyzed: AnalyzeRequest[] = [];
  const ended = { count: 0 };
  return {
    executed,
    analyzed,
    ended,
    sessionId: sessionId('00000000-0000-4000-8000-000000000000'),
    userId: 'test',
    tags: new Set(),
    queryStarted: new Set(),
    async *execute(plan: RootPlan, _options?: ExecuteOptions) {
      executed.push(plan);
      try {
        yield* events;
      } finally {
        ended.count += 1;
      }
    },
    async analyze<Request extends AnalyzeRequest>(request: Request) {
      analyzed.push(request);
      return answers[request.kind] as AnalyzeResults[Request['kind']];
    },
    config: async () => ({ values: new Map(), warnings: [] }),
    interrupt: async () => [],
    releaseSession: async () => {},
    close() {},
  };
}

/** A batch of numbers in a column. */
export function batchOf(name: string, values: readonly number[]): ExecuteEvent {
  const [batch] = new Table(tableFromArrays({ [name]: Int32Array.from(values) })).batches;
  return { kind: 'batch', batch: batch as RecordBatch };
}
