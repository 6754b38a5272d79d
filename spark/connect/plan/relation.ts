// What a frame stands for: an immutable tree of relational operators. Each kind mirrors one message of relations.proto.
import type { DataType, StructType } from '../types/data-type.js';
import type { CatalogOperation } from './catalog.js';
import type { Expression, SortOrder, SubqueryPlan } from './expression.js';
import type { InlineFunction } from './inline-function.js';
import type { Literal } from './literal.js';

export type JoinType = 'inner' | 'fullOuter' | 'leftOuter' | 'rightOuter' | 'leftAnti' | 'leftSemi' | 'cross';

export type Options = Readonly<Record<string, string>>;

interface Unary {
  readonly input: Relation;
}

type LeafNode =
  | {
      readonly kind: 'read';
      readonly isStreaming: boolean;
      readonly source:
        | { readonly kind: 'table'; readonly name: string; readonly options: Options }
        | {
            readonly kind: 'data';
            readonly format?: string | undefined;
            /** DDL or JSON; absent: Spark infers it. */
            readonly schema?: string | undefined;
            readonly options: Options;
            readonly paths: readonly string[];
            /** Names a stream's source in its checkpoint. */
            readonly sourceName?: string | undefined;
            /** WHERE clauses, one per partition; JDBC only. */
            readonly predicates: readonly string[];
          };
    }
  | {
      readonly kind: 'sql';
      readonly query: string;
      readonly args?: Readonly<Record<string, Expression>> | readonly Expression[] | undefined;
    }
  | {
      readonly kind: 'localRelation';
      /** A whole Arrow IPC stream. */
      readonly data?: Uint8Array | undefined;
      /** DDL or JSON; required without data. */
      readonly schema?: string | undefined;
    }
  /** A table's changes instead of its rows. */
  | { readonly kind: 'changes'; readonly table: string; readonly isStreaming: boolean; readonly options: Options }
  /** A function in the place of a table: `explode`, `range`, … */
  | { readonly kind: 'tableFunction'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'catalog'; readonly operation: CatalogOperation }
  /** Made by `createRelation`: an operator with the subqueries that its expressions name by id. */
  | { readonly kind: 'withRelations'; readonly root: Relation; readonly references: readonly Relation[] }
  /** A frame that the server holds under an id: a foreachBatch's rows, a checkpoint. */
  | { readonly kind: 'cachedRemoteRelation'; readonly relationId: string }
  | {
      readonly kind: 'range';
      readonly start: bigint;
      readonly end: bigint;
      readonly step: bigint;
      readonly partitions?: number | undefined;
    };

type UnaryNode = Unary &
  (
    | { readonly kind: 'project'; readonly expressions: readonly Expression[] }
    | { readonly kind: 'filter'; readonly condition: Expression }
    | { readonly kind: 'sort'; readonly order: readonly SortOrder[]; readonly isGlobal: boolean }
    | { readonly kind: 'limit' | 'offset' | 'tail'; readonly rows: number }
    | {
        readonly kind: 'aggregate';
        readonly grouping: 'groupBy' | 'rollup' | 'cube' | 'pivot' | 'groupingSets';
        readonly keys: readonly Expression[];
        readonly aggregates: readonly Expression[];
        readonly pivot?: { readonly column: Expression; readonly values: readonly Literal[] } | undefined;
        readonly groupingSets?: readonly (readonly Expression[])[] | undefined;
      }
    | {
        readonly kind: 'sample';
        readonly lowerBound: number;
        readonly upperBound: number;
        readonly withReplacement: boolean;
        readonly seed: bigint;
        readonly deterministicOrder: boolean;
      }
    | {
        readonly kind: 'deduplicate';
        /** Absent: all columns. */
        readonly columns?: readonly string[] | undefined;
        readonly withinWatermark: boolean;
      }
    | { readonly kind: 'alias'; readonly name: string }
    | { readonly kind: 'repartition'; readonly partitions: number; readonly shuffle: boolean }
    | {
        readonly kind: 'repartitionByExpression';
        readonly expressions: readonly Expression[];
        readonly partitions?: number | undefined;
      }
    | { readonly kind: 'toDF'; readonly names: readonly string[] }
    | {
        readonly kind: 'withColumnsRenamed';
        readonly renames: readonly { readonly from: string; readonly to: string }[];
      }
    | {
        readonly kind: 'withColumns';
        readonly columns: readonly { readonly name: string; readonly value: Expression; readonly metadata?: string }[];
      }
    | { readonly kind: 'drop'; readonly columns: readonly Expression[]; readonly names: readonly string[] }
    | { readonly kind: 'hint'; readonly name: string; readonly parameters: readonly Expression[] }
    | {
        readonly kind: 'unpivot';
        readonly ids: readonly Expression[];
        readonly values?: readonly Expression[] | undefined;
        readonly variableName: string;
        readonly valueName: string;
      }
    | { readonly kind: 'transpose'; readonly indexColumns: readonly Expression[] }
    | { readonly kind: 'toSchema'; readonly schema: DataType }
    /** The rows that a function makes of each partition's. */
    | {
        readonly kind: 'mapPartitions';
        readonly function: InlineFunction;
        readonly returns: StructType;
        /** The input's one column. What is no argument Spark leaves out of the rows. */
        readonly argument: Expression;
      }
    | { readonly kind: 'withWatermark'; readonly eventTime: string; readonly delay: string }
    | { readonly kind: 'observe'; readonly name: string; readonly metrics: readonly Expression[] }
    | { readonly kind: 'showString'; readonly rows: number; readonly truncate: number; readonly isVertical: boolean }
    | { readonly kind: 'fillNa'; readonly columns: readonly string[]; readonly values: readonly Literal[] }
    | { readonly kind: 'dropNa'; readonly columns: readonly string[]; readonly minNonNulls?: number | undefined }
    | {
        readonly kind: 'replaceNa';
        readonly columns: readonly string[];
        readonly replacements: readonly { readonly from: Literal; readonly to: Literal }[];
      }
    | { readonly kind: 'summary'; readonly statistics: readonly string[] }
    | { readonly kind: 'describe'; readonly columns: readonly string[] }
    | { readonly kind: 'crosstab' | 'cov' | 'corr'; readonly first: string; readonly second: string }
    | {
        readonly kind: 'approxQuantile';
        readonly columns: readonly string[];
        readonly probabilities: readonly number[];
        readonly relativeError: number;
      }
    | { readonly kind: 'freqItems'; readonly columns: readonly string[]; readonly support: number }
    | {
        readonly kind: 'sampleBy';
        readonly column: Expression;
        readonly fractions: readonly { readonly stratum: Literal; readonly fraction: number }[];
        readonly seed: bigint;
      }
  );

interface Binary {
  readonly left: Relation;
  readonly right: Relation;
}

/** Two frames side by side. Each kind is encoded in `encode-join.ts`. */
export type JoinNode = Binary &
  (
    | {
        readonly kind: 'join';
        readonly type: JoinType;
        readonly condition?: Expression | undefined;
        readonly using: readonly string[];
      }
    /** The right frame may use the left one's columns. */
    | {
        readonly kind: 'lateralJoin';
        readonly type: Extract<JoinType, 'inner' | 'leftOuter' | 'cross'>;
        readonly condition?: Expression | undefined;
      }
    /** Each left row with the right one that is nearest to it in one ordered value. */
    | {
        readonly kind: 'asOfJoin';
        readonly leftAsOf: Expression;
        readonly rightAsOf: Expression;
        readonly condition?: Expression | undefined;
        readonly using: readonly string[];
        readonly how: 'inner' | 'left';
        readonly tolerance?: Expression | undefined;
        readonly allowExactMatches: boolean;
        readonly direction: 'backward' | 'forward' | 'nearest';
      }
    /** Each left row with those right ones that rank best. */
    | {
        readonly kind: 'nearestByJoin';
        readonly ranking: Expression;
        readonly results: number;
        readonly how: 'inner' | 'left';
        readonly mode: 'approx' | 'exact';
        readonly direction: 'distance' | 'similarity';
      }
  );

type BinaryNode =
  | JoinNode
  | (Binary & {
      readonly kind: 'setOperation';
      readonly operation: 'union' | 'intersect' | 'except';
      readonly isAll: boolean;
      readonly byName: boolean;
      readonly allowMissingColumns: boolean;
    });

/** An operator that has no plan id yet. */
export type RelationNode = LeafNode | UnaryNode | BinaryNode;

/**
 * An operator with its plan id: a number of its own within this process, by which `frame.col('x')` says which frame it means. The server needs
 * it to tell the sides of a self-join apart.
 */
export type Relation = RelationNode & { readonly planId: number };

let lastPlanId = 0;

/** Gives the operator its plan id, and takes along the subqueries of its expressions. The only way to make a relation. */
export function createRelation(node: RelationNode): Relation {
  const relation = withPlanId(node);
  const references = subqueriesOf(node);
  return references.length === 0 ? relation : withPlanId({ kind: 'withRelations', root: relation, references });
}

function withPlanId(node: RelationNode): Relation {
  lastPlanId += 1;
  return { ...node, planId: lastPlanId };
}

/** Members of a node that are no expressions: its inputs, which have taken along their own subqueries, and what may be large. */
const NO_EXPRESSIONS = new Set([
  'input',
  'left',
  'right',
  'root',
  'references',
  'data',
  'options',
  'function',
  'returns',
]);

/** The subqueries in a node's own expressions, in the order in which they stand there. */
function subqueriesOf(node: RelationNode): Relation[] {
  const found: Relation[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      if (isSubquery(value)) {
        // Only frames make subqueries, of their relations.
        found.push(value.query as Relation);
        visit(value.values);
      } else for (const member of Object.values(value)) visit(member);
    }
  };
  for (const [name, member] of Object.entries(node)) if (!NO_EXPRESSIONS.has(name)) visit(member);
  return found;
}

function isSubquery(value: object): value is { readonly query: SubqueryPlan; readonly values: readonly Expression[] } {
  return 'kind' in value && value.kind === 'subquery';
}
