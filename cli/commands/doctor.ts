import { jsonFlag, SluiceCommand } from '../base.js';
import { EXIT } from '../exit-codes.js';

export default class Doctor extends SluiceCommand<typeof Doctor> {
  static override summary = 'Look at what sluice needs of this machine, and say how to mend what is missing.';

  static override description =
    `Node, a JDK, Maven, the jars, memory, disk, ports, Docker, and the services and their clocks if they run. Changes nothing.

"ok" is fine; "note" is worth knowing and no hindrance; "wrong" must be mended, and the line below says how. Exits with 1 if something is wrong.

With --json: {"ok": boolean, "checks": [{"name", "outcome": "ok" | "note" | "wrong", "found", "fix"?}, …]}.`;

  static override examples = [
    { description: 'What is missing?', command: '<%= config.bin %> doctor' },
    {
      description: 'Only what is wrong',
      command: `<%= config.bin %> doctor --json | jq '.checks[] | select(.outcome == "wrong")'`,
    },
  ];

  static override flags = { ...jsonFlag };

  override async run(): Promise<void> {
    const settings = this.readSettings();
    const [{ examine }, { formatChecks }] = await Promise.all([
      import('../doctor.js'),
      import('../ui/doctor-report.js'),
    ]);
    const checks = await examine(settings);
    const ok = checks.every(({ outcome }) => outcome !== 'wrong');
    if (this.flags.json) this.printJson({ ok, checks });
    else this.log(formatChecks(checks, { style: this.style, widthMax: this.columns }).join('\n'));
    process.exitCode = ok ? EXIT.done : EXIT.failed;
  }
}
