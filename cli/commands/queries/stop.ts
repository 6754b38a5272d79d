import { Args } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';

export default class QueriesStop extends SluiceCommand<typeof QueriesStop> {
  static override summary = 'Stop one query of the running pipeline; the others go on.';

  static override isForServicesHere = true;

  static override description =
    `Lets the batch under way end (30 s at most; a longer one is broken off and repeated at the next start), then stops the query. Nothing is lost: it goes on from its checkpoint when it is started again, by \`sluice queries restart\` or by the next \`sluice run\`.

Exits with 1 when no pipeline runs here. With --json: {"format": "query-stop/1", "query"}.`;

  static override examples = [
    { description: 'Stop the sessions for a while', command: '<%= config.bin %> queries stop user_sessions' },
  ];

  static override args = { query: Args.string({ required: true, description: 'Name of the query.' }) };

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const { askRun } = await import('../../query-control.js');
    using interrupt = this.takeInterrupts();
    const { query } = this.args;
    const progress = (line: string): void => this.talk.progress(line);
    await askRun(settings, 'stop', query, 'stopped', { signal: interrupt.signal, progress });
    this.talk.endProgress();
    if (this.flags.json) this.printJson({ format: 'query-stop/1', query });
    else this.talk.line(`query ${query} has stopped; \`sluice queries restart ${query}\` starts it again`);
  }
}
