// SQL text into statements at its semicolons, by the quotes and comments of Spark (SqlBaseLexer.g4 of 4.2): 'it''s', "x", `name`, r'raw\', -- to the
// end of the line, /* comments /* within */ comments */. What Spark makes of a statement is not this file's business.

export interface SplitText {
  /** Without their semicolons and what surrounds them; none is empty. */
  readonly statements: readonly string[];
  /** What follows the last semicolon, when it is more than blanks and comments. */
  readonly rest: string;
}

export function splitStatements(text: string): SplitText {
  const statements: string[] = [];
  let begin = 0;
  let hasContent = false;
  let at = 0;
  while (at < text.length) {
    const end = skip(text, at);
    if (end !== undefined) {
      if (!isComment(text, at)) hasContent = true;
      at = end;
      continue;
    }
    if (text[at] === ';') {
      if (hasContent) statements.push(text.slice(begin, at).trim());
      begin = at + 1;
      hasContent = false;
    } else if (!/\s/.test(text[at] ?? '')) hasContent = true;
    at++;
  }
  return { statements, rest: hasContent ? text.slice(begin).trim() : '' };
}

function isComment(text: string, at: number): boolean {
  return text.startsWith('--', at) || text.startsWith('/*', at);
}

/** Where the quoted text or the comment that begins here ends; undefined when none does. One that does not end goes to the end of the text. */
function skip(text: string, at: number): number | undefined {
  const character = text[at];
  if (text.startsWith('--', at)) {
    const end = text.indexOf('\n', at);
    return end === -1 ? text.length : end + 1;
  }
  if (text.startsWith('/*', at)) return endOfComment(text, at);
  if (character === '`') return endOfQuote(text, at, false);
  if (character === "'" || character === '"') return endOfQuote(text, at, !isRaw(text, at));
  return undefined;
}

function endOfComment(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length - 1; i++) {
    if (text.startsWith('/*', i)) {
      depth++;
      i++;
    } else if (text.startsWith('*/', i)) {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    }
  }
  return text.length;
}

function endOfQuote(text: string, at: number, hasEscapes: boolean): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (hasEscapes && text[i] === '\\') i++;
    else if (text[i] === quote) return i + 1;
  }
  return text.length;
}

/** Whether the quote belongs to `r'…'`, in which a backslash is only a backslash. */
function isRaw(text: string, at: number): boolean {
  return /^r$/i.test(text[at - 1] ?? '') && !/\w/.test(text[at - 2] ?? '');
}
