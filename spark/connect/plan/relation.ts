// What a frame stands for: an immutable tree of relational operators. Each kind mirrors one message of relations.proto.
import type { DataType } from '../types/data-type.js';
import type { Expression, SortOrder } from './expression.js';
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

type BinaryNode =
  | {
      readonly kind: 'join';
      readonly left: Relation;
      readonly right: Relation;
      readonly type: JoinType;
      readonly condition?: Expression | undefined;
      readonly using: readonly string[];
    }
  | {
      readonly kind: 'setOperation';
      readonly operation: 'union' | 'intersect' | 'except';
      readonly left: Relation;
      readonly right: Relation;
      readonly isAll: boolean;
      readonly byName: boolean;
      readonly allowMissingColumns: boolean;
    };

/** An operator that has no plan id yet. */
export type RelationNode = LeafNode | UnaryNode | BinaryNode;

/**
 * An operator with its plan id: a number of its own within this process, by which `frame.col('x')` says which frame it means. The server needs
 * it to tell the sides of a self-join apart.
 */
export type Relation = RelationNode & { readonly planId: number };

let lastPlanId = 0;

/** Gives the operator its plan id. The only way to make a relation. */
export function createRelation(node: RelationNode): Relation {
  lastPlanId += 1;
  return { ...node, planId: lastPlanId };
}
