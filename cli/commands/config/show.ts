import { Flags } from '@oclif/core';
import { explainVariables } from '../../../config/explain.js';
import { jsonFlag, SluiceCommand } from '../../base.js';
import { padEnd } from '../../ui/text.js';

export default class ConfigShow extends SluiceCommand<typeof ConfigShow> {
  static override summary = 'Show every setting, its value and where that comes from.';

  static override description =
    `A variable of the environment wins over a line of .env in this folder, and both over the default. Passwords, tokens and addresses that may hold one are not shown.

With --json: an array of {"name", "value"?, "source", "explanation", "group"}.`;

  static override examples = [
    { description: 'What is in force?', command: '<%= config.bin %> config show' },
    { description: 'Only what was changed', command: '<%= config.bin %> config show --changed' },
  ];

  static override flags = {
    changed: Flags.boolean({ summary: 'Only settings that are not at their default.' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const variables = explainVariables().filter(({ source }) => !this.flags.changed || source !== 'default');
    if (this.flags.json) {
      this.printJson(variables);
      return;
    }
    const nameColumns = Math.max(0, ...variables.map(({ name }) => name.length)) + 2;
    for (const { name, value, source } of variables) {
      const from = source === 'default' ? '' : this.style.dim(`  (${source})`);
      this.log(`${padEnd(name, nameColumns)}${value ?? this.style.dim('-')}${from}`);
    }
    if (variables.length === 0) this.talk.line('every setting is at its default');
  }
}
