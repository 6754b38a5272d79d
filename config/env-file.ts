/**
 * The `.env` file: `NAME=value` lines, comments, quotes. Node's own reader (20.12 and later) passes over what it does not understand; here a
 * wrong line is an error with its number.
 */
import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.js';

export interface EnvFileEntry {
  readonly value: string;
  readonly line: number;
}

/**
 * Grammar of a line: blank | `#` comment | [`export `] NAME `=` value [` #` comment]. A value in single quotes is taken as it is; in double
 * quotes `\n`, `\t`, `\"`, `\\` and `\$` are read; unquoted it ends before ` #` and loses outer blanks. Nothing is expanded and no value spans lines.
 * The last of several lines with one name wins.
 * @throws ConfigError naming file and line.
 */
export function parseEnvFile(text: string, fileName: string): ReadonlyMap<string, EnvFileEntry> {
  const entries = new Map<string, EnvFileEntry>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (const [index, raw] of lines.entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const match = /^(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(content);
    // The line itself is not quoted in the message: it may hold a password.
    if (match === null) throw new ConfigError(`${fileName}, line ${line}: expected NAME=value`);
    const [, name = '', rest = ''] = match;
    entries.set(name, { value: readValue(rest, `${fileName}, line ${line}: ${name}`), line });
  }
  return entries;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

function readValue(rest: string, where: string): string {
  const first = rest[0];
  if (first !== '"' && first !== "'") return rest.replace(/(?:^|\s+)#.*$/, '').trim();
  const match = first === '"' ? /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(rest) : /^'([^']*)'\s*(?:#.*)?$/.exec(rest);
  if (match === null) throw new ConfigError(`${where}: the quote ${first} is not closed, or something follows it`);
  const inner = match[1] ?? '';
  return first === '"' ? inner.replace(/\\(.)/g, (whole, char: string) => ESCAPES[char] ?? whole) : inner;
}

/** The entries of a file; none if there is no such file. */
export function readEnvFile(file: string, fileName: string): ReadonlyMap<string, EnvFileEntry> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return new Map();
    throw new ConfigError(`${fileName} cannot be read (${code ?? String(error)})`);
  }
  return parseEnvFile(text, fileName);
}
