// docs/cli.md, made of what the commands say of themselves: the texts of `--help`, for whoever reads before they install. Run as a program it prints
// it: `node dist/cli/command-document.js > docs/cli.md`.
import { pathToFileURL } from 'node:url';
import type { Command } from '@oclif/core';
import { readManifest } from './command-manifest.js';
import { EXIT } from './exit-codes.js';

type Loaded = Pick<Command.Loadable, 'id' | 'summary' | 'description' | 'args' | 'flags' | 'examples'>;
type Flag = Loaded['flags'][string];
type Arg = Loaded['args'][string];

const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  failed: 'a check does not hold, or a step broke',
  input: 'an option, an argument or a setting that cannot be used',
  unreachable: 'Kafka, Postgres or Spark does not answer',
  crashLoop: 'a query fails again and again without getting anywhere',
  interrupted: 'Ctrl-C',
};

export async function renderCommands(): Promise<string> {
  const commands = Object.values((await readManifest()).commands)
    .filter(({ hidden }) => !hidden)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const [first] = commands;
  const isShared = ([, { helpGroup }]: [string, Flag]): boolean => helpGroup === 'GLOBAL';
  const lines = [
    '# Commands',
    '',
    'Made by `node dist/cli/command-document.js > docs/cli.md` of what `sluice <command> --help` says; a test tells when it is out of date.',
    '',
    'Data goes to standard output, talk to standard error; colours only to a terminal, and never when NO_COLOR is set. Settings are variables of the',
    'environment or lines of `.env`: [configuration.md](configuration.md).',
    '',
    '| exit code | means |',
    '|---|---|',
    ...Object.entries(EXIT).map(([name, code]) => `| ${code} | ${EXIT_MEANINGS[name as keyof typeof EXIT]} |`),
    '',
    'Every command has these options:',
    '',
    ...table(
      Object.entries(first?.flags ?? {})
        .filter(isShared)
        .map(([name, flag]) => [flagText(name, flag), flagMeaning(flag)]),
    ),
  ];
  for (const command of commands) lines.push('', ...renderCommand(command, 'sluice', isShared));
  return `${lines.join('\n')}\n`;
}

function renderCommand(
  { id, summary, description, args, flags, examples }: Loaded,
  bin: string,
  isShared: (flag: [string, Flag]) => boolean,
): string[] {
  const name = id.replaceAll(':', ' ');
  const words = Object.entries(args).map(([word, { required }]) => (required ? ` <${word}>` : ` [${word}]`));
  const own = Object.entries(flags).filter((flag) => !isShared(flag));
  const lines = [`## ${bin} ${name}`, '', `\`${bin} ${name}${words.join('')}\``, '', plain(summary ?? '', bin)];
  if (description !== undefined) lines.push('', plain(description, bin));
  const rows = [
    ...Object.entries(args).map(([word, arg]) => [`\`${word}\``, argMeaning(arg)] as const),
    ...own.map(([flag, each]) => [flagText(flag, each), flagMeaning(each)] as const),
  ];
  if (rows.length > 0) lines.push('', ...table(rows));
  if ('json' in flags) {
    const file = `json/${id.replaceAll(':', '-')}.schema.json`;
    lines.push('', `What --json prints: [${file}](${file}).`);
  }
  const shown = (examples ?? []).filter((example) => typeof example === 'object');
  if (shown.length > 0) {
    lines.push('', '```sh');
    for (const { description: what, command } of shown) {
      const text = plain(command, bin).replace(/^\$ /, '');
      lines.push(`# ${what}`, text.startsWith(bin) || command.startsWith('$ ') ? text : `${bin} ${text}`);
    }
    lines.push('```');
  }
  return lines;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  return ['| | |', '|---|---|', ...rows.map(([name, meaning]) => `| ${name} | ${meaning.replaceAll('|', '\\|')} |`)];
}

function flagText(name: string, flag: Flag): string {
  const value = flag.type === 'option' ? ` ${flag.helpValue ?? '<value>'}` : '';
  return `${flag.char === undefined ? '' : `\`-${flag.char}\`, `}\`--${name}${value}\``;
}

function flagMeaning(flag: Flag): string {
  if (flag.type !== 'option') return flag.summary ?? '';
  const options = flag.options === undefined || flag.options.length === 0 ? '' : ` One of ${flag.options.join(', ')}.`;
  const standard =
    typeof flag.default === 'string' || typeof flag.default === 'number' ? ` Default: ${flag.default}.` : '';
  return `${flag.summary ?? ''}${options}${standard}`;
}

function argMeaning({ description, options }: Arg): string {
  return `${description ?? ''}${options === undefined ? '' : ` One of ${options.join(', ')}.`}`;
}

/** Texts of oclif name the program by a template. */
function plain(text: string, bin: string): string {
  return text.replaceAll('<%= config.bin %>', bin);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.stdout.write(await renderCommands());
}
