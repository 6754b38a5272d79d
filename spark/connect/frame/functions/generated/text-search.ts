// Search in texts: positions count from 1, 0 if not found. Regular expressions are Java's.
// Generated from tools/functions/table/text-search.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type ColumnOrName, call, constant, optional, present } from '../call.js';

/**
 * Whether `part` stands somewhere in the text. Null if either is null.
 * @since 3.3.0
 * @example df.select(f.contains('name', 'da'))
 */
export function contains(text: ColumnOrName, part: string | Column): Column<boolean | null> {
  return call('contains', text, constant(part));
}

/**
 * Whether the text begins with `part`. Null if either is null.
 * @since 3.3.0
 * @example df.select(f.startswith('name', 'da'))
 */
export function startswith(text: ColumnOrName, part: string | Column): Column<boolean | null> {
  return call('startswith', text, constant(part));
}

/**
 * Whether the text ends with `part`. Null if either is null.
 * @since 3.3.0
 * @example df.select(f.endswith('name', 'da'))
 */
export function endswith(text: ColumnOrName, part: string | Column): Column<boolean | null> {
  return call('endswith', text, constant(part));
}

/**
 * Returns the (1-based) index of the first occurrence of `part` in `text`.
 * @since 1.5.0
 * @example df.select(f.instr('name', 'da'))
 */
export function instr(text: ColumnOrName, part: string | Column): Column<number | null> {
  return call('instr', text, constant(part));
}

/**
 * Returns the position of the first occurrence of `part` in `text` after position `start`.
 * @since 1.5.0
 * @example df.select(f.locate('a', 'name'))
 */
export function locate(part: string | Column, text: ColumnOrName, start: number | Column = 1): Column<number | null> {
  return call('locate', constant(part), text, start);
}

/**
 * Returns the position of the first occurrence of `part` in `text` after position `start`.
 * @since 2.3.0
 * @example df.select(f.position('a', 'name'))
 */
export function position(
  part: string | Column,
  text: ColumnOrName,
  start?: number | ColumnOrName,
): Column<number | null> {
  return call('position', constant(part), text, ...present(start));
}

/**
 * Returns the index (1-based) of the given string (`text`) in the comma-delimited list (`set`).
 * @since 1.5.0
 * @example df.select(f.find_in_set('name', 'Ada,Bob'))
 */
export function find_in_set(text: ColumnOrName, set: string | Column): Column<number | null> {
  return call('find_in_set', text, constant(set));
}

/**
 * Whether the text matches a pattern of SQL: `%` for any characters, `_` for one. Null if any argument is null.
 * @since 1.0.0
 * @example df.select(f.like('name', 'A%'))
 */
export function like(
  text: ColumnOrName,
  pattern: string | Column,
  escapeWith?: string | Column,
): Column<boolean | null> {
  return call('like', text, constant(pattern), ...optional(escapeWith));
}

/**
 * As `like`, whatever the case of the letters.
 * @since 3.3.0
 * @example df.select(f.ilike('name', 'a%'))
 */
export function ilike(
  text: ColumnOrName,
  pattern: string | Column,
  escapeWith?: string | Column,
): Column<boolean | null> {
  return call('ilike', text, constant(pattern), ...optional(escapeWith));
}

/**
 * Returns the Levenshtein distance between the two given strings.
 * @since 1.5.0
 * @example df.select(f.levenshtein('name', 'full_name'))
 */
export function levenshtein(first: ColumnOrName, second: ColumnOrName, threshold?: number): Column<number | null> {
  return call('levenshtein', first, second, ...present(threshold));
}

/**
 * Returns Soundex code of the string.
 * @since 1.5.0
 * @example df.select(f.soundex('name'))
 */
export function soundex(text: ColumnOrName): Column<string | null> {
  return call('soundex', text);
}

// Regular expressions.

/**
 * Returns true if `text` matches `pattern`, or false otherwise. It may match anywhere in the text.
 * @since 1.0.0
 * @example df.select(f.rlike('name', 'a+'))
 */
export function rlike(text: ColumnOrName, pattern: string | Column): Column<boolean | null> {
  return call('rlike', text, constant(pattern));
}

/**
 * Returns true if `text` matches `pattern`, or false otherwise. Same as `rlike`.
 * @since 3.2.0
 * @example df.select(f.regexp('name', 'a+'))
 */
export function regexp(text: ColumnOrName, pattern: string | Column): Column<boolean | null> {
  return call('regexp', text, constant(pattern));
}

/**
 * Returns true if `text` matches `pattern`, or false otherwise. Same as `rlike`.
 * @since 3.2.0
 * @example df.select(f.regexp_like('name', 'a+'))
 */
export function regexp_like(text: ColumnOrName, pattern: string | Column): Column<boolean | null> {
  return call('regexp_like', text, constant(pattern));
}

/**
 * Returns a count of the number of times that the regular expression pattern `pattern` is matched in the string `text`.
 * @since 3.4.0
 * @example df.select(f.regexp_count('name', 'a+'))
 */
export function regexp_count(text: ColumnOrName, pattern: string | Column): Column<number | null> {
  return call('regexp_count', text, constant(pattern));
}

/**
 * Extract the first string in the `text` that match the `pattern` expression and corresponding to the regex group
 * index.
 * @param group 0 is the whole match; empty text if nothing matches.
 * @since 1.5.0
 * @example df.select(f.regexp_extract('full_name', '(\\w+) (\\w+)', 2))
 */
export function regexp_extract(
  text: ColumnOrName,
  pattern: string | Column,
  group: number | Column = 1,
): Column<string | null> {
  return call('regexp_extract', text, constant(pattern), group);
}

/**
 * Extract all strings in the `text` that match the `pattern` expression and corresponding to the regex group index. The
 * group, 1 if not given, of every match.
 * @since 3.1.0
 * @example df.select(f.regexp_extract_all('full_name', '(\\w+) (\\w+)', 2))
 */
export function regexp_extract_all(
  text: ColumnOrName,
  pattern: string | Column,
  group?: number | Column,
): Column<string[] | null> {
  return call('regexp_extract_all', text, constant(pattern), ...present(group));
}

/**
 * Replaces all substrings of `text` that match `pattern` with `replacement`. `$1` in the replacement is the first
 * group.
 * @since 1.5.0
 * @example df.select(f.regexp_replace('name', 'a+', 'x'))
 */
export function regexp_replace(
  text: ColumnOrName,
  pattern: string | Column,
  replacement: string | Column,
): Column<string | null> {
  return call('regexp_replace', text, constant(pattern), constant(replacement));
}

/**
 * Returns the substring that matches the regular expression `pattern` within the string `text`. Null if nothing
 * matches.
 * @since 3.4.0
 * @example df.select(f.regexp_substr('name', 'a+'))
 */
export function regexp_substr(text: ColumnOrName, pattern: string | Column): Column<string | null> {
  return call('regexp_substr', text, constant(pattern));
}

/**
 * Searches a string for a regular expression and returns an integer that indicates the beginning position of the
 * matched substring. Where the first match begins.
 * @since 3.4.0
 * @example df.select(f.regexp_instr('name', 'a+'))
 */
export function regexp_instr(
  text: ColumnOrName,
  pattern: string | Column,
  group?: number | Column,
): Column<number | null> {
  return call('regexp_instr', text, constant(pattern), ...present(group));
}
