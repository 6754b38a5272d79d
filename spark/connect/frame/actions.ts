// What a frame does besides making frames: runs, and answers questions about its plan. Everything here talks to the server.
import { type RecordBatch, Table } from 'apache-arrow';
import { SparkError } from '../errors/spark-error.js';
import type { Command } from '../plan/command.js';
import { printRelation } from '../plan/print.js';
import { createRelation, type Relation, type RelationNode } from '../plan/relation.js';
import { runCommand } from '../rpc/command-result.js';
import type {
  Connection,
  ExecuteEvent,
  ExecuteOptions,
  ExecutionProgress,
  ExplainMode,
  StorageLevel,
} from '../rpc/connection.js';
import type { StructType } from '../types/data-type.js';
import { decodeRows } from '../wire/decode-arrow.js';

export interface ActionOptions extends ExecuteOptions {
  /** Told every few seconds how far the query is. */
  readonly onProgress?: ((progress: ExecutionProgress) => void) | undefined;
  /** Told what the frames' `observe` measured, when the query has ended. */
  readonly onObserved?: ((name: string, values: ReadonlyMap<string, unknown>) => void) | undefined;
}

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
  readonly connection: Connection;
  readonly relation: Relation;

  constructor(connection: Connection, relation: Relation) {
    this.connection = connection;
    this.relation = relation;
  }

  // Rows.

  /** All rows, in memory. For results of unknown size use `rowBatches`. */
  async collect(options?: ActionOptions): Promise<R[]> {
    return collectRelation<R>(this.connection, this.relation, options);
  }

  /** The rows, some thousands at a time, as the server sends them. Leaving the loop stops the query. */
  async *rowBatches(options?: ActionOptions): AsyncGenerator<R[], void, void> {
    for await (const batch of this.batches(options)) yield decodeRows<R>(batch);
  }

  /** The rows one by one. */
  async *rows(options?: ActionOptions): AsyncGenerator<R, void, void> {
    for await (const rows of this.rowBatches(options)) yield* rows;
  }

  /** The result as Arrow record batches, as the server sends them. */
  batches(options?: ActionOptions): AsyncGenerator<RecordBatch, void, void> {
    return executeBatches(this.connection, this.relation, options);
  }

  /** The result as one Arrow table, in memory. Empty results have the columns too. */
  async toArrow(options?: ActionOptions): Promise<Table> {
    const batches: RecordBatch[] = [];
    for await (const batch of this.batches(options)) batches.push(batch);
    return new Table(batches);
  }

  /** How many rows there are. */
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

  /** At most `n` rows. Without an order they are any. */
  async take(n: number, options?: ActionOptions): Promise<R[]> {
    return this.#collectFrom<R>({ kind: 'limit', input: this.relation, rows: n }, options);
  }

  /** The first row, or undefined if there is none. */
  async first(options?: ActionOptions): Promise<R | undefined> {
    return (await this.take(1, options))[0];
  }

  /** Same as `take`; without a number as `first`. */
  async head(): Promise<R | undefined>;
  async head(n: number, options?: ActionOptions): Promise<R[]>;
  async head(n?: number, options?: ActionOptions): Promise<R[] | R | undefined> {
    return n === undefined ? this.first() : this.take(n, options);
  }

  /** The last `n` rows. */
  async tail(n: number, options?: ActionOptions): Promise<R[]> {
    return this.#collectFrom<R>({ kind: 'tail', input: this.relation, rows: n }, options);
  }

  /** Whether there is no row. */
  async isEmpty(options?: ActionOptions): Promise<boolean> {
    // A row without columns is enough to know, and cheaper.
    const input = createRelation({ kind: 'project', input: this.relation, expressions: [] });
    return (await this.#collectFrom({ kind: 'limit', input, rows: 1 }, options)).length === 0;
  }

  /** Prints the first rows as a table, as Spark does. */
  async show(rows: number = SHOW_ROWS, options?: ShowOptions): Promise<void> {
    console.log(await this.showString(rows, options));
  }

  /** What `show` prints. */
  async showString(rows: number = SHOW_ROWS, options: ShowOptions = {}): Promise<string> {
    const { truncate = SHOW_TRUNCATE, vertical = false } = options;
    const node = { kind: 'showString', input: this.relation, rows, truncate, isVertical: vertical } as const;
    const [row] = await this.#collectFrom<{ readonly show_string: string }>(node, options);
    return row?.show_string ?? '';
  }

  // Questions about the plan. They run no job.

  /** The columns with their types, as the server resolves the plan. */
  async schema(): Promise<StructType> {
    return this.connection.analyze({ kind: 'schema', relation: this.relation });
  }

  /** The names of the columns. */
  async columns(): Promise<readonly string[]> {
    return (await this.schema()).fields.map((field) => field.name);
  }

  /** The schema as an indented tree. @param level how deep; all if not given. */
  async treeString(level?: number): Promise<string> {
    return this.connection.analyze({ kind: 'treeString', relation: this.relation, level });
  }

  /** Prints what `treeString` answers. */
  async printSchema(level?: number): Promise<void> {
    console.log(await this.treeString(level));
  }

  /** How Spark would run the plan. Spark's own clients print it; this one answers it. */
  async explain(mode: ExplainMode = 'simple'): Promise<string> {
    return this.connection.analyze({ kind: 'explain', relation: this.relation, mode });
  }

  /** Whether the plan reads a stream, and so must be run by `writeStream`. */
  async isStreaming(): Promise<boolean> {
    return this.connection.analyze({ kind: 'isStreaming', relation: this.relation });
  }

  /** Whether the rows are at the server already. */
  async isLocal(): Promise<boolean> {
    return this.connection.analyze({ kind: 'isLocal', relation: this.relation });
  }

  /** The files that the plan may read. */
  async inputFiles(): Promise<readonly string[]> {
    return this.connection.analyze({ kind: 'inputFiles', relation: this.relation });
  }

  /** Whether both plans certainly give the same rows; false if the server cannot tell. */
  async sameSemantics(other: FrameActions<unknown>): Promise<boolean> {
    return this.connection.analyze({ kind: 'sameSemantics', relation: this.relation, other: other.relation });
  }

  async semanticHash(): Promise<number> {
    return this.connection.analyze({ kind: 'semanticHash', relation: this.relation });
  }

  // What the server keeps.

  /**
   * Has the server keep the rows when they are first computed; this frame, and others with the same plan, then use them. Ends with `unpersist`
   * or the session.
   */
  async persist(storageLevel: StorageLevel = MEMORY_AND_DISK): Promise<this> {
    await this.connection.analyze({ kind: 'persist', relation: this.relation, storageLevel });
    return this;
  }

  /** Same as `persist` with the default level. */
  async cache(): Promise<this> {
    return this.persist();
  }

  /** @param blocking waits until the rows are gone. */
  async unpersist(blocking = false): Promise<this> {
    await this.connection.analyze({ kind: 'unpersist', relation: this.relation, blocking });
    return this;
  }

  async storageLevel(): Promise<StorageLevel> {
    return this.connection.analyze({ kind: 'storageLevel', relation: this.relation });
  }

  /** Gives the frame a name in the session's SQL. @throws SparkError if the name is taken. */
  async createTempView(name: string): Promise<void> {
    await this.#createView(name, false, false);
  }

  /** Gives the frame a name in the session's SQL; an older view of that name is gone. */
  async createOrReplaceTempView(name: string): Promise<void> {
    await this.#createView(name, false, true);
  }

  /** As `createTempView`, for all sessions of the server, as `global_temp.name`. */
  async createGlobalTempView(name: string): Promise<void> {
    await this.#createView(name, true, false);
  }

  async createOrReplaceGlobalTempView(name: string): Promise<void> {
    await this.#createView(name, true, true);
  }

  /** The plan as this client built it, for people; `explain` is what the server makes of it. */
  toString(): string {
    return printRelation(this.relation);
  }

  async #createView(name: string, isGlobal: boolean, replace: boolean): Promise<void> {
    const command: Command = { kind: 'createView', input: this.relation, name, isGlobal, replace };
    await runCommand(this.connection, command);
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
  for await (const batch of executeBatches(connection, relation, options)) {
    for (const row of decodeRows<R>(batch)) rows.push(row);
  }
  return rows;
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
