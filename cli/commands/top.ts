import { setTimeout as delay } from 'node:timers/promises';
import { Flags } from '@oclif/core';
import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';
import { wholeFlag } from '../flags.js';

export default class Top extends SluiceCommand<typeof Top> {
  static override summary = 'Watch the queries of the pipeline live.';

  static override description =
    `Rates, batch times and where they go, lag, watermarks, state, late and dead records and the last commit of each query, with the course of the last minutes. Keys: q quits, p pauses, s and r sort, arrows and Enter show one query, ? explains.

Without a terminal on stdout it prints one look and ends, as with --once; then it exits with 3 if a service does not answer. With --json one line for each look: {"format": "top/1", "at", "pipeline", "phase"?, "services", "queries": [{"query", "phase", "inputRowsPerSecond", "processedRowsPerSecond", "batchDurationMs", "durationsMs", "lag"?, "watermark"?, "stateRows", "stateBytes", "lateRows", "dead", "rows", "lastBatch"?, "lastCommit"?, "restarts", "lastError"?}], …}.`;

  static override examples = [
    { description: 'Watch it', command: '<%= config.bin %> top' },
    { description: 'One look, for a log', command: '<%= config.bin %> top --once' },
    {
      description: 'How far the slowest query is behind, every five seconds',
      command: `<%= config.bin %> top --json --interval 5 | jq '[.queries[].lag] | max'`,
    },
  ];

  static override flags = {
    once: Flags.boolean({ summary: 'Print one look and end.' }),
    interval: wholeFlag(1, 3_600)({ summary: 'Seconds from look to look.', default: 2 }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findEndpoints }, { StatusReader }, { readTop }] = await Promise.all([
      import('../services.js'),
      import('../health.js'),
      import('../top/snapshot.js'),
    ]);
    const endpoints = await findEndpoints(settings);
    using interrupt = this.takeInterrupts();
    await using reader = new StatusReader(settings, endpoints);
    const read = () => readTop(reader, settings.stateDir);
    const intervalMs = this.flags.interval * 1_000;
    const elsewhere = this.flags.env === 'docker' ? 'in its container' : undefined;

    if (this.flags.json && !this.flags.once) {
      while (!interrupt.signal.aborted) {
        this.log(JSON.stringify(await read()));
        await delay(intervalMs, undefined, { signal: interrupt.signal }).catch(() => undefined);
      }
      return;
    }
    if (this.flags.json || this.flags.once || !process.stdout.isTTY) {
      const snapshot = await read();
      if (this.flags.json) this.log(JSON.stringify(snapshot));
      else {
        const [{ BEGIN, withSnapshot }, { topLines }] = await Promise.all([
          import('../top/state.js'),
          import('../top/view.js'),
        ]);
        const { style, columns: width } = this;
        const options = { style, width, nowMs: Date.now(), elsewhere, isInteractive: false };
        this.log(topLines(withSnapshot(BEGIN, snapshot), options).join('\n'));
      }
      if (snapshot.services.some(({ isUp }) => !isUp)) process.exitCode = EXIT.unreachable;
      return;
    }
    const { watchTop } = await import('../top/watch.js');
    const { style } = this;
    const { stdin: input, stdout: output } = process;
    await watchTop({ read, intervalMs, input, output, style, elsewhere, signal: interrupt.signal });
  }
}
