// From anything that was thrown to one sentence and an exit code. Errors are told apart by name and kind, so that no command has to load
// Spark's client or kafkajs for it.
import { CommandError, EXIT, type ExitCode } from './exit-codes.js';
import { suggest } from './suggest.js';

export interface Failure {
  readonly exitCode: ExitCode;
  /** For people; usually one line. */
  readonly message: string;
}

/** Kinds of our own errors that mean "does not answer"; any other kind is a failure. */
const UNREACHABLE_KINDS: Readonly<Record<string, readonly string[]>> = {
  ProduceError: ['unreachable', 'topic'],
  VerifyError: ['kafka', 'postgres', 'spark'],
  SparkError: ['connection', 'authentication'],
  StackError: ['unreachable'],
};
const INPUT_KINDS: Readonly<Record<string, readonly string[]>> = { ProduceError: ['options'] };

/** Errors of the operating system that mean that nobody answers at an address. */
const CONNECTION_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'EAI_AGAIN']);

/** What the command was given, to suggest what was meant. */
export interface CommandWords {
  readonly command?: string;
  /** Names of its options, without dashes. */
  readonly options: readonly string[];
}

export function toFailure(error: unknown, words: CommandWords = { options: [] }): Failure {
  if (error instanceof CommandError) return { exitCode: error.exitCode, message: error.message };
  if (!(error instanceof Error)) return { exitCode: EXIT.failed, message: String(error) };
  const parse = parseFailure(error, words);
  if (parse !== undefined) return parse;
  const own = exitCodeOf(error);
  if (own !== undefined) return { exitCode: own, message: messageOf(error) };
  if (error.name === 'AbortError') return { exitCode: EXIT.interrupted, message: 'Stopped.' };
  const service = unreachableService(error);
  if (service !== undefined) return { exitCode: EXIT.unreachable, message: service };
  return { exitCode: EXIT.failed, message: messageOf(error) };
}

function exitCodeOf(error: Error): ExitCode | undefined {
  const { kind, exitCode } = error as { kind?: unknown; exitCode?: unknown };
  if (exitCode === 1 || exitCode === 2 || exitCode === 3 || exitCode === 130) return exitCode;
  if (error.name === 'ConfigError' || error.name === 'PipelineError') return EXIT.input;
  if (typeof kind !== 'string') return undefined;
  if (UNREACHABLE_KINDS[error.name]?.includes(kind)) return EXIT.unreachable;
  if (INPUT_KINDS[error.name]?.includes(kind)) return EXIT.input;
  return EXIT.failed;
}

/** Errors of kafkajs and pg, and bare errors of a socket, which do not say what was wanted at the address. */
function unreachableService(error: Error): string | undefined {
  const { code, address, port } = error as { code?: unknown; address?: unknown; port?: unknown };
  if (/^KafkaJS(Connection|NumberOfRetries|BrokerNotFound|RequestTimeout)/.test(error.name)) {
    return `Kafka does not answer: ${messageOf(error)}. Start it with \`sluice up\`, or set KAFKA_BOOTSTRAP_SERVERS.`;
  }
  // Class 28 is "invalid authorization", 3D000 "no such database", 57P "the server is starting or stopping".
  if (error.name === 'error' && typeof code === 'string' && /^(28|3D000|57P)/.test(code)) {
    return `Postgres refuses the connection: ${messageOf(error)} (${code}). See DATABASE_URL.`;
  }
  if (typeof code !== 'string' || !CONNECTION_CODES.has(code)) return undefined;
  const where = address === undefined ? '' : ` at ${String(address)}:${String(port)}`;
  return `No answer${where} (${code}). Is everything running? See \`sluice status\`; \`sluice up\` starts it.`;
}

/** What oclif says about the command line, in one line and with a suggestion. */
function parseFailure(error: Error, words: CommandWords): Failure | undefined {
  const { flags, oclif } = error as { flags?: unknown; oclif?: { exit?: number } };
  const help = ` See \`sluice ${words.command ?? ''}${words.command === undefined ? '' : ' '}--help\`.`;
  const failure = (message: string): Failure => ({ exitCode: EXIT.input, message: message + help });
  if (Array.isArray(flags) && error.message.startsWith('Nonexistent flag')) {
    const unknown = String(flags[0]).split('=')[0] ?? '';
    const close = suggest(unknown.replace(/^-+/, ''), words.options);
    return failure(`There is no option ${unknown}${close === undefined ? '.' : `; did you mean --${close}?`}`);
  }
  // With blanks between topics and commands, oclif takes an argument that no command has for a longer command.
  const argument = /^command \S+?:(\S+) not found/.exec(error.message);
  if (argument !== null) return failure(`Unexpected argument: ${argument[1]?.replaceAll(':', ' ')}.`);
  const value = /^Parsing --(\S+) \n\t([\s\S]*?)\nSee more help/.exec(error.message);
  if (value !== null) return failure(`--${value[1]} ${oneLine(value[2] ?? '')}.`);
  const missing = /^Missing \d+ required args?:\n([\s\S]*)/.exec(error.message);
  if (missing !== null) return failure(missingArguments(missing[1] ?? ''));
  if (oclif?.exit !== 2) return undefined;
  const plain = plainly(oneLine(error.message));
  if (plain !== undefined) return failure(plain);
  const text = oneLine(error.message.replace(/\nSee more help with --help$/, ''));
  return failure(/[.?!]$/.test(text) ? text : `${text}.`);
}

/** Of three rules the sentence without oclif's words about itself; undefined for any other. */
function plainly(text: string): string | undefined {
  const together = /(--\S+?)(?:=\S*)? cannot also be provided when using (--\S+)/.exec(text);
  if (together !== null) return `${together[1]} and ${together[2]} do not go together.`;
  const alone = /All of the following must be provided when using (--\S+): (--\S+)/.exec(text);
  if (alone !== null) return `${alone[1]} goes with ${alone[2]} only.`;
  const choice = /^Expected (?:(--\S+?)=)?(.+) to be one of: (.+?)(?: See more help with --help)?$/.exec(text);
  if (choice === null) return undefined;
  const [, option, given = '', listed = ''] = choice;
  const close = suggest(given, listed.split(', '));
  const what =
    option === undefined
      ? `${JSON.stringify(given)} is none of ${listed}`
      : `${option} must be one of ${listed}, not ${JSON.stringify(given)}`;
  return `${what}${close === undefined ? '.' : `; did you mean ${close}?`}`;
}

/** @param listed a line for each, its name and what it is. */
function missingArguments(listed: string): string {
  const missing = listed
    .replace(/\nSee more help with --help$/, '')
    .split('\n')
    .flatMap((line) => {
      const [, name, what = ''] = /^(\S+)\s*(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [{ name, what: what.replace(/[.]$/, '').replace(/^\((\S+)\) /, '$1: ') }];
    });
  return `${missing.length === 1 ? 'An argument is' : 'Arguments are'} missing: ${missing
    .map(({ name, what }) => (what === '' ? name : `${name} (${what})`))
    .join(', ')}.`;
}

/** Node's connection errors to a name with several addresses have no message of their own and carry theirs inside. */
function messageOf(error: Error): string {
  if (error.message !== '') return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map((inner) => (inner instanceof Error ? messageOf(inner) : String(inner))).join('; ');
  }
  return error.name;
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
