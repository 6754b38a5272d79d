// Text and bytes. Positions count from 1. Regular expressions are Java's.
import type { Any } from '../../types/any.js';
import type { Column } from '../column.js';
import { anySeed } from '../seed.js';
import {
  type Argument,
  binary,
  type ColumnOrName,
  call,
  constant,
  optional,
  present,
  unary,
  variadic,
  withOptional,
} from './call.js';

type Text = string | Column;

// Whole texts.

/** One after the other; null if any is. Also joins arrays. */
export function concat<T>(...columns: readonly (Column<T> | string)[]): Column<T> {
  return call('concat', ...columns);
}

/** With a separator between; skips nulls, takes arrays of text too. */
export const concat_ws = (separator: Text, ...columns: readonly Argument[]): Column<string> =>
  call('concat_ws', constant(separator), ...columns);
export const upper = unary<string | null>('upper');
export const lower = unary<string | null>('lower');
/** Same as `upper`. */
export const ucase = unary<string | null>('ucase');
/** Same as `lower`. */
export const lcase = unary<string | null>('lcase');
export const initcap = unary<string | null>('initcap');
export const reverse = unary<Any>('reverse');
export const repeat = binary<string | null>('repeat');
/** So many spaces. */
export const space = unary<string | null>('space');
/** @param characters what is cut off; spaces if not given. */
export const trim = (text: ColumnOrName, characters?: Text): Column<string | null> =>
  call('trim', ...optional(characters), text);
export const ltrim = (text: ColumnOrName, characters?: Text): Column<string | null> =>
  call('ltrim', ...optional(characters), text);
export const rtrim = (text: ColumnOrName, characters?: Text): Column<string | null> =>
  call('rtrim', ...optional(characters), text);
export const btrim = (text: ColumnOrName, characters?: Text): Column<string | null> =>
  call('btrim', text, ...optional(characters));
/** To `length` characters: longer is cut, shorter filled on the left. */
export const lpad = (text: ColumnOrName, length: number | Column, fill: Text = ' '): Column<string | null> =>
  call('lpad', text, length, constant(fill));
export const rpad = (text: ColumnOrName, length: number | Column, fill: Text = ' '): Column<string | null> =>
  call('rpad', text, length, constant(fill));
export const quote = unary<string | null>('quote');

// Length.

/** In characters; of binary in bytes. */
export const length = unary<number | null>('length');
/** Same as `length`. */
export const len = unary<number | null>('len');
export const char_length = unary<number | null>('char_length');
export const character_length = unary<number | null>('character_length');
/** In bytes of UTF-8. */
export const octet_length = unary<number | null>('octet_length');
export const bit_length = unary<number | null>('bit_length');

// Parts.

/** @param start from 1, negative from the end. @param length in characters; to the end if not given. */
export const substring = (
  text: ColumnOrName,
  start: number | Column,
  length?: number | Column,
): Column<string | null> => call('substring', text, start, ...present(length));
/** Same as `substring`. */
export const substr = (text: ColumnOrName, start: number | Column, length?: number | Column): Column<string | null> =>
  call('substr', text, start, ...present(length));
/** What stands before the `count`th delimiter; negative counts from the end. */
export const substring_index = (text: ColumnOrName, delimiter: Text, count: number): Column<string | null> =>
  call('substring_index', text, constant(delimiter), count);
export const left = binary<string | null>('left');
export const right = binary<string | null>('right');
/** @param limit at most so many parts; -1 all. */
export const split = (text: ColumnOrName, pattern: Text, limit: number | Column = -1): Column<string[] | null> =>
  call('split', text, constant(pattern), limit);
/** @param part from 1; negative from the end. */
export const split_part = (text: ColumnOrName, delimiter: Text, part: number | Column): Column<string | null> =>
  call('split_part', text, constant(delimiter), part);
/** The argument at a position from 1. */
export const elt = variadic<Any>('elt');
export const overlay = (
  text: ColumnOrName,
  replacement: Text,
  start: number | Column,
  length: number | Column = -1,
): Column<string | null> => call('overlay', text, constant(replacement), start, length);
export const sentences = (text: ColumnOrName, language: Text = '', country: Text = ''): Column<string[][] | null> =>
  call('sentences', text, constant(language), constant(country));

// Search. Positions from 1, 0 if not found.

export const contains = (text: ColumnOrName, part: Text): Column<boolean | null> =>
  call('contains', text, constant(part));
export const startswith = (text: ColumnOrName, part: Text): Column<boolean | null> =>
  call('startswith', text, constant(part));
export const endswith = (text: ColumnOrName, part: Text): Column<boolean | null> =>
  call('endswith', text, constant(part));
export const instr = (text: ColumnOrName, part: Text): Column<number | null> => call('instr', text, constant(part));
export const locate = (part: Text, text: ColumnOrName, start: number | Column = 1): Column<number | null> =>
  call('locate', constant(part), text, start);
export const position = (part: Text, text: ColumnOrName, start?: number | ColumnOrName): Column<number | null> =>
  call('position', constant(part), text, ...present(start));
export const find_in_set = (text: ColumnOrName, set: Text): Column<number | null> =>
  call('find_in_set', text, constant(set));
export const like = (text: ColumnOrName, pattern: Text, escapeWith?: Text): Column<boolean | null> =>
  call('like', text, constant(pattern), ...optional(escapeWith));
export const ilike = (text: ColumnOrName, pattern: Text, escapeWith?: Text): Column<boolean | null> =>
  call('ilike', text, constant(pattern), ...optional(escapeWith));
export const levenshtein = (first: ColumnOrName, second: ColumnOrName, threshold?: number): Column<number | null> =>
  call('levenshtein', first, second, ...optional(threshold));
export const soundex = unary<string | null>('soundex');

// Regular expressions.

const matches =
  (name: string) =>
  (text: ColumnOrName, pattern: Text): Column<boolean | null> =>
    call(name, text, constant(pattern));
/** Whether the pattern matches somewhere in the text. */
export const rlike = matches('rlike');
/** Same as `rlike`. */
export const regexp = matches('regexp');
/** Same as `rlike`. */
export const regexp_like = matches('regexp_like');
export const regexp_count = (text: ColumnOrName, pattern: Text): Column<number | null> =>
  call('regexp_count', text, constant(pattern));
/** @param group 0 is the whole match; empty text if nothing matches. */
export const regexp_extract = (text: ColumnOrName, pattern: Text, group: number | Column = 1): Column<string | null> =>
  call('regexp_extract', text, constant(pattern), group);
/** The group, 1 if not given, of every match. */
export const regexp_extract_all = (
  text: ColumnOrName,
  pattern: Text,
  group?: number | Column,
): Column<string[] | null> => call('regexp_extract_all', text, constant(pattern), ...optional(group));
/** Every match; `$1` in the replacement is the first group. */
export const regexp_replace = (text: ColumnOrName, pattern: Text, replacement: Text): Column<string | null> =>
  call('regexp_replace', text, constant(pattern), constant(replacement));
/** Null if nothing matches. */
export const regexp_substr = (text: ColumnOrName, pattern: Text): Column<string | null> =>
  call('regexp_substr', text, constant(pattern));
/** Where the first match begins. */
export const regexp_instr = (text: ColumnOrName, pattern: Text, group?: number | Column): Column<number | null> =>
  call('regexp_instr', text, constant(pattern), ...optional(group));

// Replacement.

/** Without a replacement what is searched for is left out. */
export const replace = (text: ColumnOrName, search: Text, replacement?: Text): Column<string | null> =>
  call('replace', text, constant(search), ...optional(replacement));
/** Whether digits are a valid number by Luhn's check, as of credit cards. */
export const luhn_check = unary<boolean | null>('luhn_check');
/** Character by character. */
export const translate = (text: ColumnOrName, from: Text, to: Text): Column<string | null> =>
  call('translate', text, constant(from), constant(to));
/** @param characters what stands for each kind; null leaves them. */
export const mask = (
  text: ColumnOrName,
  characters: {
    readonly upper?: string | null;
    readonly lower?: string | null;
    readonly digit?: string | null;
    readonly other?: string | null;
  } = {},
): Column<string | null> => {
  const { upper: big = 'X', lower: small = 'x', digit = 'n', other = null } = characters;
  return call('mask', text, constant(big), constant(small), constant(digit), constant(other));
};

// Numbers and characters as text.

export const ascii = unary<number | null>('ascii');
/** The character of that code; same as `char`. */
export const chr = unary<string | null>('chr');
/** With separators between thousands and that many digits behind the point. */
export const format_number = (number: ColumnOrName, digits: number | Text): Column<string | null> =>
  call('format_number', number, constant(digits));
/** As Java's `String.format`. */
export const format_string = (format: Text, ...columns: readonly Argument[]): Column<string | null> =>
  call('format_string', constant(format), ...columns);
/** Same as `format_string`. */
export const printf = (format: Text, ...columns: readonly Argument[]): Column<string | null> =>
  call('printf', constant(format), ...columns);
export const to_char = (value: ColumnOrName, format: Text): Column<string | null> =>
  call('to_char', value, constant(format));
/** Same as `to_char`. */
export const to_varchar = (value: ColumnOrName, format: Text): Column<string | null> =>
  call('to_varchar', value, constant(format));
export const to_number = (text: ColumnOrName, format: Text): Column => call('to_number', text, constant(format));
export const try_to_number = (text: ColumnOrName, format: Text): Column =>
  call('try_to_number', text, constant(format));
/** Digits and letters by chance. */
export const randstr = (length: number | Column, seed: number | bigint | Column = anySeed()): Column<string> =>
  call('randstr', length, seed);

// Encodings.

export const base64 = unary<string | null>('base64');
export const unbase64 = unary<Uint8Array | null>('unbase64');
/** @param charset `UTF-8`, `ISO-8859-1`, `UTF-16`, … */
export const decode = (bytes: ColumnOrName, charset: Text): Column<string | null> =>
  call('decode', bytes, constant(charset));
export const encode = (text: ColumnOrName, charset: Text): Column<Uint8Array | null> =>
  call('encode', text, constant(charset));
/** @param format `hex` (if not given), `utf-8` or `base64`. */
export const to_binary = (text: ColumnOrName, format?: Text): Column<Uint8Array | null> =>
  call('to_binary', text, ...optional(format));
export const try_to_binary = (text: ColumnOrName, format?: Text): Column<Uint8Array | null> =>
  call('try_to_binary', text, ...optional(format));
export const is_valid_utf8 = unary<boolean | null>('is_valid_utf8');
/** Bytes that are no UTF-8 become U+FFFD. */
export const make_valid_utf8 = unary<string | null>('make_valid_utf8');
/** Fails on bytes that are no UTF-8. */
export const validate_utf8 = unary<string | null>('validate_utf8');
/** Null for bytes that are no UTF-8. */
export const try_validate_utf8 = unary<string | null>('try_validate_utf8');
export const collate = (text: ColumnOrName, collation: Text): Column<string | null> =>
  call('collate', text, constant(collation));
export const collation = unary<string>('collation');

// URLs.

/** @param part `HOST`, `PATH`, `QUERY`, `REF`, … @param key of a query parameter. */
export const parse_url = (url: ColumnOrName, part: Text, key?: Text): Column<string | null> =>
  call('parse_url', url, constant(part), ...optional(key));
export const try_parse_url = (url: ColumnOrName, part: Text, key?: Text): Column<string | null> =>
  call('try_parse_url', url, constant(part), ...optional(key));
export const url_encode = unary<string | null>('url_encode');
export const url_decode = unary<string | null>('url_decode');
export const try_url_decode = unary<string | null>('try_url_decode');

// XML, by XPath.

const xpathOf =
  <T>(name: string) =>
  (xml: ColumnOrName, path: Text): Column<T> =>
    call(name, xml, constant(path));
export const xpath = xpathOf<string[] | null>('xpath');
export const xpath_boolean = xpathOf<boolean | null>('xpath_boolean');
export const xpath_double = xpathOf<number | null>('xpath_double');
export const xpath_float = xpathOf<number | null>('xpath_float');
export const xpath_int = xpathOf<number | null>('xpath_int');
export const xpath_long = xpathOf<bigint | null>('xpath_long');
export const xpath_number = xpathOf<number | null>('xpath_number');
export const xpath_short = xpathOf<number | null>('xpath_short');
export const xpath_string = xpathOf<string | null>('xpath_string');

/** Text of `key:value` pairs as a map. */
export const str_to_map = (
  text: ColumnOrName,
  pairs: Text = ',',
  keyValue: Text = ':',
): Column<Map<string, string | null> | null> => call('str_to_map', text, constant(pairs), constant(keyValue));

/** Java's static methods, by class and name. */
export const java_method = withOptional<string | null>('java_method');
export const reflect = withOptional<string | null>('reflect');
export const try_reflect = withOptional<string | null>('try_reflect');
