// XML by XPath, and what else reads text.
// Generated from tools/functions/table/xml.txt by `npm run functions:generate`; not to be changed here.
import type { Column } from '../../column.js';
import { type Argument, type ColumnOrName, call, constant } from '../call.js';

// XML, by XPath.

/**
 * Returns a string array of values within the nodes of xml that match the XPath expression.
 * @since 2.0.0
 * @example df.select(f.xpath('xml', 'a/b/text()'))
 */
export function xpath(xml: ColumnOrName, path: string | Column): Column<string[] | null> {
  return call('xpath', xml, constant(path));
}

/**
 * Returns true if the XPath expression evaluates to true, or if a matching node is found.
 * @since 2.0.0
 * @example df.select(f.xpath_boolean('xml', 'a/b'))
 */
export function xpath_boolean(xml: ColumnOrName, path: string | Column): Column<boolean | null> {
  return call('xpath_boolean', xml, constant(path));
}

/**
 * Returns a double value, the value zero if no match is found, or NaN if a match is found but the value is non-numeric.
 * @since 2.0.0
 * @example df.select(f.xpath_double('xml', 'a/b'))
 */
export function xpath_double(xml: ColumnOrName, path: string | Column): Column<number | null> {
  return call('xpath_double', xml, constant(path));
}

/**
 * Returns a float value, the value zero if no match is found, or NaN if a match is found but the value is non-numeric.
 * @since 2.0.0
 * @example df.select(f.xpath_float('xml', 'a/b'))
 */
export function xpath_float(xml: ColumnOrName, path: string | Column): Column<number | null> {
  return call('xpath_float', xml, constant(path));
}

/**
 * Returns an integer value, or the value zero if no match is found, or a match is found but the value is non-numeric.
 * @since 2.0.0
 * @example df.select(f.xpath_int('xml', 'a/b'))
 */
export function xpath_int(xml: ColumnOrName, path: string | Column): Column<number | null> {
  return call('xpath_int', xml, constant(path));
}

/**
 * Returns a long integer value, or the value zero if no match is found, or a match is found but the value is
 * non-numeric.
 * @since 2.0.0
 * @example df.select(f.xpath_long('xml', 'a/b'))
 */
export function xpath_long(xml: ColumnOrName, path: string | Column): Column<bigint | null> {
  return call('xpath_long', xml, constant(path));
}

/**
 * Returns a double value, the value zero if no match is found, or NaN if a match is found but the value is non-numeric.
 * @since 2.0.0
 * @example df.select(f.xpath_number('xml', 'a/b'))
 */
export function xpath_number(xml: ColumnOrName, path: string | Column): Column<number | null> {
  return call('xpath_number', xml, constant(path));
}

/**
 * Returns a short integer value, or the value zero if no match is found, or a match is found but the value is
 * non-numeric.
 * @since 2.0.0
 * @example df.select(f.xpath_short('xml', 'a/b'))
 */
export function xpath_short(xml: ColumnOrName, path: string | Column): Column<number | null> {
  return call('xpath_short', xml, constant(path));
}

/**
 * Returns the text contents of the first xml node that matches the XPath expression.
 * @since 2.0.0
 * @example df.select(f.xpath_string('xml', 'a/b'))
 */
export function xpath_string(xml: ColumnOrName, path: string | Column): Column<string | null> {
  return call('xpath_string', xml, constant(path));
}

// Maps in texts, and Java.

/**
 * Creates a map after splitting the text into key/value pairs using delimiters.
 * @since 2.0.1
 * @example df.select(f.str_to_map(f.lit('a:1,b:2')))
 */
export function str_to_map(
  text: ColumnOrName,
  pairs: string | Column = ',',
  keyValue: string | Column = ':',
): Column<Map<string, string | null> | null> {
  return call('str_to_map', text, constant(pairs), constant(keyValue));
}

/**
 * Calls a method with reflection. Static methods, by class and name.
 * @since 2.0.0
 * @example df.select(f.java_method(f.lit('java.util.UUID'), f.lit('fromString'), f.lit('a5cf6c42-0c85-418f-af6c-3e4e5b1328f2')))
 */
export function java_method(className: Argument, ...more: readonly Argument[]): Column<string | null> {
  return call('java_method', className, ...more);
}

/**
 * Calls a method with reflection.
 * @since 2.0.0
 * @example df.select(f.reflect(f.lit('java.util.UUID'), f.lit('fromString'), f.lit('a5cf6c42-0c85-418f-af6c-3e4e5b1328f2')))
 */
export function reflect(className: Argument, ...more: readonly Argument[]): Column<string | null> {
  return call('reflect', className, ...more);
}

/**
 * This is a special version of `reflect` that performs the same operation, but returns a NULL value instead of raising
 * an error if the invoke method thrown exception.
 * @since 4.0.0
 * @example df.select(f.try_reflect(f.lit('java.util.UUID'), f.lit('fromString'), f.lit('a5cf6c42-0c85-418f-af6c-3e4e5b1328f2')))
 */
export function try_reflect(className: Argument, ...more: readonly Argument[]): Column<string | null> {
  return call('try_reflect', className, ...more);
}
