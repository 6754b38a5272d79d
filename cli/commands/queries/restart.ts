import { Args } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../../base.js';

export default class QueriesRestart extends SluiceCommand<typeof QueriesRestart> {
  static override summary = 'Stop a query and start it again, or start one that was stopped.';

  static override isForServicesHere = true;

  static override description =
    `Lets the batch under way end (30 s at most; a longer one is broken off and repeated), stops the query and starts it from its checkpoint. A query that waits after a failure is started at once.

Exits with 1 when no pipeline runs here or the query does not start. With --json: {"format": "query-restart/1", "query", "queryId", "runId"}.`;

  static override examples = [
    { description: 'Start it again', command: '<%= config.bin %> queries restart user_sessions' },
  ];

  static override args = { query: Args.string({ required: true, description: 'Name of the query.' }) };

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const { askRun } = await import('../../query-control.js');
    using interrupt = this.takeInterrupts();
    const { query } = this.args;
    const { queryId, runId } = await askRun(settings, 'restart', query, 'started', {
      signal: interrupt.signal,
      progress: (line) => this.talk.progress(line),
    });
    this.talk.endProgress();
    if (this.flags.json) this.printJson({ format: 'query-restart/1', query, queryId, runId });
    else this.talk.line(`query ${query} runs as ${runId}`);
  }
}
