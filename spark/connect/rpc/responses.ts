// From the messages of an execution to its events. One message may carry a schema, a piece of a batch and metrics at once:
//   ExecutePlanResponse = [schema] [arrow_batch: a whole Arrow IPC stream, or chunk i of n of one] [metrics] [observed_metrics] | anything else
import type { RecordBatch } from 'apache-arrow';
import type {
  ExecutePlanResponseArrowBatchOutput,
  ExecutePlanResponseExecutionProgressOutput,
  ExecutePlanResponseMetricsOutput,
  ExecutePlanResponseOutput,
} from '../../../proto/messages.js';
import { SparkError } from '../errors/spark-error.js';
import type { ColumnBatch } from '../wire/column.js';
import { decodeLiteral } from '../wire/decode-literal.js';
import { decodeSchema } from '../wire/decode-type.js';
import { readArrowStream } from '../wire/read-arrow-stream.js';
import type { ExecuteEvent, ExecutionProgress, PlanMetrics } from './connection.js';

/**
 * @param inColumns whether batches come as columns, without apache-arrow if it can be.
 * @throws SparkError of kind `protocol` if chunks of a batch are missing, out of order, or not the rows that were announced.
 */
export async function* decodeResponses(
  responses: AsyncIterable<ExecutePlanResponseOutput>,
  inColumns: boolean,
): AsyncGenerator<ExecuteEvent, void, void> {
  const assembler = new BatchAssembler();
  for await (const response of responses) {
    if (response.schema !== null) yield { kind: 'schema', schema: decodeSchema(response.schema) };
    switch (response.responseType) {
      case 'arrowBatch': {
        // Present whenever responseType names it.
        const message = response.arrowBatch as ExecutePlanResponseArrowBatchOutput;
        const bytes = assembler.add(message);
        if (bytes === undefined) break;
        if (inColumns) {
          const batches = readArrowStream(bytes) ?? (await readByArrow(bytes));
          assembler.count(batches, message);
          for (const batch of batches) yield { kind: 'columns', batch };
        } else {
          const batches = await readByArrow(bytes);
          assembler.count(batches, message);
          for (const batch of batches) yield { kind: 'batch', batch };
        }
        break;
      }
      case 'executionProgress':
        yield {
          kind: 'progress',
          progress: decodeProgress(response.executionProgress as ExecutePlanResponseExecutionProgressOutput),
        };
        break;
      case 'resultComplete':
      case undefined:
        break;
      default:
        yield { kind: 'response', response };
    }
    for (const { name, keys, values } of response.observedMetrics) {
      const pairs = values.map(
        (value, index) => [keys[index] ?? `observed_metric_${index}`, decodeLiteral(value)] as const,
      );
      yield { kind: 'observed', name, values: new Map(pairs) };
    }
    if (response.metrics !== null && response.metrics.metrics.length > 0) {
      yield { kind: 'metrics', metrics: decodeMetrics(response.metrics) };
    }
  }
  assembler.assertComplete();
}

/** Loaded by the first result that needs it: the package takes longer than Spark takes for a small query. */
async function readByArrow(bytes: Uint8Array): Promise<readonly RecordBatch[]> {
  const { RecordBatchReader } = await import('apache-arrow');
  return [...RecordBatchReader.from(bytes)];
}

/** Puts the chunks of a batch together; a batch that came whole passes through without a copy. */
class BatchAssembler {
  #chunks: Uint8Array[] = [];
  #rows = 0n;

  /** The bytes of a batch, when they are all there. */
  add(message: ExecutePlanResponseArrowBatchOutput): Uint8Array | undefined {
    const expected = Number(message.numChunksInBatch ?? 0);
    const index = Number(message.chunkIndex ?? 0);
    if (index !== this.#chunks.length) {
      throw new SparkError(`Chunk ${this.#chunks.length} of an Arrow batch was expected and chunk ${index} came.`, {
        kind: 'protocol',
      });
    }
    if (message.startOffset !== undefined && index === 0 && BigInt(message.startOffset) !== this.#rows) {
      throw new SparkError(`Row ${this.#rows} of the result was expected and row ${message.startOffset} came.`, {
        kind: 'protocol',
      });
    }
    this.#chunks.push(message.data);
    if (this.#chunks.length < expected) return undefined;
    const bytes = this.#chunks.length === 1 ? message.data : Buffer.concat(this.#chunks);
    this.#chunks = [];
    // Not as the Buffer that it is: apache-arrow copies misaligned parts by slice(), which for a Buffer is no copy.
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Holds what was read against what was announced with its last piece. */
  count(batches: readonly ColumnBatch[], message: ExecutePlanResponseArrowBatchOutput): void {
    const rows = batches.reduce((sum, batch) => sum + BigInt(batch.numRows), 0n);
    if (rows !== BigInt(message.rowCount)) {
      throw new SparkError(`${message.rowCount} rows were announced and ${rows} came.`, { kind: 'protocol' });
    }
    this.#rows += rows;
  }

  assertComplete(): void {
    if (this.#chunks.length > 0) {
      throw new SparkError('The result ended in the middle of an Arrow batch.', { kind: 'protocol' });
    }
  }
}

function decodeProgress(progress: ExecutePlanResponseExecutionProgressOutput): ExecutionProgress {
  return {
    stages: progress.stages.map((stage) => ({
      stageId: Number(stage.stageId),
      tasks: Number(stage.numTasks),
      completedTasks: Number(stage.numCompletedTasks),
      inputBytesRead: Number(stage.inputBytesRead),
      isDone: stage.done,
    })),
    inflightTasks: Number(progress.numInflightTasks),
  };
}

function decodeMetrics({ metrics }: ExecutePlanResponseMetricsOutput): readonly PlanMetrics[] {
  return metrics.map(({ name, planId, parent, executionMetrics }) => ({
    name,
    planId: BigInt(planId),
    parentId: BigInt(parent),
    values: new Map(
      Object.entries(executionMetrics).map(([key, metric]) => [
        key,
        { name: metric.name, value: BigInt(metric.value), type: metric.metricType },
      ]),
    ),
  }));
}
