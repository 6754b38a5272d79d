// The shell: lines are gathered until a semicolon, then run one after the other. Ctrl-C gives up what is being written, or interrupts what runs.
import { createInterface, type Interface } from 'node:readline';
import { complete, type NamedTable } from './complete.js';
import { readHistory, writeHistory } from './history.js';
import { splitStatements } from './split-statements.js';

export interface ShellOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly historyFile: string;
  readonly tables: () => readonly NamedTable[];
  /** Runs a statement, which the signal interrupts. */
  readonly run: (statement: string, signal: AbortSignal) => Promise<void>;
  readonly say: (line: string) => void;
}

const PROMPT = 'sluice> ';
const MORE = '     -> ';
const HELP = [
  'End a statement with ; and Enter. Tab completes, arrows go through the history.',
  '\\d         tables and views        \\d name    columns of one',
  '\\? help    this                    \\q exit    leave, as Ctrl-D does',
  'Ctrl-C gives up the line, or interrupts the statement that runs.',
];

/** Resolves when the user leaves. @throws what `run` throws, which is when there is nothing to go on with. */
export async function runShell(options: ShellOptions): Promise<void> {
  const lines = openLines(options);
  const waiting: string[] = [];
  let text = '';
  let running: AbortController | undefined;
  let wake: () => void = () => undefined;
  let isClosed = false;

  lines.on('line', (line) => {
    waiting.push(line);
    wake();
  });
  lines.on('close', () => {
    isClosed = true;
    running?.abort();
    wake();
  });
  lines.on('SIGINT', () => {
    if (running !== undefined) {
      running.abort();
      return;
    }
    text = '';
    waiting.length = 0;
    // As a terminal does it: the line stays to be seen, and a new one begins.
    options.output.write('^C\n');
    Object.assign(lines, { line: '', cursor: 0 });
    prompt(lines, text);
  });

  try {
    prompt(lines, text);
    while (!isClosed || waiting.length > 0) {
      const line = waiting.shift();
      if (line === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      // A backslash begins no SQL, so it is a command also where a statement has been begun, which goes on after it.
      const command = text === '' || line.trim().startsWith('\\') ? line.trim() : '';
      if (/^(\\q|exit;?|quit;?)$/i.test(command)) break;
      const meant = shortcut(command, options);
      const { statements, rest } = splitStatements(meant ?? `${text}${line}\n`);
      if (meant === undefined || text === '') text = rest === '' ? '' : `${rest}\n`;
      for (const statement of statements) {
        running = new AbortController();
        try {
          await options.run(statement, running.signal);
        } finally {
          running = undefined;
        }
      }
      if (!isClosed) prompt(lines, text);
    }
  } finally {
    lines.close();
  }
}

function openLines({ input, output, historyFile, tables, say }: ShellOptions): Interface {
  const lines = createInterface({
    input,
    output,
    terminal: true,
    history: readHistory(historyFile),
    historySize: 1_000,
    removeHistoryDuplicates: true,
    completer: (text: string) => complete(text, tables()),
  });
  // After every line, so that a terminal that is closed takes nothing with it.
  lines.on('history', (history: string[]) => {
    try {
      writeHistory(historyFile, history);
    } catch (error) {
      say(`the history could not be kept: ${(error as Error).message}`);
      lines.removeAllListeners('history');
    }
  });
  return lines;
}

function prompt(lines: Interface, text: string): void {
  lines.setPrompt(text === '' ? PROMPT : MORE);
  lines.prompt();
}

/** What a backslash stands for: a statement, or nothing when it is done already; undefined for anything else. */
function shortcut(command: string, { say }: ShellOptions): string | undefined {
  const [, name, argument] = /^\\(\S+)(?:\s+(\S+?);?)?$/.exec(command) ?? [];
  if (command === 'help' || name === '?') {
    for (const line of HELP) say(line);
    return '';
  }
  if (name === undefined) return undefined;
  if (name === 'd') return argument === undefined ? 'SHOW TABLES;' : `DESCRIBE ${argument};`;
  say(`There is no \\${name}; \\? lists what there is.`);
  return '';
}
