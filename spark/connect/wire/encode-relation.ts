// From the relational tree to the protocol's. Each relation carries its plan id, by which columns name the frame they are of.
import type * as proto from '../../../proto/messages.js';
import type { CatalogOperation } from '../plan/catalog.js';
import type { Expression } from '../plan/expression.js';
import { FedBy } from '../plan/inline-function.js';
import type { Relation } from '../plan/relation.js';
import { encodeExpression, encodeInlineFunction, encodeLiteral, encodeSortOrder } from './encode-expression.js';
import { encodeJoin } from './encode-join.js';
import { encodeDataType } from './encode-type.js';

export function encodeRelation(relation: Relation): proto.Relation {
  return { common: { planId: String(relation.planId) }, ...encodeNode(relation) };
}

/** The operator alone. Operators over one input come in `encodeUnary`. */
function encodeNode(relation: Relation): proto.Relation {
  switch (relation.kind) {
    case 'read': {
      const { source, isStreaming } = relation;
      if (source.kind === 'table') {
        return { read: { isStreaming, namedTable: { unparsedIdentifier: source.name, options: source.options } } };
      }
      const { format, schema, options, paths, predicates, sourceName } = source;
      return { read: { isStreaming, dataSource: { format, schema, options, paths, predicates, sourceName } } };
    }
    case 'sql':
      return { sql: { query: relation.query, ...encodeSqlArguments(relation.args) } };
    case 'localRelation':
      return { localRelation: { data: relation.data, schema: relation.schema } };
    case 'cachedRemoteRelation':
      return { cachedRemoteRelation: { relationId: relation.relationId } };
    case 'range':
      return {
        range: {
          start: String(relation.start),
          end: String(relation.end),
          step: String(relation.step),
          numPartitions: relation.partitions,
        },
      };
    case 'changes':
      return {
        relationChanges: {
          unparsedIdentifier: relation.table,
          isStreaming: relation.isStreaming,
          options: relation.options,
        },
      };
    case 'tableFunction':
      return {
        unresolvedTableValuedFunction: {
          functionName: relation.name,
          arguments: relation.arguments.map(encodeExpression),
        },
      };
    case 'catalog':
      return { catalog: encodeCatalog(relation.operation) };
    case 'withRelations':
      return {
        withRelations: { root: encodeRelation(relation.root), references: relation.references.map(encodeRelation) },
      };
    case 'join':
    case 'lateralJoin':
    case 'asOfJoin':
    case 'nearestByJoin':
      return encodeJoin(relation, encodeRelation(relation.left), encodeRelation(relation.right));
    case 'setOperation':
      return {
        setOp: {
          leftInput: encodeRelation(relation.left),
          rightInput: encodeRelation(relation.right),
          setOpType: SET_OPERATIONS[relation.operation],
          isAll: relation.isAll,
          byName: relation.byName,
          allowMissingColumns: relation.allowMissingColumns,
        },
      };
    default:
      return encodeUnary(relation, encodeRelation(relation.input));
  }
}

type UnaryRelation = Extract<Relation, { readonly input: Relation }>;

function encodeUnary(relation: UnaryRelation, input: proto.Relation): proto.Relation {
  switch (relation.kind) {
    case 'project':
      return { project: { input, expressions: relation.expressions.map(encodeExpression) } };
    case 'filter':
      return { filter: { input, condition: encodeExpression(relation.condition) } };
    case 'sort':
      return { sort: { input, order: relation.order.map(encodeSortOrder), isGlobal: relation.isGlobal } };
    case 'limit':
      return { limit: { input, limit: relation.rows } };
    case 'offset':
      return { offset: { input, offset: relation.rows } };
    case 'tail':
      return { tail: { input, limit: relation.rows } };
    case 'aggregate':
      return { aggregate: encodeAggregate(relation, input) };
    case 'sample':
      return {
        sample: {
          input,
          lowerBound: relation.lowerBound,
          upperBound: relation.upperBound,
          withReplacement: relation.withReplacement,
          seed: String(relation.seed),
          deterministicOrder: relation.deterministicOrder,
        },
      };
    case 'deduplicate':
      return {
        deduplicate: {
          input,
          columnNames: relation.columns,
          allColumnsAsKeys: relation.columns === undefined,
          withinWatermark: relation.withinWatermark,
        },
      };
    case 'alias':
      return { subqueryAlias: { input, alias: relation.name } };
    case 'repartition':
      return { repartition: { input, numPartitions: relation.partitions, shuffle: relation.shuffle } };
    case 'repartitionByExpression':
      return {
        repartitionByExpression: {
          input,
          partitionExprs: relation.expressions.map(encodeExpression),
          numPartitions: relation.partitions,
        },
      };
    case 'toDF':
      return { toDf: { input, columnNames: relation.names } };
    case 'withColumnsRenamed':
      return {
        withColumnsRenamed: {
          input,
          renames: relation.renames.map(({ from, to }) => ({ colName: from, newColName: to })),
        },
      };
    case 'withColumns':
      return {
        withColumns: {
          input,
          aliases: relation.columns.map(({ name, value, metadata }) => ({
            expr: encodeExpression(value),
            name: [name],
            metadata,
          })),
        },
      };
    case 'drop':
      return { drop: { input, columns: relation.columns.map(encodeExpression), columnNames: relation.names } };
    case 'hint':
      return { hint: { input, name: relation.name, parameters: relation.parameters.map(encodeExpression) } };
    case 'unpivot':
      return {
        unpivot: {
          input,
          ids: relation.ids.map(encodeExpression),
          values: relation.values === undefined ? undefined : { values: relation.values.map(encodeExpression) },
          variableColumnName: relation.variableName,
          valueColumnName: relation.valueName,
        },
      };
    case 'transpose':
      return { transpose: { input, indexColumns: relation.indexColumns.map(encodeExpression) } };
    case 'toSchema':
      return { toSchema: { input, schema: encodeDataType(relation.schema) } };
    case 'mapPartitions':
      return {
        mapPartitions: {
          input,
          func: encodeInlineFunction(relation.function, FedBy.partitions, relation.returns, [relation.argument]),
          isBarrier: false,
        },
      };
    case 'withWatermark':
      return { withWatermark: { input, eventTime: relation.eventTime, delayThreshold: relation.delay } };
    case 'observe':
      return { collectMetrics: { input, name: relation.name, metrics: relation.metrics.map(encodeExpression) } };
    case 'showString':
      return {
        showString: { input, numRows: relation.rows, truncate: relation.truncate, vertical: relation.isVertical },
      };
    default:
      return encodeStatistic(relation, input);
  }
}

type StatisticRelation = Extract<
  UnaryRelation,
  {
    readonly kind:
      | 'fillNa'
      | 'dropNa'
      | 'replaceNa'
      | 'summary'
      | 'describe'
      | 'crosstab'
      | 'cov'
      | 'corr'
      | 'approxQuantile'
      | 'freqItems'
      | 'sampleBy';
  }
>;

function encodeStatistic(relation: StatisticRelation, input: proto.Relation): proto.Relation {
  switch (relation.kind) {
    case 'fillNa':
      return { fillNa: { input, cols: relation.columns, values: relation.values.map(encodeLiteral) } };
    case 'dropNa':
      return { dropNa: { input, cols: relation.columns, minNonNulls: relation.minNonNulls } };
    case 'replaceNa':
      return {
        replace: {
          input,
          cols: relation.columns,
          replacements: relation.replacements.map(({ from, to }) => ({
            oldValue: encodeLiteral(from),
            newValue: encodeLiteral(to),
          })),
        },
      };
    case 'summary':
      return { summary: { input, statistics: relation.statistics } };
    case 'describe':
      return { describe: { input, cols: relation.columns } };
    case 'crosstab':
    case 'cov':
      return { [relation.kind]: { input, col1: relation.first, col2: relation.second } };
    case 'corr':
      return { corr: { input, col1: relation.first, col2: relation.second, method: 'pearson' } };
    case 'approxQuantile':
      return {
        approxQuantile: {
          input,
          cols: relation.columns,
          probabilities: relation.probabilities,
          relativeError: relation.relativeError,
        },
      };
    case 'freqItems':
      return { freqItems: { input, cols: relation.columns, support: relation.support } };
    case 'sampleBy':
      return {
        sampleBy: {
          input,
          col: encodeExpression(relation.column),
          fractions: relation.fractions.map(({ stratum, fraction }) => ({
            stratum: encodeLiteral(stratum),
            fraction,
          })),
          seed: String(relation.seed),
        },
      };
  }
}

/** The messages' fields are the operations' own; only a schema has another form on the wire. */
function encodeCatalog({ kind, ...fields }: CatalogOperation): proto.Catalog {
  const schema = 'schema' in fields && fields.schema !== undefined ? { schema: encodeDataType(fields.schema) } : {};
  return { [kind]: { ...fields, ...schema } };
}

function encodeAggregate(
  relation: Extract<Relation, { readonly kind: 'aggregate' }>,
  input: proto.Relation,
): proto.Aggregate {
  return {
    input,
    groupType: GROUPINGS[relation.grouping],
    groupingExpressions: relation.keys.map(encodeExpression),
    aggregateExpressions: relation.aggregates.map(encodeExpression),
    pivot:
      relation.pivot === undefined
        ? undefined
        : { col: encodeExpression(relation.pivot.column), values: relation.pivot.values.map(encodeLiteral) },
    groupingSets: relation.groupingSets?.map((set) => ({ groupingSet: set.map(encodeExpression) })),
  };
}

function encodeSqlArguments(
  args: Readonly<Record<string, Expression>> | readonly Expression[] | undefined,
): Pick<proto.SQL, 'namedArguments' | 'posArguments'> {
  if (args === undefined) return {};
  if (isList(args)) return { posArguments: args.map(encodeExpression) };
  return {
    namedArguments: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, encodeExpression(value)])),
  };
}

/** Array.isArray does not narrow readonly arrays. */
function isList<T>(value: object | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

const SET_OPERATIONS = {
  union: 'SET_OP_TYPE_UNION',
  intersect: 'SET_OP_TYPE_INTERSECT',
  except: 'SET_OP_TYPE_EXCEPT',
} as const;

const GROUPINGS = {
  groupBy: 'GROUP_TYPE_GROUPBY',
  rollup: 'GROUP_TYPE_ROLLUP',
  cube: 'GROUP_TYPE_CUBE',
  pivot: 'GROUP_TYPE_PIVOT',
  groupingSets: 'GROUP_TYPE_GROUPING_SETS',
} as const;
