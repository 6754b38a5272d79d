// The one place where commands are dispatched, errors become sentences, and the exit code is set.
import { inspect } from 'node:util';
import { Config, loadHelpClass, run, settings } from '@oclif/core';
import { packageRoot } from '../config/package-root.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { type CommandWords, type Failure, toFailure } from './failure.js';
import { suggest } from './suggest.js';
import { styleFor } from './ui/style.js';
import { fitted } from './ui/text.js';

/** Runs `sluice` with these arguments and ends the process. */
export async function runCommandLine(argv: readonly string[]): Promise<void> {
  // A reader that has seen enough (`sluice env | head -1`) is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
  // Whoever listened to the talk has gone. The work, and the order in which it ends, does not depend on that.
  process.stderr.on('error', () => {});
  const exitCode = await execute(argv);
  await written(process.stdout);
  await written(process.stderr);
  // Not by itself: a connection that some library keeps open must not hold up whoever waits for the command.
  process.exit(exitCode);
}

async function execute(given: readonly string[]): Promise<ExitCode> {
  // `sluice help produce` is what many a command line understands.
  const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : commandFirst(given);
  let config: Config | undefined;
  try {
    // The commands are compiled; oclif would otherwise look for a TypeScript runner because the sources are there too.
    settings.enableAutoTranspile = false;
    config = await Config.load({ root: packageRoot() });
    if (given[0] === 'help' && given[1] === '--all') return await helpOfAll(config);
    const unknown = unknownCommand(argv, config);
    if (unknown !== undefined) return report(unknown);
    await run([...argv], config);
    return (process.exitCode as ExitCode | undefined) ?? EXIT.done;
  } catch (error) {
    const { code, oclif } = (error ?? {}) as { code?: string; oclif?: { exit?: number } };
    // How `--help` and `--version` end a command.
    if (code === 'EEXIT') return (oclif?.exit ?? EXIT.done) as ExitCode;
    return report(toFailure(error, wordsOf(argv, config)), argv.includes('--debug') ? error : undefined);
  }
}

/** What other programs have a man page for. */
async function helpOfAll(config: Config): Promise<ExitCode> {
  const Help = await loadHelpClass(config);
  const help = new Help(config, config.pjson.oclif.helpOptions);
  await help.showHelp([]);
  for (const { id, hidden } of config.commands.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (hidden) continue;
    process.stdout.write(`\n${'─'.repeat(3)} sluice ${id.replaceAll(':', ' ')}\n\n`);
    await help.showHelp([id]);
  }
  return EXIT.done;
}

function report({ exitCode, message }: Failure, error?: unknown): ExitCode {
  const style = styleFor(process.stderr);
  const text = fitted(`${style.red('sluice:')} ${message.replace(/\n+$/, '')}`, process.stderr);
  process.stderr.write(`${text}\n`);
  if (error !== undefined) process.stderr.write(`${inspect(error, { depth: 6, colors: false })}\n`);
  return exitCode;
}

/** `sluice -q status`: options that every command has may stand before it, too; oclif looks for the command in the first word. */
function commandFirst(argv: readonly string[]): readonly string[] {
  let first = 0;
  while (/^(-q|-v|-qv|--quiet|--verbose|--debug|--json|--env(=.*)?)$/.test(argv[first] ?? ''))
    first += argv[first] === '--env' ? 2 : 1;
  const options = argv.slice(0, first);
  const rest = argv.slice(first);
  // Alone they say nothing: what can be done is shown.
  if (rest.length === 0) return options.length === 0 ? argv : ['--help'];
  if (options.length === 0 || rest[0]?.startsWith('-')) return rest;
  const words = leadingWords(rest).length;
  return [...rest.slice(0, words), ...options, ...rest.slice(words)];
}

function unknownCommand(argv: readonly string[], config: Config): Failure | undefined {
  const words = leadingWords(argv);
  if (words.length === 0 || commandOf(argv, config) !== undefined) return undefined;
  // A topic by itself (`sluice config`) has a help page that lists its commands.
  if (words.length === 1 && config.topics.some(({ name }) => name === words[0])) return undefined;
  const isInTopic = config.topics.some(({ name }) => name === words[0]);
  const name = (isInTopic ? words.slice(0, 2) : words.slice(0, 1)).join(' ');
  const known = config.commandIDs.map((id) => id.replaceAll(':', ' '));
  const topics = config.topics.map((topic) => topic.name);
  // In `quereis list` the topic is mistyped, and the word after it may be right.
  const ofTwo =
    words.length > 1
      ? suggest(
          words.slice(0, 2).join(' '),
          known.filter((id) => id.includes(' ')),
        )
      : undefined;
  const close = ofTwo ?? suggest(name, [...known, ...topics]);
  const hint = close === undefined ? '' : ` Did you mean \`sluice ${close}\`?`;
  return {
    exitCode: EXIT.input,
    message: `There is no command ${JSON.stringify(name)}.${hint} See \`sluice --help\`.`,
  };
}

function wordsOf(argv: readonly string[], config: Config | undefined): CommandWords {
  const command = config === undefined ? undefined : commandOf(argv, config);
  if (command === undefined) return { options: [] };
  return { command: command.id.replaceAll(':', ' '), options: Object.keys(command.flags) };
}

/** The command that the first word, or the first two, name. */
function commandOf(argv: readonly string[], config: Config) {
  const [first = '', second] = leadingWords(argv);
  return (second === undefined ? undefined : config.findCommand(`${first}:${second}`)) ?? config.findCommand(first);
}

/** The words before the first option. */
function leadingWords(argv: readonly string[]): readonly string[] {
  const end = argv.findIndex((word) => word.startsWith('-'));
  return end === -1 ? argv : argv.slice(0, end);
}

/** Resolves when everything written so far has left the process. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
