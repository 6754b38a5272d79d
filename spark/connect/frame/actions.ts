// What a frame does besides making frames: runs, and answers questions about its plan. Everything here talks to the server.
import type { RecordBatch, Table } from 'apache-arrow';
import { SparkError } from '../errors/spark-error.js';
import type { Command } from '../plan/command.js';
import { printRelation } from '../plan/print.js';
import { createRelation, type Relation, type RelationNode } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type {
  CallOptions,
  Connection,
  ExecuteEvent,
  ExecuteOptions,
  ExecutionProgress,
  ExplainMode,
  StorageLevel,
} from '../rpc/connection.js';
import type { StructType } from '../types/data-type.js';
import type { ColumnBatch } from '../wire/column.js';
import { decodeRows } from '../wire/decode-arrow.js';

/** What may be said to every action: how it can be aborted and named, and who is told of it. */
export interface ActionOptions extends ExecuteOptions {
  /** Told every few seconds how far the query is. */
  readonly onProgress?: ((progress: ExecutionProgress) => void) | undefined;
  /** Told what the frames' `observe` measured, when the query has ended. */
  readonly onObserved?: ((name: string, values: ReadonlyMap<string, unknown>) => void) | undefined;
}

/** How `show` prints. */
export interface ShowOptions extends ActionOptions {
  /** Cells longer than so many characters are cut; 20 if not given, 0 never. */
  readonly truncate?: number | undefined;
  /** One line per value instead of one per row. */
  readonly vertical?: boolean | undefined;
}

/** Kept as objects in memory, as Spark keeps frames by default; what does not fit goes to disk. */
export const MEMORY_AND_DISK: StorageLevel = {
  useDisk: true,
  useMemory: true,
  useOffHeap: false,
  deserialized: true,
  replication: 1,
};

const SHOW_ROWS = 20;
const SHOW_TRUNCATE = 20;

/** The part of a frame that runs. `DataFrame` adds what makes new frames. */
export abstract class FrameActions<R> {
  /** The session's connection, which runs the plan. */
  readonly connection: Connection;
  /** The plan: a value that is never changed. */
  readonly relation: Relation;

  constructor(connection: Connection, relation: Relation) {
    this.connection = connection;
    this.relation = relation;
  }

  // Rows.

  /**
   * All rows, in memory. For results of unknown size use `rowBatches`.
   * @throws SparkError if the plan is wrong or fails; of kind `cancelled` if its signal was aborted. So do all actions.
   * @example const adults = await people.filter('age >= 18').collect();
   */
  async collect(options?: ActionOptions): Promise<R[]> {
    return collectRelation<R>(this.connection, this.relation, options);
  }

  /**
   * The rows, some thousands at a time, as the server sends them. Leaving the loop stops the query.
   * @example for await (const batch of orders.rowBatches()) console.log(batch.length, batch[0]?.product);
   */
  async *rowBatches(options?: ActionOptions): AsyncGenerator<R[], void, void> {
    for await (const batch of executeColumns(this.connection, this.relation, options)) yield decodeRows<R>(batch);
  }

  /**
   * The rows one by one.
   * @example for await (const { name } of people.rows()) console.log(name);
   */
  async *rows(options?: ActionOptions): AsyncGenerator<R, void, void> {
    for await (const rows of this.rowBatches(options)) {
      for (const row of rows) {
        // The rest of a batch that is here already is not wanted either; asking for the next one throws.
        if (options?.signal?.aborted) break;
        yield row;
      }
    }
  }

  /**
   * The result as Arrow record batches, as the server sends them.
   * @example for await (const batch of df.batches()) console.log(batch.numRows, batch.schema.names);
   */
  batches(options?: ActionOptions): AsyncGenerator<RecordBatch, void, void> {
    return executeBatches(this.connection, this.relation, options);
  }

  /**
   * The result as one Arrow table, in memory. Empty results have the columns too.
   * @example const table = await df.select('name', 'amount').toArrow();
   */
  async toArrow(options?: ActionOptions): Promise<Table> {
    const batches: RecordBatch[] = [];
    for await (const batch of this.batches(options)) batches.push(batch);
    // Loaded by now, unless the connection is one of a test.
    const { Table } = await import('apache-arrow');
    return new Table(batches);
  }

  /**
   * How many rows there are.
   * @example const adults: bigint = await people.filter('age >= 18').count();
   */
  async count(options?: ActionOptions): Promise<bigint> {
    const one = { kind: 'literal', literal: { kind: 'integer', value: 1 } } as const;
    const counted = { kind: 'function', name: 'count', arguments: [one] } as const;
    const [row] = await this.#collectFrom<Readonly<Record<string, bigint>>>(
      { kind: 'aggregate', input: this.relation, grouping: 'groupBy', keys: [], aggregates: [counted] },
      options,
    );
    const [count] = Object.values(row ?? {});
    if (count === undefined) throw new SparkError('The server counted and answered no row.', { kind: 'protocol' });
    return count;
  }

  /**
   * At most `n` rows. Without an order they are any.
   * @example const oldest = await people.orderBy(people.col('age').desc()).take(3);
   */
  async take(n: number, options?: ActionOptions): Promise<R[]> {
    return this.#collectFrom<R>({ kind: 'limit', input: this.relation, rows: n }, options);
  }

  /**
   * The first row, or undefined if there is none.
   * @example const ada = await people.filter("name = 'Ada'").first();
   */
  async first(options?: ActionOptions): Promise<R | undefined> {
    return (await this.take(1, options))[0];
  }

  /**
   * Same as `take`; without a number as `first`.
   * @example const rows = await people.head(5);
   */
  async head(options?: ActionOptions): Promise<R | undefined>;
  async head(n: number, options?: ActionOptions): Promise<R[]>;
  async head(n?: number | ActionOptions, options?: ActionOptions): Promise<R[] | R | undefined> {
    return typeof n === 'number' ? this.take(n, options) : this.first(n);
  }

  /**
   * The last `n` rows, in memory; without an order they are any. Spark reads all rows to find them.
   * @example const last = await orders.orderBy('ordered_at').tail(10);
   */
  async tail(n: number, options?: ActionOptions): Promise<R[]> {
    return this.#collectFrom<R>({ kind: 'tail', input: this.relation, rows: n }, options);
  }

  /**
   * Whether there is no row.
   * @example if (await people.filter('age < 0').isEmpty()) console.log('no age is negative');
   */
  async isEmpty(options?: ActionOptions): Promise<boolean> {
    // A row without columns is enough to know, and cheaper.
    const input = createRelation({ kind: 'project', input: this.relation, expressions: [] });
    return (await this.#collectFrom({ kind: 'limit', input, rows: 1 }, options)).length === 0;
  }

  /**
   * Prints the first rows as a table, as Spark does.
   * @example await people.show(5, { truncate: 0 });
   */
  async show(rows: number = SHOW_ROWS, options?: ShowOptions): Promise<void> {
    console.log(await this.showString(rows, options));
  }

  /**
   * What `show` prints.
   * @example const page = await people.showString(20, { vertical: true });
   */
  async showString(rows: number = SHOW_ROWS, options: ShowOptions = {}): Promise<string> {
    const { truncate = SHOW_TRUNCATE, vertical = false } = options;
    const node = { kind: 'showString', input: this.relation, rows, truncate, isVertical: vertical } as const;
    const [row] = await this.#collectFrom<{ readonly show_string: string }>(node, options);
    return row?.show_string ?? '';
  }

  // Questions about the plan. They run no job.

  /**
   * The columns with their types, as the server resolves the plan.
   * @example const { fields } = await df.schema();
   */
  async schema(options?: CallOptions): Promise<StructType> {
    return this.connection.analyze({ kind: 'schema', relation: this.relation }, options);
  }

  /**
   * The names of the columns.
   * @example const names = await df.columns();
   */
  async columns(options?: CallOptions): Promise<readonly string[]> {
    return (await this.schema(options)).fields.map((field) => field.name);
  }

  /**
   * The schema as an indented tree.
   * @param level how deep; all if not given.
   * @example const tree = await df.treeString(1);
   */
  async treeString(level?: number, options?: CallOptions): Promise<string> {
    return this.connection.analyze({ kind: 'treeString', relation: this.relation, level }, options);
  }

  /**
   * Prints what `treeString` answers.
   * @example await df.printSchema();
   */
  async printSchema(level?: number, options?: CallOptions): Promise<void> {
    console.log(await this.treeString(level, options));
  }

  /**
   * How Spark would run the plan. Spark's own clients print it; this one answers it.
   * @param mode `simple` has the physical plan; `extended` the logical ones too, `formatted` a page per operator, `cost` the statistics.
   * @example console.log(await people.filter('age >= 18').explain('formatted'));
   */
  async explain(mode: ExplainMode = 'simple', options?: CallOptions): Promise<string> {
    return this.connection.analyze({ kind: 'explain', relation: this.relation, mode }, options);
  }

  /**
   * Whether the plan reads a stream, and so must be run by `writeStream`.
   * @example if (await clicks.isStreaming()) console.log('collect() would be refused');
   */
  async isStreaming(options?: CallOptions): Promise<boolean> {
    return this.connection.analyze({ kind: 'isStreaming', relation: this.relation }, options);
  }

  /**
   * Whether the rows are at the server already.
   * @example const needsNoJob = await spark.sql('SHOW TABLES').isLocal();
   */
  async isLocal(options?: CallOptions): Promise<boolean> {
    return this.connection.analyze({ kind: 'isLocal', relation: this.relation }, options);
  }

  /**
   * The files that the plan may read.
   * @example const files = await spark.read.parquet('/data/orders').inputFiles();
   */
  async inputFiles(options?: CallOptions): Promise<readonly string[]> {
    return this.connection.analyze({ kind: 'inputFiles', relation: this.relation }, options);
  }

  /**
   * Whether both plans certainly give the same rows; false if the server cannot tell.
   * @example const isSame = await people.filter('age > 18').sameSemantics(people.where('age > 18'));
   */
  async sameSemantics(other: FrameActions<unknown>, options?: CallOptions): Promise<boolean> {
    return this.connection.analyze({ kind: 'sameSemantics', relation: this.relation, other: other.relation }, options);
  }

  /**
   * A number that plans with `sameSemantics` share. Different plans may share one too.
   * @example const hash = await people.filter('age > 18').semanticHash();
   */
  async semanticHash(options?: CallOptions): Promise<number> {
    return this.connection.analyze({ kind: 'semanticHash', relation: this.relation }, options);
  }

  // What the server keeps.

  /**
   * Has the server keep the rows when they are first computed; this frame, and others with the same plan, then use them. Ends with `unpersist`
   * or the session.
   * @param storageLevel where and in what form; in memory, and on disk what does not fit, if not given.
   * @example const adults = await people.filter('age >= 18').persist();
   */
  async persist(storageLevel: StorageLevel = MEMORY_AND_DISK, options?: CallOptions): Promise<this> {
    await this.connection.analyze({ kind: 'persist', relation: this.relation, storageLevel }, options);
    return this;
  }

  /**
   * Same as `persist` with the default level.
   * @example const totals = await orders.groupBy('customer').agg(f.sum('amount').as('total')).cache();
   */
  async cache(options?: CallOptions): Promise<this> {
    return this.persist(MEMORY_AND_DISK, options);
  }

  /**
   * Has the server forget the rows that it kept for this plan.
   * @param blocking waits until the rows are gone.
   * @example await people.unpersist(true);
   */
  async unpersist(blocking = false, options?: CallOptions): Promise<this> {
    await this.connection.analyze({ kind: 'unpersist', relation: this.relation, blocking }, options);
    return this;
  }

  /**
   * Where the server keeps the rows of this plan; no place at all if it does not keep them.
   * @example const { useMemory } = await people.storageLevel();
   */
  async storageLevel(options?: CallOptions): Promise<StorageLevel> {
    return this.connection.analyze({ kind: 'storageLevel', relation: this.relation }, options);
  }

  /**
   * Gives the frame a name in the session's SQL.
   * @throws SparkError if the name is taken.
   * @example await people.createTempView('people');
   */
  async createTempView(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#createView(name, false, false, options);
  }

  /**
   * Gives the frame a name in the session's SQL; an older view of that name is gone.
   * @example await people.createOrReplaceTempView('people');
   */
  async createOrReplaceTempView(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#createView(name, false, true, options);
  }

  /**
   * As `createTempView`, for all sessions of the server, as `global_temp.name`.
   * @example await people.createGlobalTempView('people');
   */
  async createGlobalTempView(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#createView(name, true, false, options);
  }

  /**
   * As `createGlobalTempView`; an older view of that name is gone.
   * @example await people.createOrReplaceGlobalTempView('people');
   */
  async createOrReplaceGlobalTempView(name: string, options?: ExecuteOptions): Promise<void> {
    await this.#createView(name, true, true, options);
  }

  /**
   * The plan as this client built it, for people; `explain` is what the server makes of it.
   * @example console.log(people.filter('age >= 18').toString());
   */
  toString(): string {
    return printRelation(this.relation);
  }

  async #createView(
    name: string,
    isGlobal: boolean,
    replace: boolean,
    options: ExecuteOptions | undefined,
  ): Promise<void> {
    const command: Command = { kind: 'createView', input: this.relation, name, isGlobal, replace };
    await runCommand(this.connection, command, options);
  }

  #collectFrom<T>(node: RelationNode, options?: ActionOptions): Promise<T[]> {
    return collectRelation<T>(this.connection, createRelation(node), options);
  }
}

/** Runs a plan and answers its rows. */
export async function collectRelation<R>(
  connection: Connection,
  relation: Relation,
  options?: ActionOptions,
): Promise<R[]> {
  const rows: R[] = [];
  // Not push(...batch): a batch may have more rows than a call can have arguments.
  for await (const batch of executeColumns(connection, relation, options)) {
    for (const row of decodeRows<R>(batch)) rows.push(row);
  }
  return rows;
}

/** The result to be read as rows. */
async function* executeColumns(
  connection: Connection,
  relation: Relation,
  options: ActionOptions = {},
): AsyncGenerator<ColumnBatch, void, void> {
  for await (const event of connection.execute({ kind: 'relation', relation }, { ...options, columns: true })) {
    if (event.kind === 'columns' || event.kind === 'batch') yield event.batch;
    else report(event, options);
  }
}

async function* executeBatches(
  connection: Connection,
  relation: Relation,
  options: ActionOptions = {},
): AsyncGenerator<RecordBatch, void, void> {
  for await (const event of connection.execute({ kind: 'relation', relation }, options)) {
    if (event.kind === 'batch') yield event.batch;
    else report(event, options);
  }
}

function report(event: ExecuteEvent, { onProgress, onObserved }: ActionOptions): void {
  if (event.kind === 'progress') onProgress?.(event.progress);
  else if (event.kind === 'observed') onObserved?.(event.name, event.values);
}
