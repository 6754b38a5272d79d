import { Args, Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { TEMPLATES } from '../templates.js';

export default class Init extends SluiceCommand<typeof Init> {
  static override summary = 'Make a new project with a pipeline of your own.';

  static override description =
    `Writes a folder with a pipeline that runs as it is, a test of its queries and events to try it with. Nothing that exists is overwritten.

With --json: {"folder": path, "template": name, "files": [path, …], "next": [command, …]}.`;

  static override examples = [
    { description: 'A project in ./my-app', command: '<%= config.bin %> init my-app --template orders' },
  ];

  static override args = {
    folder: Args.string({ required: true, description: 'The folder to make; its name becomes the project’s.' }),
  };

  static override flags = {
    template: Flags.option({ options: TEMPLATES, default: 'orders' as const })({
      char: 't',
      summary: 'What to begin with: orders (two topics, a windowed count, a stream-stream join).',
    }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const { makeProject } = await import('../templates.js');
    const { folder } = this.args;
    const { template, json } = this.flags;
    const files = await makeProject(folder, template);
    const next = [`cd ${folder}`, 'npm install', 'npx sluice up', 'npx sluice run pipeline.ts --detach'];
    if (json) {
      this.printJson({ folder, template, files, next });
      return;
    }
    for (const file of files) this.log(`${folder}/${file}`);
    this.talk.line('next:');
    for (const command of next) this.talk.line(`  ${command}`);
  }
}
