/** docs/compatibility.md, made from what was seen. */
import type { Verdict } from './judge.js';
import type { LeftOut } from './left-out.js';

export const COMPATIBILITY_FILE = 'docs/compatibility.md';

/** The table of what a run saw: a row per test file, a column per release. */
export function renderTable(verdicts: readonly Verdict[]): string {
  const versions = [...new Set(verdicts.map(({ version }) => version))];
  const files = [...new Set(verdicts.map(({ file }) => file))];
  const cells = (file: string) =>
    versions.map((version) => {
      const verdict = verdicts.find((one) => one.file === file && one.version === version);
      return verdict === undefined ? '–' : cellOf(verdict);
    });
  return [
    `| tests | ${versions.join(' | ')} |`,
    `|---|${versions.map(() => '---|').join('')}`,
    ...files.map((file) => `| \`${file}\` | ${cells(file).join(' | ')} |`),
  ].join('\n');
}

function cellOf({ passed, leftOut, skipped, faults }: Verdict): string {
  return [
    `${passed} passed`,
    ...(faults.length > 0 ? [`**${faults.length} wrong**`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out`] : []),
    ...(skipped > 0 ? [`${skipped} not for this release`] : []),
  ].join(', ');
}

/** What is left out, one line each. */
export function renderLeftOut(list: readonly LeftOut[]): string {
  if (list.length === 0) return 'Nothing is left out.';
  return list
    .map(({ version, file, test, reason }) => {
      const what = test === undefined ? '' : `, “${test}”`;
      return `- ${version}, \`${file}\`${what}: ${reason}`;
    })
    .join('\n');
}

export function renderDocument(pinned: string, verdicts: readonly Verdict[], list: readonly LeftOut[]): string {
  return `# Other releases of Spark

sluice is built and tested on Spark ${pinned} (\`npm test\`). \`npm run compat\` runs the core of the client's tests against servers of other releases: session,
configuration, SQL, errors, frames, types, catalog, results over broken connections, interrupts, artifacts, streaming queries and their events,
and foreachBatch in TypeScript. The table is what its last run saw; \`npm run compat -- --write\` writes this page.

${renderTable(verdicts)}

“Not for this release” are tests that themselves say that they are about other releases. “Left out” are tests that fail there, each with its reason:

${renderLeftOut(list)}

The servers are those of PySpark's packages on PyPI, which have no Kafka connector: reading and writing Kafka on other releases is not in the table.
Functions of Spark ${pinned} that an older server does not know are refused by that server, as \`UNRESOLVED_ROUTINE\`.
`;
}
