// Text that fits: on a line, into a column, whatever the data holds.

/** Colours take no room. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the escape sequences that style.ts writes.
const STYLE_SEQUENCE = /\u001b\[\d+m/g;
/** Rows that stand in two columns on a terminal: East Asian wide and full-width letters, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u;
const COMBINING = /\p{Mark}/u;

/** How many columns a text takes on a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(STYLE_SEQUENCE, '')) {
    if (!COMBINING.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Cuts plain text to `width` columns, the last of them an ellipsis if something was cut. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    cut += character;
  }
  return width > 0 ? `${cut}…` : '';
}

/** Makes control characters visible: data from a topic must not move the cursor of whoever looks at it. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Breaks plain text between words so that no line is wider than `width`, unless a single word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** For a terminal: lines broken between words, what follows set in like the line's beginning. Elsewhere the text is left as it is. */
export function fitted(text: string, stream: { readonly isTTY?: boolean; readonly columns?: number }): string {
  if (stream.isTTY !== true) return text;
  // Some terminals do not know, and say 0.
  const columns = stream.columns || 80;
  return text
    .split('\n')
    .map((line) => {
      if (widthOf(line) <= columns) return line;
      const indent = /^ */.exec(line)?.[0] ?? '';
      return wrap(line.slice(indent.length), columns - indent.length)
        .map((part) => indent + part)
        .join('\n');
    })
    .join('\n');
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}
