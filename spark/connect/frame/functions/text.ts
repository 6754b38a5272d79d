// Functions of text whose arguments Spark takes in another order, or by many positions.
import type { Column } from '../column.js';
import { type ColumnOrName, call, constant, optional } from './call.js';

/**
 * Without the characters at both ends.
 * @param characters what is cut off; spaces if not given.
 * @since 1.5.0
 * @example df.select(f.trim('name'), f.trim('name', 'A'))
 */
export function trim(text: ColumnOrName, characters?: string | Column): Column<string | null> {
  return call('trim', ...optional(characters), text);
}

/**
 * Without the characters at the beginning.
 * @param characters what is cut off; spaces if not given.
 * @since 1.5.0
 * @example df.select(f.ltrim('name'), f.ltrim('name', 'A'))
 */
export function ltrim(text: ColumnOrName, characters?: string | Column): Column<string | null> {
  return call('ltrim', ...optional(characters), text);
}

/**
 * Without the characters at the end.
 * @param characters what is cut off; spaces if not given.
 * @since 1.5.0
 * @example df.select(f.rtrim('name'), f.rtrim('name', 'a'))
 */
export function rtrim(text: ColumnOrName, characters?: string | Column): Column<string | null> {
  return call('rtrim', ...optional(characters), text);
}

/**
 * Letters and digits replaced, so that the text cannot be read any more.
 * @param characters what stands for each kind; null leaves them.
 * @since 3.4.0
 * @example df.select(f.mask('name', { upper: null, lower: '*' }))
 */
export function mask(
  text: ColumnOrName,
  characters: {
    readonly upper?: string | null;
    readonly lower?: string | null;
    readonly digit?: string | null;
    readonly other?: string | null;
  } = {},
): Column<string | null> {
  const { upper: big = 'X', lower: small = 'x', digit = 'n', other = null } = characters;
  return call('mask', text, constant(big), constant(small), constant(digit), constant(other));
}
