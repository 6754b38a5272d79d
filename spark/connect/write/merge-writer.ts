// Changes a table row by row by what a frame has: Spark's MERGE INTO. Immutable until `merge`.
import { type ColumnLike, toExpression } from '../frame/literal.js';
import type { Command, MergeAction } from '../plan/command.js';
import type { Expression } from '../plan/expression.js';
import type { Relation } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type { Connection } from '../rpc/connection.js';

type MergeCommand = Extract<Command, { readonly kind: 'mergeInto' }>;
type MergeSettings = Omit<MergeCommand, 'kind'>;
type ActionList = 'matched' | 'notMatched' | 'notMatchedBySource';

/** The target's columns (SQL text, may be qualified) and their new values. */
export type Assignments = Readonly<Record<string, unknown>>;

/** What may become of a row of the target. */
export interface ChangeActions {
  /** Every column is set to the source's of that name. */
  updateAll(): MergeWriter;
  update(assignments: Assignments): MergeWriter;
  delete(): MergeWriter;
}

/** What may become of a row that the target lacks. */
export interface InsertActions {
  /** Every column of the target has the source's value of that name. */
  insertAll(): MergeWriter;
  insert(assignments: Assignments): MergeWriter;
}

/**
 * Mirrors `MergeIntoWriter` of Spark 4.2. Actions of a kind are tried in the order in which they were said; the first whose condition holds is
 * taken. The table's format must support it (Iceberg, Delta, …).
 */
export class MergeWriter {
  readonly #connection: Connection;
  readonly #settings: MergeSettings;

  constructor(connection: Connection, settings: MergeSettings) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /** @param table the target. @param condition when rows of both belong together. */
  static into(connection: Connection, input: Relation, table: string, condition: ColumnLike): MergeWriter {
    const none = { matched: [], notMatched: [], notMatchedBySource: [], withSchemaEvolution: false };
    return new MergeWriter(connection, { input, table, condition: condition.expression, ...none });
  }

  /** Rows of the target with a row in the frame. */
  whenMatched(condition?: ColumnLike): ChangeActions {
    return this.#changes('matched', condition);
  }

  /** Rows of the frame without one in the target. */
  whenNotMatched(condition?: ColumnLike): InsertActions {
    return {
      insertAll: () => this.#with('notMatched', 'insertAll', condition),
      insert: (assignments) => this.#with('notMatched', 'insert', condition, assignments),
    };
  }

  /** Rows of the target without one in the frame. */
  whenNotMatchedBySource(condition?: ColumnLike): ChangeActions {
    return this.#changes('notMatchedBySource', condition);
  }

  /** Adds the frame's columns that the target lacks. */
  withSchemaEvolution(): MergeWriter {
    return new MergeWriter(this.#connection, { ...this.#settings, withSchemaEvolution: true });
  }

  /** Merges. @throws SparkError if the table cannot be merged into, or if no action was said. */
  async merge(): Promise<void> {
    await runCommand(this.#connection, { kind: 'mergeInto', ...this.#settings });
  }

  #changes(list: ActionList, condition: ColumnLike | undefined): ChangeActions {
    return {
      updateAll: () => this.#with(list, 'updateAll', condition),
      update: (assignments) => this.#with(list, 'update', condition, assignments),
      delete: () => this.#with(list, 'delete', condition),
    };
  }

  #with(
    list: ActionList,
    action: MergeAction['action'],
    condition: ColumnLike | undefined,
    assignments: Assignments = {},
  ): MergeWriter {
    const added: MergeAction = {
      action,
      condition: condition?.expression,
      assignments: Object.entries(assignments).map(([column, value]) => ({
        column: { kind: 'sql', text: column } satisfies Expression,
        value: toExpression(value),
      })),
    };
    return new MergeWriter(this.#connection, { ...this.#settings, [list]: [...this.#settings[list], added] });
  }
}
