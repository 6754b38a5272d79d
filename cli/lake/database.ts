// DuckDB over the published files of lakes on this machine. It lives in memory, reaches those files and nothing else, and changes none of them.
import {
  type DuckDBConnection,
  DuckDBInstance,
  type DuckDBPreparedStatement,
  type DuckDBType,
  StatementType,
} from '@duckdb/node-api';
import type { StructType } from '../../spark/connect/index.js';
import type { Row } from '../sql/result-writer.js';
import { dataTypeOf, decodedValue } from './values.js';

/** A lake as a view. */
export interface LakeView {
  readonly name: string;
  /** Published ones; not empty. */
  readonly files: readonly string[];
  readonly dateColumn: string;
}

export interface LakeResult {
  /** Without fields for a statement that answers nothing. */
  readonly schema: StructType;
  readonly rows: AsyncIterable<readonly Row[]>;
}

/** A statement that DuckDB refuses or that fails; the message is DuckDB's. */
export class LakeQueryError extends Error {
  override readonly name = 'LakeQueryError';
}

/** Views and tables of the session's own, in memory, do no harm; whatever writes a file could write one of the lake. */
const ALLOWED: ReadonlySet<StatementType> = new Set([
  StatementType.SELECT,
  StatementType.EXPLAIN,
  StatementType.RELATION,
  StatementType.CREATE,
  StatementType.CREATE_FUNC,
  StatementType.INSERT,
  StatementType.DROP,
]);

export class LakeDatabase implements Disposable {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(views: readonly LakeView[]): Promise<LakeDatabase> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // Otherwise a sort that does not fit into memory would leave a folder where the command was called.
      temp_directory: '',
    });
    const database = new LakeDatabase(instance, await instance.connect());
    const connection = database.#connection;
    await connection.run("SET TimeZone = 'UTC'");
    const files = views.flatMap((view) => view.files);
    if (files.length > 0) await connection.run(`SET allowed_paths = [${files.map(quoteText).join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    for (const view of views) await connection.run(viewSql(view));
    return database;
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** Stops what runs; it then fails. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  /** One after the other, each when the one before has been read to its end or left. @throws LakeQueryError */
  async *run(text: string): AsyncGenerator<LakeResult> {
    const statements = await asQueryError(this.#connection.extractStatements(text));
    for (let at = 0; at < statements.count; at++) {
      const statement = await asQueryError(statements.prepare(at));
      try {
        if (!ALLOWED.has(statement.statementType)) {
          throw new LakeQueryError(
            `The lake is read only: ${StatementType[statement.statementType]} statements are not run.`,
          );
        }
        yield await this.#runOne(statement);
      } finally {
        statement.destroySync();
      }
    }
  }

  async #runOne(statement: DuckDBPreparedStatement): Promise<LakeResult> {
    const result = await asQueryError(statement.stream());
    const hasRows = [StatementType.SELECT, StatementType.EXPLAIN, StatementType.RELATION].includes(
      result.statementType,
    );
    if (!hasRows) return { schema: { kind: 'struct', fields: [] }, rows: none() };
    const types: readonly DuckDBType[] = result.columnTypes();
    const fields = result.columnNames().map((name, at) => ({
      name,
      type: dataTypeOf(types[at] as DuckDBType),
      nullable: true,
    }));
    async function* rows(): AsyncGenerator<readonly Row[]> {
      for (;;) {
        const chunk = await asQueryError(result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk.getRows().map((row) => row.map((value, at) => decodedValue(types[at] as DuckDBType, value)));
      }
    }
    return { schema: { kind: 'struct', fields }, rows: rows() };
  }
}

/** `event_date` and `batch_id` come from the names of the folders. */
function viewSql({ name, files, dateColumn }: LakeView): string {
  const types = `{${quoteText(dateColumn)}: DATE, 'batch_id': BIGINT}`;
  return `CREATE VIEW "${name.replaceAll('"', '""')}" AS
    SELECT * FROM read_parquet([${files.map(quoteText).join(', ')}], hive_partitioning = true, hive_types = ${types})`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function* none(): AsyncGenerator<readonly Row[]> {}

async function asQueryError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new LakeQueryError((error as Error).message, { cause: error });
  }
}
