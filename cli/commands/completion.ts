import { Args, type Command } from '@oclif/core';
import { SluiceCommand } from '../base.js';
import {
  type CompletedCommand,
  type CompletedFlag,
  type CompletedLine,
  completionScript,
  INSTALLATION,
  SHELLS,
  type Shell,
} from '../completion/index.js';

/** Arguments of these names are files or folders. */
const FILE_ARGUMENTS = ['pipeline', 'file', 'folder'];

const HELP: CompletedFlag = { name: '--help', char: undefined, summary: 'Explain it.', value: 'none', options: [] };

export default class Completion extends SluiceCommand<typeof Completion> {
  static override summary = 'Print the completion of commands and options for a shell.';

  static override description = `The script goes to stdout; how it gets into the shell:

bash
${INSTALLATION.bash}

zsh
${INSTALLATION.zsh}

fish
${INSTALLATION.fish}`;

  static override examples = [
    { description: 'In this bash, at once', command: '$ source <(<%= config.bin %> completion bash)' },
  ];

  static override args = {
    shell: Args.string({ description: 'For which shell.', options: [...SHELLS], required: true }),
  };

  override async run(): Promise<void> {
    this.log(completionScript(this.args.shell as Shell, this.completed()).trimEnd());
    if (process.stdout.isTTY) this.talk.line(INSTALLATION[this.args.shell as Shell]);
  }

  private completed(): CompletedLine {
    const commands = this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(completedCommand)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const topics = new Map(this.config.topics.map(({ name, description = '' }) => [name, description]));
    const words = [...new Set(commands.map(({ name }) => name.split(' ')[0] as string))];
    const all = { ...HELP, name: '--all', summary: 'Of all commands.' };
    const help = { name: 'help', summary: 'Explain a command.', flags: [all], options: words, takesFile: false };
    const globalNames = new Set(['--json', ...Object.keys(SluiceCommand.baseFlags).map((name) => `--${name}`)]);
    const own = commands.find(({ name }) => name === 'status')?.flags ?? [];
    const version = { ...HELP, name: '--version', summary: 'Which sluice this is.' };
    const globalFlags = [...own.filter(({ name }) => globalNames.has(name)), HELP, version];
    return { commands: [...commands, help], topics, globalFlags };
  }
}

function completedCommand({ id, summary = '', flags, args }: Command.Loadable): CompletedCommand {
  return {
    name: id.replaceAll(':', ' '),
    summary,
    flags: [...Object.entries(flags).flatMap(([name, flag]) => completedFlags(name, flag)), HELP],
    options: Object.values(args)[0]?.options ?? [],
    takesFile: Object.keys(args).some((name) => FILE_ARGUMENTS.includes(name)),
  };
}

/** With `--no-…` where there is one. */
function completedFlags(name: string, flag: Command.Flag.Cached): CompletedFlag[] {
  const { summary = '', char } = flag;
  if (flag.type === 'boolean') {
    const made = { name: `--${name}`, char, summary, value: 'none', options: [] } as const;
    return flag.allowNo ? [made, { ...made, name: `--no-${name}`, char: undefined }] : [made];
  }
  const options = flag.options ?? [];
  const value = options.length > 0 ? 'option' : flag.helpValue === '<file>' ? 'file' : 'other';
  return [{ name: `--${name}`, char, summary, value, options }];
}
