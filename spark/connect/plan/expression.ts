// What stands in a column: an immutable tree, resolved by the server. Each kind mirrors one message of expressions.proto.
import type { DataType } from '../types/data-type.js';
import type { InlineFunction } from './inline-function.js';
import type { Literal } from './literal.js';

export interface SortOrder {
  readonly child: Expression;
  readonly direction: 'ascending' | 'descending';
  readonly nulls: 'first' | 'last';
}

/** An end of a window frame: rows, or a range of the ordering value, before (negative) or after the current row. */
export type FrameBoundary =
  | { readonly kind: 'currentRow' }
  | { readonly kind: 'unbounded' }
  | { readonly kind: 'value'; readonly value: Expression };

export interface WindowFrame {
  readonly unit: 'row' | 'range';
  readonly lower: FrameBoundary;
  readonly upper: FrameBoundary;
}

/** The relation of a subquery. The expression carries its id alone; the relation that uses the expression carries the plan, see `createRelation`. */
export interface SubqueryPlan {
  readonly planId: number;
}

export type Expression =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | {
      readonly kind: 'attribute';
      /** Parts joined by dots; a part with dots or spaces stands in backquotes. */
      readonly name: string;
      /** The relation that the column is of; tells the two sides of a self-join apart. */
      readonly planId?: number | undefined;
      readonly isMetadata?: boolean | undefined;
    }
  | { readonly kind: 'star'; readonly target?: string | undefined; readonly planId?: number | undefined }
  | { readonly kind: 'regex'; readonly pattern: string; readonly planId?: number | undefined }
  | {
      readonly kind: 'function';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly isDistinct?: boolean | undefined;
    }
  /** A function by its SQL name, registered ones included. */
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  /** A function that is no SQL function: it travels with the plan. */
  | {
      readonly kind: 'inlineFunction';
      readonly function: InlineFunction;
      readonly returns: DataType;
      readonly arguments: readonly Expression[];
    }
  | { readonly kind: 'namedArgument'; readonly name: string; readonly value: Expression }
  | { readonly kind: 'sql'; readonly text: string }
  | {
      readonly kind: 'alias';
      readonly child: Expression;
      /** Several for a generator with several columns. */
      readonly names: readonly string[];
      /** JSON text. */
      readonly metadata?: string | undefined;
    }
  | {
      readonly kind: 'cast';
      readonly child: Expression;
      /** A string is DDL. */
      readonly to: DataType | string;
      /** `session`: as spark.sql.ansi.enabled says. `try`: null instead of an error. */
      readonly mode: 'session' | 'legacy' | 'ansi' | 'try';
    }
  | ({ readonly kind: 'sortOrder' } & SortOrder)
  | { readonly kind: 'lambda'; readonly body: Expression; readonly parameters: readonly string[] }
  | { readonly kind: 'lambdaVariable'; readonly name: string }
  | {
      readonly kind: 'window';
      readonly function: Expression;
      readonly partitionBy: readonly Expression[];
      readonly orderBy: readonly SortOrder[];
      readonly frame?: WindowFrame | undefined;
    }
  /** A whole frame within an expression: its one value, whether it has rows, or whether `values` are among its rows. */
  | {
      readonly kind: 'subquery';
      readonly type: 'scalar' | 'exists' | 'in';
      readonly query: SubqueryPlan;
      readonly values: readonly Expression[];
    }
  /** The number of the partition itself, instead of a value to be hashed. */
  | { readonly kind: 'directShufflePartitionId'; readonly child: Expression }
  /** A struct's field, an array's element or a map's value. */
  | { readonly kind: 'extract'; readonly child: Expression; readonly key: Expression }
  /** Sets a struct's field; drops it if there is no value. */
  | {
      readonly kind: 'updateField';
      readonly struct: Expression;
      readonly field: string;
      readonly value?: Expression | undefined;
    };
