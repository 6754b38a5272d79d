/** A word of a POSIX shell that means exactly this text: in single quotes unless every character is harmless. */
export function shellQuote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
