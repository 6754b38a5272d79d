// What has an effect at the server besides rows: writes, views, streaming queries. Each kind mirrors one message of commands.proto.
import type { DataType } from '../types/data-type.js';
import type { Expression } from './expression.js';
import type { InlineFunction } from './inline-function.js';
import type { Options, Relation } from './relation.js';

export type SaveMode = 'append' | 'overwrite' | 'errorIfExists' | 'ignore';

/** Where a batch write goes; absent for sinks that are neither path nor table (jdbc, noop, kafka). */
export type SaveTarget =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'table'; readonly name: string; readonly method: 'saveAsTable' | 'insertInto' };

export type StreamTrigger =
  | { readonly kind: 'processingTime' | 'continuous' | 'realTime'; readonly interval: string }
  | { readonly kind: 'availableNow' | 'once' };

/** The driver-side function of a foreachBatch, as the worker at the server reads it. */
export interface ForeachBatchCommand {
  readonly command: Uint8Array;
  readonly pythonVersion: string;
}

export type StreamingQueryOperation =
  | { readonly kind: 'status' | 'lastProgress' | 'recentProgress' | 'stop' | 'processAllAvailable' | 'exception' }
  | { readonly kind: 'explain'; readonly extended: boolean }
  | { readonly kind: 'awaitTermination'; readonly timeoutMs?: number | undefined };

export type StreamingQueryManagerOperation =
  | { readonly kind: 'active' | 'resetTerminated' }
  | { readonly kind: 'get'; readonly id: string }
  | { readonly kind: 'awaitAnyTermination'; readonly timeoutMs?: number | undefined };

/** What becomes of a row of a merge. `All` means every column, by name. */
export interface MergeAction {
  readonly action: 'delete' | 'insert' | 'insertAll' | 'update' | 'updateAll';
  readonly condition?: Expression | undefined;
  readonly assignments: readonly { readonly column: Expression; readonly value: Expression }[];
}

export type Command =
  | {
      readonly kind: 'write';
      readonly input: Relation;
      readonly format?: string | undefined;
      readonly target?: SaveTarget | undefined;
      /** Absent: Spark refuses to write where something is. */
      readonly mode?: SaveMode | undefined;
      readonly options: Options;
      readonly partitionBy: readonly string[];
      readonly sortBy: readonly string[];
      readonly bucketBy?: { readonly buckets: number; readonly columns: readonly string[] } | undefined;
      readonly clusterBy: readonly string[];
    }
  | {
      readonly kind: 'writeV2';
      readonly input: Relation;
      readonly table: string;
      readonly mode: 'create' | 'overwrite' | 'overwritePartitions' | 'append' | 'replace' | 'createOrReplace';
      readonly provider?: string | undefined;
      readonly options: Options;
      readonly tableProperties: Options;
      readonly partitionBy: readonly Expression[];
      readonly clusterBy: readonly string[];
      readonly overwriteCondition?: Expression | undefined;
    }
  | {
      readonly kind: 'mergeInto';
      readonly input: Relation;
      readonly table: string;
      readonly condition: Expression;
      readonly matched: readonly MergeAction[];
      readonly notMatched: readonly MergeAction[];
      readonly notMatchedBySource: readonly MergeAction[];
      readonly withSchemaEvolution: boolean;
    }
  /** Gives a function a name in the session's SQL. */
  | {
      readonly kind: 'registerFunction';
      readonly name: string;
      readonly function: InlineFunction;
      readonly returns: DataType;
    }
  | {
      readonly kind: 'createView';
      readonly input: Relation;
      readonly name: string;
      readonly isGlobal: boolean;
      readonly replace: boolean;
    }
  /** Runs a SQL statement at once if it has effects; a query comes back as the relation that it is. */
  | { readonly kind: 'sql'; readonly input: Relation }
  | {
      readonly kind: 'writeStream';
      readonly input: Relation;
      readonly format?: string | undefined;
      readonly options: Options;
      readonly partitionBy: readonly string[];
      readonly clusterBy: readonly string[];
      readonly trigger?: StreamTrigger | undefined;
      readonly outputMode?: string | undefined;
      readonly queryName?: string | undefined;
      readonly target?:
        | { readonly kind: 'path'; readonly path: string }
        | { readonly kind: 'table'; readonly name: string }
        | undefined;
      readonly foreachBatch?: ForeachBatchCommand | undefined;
    }
  | {
      readonly kind: 'streamingQuery';
      readonly queryId: string;
      readonly runId: string;
      readonly operation: StreamingQueryOperation;
    }
  | { readonly kind: 'streamingQueryManager'; readonly operation: StreamingQueryManagerOperation }
  | { readonly kind: 'listenerBus'; readonly action: 'add' | 'remove' }
  | {
      readonly kind: 'checkpoint';
      readonly input: Relation;
      readonly isLocal: boolean;
      readonly isEager: boolean;
    };
