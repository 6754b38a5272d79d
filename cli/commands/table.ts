import { Args } from '@oclif/core';
import { readerUrlOf } from '../../config/endpoints.js';
import { jsonFlag, SluiceCommand } from '../base.js';
import { wholeFlag } from '../flags.js';

export default class Table extends SluiceCommand<typeof Table> {
  static override summary = 'Show rows of a result table.';

  static override description =
    `Reads a table of Postgres in the order of its primary key. The bookkeeping columns (batch_id, updated_at) are left out.

With --json: an array of objects, values as Postgres prints them (text; null is null).`;

  static override examples = [
    { description: 'The first rows', command: '<%= config.bin %> table page_view_counts' },
    {
      description: 'More of them, for a machine',
      command: '<%= config.bin %> table user_sessions --limit 1000 --json',
    },
  ];

  static override args = { name: Args.string({ required: true, description: 'Of the table.' }) };

  static override flags = {
    limit: wholeFlag(1, 1_000_000)({ char: 'n', summary: 'At most so many rows. [default: 10]' }),
    ...jsonFlag,
  };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ findEndpoints }, { readTableRows }, { formatTable }] = await Promise.all([
      import('../services.js'),
      import('../table-rows.js'),
      import('../ui/table.js'),
    ]);
    const endpoints = await findEndpoints(settings);
    const { columns, rows } = await readTableRows(readerUrlOf(endpoints), this.args.name, this.flags.limit ?? 10);
    if (this.flags.json) {
      this.printJson(rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]]))));
      return;
    }
    // Times are short, and cut they would say nothing.
    const isTime = (at: number): boolean => rows.every((row) => /^\d{4}-\d\d-\d\d /.test(row[at] ?? ''));
    const titles = columns.map((title, at) => ({ title, isElastic: !isTime(at) }));
    const cells = rows.map((row) => row.map((value) => value ?? 'null'));
    this.log(formatTable(titles, cells, { widthMax: this.columns, paintTitle: this.style.dim }).join('\n'));
  }
}
