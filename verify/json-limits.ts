/**
 * JSON that is well formed and yet refused by Spark 4.2: its parser (Jackson, StreamReadConstraints) stops at 1,000 levels, one of which the
 * pipeline's envelope takes, at numbers of more than 1,000 digits and at names of more than 50,000 characters. Each boundary was tried.
 */
export const JSON_LIMITS = { levelsMax: 999, digitsMax: 1000, nameCharactersMax: 50_000 } as const;

/** Whether a text that JSON.parse has accepted goes beyond a limit. Cheap for texts too short to do so. */
export function exceedsJsonLimits(text: string): boolean {
  if (text.length <= JSON_LIMITS.levelsMax) return false;
  let levels = 0;
  let i = 0;
  while (i < text.length) {
    const character = text[i] ?? '';
    if (character === '"') {
      const end = endOfString(text, i);
      if (end - i > JSON_LIMITS.nameCharactersMax && isName(text, end)) {
        const name = JSON.parse(text.slice(i, end)) as string;
        if (name.length > JSON_LIMITS.nameCharactersMax) return true;
      }
      i = end;
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const start = i;
      while (/[-+.0-9eE]/.test(text[i] ?? '')) i++;
      const digits = i - start > JSON_LIMITS.digitsMax ? text.slice(start, i).replace(/[^0-9]/g, '').length : 0;
      if (digits > JSON_LIMITS.digitsMax) return true;
    } else {
      if (character === '{' || character === '[') levels++;
      if (character === '}' || character === ']') levels--;
      if (levels > JSON_LIMITS.levelsMax) return true;
      i++;
    }
  }
  return false;
}

/** Behind the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** A string is a name if a colon follows. */
function isName(text: string, end: number): boolean {
  let i = end;
  while (/[ \t\r\n]/.test(text[i] ?? '')) i++;
  return text[i] === ':';
}
