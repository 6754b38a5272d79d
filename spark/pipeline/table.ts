/** Tables of a pipeline of one's own: what a query's rows look like in Postgres, as one declaration from which the table is also created. */

import { quoteIdentifier } from '../../config/identifier.js';
import type { DataType, Typed } from '../connect/index.js';
import type { UpsertSink } from '../sinks/sink.js';
import { PipelineError } from './pipeline-error.js';

/** What a table holds, and what its rows are of. */
export interface TableOptions<Columns extends Readonly<Record<string, Typed<unknown>>>> {
  /** What a row is of: a later micro-batch replaces the row with the same key. */
  readonly key: readonly (keyof Columns & string)[];
  /** Every column that the query's plan delivers, with its type; the key's are never null. */
  readonly columns: Columns;
}

/** Where a query's rows go: the sink, and the statement that creates its table if it is not there. */
export interface TableTarget {
  readonly kind: 'table';
  readonly sink: UpsertSink;
  readonly create: string;
}

/** What Postgres calls Spark's types. Others have no form that both read alike. */
const POSTGRES_TYPES: Readonly<Partial<Record<DataType['kind'], string>>> = {
  boolean: 'boolean',
  byte: 'smallint',
  short: 'smallint',
  integer: 'integer',
  long: 'bigint',
  float: 'real',
  double: 'double precision',
  string: 'text',
  date: 'date',
  timestamp: 'timestamptz',
  timestampNtz: 'timestamp',
};

/**
 * A table that takes one row per key. It is created in the schema `public` when the pipeline first runs; one that exists is left as it is, and
 * refused at the start if columns or key are missing.
 * @throws PipelineError for names that are no SQL names, a key that is no column, or a type that Postgres does not have.
 * @example table('orders_per_product', { key: ['product'], columns: { product: string(), orders: long() } })
 */
export function table<const Columns extends Readonly<Record<string, Typed<unknown>>>>(
  name: string,
  { key, columns }: TableOptions<Columns>,
): TableTarget {
  const types = Object.entries(columns);
  if (key.length === 0) throw new PipelineError(`Table ${name} has no key; name the column(s) that a row is of.`);
  const stranger = key.find((column) => !(column in columns));
  if (stranger !== undefined) throw new PipelineError(`Table ${name}: the key's ${stranger} is no column of it.`);
  const own = types.find(([column]) => column === 'batch_id' || column === 'updated_at');
  if (own !== undefined) throw new PipelineError(`Table ${name}: ${own[0]} is a column that sluice adds by itself.`);
  try {
    const lines = types.map(
      ([column, type]) =>
        `${quoteIdentifier(column)} ${postgresType(name, column, type)}${key.includes(column) ? ' NOT NULL' : ''}`,
    );
    const create =
      `CREATE TABLE IF NOT EXISTS ${quoteIdentifier(`public.${name}`)} (${lines.join(', ')}, ` +
      `"updated_at" timestamptz NOT NULL DEFAULT now(), "batch_id" bigint NOT NULL, ` +
      `PRIMARY KEY (${key.map(quoteIdentifier).join(', ')}))`;
    return { kind: 'table', sink: { kind: 'upsert', table: name, key, columns: Object.keys(columns) }, create };
  } catch (error) {
    if (error instanceof RangeError) throw new PipelineError(`Table ${name}: ${error.message}.`, { cause: error });
    throw error;
  }
}

function postgresType(name: string, column: string, type: DataType): string {
  if (type.kind === 'decimal') return `numeric(${type.precision}, ${type.scale})`;
  const found = POSTGRES_TYPES[type.kind];
  if (found === undefined)
    throw new PipelineError(`Table ${name}: column ${column} is a ${type.kind}, which has no counterpart in Postgres.`);
  return found;
}
