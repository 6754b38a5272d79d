// From commands to the protocol's.
import type * as proto from '../../../proto/messages.js';
import type {
  Command,
  MergeAction,
  StreamingQueryManagerOperation,
  StreamingQueryOperation,
  StreamTrigger,
} from '../plan/command.js';
import { FedBy } from '../plan/inline-function.js';
import { encodeExpression, encodeInlineFunction } from './encode-expression.js';
import { encodeRelation } from './encode-relation.js';

export function encodeCommand(command: Command): proto.Command {
  switch (command.kind) {
    case 'write':
      return { writeOperation: encodeWrite(command) };
    case 'writeV2':
      return {
        writeOperationV2: {
          input: encodeRelation(command.input),
          tableName: command.table,
          mode: V2_MODES[command.mode],
          provider: command.provider,
          options: command.options,
          tableProperties: command.tableProperties,
          partitioningColumns: command.partitionBy.map(encodeExpression),
          clusteringColumns: command.clusterBy,
          overwriteCondition:
            command.overwriteCondition === undefined ? undefined : encodeExpression(command.overwriteCondition),
        },
      };
    case 'mergeInto':
      return {
        mergeIntoTableCommand: {
          targetTableName: command.table,
          sourceTablePlan: encodeRelation(command.input),
          mergeCondition: encodeExpression(command.condition),
          matchActions: command.matched.map(encodeMergeAction),
          notMatchedActions: command.notMatched.map(encodeMergeAction),
          notMatchedBySourceActions: command.notMatchedBySource.map(encodeMergeAction),
          withSchemaEvolution: command.withSchemaEvolution,
        },
      };
    case 'registerFunction': {
      const named = { ...command.function, name: command.name };
      return { registerFunction: encodeInlineFunction(named, FedBy.columns, command.returns) };
    }
    case 'createView':
      return {
        createDataframeView: {
          input: encodeRelation(command.input),
          name: command.name,
          isGlobal: command.isGlobal,
          replace: command.replace,
        },
      };
    case 'sql':
      return { sqlCommand: { input: encodeRelation(command.input) } };
    case 'writeStream':
      return { writeStreamOperationStart: encodeWriteStream(command) };
    case 'streamingQuery':
      return {
        streamingQueryCommand: {
          queryId: { id: command.queryId, runId: command.runId },
          ...encodeQueryOperation(command.operation),
        },
      };
    case 'streamingQueryManager':
      return { streamingQueryManagerCommand: encodeManagerOperation(command.operation) };
    case 'listenerBus':
      return {
        streamingQueryListenerBusCommand:
          command.action === 'add' ? { addListenerBusListener: true } : { removeListenerBusListener: true },
      };
    case 'checkpoint':
      return {
        checkpointCommand: {
          relation: encodeRelation(command.input),
          local: command.isLocal,
          eager: command.isEager,
        },
      };
  }
}

type CommandOf<Kind extends Command['kind']> = Extract<Command, { readonly kind: Kind }>;

const MERGE_ACTIONS = {
  delete: 'ACTION_TYPE_DELETE',
  insert: 'ACTION_TYPE_INSERT',
  insertAll: 'ACTION_TYPE_INSERT_STAR',
  update: 'ACTION_TYPE_UPDATE',
  updateAll: 'ACTION_TYPE_UPDATE_STAR',
} as const;

function encodeMergeAction({ action, condition, assignments }: MergeAction): proto.Expression {
  return {
    mergeAction: {
      actionType: MERGE_ACTIONS[action],
      condition: condition === undefined ? undefined : encodeExpression(condition),
      assignments: assignments.map(({ column, value }) => ({
        key: encodeExpression(column),
        value: encodeExpression(value),
      })),
    },
  };
}

function encodeWrite(command: CommandOf<'write'>): proto.WriteOperation {
  return {
    input: encodeRelation(command.input),
    source: command.format,
    mode: command.mode === undefined ? undefined : SAVE_MODES[command.mode],
    options: command.options,
    partitioningColumns: command.partitionBy,
    sortColumnNames: command.sortBy,
    clusteringColumns: command.clusterBy,
    bucketBy:
      command.bucketBy === undefined
        ? undefined
        : { numBuckets: command.bucketBy.buckets, bucketColumnNames: command.bucketBy.columns },
    ...encodeTarget(command.target),
  };
}

function encodeTarget(target: CommandOf<'write'>['target']): Pick<proto.WriteOperation, 'path' | 'table'> {
  switch (target?.kind) {
    case undefined:
      return {};
    case 'path':
      return { path: target.path };
    case 'table':
      return { table: { tableName: target.name, saveMethod: SAVE_METHODS[target.method] } };
  }
}

function encodeWriteStream(command: CommandOf<'writeStream'>): proto.WriteStreamOperationStart {
  const { foreachBatch, target } = command;
  return {
    input: encodeRelation(command.input),
    format: command.format,
    options: command.options,
    partitioningColumnNames: command.partitionBy,
    clusteringColumnNames: command.clusterBy,
    outputMode: command.outputMode,
    queryName: command.queryName,
    ...encodeTrigger(command.trigger),
    ...(target === undefined ? {} : target.kind === 'path' ? { path: target.path } : { tableName: target.name }),
    // No output type: the function answers nothing. Eval type 0 is what Spark's own client sends here.
    foreachBatch:
      foreachBatch === undefined
        ? undefined
        : {
            pythonFunction: { evalType: 0, command: foreachBatch.command, pythonVer: foreachBatch.pythonVersion },
          },
  };
}

function encodeTrigger(trigger: StreamTrigger | undefined): proto.WriteStreamOperationStart {
  switch (trigger?.kind) {
    case undefined:
      return {};
    case 'processingTime':
      return { processingTimeInterval: trigger.interval };
    case 'continuous':
      return { continuousCheckpointInterval: trigger.interval };
    case 'realTime':
      return { realTimeBatchDuration: trigger.interval };
    case 'availableNow':
      return { availableNow: true };
    case 'once':
      return { once: true };
  }
}

function encodeQueryOperation(operation: StreamingQueryOperation): Omit<proto.StreamingQueryCommand, 'queryId'> {
  switch (operation.kind) {
    case 'explain':
      return { explain: { extended: operation.extended } };
    case 'awaitTermination':
      return { awaitTermination: { timeoutMs: operation.timeoutMs } };
    default:
      return { [operation.kind]: true };
  }
}

function encodeManagerOperation(operation: StreamingQueryManagerOperation): proto.StreamingQueryManagerCommand {
  switch (operation.kind) {
    case 'get':
      return { getQuery: operation.id };
    case 'awaitAnyTermination':
      return { awaitAnyTermination: { timeoutMs: operation.timeoutMs } };
    default:
      return { [operation.kind]: true };
  }
}

const SAVE_MODES = {
  append: 'SAVE_MODE_APPEND',
  overwrite: 'SAVE_MODE_OVERWRITE',
  errorIfExists: 'SAVE_MODE_ERROR_IF_EXISTS',
  ignore: 'SAVE_MODE_IGNORE',
} as const;

const SAVE_METHODS = {
  saveAsTable: 'TABLE_SAVE_METHOD_SAVE_AS_TABLE',
  insertInto: 'TABLE_SAVE_METHOD_INSERT_INTO',
} as const;

const V2_MODES = {
  create: 'MODE_CREATE',
  overwrite: 'MODE_OVERWRITE',
  overwritePartitions: 'MODE_OVERWRITE_PARTITIONS',
  append: 'MODE_APPEND',
  replace: 'MODE_REPLACE',
  createOrReplace: 'MODE_CREATE_OR_REPLACE',
} as const;
