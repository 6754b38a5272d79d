// Text in other forms: numbers, bytes, URLs.
// Generated from tools/functions/table/encoding.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { anySeed } from '../../seed.js';
import { type Argument, type ColumnOrName, call, constant, optional } from '../call.js';

// Numbers and characters as text.

/**
 * Returns the numeric value of the first character of `text`.
 * @since 1.5.0
 * @example df.select(f.ascii('name'))
 */
export function ascii(text: ColumnOrName): Column<number | null> {
  return call('ascii', text);
}

/**
 * Returns the ASCII character having the binary equivalent to `value`. Same as `char`.
 * @since 2.3.0
 * @example df.select(f.chr('count'))
 */
export function chr(value: ColumnOrName): Column<string | null> {
  return call('chr', value);
}

/**
 * Formats the number `number` like '#,###,###.##', rounded to `digits` decimal places.
 * @since 1.5.0
 * @example df.select(f.format_number('amount', 2))
 */
export function format_number(number: ColumnOrName, digits: number | string | Column): Column<string | null> {
  return call('format_number', number, constant(digits));
}

/**
 * Returns a formatted string from printf-style format strings. As Java's `String.format`.
 * @since 1.5.0
 * @example df.select(f.format_string('%s: %d', 'name', 'count'))
 */
export function format_string(format: string | Column, ...columns: readonly Argument[]): Column<string | null> {
  return call('format_string', constant(format), ...columns);
}

/**
 * Returns a formatted string from printf-style format strings. Same as `format_string`.
 * @since 1.5.0
 * @example df.select(f.printf('%s: %d', 'name', 'count'))
 */
export function printf(format: string | Column, ...columns: readonly Argument[]): Column<string | null> {
  return call('printf', constant(format), ...columns);
}

/**
 * Convert `value` to a string based on the `format`.
 * @since 3.4.0
 * @example df.select(f.to_char('count', '999'))
 */
export function to_char(value: ColumnOrName, format: string | Column): Column<string | null> {
  return call('to_char', value, constant(format));
}

/**
 * Convert `value` to a string based on the `format`. Same as `to_char`.
 * @since 3.5.0
 * @example df.select(f.to_varchar('count', '999'))
 */
export function to_varchar(value: ColumnOrName, format: string | Column): Column<string | null> {
  return call('to_varchar', value, constant(format));
}

/**
 * The number that a text shows in that format: `9` stands for a digit, `D` or `.` for the point.
 * @since 3.3.0
 * @example df.select(f.to_number(f.lit('12.5'), '99.9'))
 */
export function to_number(text: ColumnOrName, format: string | Column): Column {
  return call('to_number', text, constant(format));
}

/**
 * As `to_number`, null for a text of another format.
 * @since 3.3.0
 * @example df.select(f.try_to_number(f.lit('12.5'), '99.9'))
 */
export function try_to_number(text: ColumnOrName, format: string | Column): Column {
  return call('try_to_number', text, constant(format));
}

/**
 * A text of so many digits and letters, by chance. Digits and letters by chance.
 * @since 4.0.0
 * @example df.select(f.randstr(3))
 */
export function randstr(length: number | Column, seed: number | bigint | Column = anySeed()): Column<string> {
  return call('randstr', length, seed);
}

// Encodings.

/**
 * Converts the argument from a binary `bytes` to a base 64 string.
 * @since 1.5.0
 * @example df.select(f.base64('bytes'))
 */
export function base64(bytes: ColumnOrName): Column<string | null> {
  return call('base64', bytes);
}

/**
 * Converts the argument from a base 64 string `text` to a binary.
 * @since 1.5.0
 * @example df.select(f.unbase64('name'))
 */
export function unbase64(text: ColumnOrName): Column<Uint8Array | null> {
  return call('unbase64', text);
}

/**
 * Decodes the first argument using the second argument character set.
 * @param charset `UTF-8`, `ISO-8859-1`, `UTF-16`, …
 * @since 1.5.0
 * @example df.select(f.decode('bytes', 'UTF-8'))
 */
export function decode(bytes: ColumnOrName, charset: string | Column): Column<string | null> {
  return call('decode', bytes, constant(charset));
}

/**
 * Encodes the first argument using the second argument character set.
 * @since 1.5.0
 * @example df.select(f.encode('name', 'UTF-8'))
 */
export function encode(text: ColumnOrName, charset: string | Column): Column<Uint8Array | null> {
  return call('encode', text, constant(charset));
}

/**
 * Converts the input `text` to a binary value based on the supplied `format`.
 * @param format `hex` (if not given), `utf-8` or `base64`.
 * @since 3.3.0
 * @example df.select(f.to_binary('name', 'utf-8'))
 */
export function to_binary(text: ColumnOrName, format?: string | Column): Column<Uint8Array | null> {
  return call('to_binary', text, ...optional(format));
}

/**
 * This is a special version of `to_binary` that performs the same operation, but returns a NULL value instead of
 * raising an error if the conversion cannot be performed.
 * @since 3.3.0
 * @example df.select(f.try_to_binary('name', 'utf-8'))
 */
export function try_to_binary(text: ColumnOrName, format?: string | Column): Column<Uint8Array | null> {
  return call('try_to_binary', text, ...optional(format));
}

/**
 * Returns true if `text` is a valid UTF-8 string, otherwise returns false.
 * @since 4.0.0
 * @example df.select(f.is_valid_utf8('name'))
 */
export function is_valid_utf8(text: ColumnOrName): Column<boolean | null> {
  return call('is_valid_utf8', text);
}

/**
 * Returns the original string if `text` is a valid UTF-8 string, otherwise returns a new string whose invalid UTF8 byte
 * sequences are replaced using the UNICODE replacement character U+FFFD. Bytes that are no UTF-8 become U+FFFD.
 * @since 4.0.0
 * @example df.select(f.make_valid_utf8('name'))
 */
export function make_valid_utf8(text: ColumnOrName): Column<string | null> {
  return call('make_valid_utf8', text);
}

/**
 * Returns the original string if `text` is a valid UTF-8 string, otherwise throws an exception.
 * @since 4.0.0
 * @example df.select(f.validate_utf8('name'))
 */
export function validate_utf8(text: ColumnOrName): Column<string | null> {
  return call('validate_utf8', text);
}

/**
 * Returns the original string if `text` is a valid UTF-8 string, otherwise returns NULL.
 * @since 4.0.0
 * @example df.select(f.try_validate_utf8('name'))
 */
export function try_validate_utf8(text: ColumnOrName): Column<string | null> {
  return call('try_validate_utf8', text);
}

/**
 * Marks a given expression with the specified collation.
 * @since 4.0.0
 * @example df.select(f.collate('name', 'UNICODE_CI'))
 */
export function collate(text: ColumnOrName, collation: string | Column): Column<string | null> {
  return call('collate', text, constant(collation));
}

/**
 * Returns the collation name of a given expression.
 * @since 4.0.0
 * @example df.select(f.collation('name'))
 */
export function collation(value: ColumnOrName): Column<string> {
  return call('collation', value);
}

// URLs.

/**
 * Extracts a part from a URL.
 * @param part `HOST`, `PATH`, `QUERY`, `REF`, …
 * @param key of a query parameter.
 * @since 2.0.0
 * @example df.select(f.parse_url('page_url', 'HOST'))
 */
export function parse_url(url: ColumnOrName, part: string | Column, key?: string | Column): Column<string | null> {
  return call('parse_url', url, constant(part), ...optional(key));
}

/**
 * This is a special version of `parse_url` that performs the same operation, but returns a NULL value instead of
 * raising an error if the parsing cannot be performed.
 * @since 4.0.0
 * @example df.select(f.try_parse_url('page_url', 'QUERY', 'b'))
 */
export function try_parse_url(url: ColumnOrName, part: string | Column, key?: string | Column): Column<string | null> {
  return call('try_parse_url', url, constant(part), ...optional(key));
}

/**
 * Translates a string into 'application/x-www-form-urlencoded' format using a specific encoding scheme.
 * @since 3.4.0
 * @example df.select(f.url_encode('page_url'))
 */
export function url_encode(text: ColumnOrName): Column<string | null> {
  return call('url_encode', text);
}

/**
 * Decodes a `text` in 'application/x-www-form-urlencoded' format using a specific encoding scheme.
 * @since 3.4.0
 * @example df.select(f.url_decode('page_url'))
 */
export function url_decode(text: ColumnOrName): Column<string | null> {
  return call('url_decode', text);
}

/**
 * This is a special version of `url_decode` that performs the same operation, but returns a NULL value instead of
 * raising an error if the decoding cannot be performed.
 * @since 4.0.0
 * @example df.select(f.try_url_decode('page_url'))
 */
export function try_url_decode(text: ColumnOrName): Column<string | null> {
  return call('try_url_decode', text);
}
