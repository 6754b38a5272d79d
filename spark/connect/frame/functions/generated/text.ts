// Text. Positions count from 1.
// Generated from tools/functions/table/text.txt by `npm run functions:generate`; not to be changed here.
import type { Any } from '../../../types/any.js';
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant, optional, present } from '../call.js';

// Whole texts.

/**
 * Returns the concatenation of col1, col2, ..., colN. Null if any is. Also joins arrays.
 * @since 1.5.0
 * @example df.select(f.concat('name', 'full_name'))
 */
export function concat<T = Any>(...columns: readonly (Column<T> | string)[]): Column<T> {
  return call('concat', ...columns);
}

/**
 * Returns the concatenation of the strings separated by `separator`, skipping null values.
 * @since 1.5.0
 * @example df.select(f.concat_ws(', ', 'name', 'tags'))
 */
export function concat_ws(separator: string | Column, ...columns: readonly Argument[]): Column<string> {
  return call('concat_ws', constant(separator), ...columns);
}

/**
 * Returns `text` with all characters changed to uppercase.
 * @since 1.0.1
 * @example df.select(f.upper('name'))
 */
export function upper(text: ColumnOrName): Column<string | null> {
  return call('upper', text);
}

/**
 * Returns `text` with all characters changed to lowercase.
 * @since 1.0.1
 * @example df.select(f.lower('name'))
 */
export function lower(text: ColumnOrName): Column<string | null> {
  return call('lower', text);
}

/**
 * Returns `text` with all characters changed to uppercase. Same as `upper`.
 * @since 1.0.1
 * @example df.select(f.ucase('name'))
 */
export function ucase(text: ColumnOrName): Column<string | null> {
  return call('ucase', text);
}

/**
 * Returns `text` with all characters changed to lowercase. Same as `lower`.
 * @since 1.0.1
 * @example df.select(f.lcase('name'))
 */
export function lcase(text: ColumnOrName): Column<string | null> {
  return call('lcase', text);
}

/**
 * Returns `text` with the first letter of each word in uppercase.
 * @since 1.5.0
 * @example df.select(f.initcap('name'))
 */
export function initcap(text: ColumnOrName): Column<string | null> {
  return call('initcap', text);
}

/**
 * Returns a reversed string, a binary value with bytes in reverse order, or an array with reverse order of elements.
 * @since 1.5.0
 * @example df.select(f.reverse('name'))
 */
export function reverse<T = Any>(value: Column<T> | string): Column<T> {
  return call('reverse', value);
}

/**
 * The text so many times.
 * @since 1.5.0
 * @example df.select(f.repeat('name', 2))
 */
export function repeat(text: Argument, n: Argument): Column<string | null> {
  return call('repeat', text, n);
}

/**
 * Returns a string consisting of `n` spaces.
 * @since 1.5.0
 * @example df.select(f.space('count'))
 */
export function space(n: ColumnOrName): Column<string | null> {
  return call('space', n);
}

/**
 * Without the characters at both ends; spaces if not given.
 * @since 3.2.0
 * @example df.select(f.btrim('name'))
 */
export function btrim(text: ColumnOrName, characters?: string | Column): Column<string | null> {
  return call('btrim', text, ...optional(characters));
}

/**
 * Returns `text`, left-padded with `fill` to a length of `length`. A longer text is cut.
 * @since 1.5.0
 * @example df.select(f.lpad('name', 10, '*'))
 */
export function lpad(text: ColumnOrName, length: number | Column, fill: string | Column = ' '): Column<string | null> {
  return call('lpad', text, length, constant(fill));
}

/**
 * Returns `text`, right-padded with `fill` to a length of `length`.
 * @since 1.5.0
 * @example df.select(f.rpad('name', 10, '*'))
 */
export function rpad(text: ColumnOrName, length: number | Column, fill: string | Column = ' '): Column<string | null> {
  return call('rpad', text, length, constant(fill));
}

/**
 * Returns `text` enclosed by single quotes and each instance of single quote in it is preceded by a backslash.
 * @since 4.1.0
 * @example df.select(f.quote('name'))
 */
export function quote(text: ColumnOrName): Column<string | null> {
  return call('quote', text);
}

// Length.

/**
 * Returns the character length of string data or number of bytes of binary data.
 * @since 1.5.0
 * @example df.select(f.length('name'))
 */
export function length(text: ColumnOrName): Column<number | null> {
  return call('length', text);
}

/**
 * Returns the character length of string data or number of bytes of binary data. Same as `length`.
 * @since 3.4.0
 * @example df.select(f.len('name'))
 */
export function len(text: ColumnOrName): Column<number | null> {
  return call('len', text);
}

/**
 * Returns the character length of string data or number of bytes of binary data.
 * @since 2.3.0
 * @example df.select(f.char_length('name'))
 */
export function char_length(text: ColumnOrName): Column<number | null> {
  return call('char_length', text);
}

/**
 * Returns the character length of string data or number of bytes of binary data.
 * @since 2.3.0
 * @example df.select(f.character_length('name'))
 */
export function character_length(text: ColumnOrName): Column<number | null> {
  return call('character_length', text);
}

/**
 * Returns the byte length of string data or number of bytes of binary data. In bytes of UTF-8.
 * @since 2.3.0
 * @example df.select(f.octet_length('name'))
 */
export function octet_length(text: ColumnOrName): Column<number | null> {
  return call('octet_length', text);
}

/**
 * Returns the bit length of string data or number of bits of binary data.
 * @since 2.3.0
 * @example df.select(f.bit_length('name'))
 */
export function bit_length(text: ColumnOrName): Column<number | null> {
  return call('bit_length', text);
}

// Parts.

/**
 * Returns the substring of `text` that starts at `start` and is of length `length`, or the slice of byte array that
 * starts at `start` and is of length `length`.
 * @param start from 1, negative from the end.
 * @param length in characters; to the end if not given.
 * @since 1.5.0
 * @example df.select(f.substring('name', 2))
 */
export function substring(text: ColumnOrName, start: number | Column, length?: number | Column): Column<string | null> {
  return call('substring', text, start, ...present(length));
}

/**
 * Returns the substring of `text` that starts at `start` and is of length `length`, or the slice of byte array that
 * starts at `start` and is of length `length`. Same as `substring`.
 * @since 1.5.0
 * @example df.select(f.substr('name', 2))
 */
export function substr(text: ColumnOrName, start: number | Column, length?: number | Column): Column<string | null> {
  return call('substr', text, start, ...present(length));
}

/**
 * Returns the substring from `text` before `count` occurrences of the delimiter `delimiter`.
 * @since 1.5.0
 * @example df.select(f.substring_index('full_name', ' ', 1))
 */
export function substring_index(text: ColumnOrName, delimiter: string | Column, count: number): Column<string | null> {
  return call('substring_index', text, constant(delimiter), count);
}

/**
 * The first so many characters.
 * @since 2.3.0
 * @example df.select(f.left('name', 2))
 */
export function left(text: Argument, len: Argument): Column<string | null> {
  return call('left', text, len);
}

/**
 * The last so many characters.
 * @since 2.3.0
 * @example df.select(f.right('name', 2))
 */
export function right(text: Argument, len: Argument): Column<string | null> {
  return call('right', text, len);
}

/**
 * Splits `text` around occurrences that match `pattern` and returns an array with a length of at most `limit`.
 * @param limit at most so many parts; -1 all.
 * @since 1.5.0
 * @example df.select(f.split('full_name', ' '))
 */
export function split(
  text: ColumnOrName,
  pattern: string | Column,
  limit: number | Column = -1,
): Column<string[] | null> {
  return call('split', text, constant(pattern), limit);
}

/**
 * Splits `text` by delimiter and return requested part of the split (1-based).
 * @param part from 1; negative from the end.
 * @since 3.3.0
 * @example df.select(f.split_part('full_name', ' ', 1))
 */
export function split_part(
  text: ColumnOrName,
  delimiter: string | Column,
  part: number | Column,
): Column<string | null> {
  return call('split_part', text, constant(delimiter), part);
}

/**
 * The argument at a position from 1: the first argument says which of those behind it.
 * @since 2.0.0
 * @example df.select(f.elt('count', 'name', 'full_name'))
 */
export function elt(...values: readonly Argument[]): Column {
  return call('elt', ...values);
}

/**
 * Replace `text` with `replacement` that starts at `start` and is of length `length`.
 * @since 3.0.0
 * @example df.select(f.overlay('name', 'x', 2))
 */
export function overlay(
  text: ColumnOrName,
  replacement: string | Column,
  start: number | Column,
  length: number | Column = -1,
): Column<string | null> {
  return call('overlay', text, constant(replacement), start, length);
}

/**
 * Splits `text` into an array of array of words.
 * @since 2.0.0
 * @example df.select(f.sentences('full_name'))
 */
export function sentences(
  text: ColumnOrName,
  language: string | Column = '',
  country: string | Column = '',
): Column<string[][] | null> {
  return call('sentences', text, constant(language), constant(country));
}

// Replacement.

/**
 * Replaces all occurrences of `search` with `replacement`.
 * @since 2.3.0
 * @example df.select(f.replace('name', 'A'))
 */
export function replace(
  text: ColumnOrName,
  search: string | Column,
  replacement?: string | Column,
): Column<string | null> {
  return call('replace', text, constant(search), ...optional(replacement));
}

/**
 * Checks that a string of digits is valid according to the Luhn algorithm.
 * @since 3.5.0
 * @example df.select(f.luhn_check(f.lit('4111111111111111')))
 */
export function luhn_check(text: ColumnOrName): Column<boolean | null> {
  return call('luhn_check', text);
}

/**
 * Translates the `text` string by replacing the characters present in the `from` string with the corresponding
 * characters in the `to` string. Character by character.
 * @since 1.5.0
 * @example df.select(f.translate('name', 'abc', 'xyz'))
 */
export function translate(text: ColumnOrName, from: string | Column, to: string | Column): Column<string | null> {
  return call('translate', text, constant(from), constant(to));
}
