// About the query and where it runs.
// Generated from tools/functions/table/session.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type ColumnOrName, call, constant, optional } from '../call.js';

/**
 * Returns the current catalog.
 * @since 3.1.0
 * @example df.select(f.current_catalog())
 */
export function current_catalog(): Column<string> {
  return call('current_catalog');
}

/**
 * Returns the current database.
 * @since 1.6.0
 * @example df.select(f.current_database())
 */
export function current_database(): Column<string> {
  return call('current_database');
}

/**
 * Returns the current database.
 * @since 3.4.0
 * @example df.select(f.current_schema())
 */
export function current_schema(): Column<string> {
  return call('current_schema');
}

/**
 * Returns the current SQL path (qualified schema names). Where functions without a qualified name are looked for.
 * @since 4.2.0
 * @example df.select(f.current_path())
 */
export function current_path(): Column<string> {
  return call('current_path');
}

/**
 * User name of current execution context.
 * @since 3.2.0
 * @example df.select(f.current_user())
 */
export function current_user(): Column<string> {
  return call('current_user');
}

/**
 * User name of current execution context. Same as `current_user`.
 * @since 3.4.0
 * @example df.select(f.user())
 */
export function user(): Column<string> {
  return call('user');
}

/**
 * User name of current execution context.
 * @since 4.0.0
 * @example df.select(f.session_user())
 */
export function session_user(): Column<string> {
  return call('session_user');
}

/**
 * Returns the Spark version. Spark's version and commit.
 * @since 3.0.0
 * @example df.select(f.version())
 */
export function version(): Column<string> {
  return call('version');
}

/**
 * Return DDL-formatted type string for the data type of the input.
 * @since 3.0.0
 * @example df.select(f.typeof_('amount'))
 */
export function typeof_(value: ColumnOrName): Column<string> {
  return call('typeof', value);
}

/**
 * Returns the name of the file being read, or empty string if not available.
 * @since 1.5.0
 * @example df.select(f.input_file_name())
 */
export function input_file_name(): Column<string> {
  return call('input_file_name');
}

/**
 * Returns the length of the block being read, or -1 if not available.
 * @since 2.2.0
 * @example df.select(f.input_file_block_length())
 */
export function input_file_block_length(): Column<bigint> {
  return call('input_file_block_length');
}

/**
 * Returns the start offset of the block being read, or -1 if not available.
 * @since 2.2.0
 * @example df.select(f.input_file_block_start())
 */
export function input_file_block_start(): Column<bigint> {
  return call('input_file_block_start');
}

/**
 * Returns the current partition id.
 * @since 1.4.0
 * @example df.select(f.spark_partition_id())
 */
export function spark_partition_id(): Column<number> {
  return call('spark_partition_id');
}

/**
 * Returns monotonically increasing 64-bit integers. Unique and growing within a partition, with gaps between
 * partitions.
 * @since 1.4.0
 * @example df.select(f.monotonically_increasing_id())
 */
export function monotonically_increasing_id(): Column<bigint> {
  return call('monotonically_increasing_id');
}

/**
 * Throws an exception if `condition` is not true.
 * @since 2.0.0
 * @example df.select(f.assert_true('is_new', 'it is not new'))
 */
export function assert_true(condition: ColumnOrName<boolean | null>, message?: string | Column): Column<null> {
  return call('assert_true', condition, ...optional(message));
}

/**
 * Throws a USER_RAISED_EXCEPTION with `message` as message.
 * @since 3.1.0
 * @example df.select(f.raise_error('no such visit'))
 */
export function raise_error(message: string | Column): Column<null> {
  return call('raise_error', constant(message));
}
