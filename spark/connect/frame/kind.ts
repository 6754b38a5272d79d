// Lets a class below the frame (GroupedData, the na and stat functions) answer frames without importing them: it is given the frame's kind as a type
// and a `derive` function as a value. TypeScript has no type parameters that take parameters themselves; `this['row']` stands in for one.
import type { RelationNode } from '../plan/relation.js';

/** A type that depends on a row type: `interface DataFrameKind extends FrameKind { readonly frame: DataFrame<this['row']> }`. */
export interface FrameKind {
  readonly row: unknown;
  readonly frame: unknown;
}

/** The frame of that kind with rows of type `R`. */
export type FrameOf<Kind extends FrameKind, R> = (Kind & { readonly row: R })['frame'];

/** Makes a frame of an operator. */
export type Derive<Kind extends FrameKind> = <R>(node: RelationNode) => FrameOf<Kind, R>;
