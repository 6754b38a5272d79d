// The one place where commands are dispatched, errors become sentences, and the exit code is set.
import { inspect } from 'node:util';
import { Config, run, settings } from '@oclif/core';
import { packageRoot } from '../config/package-root.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { type CommandWords, type Failure, toFailure } from './failure.js';
import { suggest } from './suggest.js';
import { styleFor } from './ui/style.js';

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
  const argv = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  let config: Config | undefined;
  try {
    // The commands are compiled; oclif would otherwise look for a TypeScript runner because the sources are there too.
    settings.enableAutoTranspile = false;
    config = await Config.load({ root: packageRoot() });
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

function report({ exitCode, message }: Failure, error?: unknown): ExitCode {
  const style = styleFor(process.stderr);
  process.stderr.write(`${style.red('sluice:')} ${message.replace(/\n+$/, '')}\n`);
  if (error !== undefined) process.stderr.write(`${inspect(error, { depth: 6, colors: false })}\n`);
  return exitCode;
}

function unknownCommand(argv: readonly string[], config: Config): Failure | undefined {
  const [name] = argv;
  if (name === undefined || name.startsWith('-')) return undefined;
  const known = config.commandIDs;
  if (known.includes(name)) return undefined;
  const close = suggest(name, known);
  const hint = close === undefined ? '' : ` Did you mean \`sluice ${close}\`?`;
  return {
    exitCode: EXIT.input,
    message: `There is no command ${JSON.stringify(name)}.${hint} See \`sluice --help\`.`,
  };
}

function wordsOf(argv: readonly string[], config: Config | undefined): CommandWords {
  const [name] = argv;
  const command = name === undefined ? undefined : config?.findCommand(name);
  if (command === undefined) return { options: [] };
  return { command: command.id, options: Object.keys(command.flags) };
}

/** Resolves when everything written so far has left the process. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}
