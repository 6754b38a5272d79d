// Where a user begins: one session on one server. It makes frames and hands them the connection; frames never see the session.
import { randomUUID } from 'node:crypto';
import { type ArtifactOptions, artifactOf, forwardedFile } from './artifact-names.js';
import { Catalog } from './catalog.js';
import { RuntimeConf } from './conf.js';
import { SparkError } from './errors/spark-error.js';
import { DataFrame } from './frame/dataframe.js';
import { toExpression } from './frame/literal.js';
import type { Constant } from './frame/operand.js';
import type { UserFunction } from './frame/user-function.js';
import { createRelation, type RelationNode } from './plan/relation.js';
import { DataFrameReader } from './read/batch-reader.js';
import { DataStreamReader } from './read/stream-reader.js';
import { TableFunctions } from './read/table-functions.js';
import { runCommand } from './rpc/command-result.js';
import type { CallOptions, Connection } from './rpc/connection.js';
import type { GrpcConnection } from './rpc/grpc-connection.js';
import { type ConnectionOptions, openConnection } from './rpc/open-connection.js';
import { StreamingQueries } from './streams.js';
import type { Any } from './types/any.js';
import { type OperationId, type SessionId, sessionId } from './types/ids.js';
import { type StructType, schemaJson, type Typed } from './types/index.js';
import type { LocalRow } from './types/local-row.js';
import { encodeRows } from './wire/encode-arrow.js';
import { readArrowStream } from './wire/read-arrow-stream.js';

/** What the connection string does not say, or must not: tokens, certificates, time limits. */
export interface ConnectOptions extends ConnectionOptions {
  /** How long the first call may take before `connect` gives up; later calls follow `retry`. */
  readonly connectTimeoutMs?: number | undefined;
  /** Aborting gives the attempt up, with a SparkError of kind `cancelled`; a session that is open does not heed it. */
  readonly signal?: AbortSignal | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;

/** Values for a statement's parameters: `?` by place, `:name` by name. */
export type SqlParameters = readonly Constant[] | Readonly<Record<string, Constant>>;

/** Mirrors `SparkSession` of Spark 4.2. */
export class SparkSession implements AsyncDisposable {
  /** The session's configuration. */
  readonly conf: RuntimeConf;
  /** The session's streaming queries. */
  readonly streams: StreamingQueries;
  /** The tables, views and schemas that the session can name. */
  readonly catalog: Catalog;
  readonly #connection: GrpcConnection;
  /** The server's version, such as `4.2.0`. */
  readonly version: string;
  #releasing: Promise<void> | undefined;

  private constructor(connection: GrpcConnection, version: string) {
    this.#connection = connection;
    this.version = version;
    this.conf = new RuntimeConf(connection);
    this.streams = new StreamingQueries(connection);
    this.catalog = new Catalog(connection);
  }

  /**
   * Connects to `remote` (`sc://host:port/;key=value`, see `parseAddress`) and sees that the server answers and accepts us.
   *
   * The token: option, else string, else SPARK_CONNECT_AUTHENTICATE_TOKEN. With the `sessionId` and user of a former session it is that session
   * again: its views, its configuration, its running queries.
   * @throws SparkError of kind `input` for a wrong address, `connection` if nobody answers in time, `authentication` if the token is refused.
   * @example
   * ```ts
   * await using spark = await SparkSession.connect('sc://localhost:15002', { connectTimeoutMs: 5_000 });
   * await spark.sql('SELECT 1').show();
   * ```
   * @example const again = await SparkSession.connect('sc://spark.example.org:443/;use_ssl=true', { sessionId: spark.sessionId });
   */
  static async connect(remote: string, options: ConnectOptions = {}): Promise<SparkSession> {
    const connection = openConnection(remote, options);
    try {
      const version = await connection.check(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, options.signal);
      return new SparkSession(connection, version);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Names the session at the server: another process gets it back with this id and the same user. */
  get sessionId(): SessionId {
    return this.#connection.sessionId;
  }

  /** The user as the server knows it; a session belongs to one. */
  get userId(): string {
    return this.#connection.userId;
  }

  /** What frames, writers and queries hold. */
  get connection(): Connection {
    return this.#connection;
  }

  /** Reads files, tables and databases. */
  get read(): DataFrameReader {
    return new DataFrameReader(this.#connection);
  }

  /** Reads streams: Kafka, files as they appear, tables as they grow. */
  get readStream(): DataStreamReader {
    return new DataStreamReader(this.#connection);
  }

  /**
   * A statement in SQL. Lazy like every frame: a statement with effects (DDL, INSERT) runs with an action, as in `await spark.sql('DROP …').collect()`,
   * and again with each further one.
   * @param parameters values for `:name` from an object, for `?` from an array. They are values, never parsed as SQL.
   * @example
   * ```ts
   * const query = 'SELECT name, age FROM people WHERE age >= :age AND city = :city';
   * const rows = await spark.sql<{ name: string; age: number }>(query, { age: 18, city: 'Paris' }).collect();
   * ```
   */
  sql<R = Any>(query: string, parameters?: SqlParameters): DataFrame<R> {
    const args =
      parameters === undefined
        ? undefined
        : isList(parameters)
          ? parameters.map(toExpression)
          : Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, toExpression(value)]));
    return this.#frame({ kind: 'sql', query, args });
  }

  /**
   * Gives a function a name in this session's SQL.
   * @param made by `udf` of sluice/worker; mirrors `udf.register`.
   * @example
   * ```ts
   * const domain = await udf({ module: new URL('./text.js', import.meta.url), export: 'domain', returns: string() });
   * await spark.registerFunction('domain', domain);
   * await spark.sql('SELECT domain(page_url) FROM clicks').show();
   * ```
   */
  async registerFunction(
    name: string,
    made: Pick<UserFunction, 'inlined' | 'returns'>,
    options?: CallOptions,
  ): Promise<void> {
    const command = { kind: 'registerFunction', name, function: made.inlined, returns: made.returns } as const;
    await runCommand(this.#connection, command, options);
  }

  /** Functions in the place of a table: `spark.tvf.explode(…)`. */
  get tvf(): TableFunctions {
    return new TableFunctions(this.#connection);
  }

  /**
   * The rows of a table or view.
   * @example spark.table<{ id: bigint; name: string }>('sales.customers').filter('id > 100')
   */
  table<R = Any>(name: string): DataFrame<R> {
    return this.#frame({ kind: 'read', isStreaming: false, source: { kind: 'table', name, options: {} } });
  }

  /**
   * Whole numbers from `start` to before `end`, in a column `id`. With one argument from 0.
   * @param partitions in how many parts the server makes them; its default parallelism if not given.
   * @example spark.range(0, 100, 10)
   */
  range(
    startOrEnd: bigint | number,
    end?: bigint | number,
    step: bigint | number = 1,
    partitions?: number,
  ): DataFrame<{ id: bigint }> {
    const [from, to] = end === undefined ? [0n, BigInt(startOrEnd)] : [BigInt(startOrEnd), BigInt(end)];
    return this.#frame({ kind: 'range', start: from, end: to, step: BigInt(step), partitions });
  }

  /**
   * Rows of this process as a frame, of a schema that the compiler holds them against; or the bytes of an Arrow IPC stream, whose schema is then the
   * frame's. Few travel with every plan that uses them; a megabyte and more is sent once and kept by the session until its end. What does not fit this
   * process's memory, or 2 GB, belongs into a file.
   * @throws SparkError of kind `input`, with row and column, for a value that its type does not take; for bytes that are no such stream, or one of
   * what Spark does not read: dictionaries (apache-arrow makes them of texts unless it is given Utf8), compressed buffers, types that it lacks.
   * @example spark.createDataFrame([{ name: 'Ada', age: 36 }], struct({ name: notNull(string()), age: integer() }))
   * @example
   * ```ts
   * const { tableFromArrays, tableToIPC } = await import('apache-arrow');
   * const table = tableFromArrays({ id: BigInt64Array.of(1n, 2n), share: Float64Array.of(0.25, 0.75) });
   * const shares = spark.createDataFrame<{ id: bigint; share: number }>(tableToIPC(table, 'stream'));
   * ```
   */
  createDataFrame<T>(
    rows: readonly LocalRow<NoInfer<T>>[],
    schema: Typed<T, StructType>,
  ): DataFrame<unknown extends T ? Any : T>;
  createDataFrame<R = Any>(arrow: Uint8Array): DataFrame<R>;
  createDataFrame(data: readonly Readonly<Record<string, unknown>>[] | Uint8Array, schema?: StructType): unknown {
    if (data instanceof Uint8Array) return this.#frame({ kind: 'localRelation', data: asArrowStream(data) });
    if (schema?.kind !== 'struct') {
      throw new SparkError('Rows need a schema: createDataFrame(rows, struct({ … })).', { kind: 'input' });
    }
    return this.#frame({ kind: 'localRelation', data: encodeRows(data, schema), schema: schemaJson(schema) });
  }

  /**
   * A frame that the server holds under an id: a micro-batch's rows in foreachBatch, a checkpoint.
   * @example const batch = spark.remoteFrame<{ user_id: string }>('3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11');
   */
  remoteFrame<R = Any>(relationId: string): DataFrame<R> {
    return this.#frame({ kind: 'cachedRemoteRelation', relationId });
  }

  // Files for the server, and a second session.

  /**
   * Sends a file of this machine to the session, for its lifetime: a jar or class that its queries then find, a module of Python, or a file or archive
   * (zip, jar, tar.gz, tgz, tar) that lies in the working directory of its tasks. What a file is follows from `.jar` and `.class`, else from `options.as`.
   * @param options.name what it is called there; the file's own name otherwise. An archive is unpacked to a folder of that name.
   * @throws SparkError of kind `input` if the file cannot be read or it is not clear what it is; as the server answers if the session has another of
   * that name.
   * @example await spark.addArtifact('build/geo-functions.jar');
   * @example await spark.addArtifact('models/weights.bin', { as: 'file', name: 'weights' });
   * @example await spark.addArtifact('build/classes/geo/Area.class', { name: 'geo/Area.class' });
   */
  async addArtifact(path: string, options: ArtifactOptions = {}): Promise<void> {
    await this.#connection.addArtifacts([artifactOf(path, options)], options);
  }

  /**
   * As `addArtifact`, several in one call.
   * @example await spark.addArtifacts(['build/geo.jar', 'build/text.jar']);
   */
  async addArtifacts(paths: readonly string[], options: Omit<ArtifactOptions, 'name'> = {}): Promise<void> {
    await this.#connection.addArtifacts(
      paths.map((path) => artifactOf(path, options)),
      options,
    );
  }

  /**
   * Copies a file of this machine to `destination`, an absolute path of the server's file system (its `fs.defaultFS`). The disk of the server itself it
   * takes only with `spark.sql.artifact.copyFromLocalToFs.allowDestLocal=true`, which from Spark 4.3 on only the server can be started with.
   * @throws SparkError of kind `input` if the file cannot be read or `destination` is not absolute.
   * @example await spark.copyFromLocalToFs('shops.csv', '/warehouse/shops.csv');
   */
  async copyFromLocalToFs(path: string, destination: string, options?: CallOptions): Promise<void> {
    await this.#connection.addArtifacts([forwardedFile(path, destination)], options);
  }

  /**
   * Another session that begins with this one's configuration, temporary views, functions and artifacts; what either changes later the other does not
   * see. It is closed or released by itself. Tags are not taken along.
   * @param id of the new session; made freshly if absent.
   * @throws SparkError of kind `unsupported` by a server older than 4.1.
   * @example
   * ```ts
   * await using trial = await spark.cloneSession();
   * await trial.conf.set('spark.sql.shuffle.partitions', '1');
   * ```
   */
  async cloneSession(id: SessionId = sessionId(randomUUID()), options?: CallOptions): Promise<SparkSession> {
    return new SparkSession(await this.#connection.cloneSession(id, options), this.version);
  }

  // Tags name operations, for interrupts and in Spark's pages.

  /**
   * Gives every operation that this session object starts from now on a tag, by which `interruptTag` finds it. It is seen in Spark's pages.
   * @throws SparkError of kind `input` if the tag is empty or has a comma.
   * @example spark.addTag('nightly-report');
   */
  addTag(tag: string): void {
    if (tag === '' || tag.includes(','))
      throw new SparkError('A tag is not empty and has no comma.', { kind: 'input' });
    this.#connection.tags.add(tag);
  }

  /**
   * Operations from now on are without that tag; those that run keep it.
   * @example spark.removeTag('nightly-report');
   */
  removeTag(tag: string): void {
    this.#connection.tags.delete(tag);
  }

  /**
   * The tags that operations get now.
   * @example if (spark.getTags().length > 0) console.log(spark.getTags().join());
   */
  getTags(): readonly string[] {
    return [...this.#connection.tags];
  }

  /**
   * Operations from now on have no tag of the session's.
   * @example spark.clearTags();
   */
  clearTags(): void {
    this.#connection.tags.clear();
  }

  /**
   * Interrupts everything that runs in this session; answers the ids of what was interrupted.
   * @example const interrupted = await spark.interruptAll();
   */
  async interruptAll(options?: CallOptions): Promise<readonly OperationId[]> {
    return this.#connection.interrupt({ kind: 'all' }, options);
  }

  /**
   * Interrupts what runs with that tag in this session, whoever started it; answers the ids of what was interrupted. Its callers get a SparkError of
   * kind `cancelled`.
   * @example
   * ```ts
   * const counted = orders.count({ tags: ['report'] }).catch((error) => toSparkError(error).kind);
   * await spark.interruptTag('report');
   * console.log(await counted); // cancelled
   * ```
   */
  async interruptTag(tag: string, options?: CallOptions): Promise<readonly OperationId[]> {
    return this.#connection.interrupt({ kind: 'tag', tag }, options);
  }

  /**
   * Interrupts one operation; answers its id, or nothing if it has ended. The id is the one that was given to the action.
   * @example
   * ```ts
   * const id = operationId(crypto.randomUUID());
   * const counted = orders.count({ operationId: id }).catch((error) => toSparkError(error).kind);
   * await spark.interruptOperation(id);
   * ```
   */
  async interruptOperation(operationId: OperationId, options?: CallOptions): Promise<readonly OperationId[]> {
    return this.#connection.interrupt({ kind: 'operation', operationId }, options);
  }

  /**
   * Closes our side. The session and its streaming queries go on at the server, and its id brings it back. Idempotent.
   *
   * Actions that are under way are interrupted, and they, results that are being read and listeners hear of it by an error of kind `cancelled`.
   * @example spark.close();
   */
  close(): void {
    this.#connection.close();
  }

  /**
   * Ends the session at the server, with its views, its cached frames and its streaming queries; then closes our side. Idempotent.
   * @example await spark.release();
   */
  async release(options?: CallOptions): Promise<void> {
    if (this.#connection.isClosed) return;
    // Whoever asks meanwhile waits for the same end; the server would refuse a second one.
    this.#releasing ??= this.#release(options);
    await this.#releasing;
  }

  /**
   * As `close`, after the server has heard which results it may free.
   * @example
   * ```ts
   * await using session = await SparkSession.connect('sc://localhost:15002');
   * console.log(session.version);
   * ```
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.settled();
    this.close();
  }

  async #release(options: CallOptions | undefined): Promise<void> {
    try {
      await this.#connection.releaseSession(options);
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  #frame<R>(node: RelationNode): DataFrame<R> {
    return new DataFrame(this.#connection, createRelation(node));
  }
}

/** What Spark would misread is refused here: a dictionary's places as numbers, a file's head as a length. */
function asArrowStream(bytes: Uint8Array): Uint8Array {
  if (readArrowStream(bytes) !== undefined) return bytes;
  throw new SparkError(
    'These bytes are no Arrow IPC stream that Spark reads: no file format, no dictionaries, no compression, no types that it lacks.',
    { kind: 'input' },
  );
}

function isList(parameters: SqlParameters): parameters is readonly Constant[] {
  return Array.isArray(parameters);
}
