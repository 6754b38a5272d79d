// A docstring as its parts. A tag begins a line, or follows the sentence of a docstring of one line. What stands behind `@example` is TypeScript:
// one line as it is, several in a ```ts block.

export interface Docstring {
  /** In Markdown; paragraphs are set off by empty lines. */
  readonly text: string;
  /** In their order, without the examples. */
  readonly tags: readonly { readonly name: string; readonly text: string }[];
  readonly examples: readonly Example[];
}

export interface Example {
  readonly code: string;
  /** In the file, from 1: of the tag. */
  readonly line: number;
}

const TAG = /^@([A-Za-z]+)(?: |$)/;
/** Tags that may follow the text on one line. Others (`@param`) are looked for there too, but only these are known. */
const INLINE_TAG = /(?<=[^\n`] )@(?=(?:param|typeParam|throws|returns|since|example) )/;

/**
 * @param comment from `/**` to its end.
 * @param firstLine of the comment in its file, from 1.
 */
export function parseDocstring(comment: string, firstLine: number): Docstring {
  const lines = comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line, at) => (at === 0 ? line : line.replace(/^\s*\*? ?/, '')).trimEnd());
  const parts: { name: string; lines: string[]; line: number }[] = [{ name: '', lines: [], line: firstLine }];
  for (const [at, line] of lines.entries()) {
    for (const piece of lines.length === 1 ? splitInline(line) : [line]) {
      const [whole, name] = TAG.exec(piece.trimStart()) ?? [];
      if (whole === undefined || name === undefined) parts.at(-1)?.lines.push(piece);
      else parts.push({ name, lines: [piece.trimStart().slice(whole.length)], line: firstLine + at });
    }
  }
  const [text, ...tags] = parts;
  return {
    text: (text?.lines ?? []).join('\n').trim(),
    tags: tags
      .filter(({ name }) => name !== 'example')
      .map(({ name, lines }) => ({ name, text: lines.join(' ').trim() })),
    examples: tags
      .filter(({ name }) => name === 'example')
      .map(({ lines, line }) => ({ code: codeOf(lines.join('\n').trim()), line })),
  };
}

function splitInline(line: string): string[] {
  const at = INLINE_TAG.exec(line)?.index;
  return at === undefined ? [line.trim()] : [line.slice(0, at).trim(), ...splitInline(line.slice(at).trim())];
}

function codeOf(text: string): string {
  return /^```ts\n([\s\S]*?)\n?```$/.exec(text)?.[1] ?? text;
}
