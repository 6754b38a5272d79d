// What the commands say of themselves, as far as a shell can offer it.

export interface CompletedFlag {
  /** With dashes: `--json`. */
  readonly name: string;
  /** Without its dash; undefined: there is no short form. */
  readonly char: string | undefined;
  readonly summary: string;
  /** What follows it: nothing, one of `options`, a file, or something that cannot be offered, such as a number. */
  readonly value: 'none' | 'option' | 'file' | 'other';
  readonly options: readonly string[];
}

export interface CompletedCommand {
  /** `queries show` */
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** Values of the first argument. */
  readonly options: readonly string[];
  /** Whether an argument is a file. */
  readonly takesFile: boolean;
}

export interface CompletedLine {
  readonly commands: readonly CompletedCommand[];
  /** What the first word of several commands stands for: `queries`. */
  readonly topics: ReadonlyMap<string, string>;
  /** May stand before the command. */
  readonly globalFlags: readonly CompletedFlag[];
}

/** What may follow these words: the next words of commands with what they are for, each once. */
export function nextWords({ commands, topics }: CompletedLine, before: string): Map<string, string> {
  const next = new Map<string, string>();
  const prefix = before === '' ? '' : `${before} `;
  for (const { name, summary } of commands) {
    if (!name.startsWith(prefix)) continue;
    const [word = '', ...more] = name.slice(prefix.length).split(' ');
    if (!next.has(word)) next.set(word, more.length === 0 ? summary : (topics.get(word) ?? word));
  }
  return next;
}

/** Topics that have commands. */
export function topicsOf({ commands }: CompletedLine): string[] {
  return [...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] as string] : [])))];
}

/** For zsh and fish alike: nothing in it is special but what ends it. */
export function quoted(text: string): string {
  return `'${text.replace(/\\/g, '').replace(/'/g, '’')}'`;
}
