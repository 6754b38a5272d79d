// Puts every example into a module of its own and has all of them checked at once, as strictly as the sources.
import { readFileSync } from 'node:fs';
import { OWN_CONFIG, ROOT, withProgram } from './compiler.js';
import { DOORS } from './doors.js';
import type { Documented, PublicItem } from './public-api.js';

/** An example with what it is of. */
export interface PlacedExample {
  /** `DataFrame.select` */
  readonly of: string;
  /** `spark/connect/frame/projections.ts:47` */
  readonly place: string;
  readonly code: string;
}

/** Files of these examples and their tsconfig; none of it is on disk. */
const FOLDER = `${ROOT}/examples-of-docstrings`;
export const SCOPE = `${ROOT}/tools/api/example-scope.ts`;

export function examplesOf(items: readonly PublicItem[]): PlacedExample[] {
  const placed = (documented: Documented, of: string): PlacedExample[] =>
    (documented.doc?.examples ?? []).map(({ code, line }) => ({ of, place: `${documented.file}:${line}`, code }));
  return items.flatMap((item) => [
    ...placed(item, item.name),
    ...item.members.flatMap((member) => placed(member, `${item.name}.${member.name}`)),
  ]);
}

/** What the compiler has against the examples: one line each, with the place of the example. Empty if all compile. */
export function checkExamples(examples: readonly PlacedExample[], items: readonly PublicItem[]): string[] {
  const modules = new Map(examples.map((example, at) => [`${FOLDER}/${at}.ts`, example]));
  const names = exportedNames(items);
  const config = `${FOLDER}/tsconfig.json`;
  const files = new Map([...modules].map(([path, { code }]) => [path, moduleOf(code, names)]));
  files.set(config, JSON.stringify(configOf([...modules.keys()])));
  return withProgram(
    config,
    ({ program }) => {
      const setup = [...program.getConfigFileParsingDiagnostics(), ...program.getProgramDiagnostics()];
      const found = [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()].flatMap(
        (diagnostic) => {
          const example = modules.get(diagnostic.fileName ?? '');
          return example === undefined ? [] : [`${example.place} ${example.of}: ${diagnostic.text}`];
        },
      );
      return [...setup.map(({ text }) => `${config}: ${text}`), ...found];
    },
    files,
  );
}

/** The build's own options. A name that is only defined is no mistake in an example. */
function configOf(files: readonly string[]): object {
  return {
    extends: OWN_CONFIG,
    compilerOptions: {
      noEmit: true,
      incremental: false,
      tsBuildInfoFile: null,
      declaration: false,
      rootDir: ROOT,
      noUnusedLocals: false,
      paths: Object.fromEntries(DOORS.map(({ module, file }) => [module, [`${ROOT}/${file}`]])),
    },
    include: [],
    files,
  };
}

/**
 * The example with imports of what it names: an exported name of a door, a constant of the scope, or `f`, all of the client. What the example
 * itself imports or declares is its own.
 */
function moduleOf(code: string, names: ReadonlyMap<string, Origin>): string {
  const words = new Set(withoutTexts(code).match(/(?<![.\w$])[A-Za-z_$][\w$]*/g));
  const own = new Set(
    [
      ...code.matchAll(
        /\b(?:const|let|using|function|class|type|interface)\s+(\w+|[{[][^=]*[}\]])|\bimport\s+([^;]+?)\s+from/g,
      ),
    ].flatMap(([, declared = '', imported = '']) => `${declared} ${imported}`.match(/\w+/g) ?? []),
  );
  const scope = [...readFileSync(SCOPE, 'utf8').matchAll(/export declare const (\w+)/g)].map(
    ([, name]) => name as string,
  );
  const lines = [...words]
    .filter((word) => !own.has(word))
    .flatMap((word) => {
      if (word === 'f') return [`import * as f from 'sluice/connect';`];
      if (scope.includes(word)) return [`import { ${word} } from '${SCOPE.replace(/\.ts$/, '.js')}';`];
      const module = names.get(word);
      return module === undefined ? [] : [`import ${module.isType ? 'type ' : ''}{ ${word} } from '${module.name}';`];
    });
  return `${lines.join('\n')}\n${code}\nexport {};\n`;
}

/** Texts may say anything; code inside a template is code. */
function withoutTexts(code: string): string {
  return code.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|\/\/.*$/gm, "''");
}

interface Origin {
  /** Of the module. */
  readonly name: string;
  readonly isType: boolean;
}

function exportedNames(items: readonly PublicItem[]): Map<string, Origin> {
  const names = new Map<string, Origin>();
  for (const { name, kind, door, isExported } of items) {
    if (isExported && !names.has(name)) names.set(name, { name: door.module, isType: kind === 'type' });
  }
  return names;
}
