// Changes a table row by row by what a frame has: Spark's MERGE INTO. Immutable until `merge`.
import { type ColumnLike, toExpression } from '../frame/literal.js';
import type { Constant } from '../frame/operand.js';
import type { Command, MergeAction } from '../plan/command.js';
import type { Expression } from '../plan/expression.js';
import type { Relation } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type { Connection, ExecuteOptions } from '../rpc/connection.js';

type MergeCommand = Extract<Command, { readonly kind: 'mergeInto' }>;
type MergeSettings = Omit<MergeCommand, 'kind'>;
type ActionList = 'matched' | 'notMatched' | 'notMatchedBySource';

/** The target's columns (SQL text, may be qualified) and their new values. */
export type Assignments = Readonly<Record<string, Constant>>;

/** What may become of a row of the target. */
export interface ChangeActions {
  /** Every column is set to the source's of that name. */
  updateAll(): MergeWriter;
  /** These columns are set; the others keep their values. */
  update(assignments: Assignments): MergeWriter;
  /** The row goes. */
  delete(): MergeWriter;
}

/** What may become of a row that the target lacks. */
export interface InsertActions {
  /** Every column of the target has the source's value of that name. */
  insertAll(): MergeWriter;
  /** These columns are set; the others are null, or what the table has as their default. */
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

  /**
   * How `DataFrame.mergeInto` begins.
   * @param table the target.
   * @param condition when rows of both belong together.
   * @example
   * ```ts
   * const { connection, relation } = orders.alias('o');
   * const merge = MergeWriter.into(connection, relation, 'lake.orders', expr('o.order_id = lake.orders.order_id'));
   * ```
   */
  static into(connection: Connection, input: Relation, table: string, condition: ColumnLike): MergeWriter {
    const none = { matched: [], notMatched: [], notMatchedBySource: [], withSchemaEvolution: false };
    return new MergeWriter(connection, { input, table, condition: condition.expression, ...none });
  }

  /**
   * What becomes of rows of the target with a row in the frame.
   * @param condition only of those for which it holds.
   * @example
   * ```ts
   * await orders.alias('o').mergeInto('lake.orders', expr('o.order_id = lake.orders.order_id'))
   *   .whenMatched(expr('o.quantity = 0')).delete()
   *   .whenMatched().updateAll()
   *   .merge();
   * ```
   */
  whenMatched(condition?: ColumnLike): ChangeActions {
    return this.#changes('matched', condition);
  }

  /**
   * What becomes of rows of the frame without one in the target.
   * @param condition only of those for which it holds.
   * @example
   * ```ts
   * await orders.alias('o').mergeInto('lake.orders', expr('o.order_id = lake.orders.order_id'))
   *   .whenNotMatched(expr('o.quantity > 0')).insertAll()
   *   .merge();
   * ```
   */
  whenNotMatched(condition?: ColumnLike): InsertActions {
    return {
      insertAll: () => this.#with('notMatched', 'insertAll', condition),
      insert: (assignments) => this.#with('notMatched', 'insert', condition, assignments),
    };
  }

  /**
   * What becomes of rows of the target without one in the frame.
   * @param condition only of those for which it holds.
   * @example
   * ```ts
   * await people.alias('p').mergeInto('lake.people', expr('p.name = lake.people.name'))
   *   .whenNotMatchedBySource().update({ is_gone: lit(true) })
   *   .merge();
   * ```
   */
  whenNotMatchedBySource(condition?: ColumnLike): ChangeActions {
    return this.#changes('notMatchedBySource', condition);
  }

  /**
   * Adds the frame's columns that the target lacks.
   * @example
   * ```ts
   * await people.alias('p').mergeInto('lake.people', expr('p.name = lake.people.name'))
   *   .withSchemaEvolution().whenMatched().updateAll()
   *   .merge();
   * ```
   */
  withSchemaEvolution(): MergeWriter {
    return new MergeWriter(this.#connection, { ...this.#settings, withSchemaEvolution: true });
  }

  /**
   * Merges: all actions in one change of the table.
   * @throws SparkError if the table cannot be merged into, if several rows of the frame match one of the table, or if no action was said.
   * @example
   * ```ts
   * await orders.alias('o').mergeInto('lake.orders', expr('o.order_id = lake.orders.order_id'))
   *   .whenMatched().updateAll().whenNotMatched().insertAll()
   *   .merge();
   * ```
   */
  async merge(options?: ExecuteOptions): Promise<void> {
    await runCommand(this.#connection, { kind: 'mergeInto', ...this.#settings }, options);
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
