import { Args } from '@oclif/core';
import { SluiceCommand } from '../base.js';
import { type CompletedCommand, completionScript, INSTALLATION, SHELLS, type Shell } from '../completion.js';

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

  private completed(): CompletedCommand[] {
    return this.config.commands
      .filter(({ hidden }) => !hidden)
      .map(({ id, summary = '', flags, args }) => ({
        name: id.replaceAll(':', ' '),
        summary,
        flags: Object.entries(flags).map(([name, flag]) => ({
          name: `--${name}`,
          summary: flag.summary ?? '',
          takesValue: flag.type === 'option',
          options: flag.type === 'option' ? (flag.options ?? []) : [],
        })),
        options: Object.values(args)[0]?.options ?? [],
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
