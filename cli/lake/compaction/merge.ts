// Several Parquet files as one, by DuckDB: the same columns in the same order, times in microseconds UTC, and read back before anyone relies on it.
import { open } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';

/** What all sources of a merge must be alike in, and the merged file with them. */
interface FileColumn {
  readonly name: string;
  readonly sqlType: string;
  readonly isUtcTime: boolean;
}

export class MergeError extends Error {
  override readonly name = 'MergeError';
}

export interface Merged {
  readonly rows: number;
}

/** Rows of a group in memory at a time; Spark reads a row group per task. */
const ROW_GROUP_ROWS = 122_880;

/** Merging is one connection for a whole compaction: memory only, no extensions, bounded. */
export class FileMerger implements Disposable {
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async open(): Promise<FileMerger> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: '',
      // One thread keeps the order of the rows and leaves the other cores to what runs beside it.
      threads: '1',
      memory_limit: '1GB',
    });
    return new FileMerger(instance);
  }

  [Symbol.dispose](): void {
    this.#instance.closeSync();
  }

  /**
   * Writes `target` and syncs it. The files of one batch stay together, in the order given.
   * @throws MergeError when the files differ in their columns, or what was written does not read back as what was read.
   */
  async merge(sources: readonly string[], target: string, signal: AbortSignal): Promise<Merged> {
    const connection = await this.#instance.connect();
    const interrupt = (): void => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    const rowsOf = async (sql: string): Promise<readonly (readonly unknown[])[]> =>
      (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
    try {
      await connection.run(`SET TimeZone = 'UTC'`);
      const columns = await commonColumns(rowsOf, sources);
      const select = selectOf(columns, sources);
      await connection.run(
        `COPY (${select}) TO ${quoteText(target)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
      );
      const written = await commonColumns(rowsOf, [target]);
      if (signatureOf(written) !== signatureOf(columns))
        throw new MergeError(`merged as ${signatureOf(written)}, expected ${signatureOf(columns)}`);
      const [expected, found] = [await digest(rowsOf, select), await digest(rowsOf, selectOf(columns, [target]))];
      if (expected.join() !== found.join())
        throw new MergeError(
          `the merged file has rows and digest ${found.join(', ')}, its sources ${expected.join(', ')}`,
        );
      await syncFile(target);
      return { rows: Number(found[0]) };
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof MergeError ? error : new MergeError((error as Error).message, { cause: error });
    } finally {
      signal.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  }
}

type RowsOf = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/**
 * DuckDB takes the first file's columns for all and would leave out a later one's further column without a word, so each file is asked. The
 * partition columns are in the folders' names only.
 */
async function commonColumns(rowsOf: RowsOf, files: readonly string[]): Promise<readonly FileColumn[]> {
  const ofFile = async (file: string): Promise<readonly FileColumn[]> => {
    const described = await rowsOf(`DESCRIBE SELECT * FROM ${readParquet([file])}`);
    const physical = await rowsOf(
      `SELECT name, type, converted_type, logical_type FROM parquet_schema(${quoteText(file)}) WHERE type IS NOT NULL`,
    );
    return described.map(([name, sqlType]) => ({
      name: String(name),
      sqlType: String(sqlType),
      isUtcTime: sqlType === 'TIMESTAMP WITH TIME ZONE' || isUtcInstant(physical, String(name)),
    }));
  };
  let common: readonly FileColumn[] = [];
  for (const file of files) {
    const columns = await ofFile(file);
    if (common.length === 0) common = columns;
    else if (signatureOf(columns) !== signatureOf(common))
      throw new MergeError(`${file} has the columns ${signatureOf(columns)}, others ${signatureOf(common)}`);
  }
  return common;
}

/** Spark's older form of a time (INT96), and Parquet's older mark of one: both are instants, which DuckDB shows as times without a zone. */
function isUtcInstant(physical: readonly (readonly unknown[])[], name: string): boolean {
  const [, type, converted, logical] = physical.find((column) => column[0] === name) ?? [];
  if (type === 'INT96') return true;
  return converted === 'TIMESTAMP_MICROS' && !String(logical ?? '').includes('isAdjustedToUTC=0');
}

function signatureOf(columns: readonly FileColumn[]): string {
  return columns.map(({ name, sqlType, isUtcTime }) => `${name} ${isUtcTime ? 'instant' : sqlType}`).join(', ');
}

function selectOf(columns: readonly FileColumn[], files: readonly string[]): string {
  const selected = columns.map(({ name, isUtcTime }) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    return isUtcTime ? `CAST(${quoted} AS TIMESTAMPTZ) AS ${quoted}` : quoted;
  });
  return `SELECT ${selected.join(', ')} FROM ${readParquet(files)}`;
}

/** The number of rows, and what their hashes come to whatever their order. */
async function digest(rowsOf: RowsOf, select: string): Promise<readonly string[]> {
  const rows = await rowsOf(`SELECT count(*), bit_xor(hash(t)), sum(hash(t)::HUGEINT) FROM (${select}) t`);
  return (rows[0] ?? []).map(String);
}

function readParquet(files: readonly string[]): string {
  return `read_parquet([${files.map(quoteText).join(', ')}], hive_partitioning = false)`;
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
