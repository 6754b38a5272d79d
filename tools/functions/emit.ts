// TypeScript text of a table, formatted as the project's formatter would.
import { exampleOf } from './examples.js';
import { IMPORTS } from './kinds.js';
import type { RecordedFunctions } from './recorded.js';
import type { FunctionEntry, FunctionTable, Parameter } from './table.js';
import { sentenceOf } from './usage.js';

const LINE_CHARACTERS_MAX = 120;

export function emitTable(table: FunctionTable, recorded: RecordedFunctions): string {
  const body = table.entries
    .map((entry) => ('section' in entry ? `// ${entry.section}` : emitFunction(entry, recorded)))
    .join('\n\n');
  const head = [
    ...table.about.map((line) => `// ${line}`),
    `// Generated from tools/functions/table/${table.name}.txt by \`npm run functions:generate\`; not to be changed here.`,
  ];
  return `${[...head, ...importsOf(body)].join('\n')}\n\n${body}\n`;
}

function emitFunction(entry: FunctionEntry, recorded: RecordedFunctions): string {
  const typeParameter = [...entry.parameters.map(({ kind }) => kind.type), entry.result].some((type) =>
    /\bT\b/.test(type),
  );
  // A name instead of a column tells nothing to infer T from: `any`, as everywhere for names.
  const head = `export function ${entry.name}${typeParameter ? '<T = Any>' : ''}`;
  return [
    ...docstring(entry, recorded),
    ...bracketed(head, entry.parameters.map(emitParameter), `: ${entry.result} {`),
    ...bracketed('  return call', [`'${entry.server}'`, ...entry.parameters.map(emitArgument)], ';'),
    '}',
  ].join('\n');
}

function docstring(entry: FunctionEntry, recorded: RecordedFunctions): string[] {
  const known = recorded[entry.server];
  if (known === undefined && entry.unlisted === undefined)
    throw new Error(`Spark lists no function ${entry.server}: say why it is in the table, with @unlisted.`);
  const names = entry.parameters.filter(({ isRest }) => !isRest).map(({ name }) => name);
  const sentence = entry.instead ?? (known === undefined ? [] : sentenceOf(known, names));
  const said = [sentence, ...entry.remarks].flat().join(' ');
  // What Spark does not repeat of each `try_…`.
  const words = entry.name.startsWith('try_') && !/null/i.test(said) ? `${said} Null instead of an error.` : said;
  return [
    '/**',
    ...wrap(words).map((line) => ` * ${line}`),
    ...entry.params.map((text) => ` * @param ${text}`),
    ...(known?.since ? [` * @since ${known.since}`] : []),
    ` * @example ${exampleOf(entry)}`,
    ' */',
  ];
}

function emitParameter({ name, kind, isOptional, isRest, default: value }: Parameter): string {
  const type = /[|]/.test(kind.type) && isRest ? `(${kind.type})` : kind.type;
  if (isRest) return `...${name}: readonly ${type}[]`;
  if (value === undefined) return `${name}${isOptional ? '?' : ''}: ${type}`;
  const isInferred = ['number', 'boolean', 'string'].includes(type);
  return isInferred ? `${name} = ${value}` : `${name}: ${type} = ${value}`;
}

function emitArgument({ name, kind, isOptional, isRest }: Parameter): string {
  if (kind.passing === 'options') return `...optionsArgument(${name})`;
  if (kind.passing === 'float') return `constant(${name}).cast('float')`;
  if (isRest) return kind.passing === 'constant' ? `...${name}.map(constant)` : `...${name}`;
  if (isOptional) return kind.passing === 'constant' ? `...optional(${name})` : `...present(${name})`;
  return kind.passing === 'constant' ? `constant(${name})` : name;
}

/** On one line if it fits, otherwise one part a line. */
function bracketed(before: string, parts: readonly string[], behind: string): string[] {
  const line = `${before}(${parts.join(', ')})${behind}`;
  if (line.length <= LINE_CHARACTERS_MAX) return [line];
  const indentation = ' '.repeat(before.length - before.trimStart().length);
  // Nothing may follow a rest parameter, not even a comma.
  const isRestLast = before.startsWith('export') && parts.at(-1)?.startsWith('...');
  return [
    `${before}(`,
    ...parts.map((part, at) => `${indentation}  ${part}${at === parts.length - 1 && isRestLast ? '' : ','}`),
    `${indentation})${behind}`,
  ];
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 4 > LINE_CHARACTERS_MAX) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function importsOf(body: string): string[] {
  const code = body.replace(/\/\*\*[\s\S]*?\*\/|\/\/.*$|'[^']*'/gm, '');
  return Object.entries(IMPORTS).flatMap(([file, names]) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code)).sort(byLetters);
    if (used.length === 0) return [];
    const areTypes = used.every(isType);
    const parts = used.map((name) => (isType(name) && !areTypes ? `type ${name}` : name));
    const line = `import ${areTypes ? 'type ' : ''}{ ${parts.join(', ')} } from '${file}';`;
    if (line.length <= LINE_CHARACTERS_MAX) return [line];
    return [`import ${areTypes ? 'type ' : ''}{`, ...parts.map((part) => `  ${part},`), `} from '${file}';`];
  });
}

function isType(name: string): boolean {
  return /^[A-Z]/.test(name);
}

/** As the formatter sorts names: letter by letter, the capital before the small one. */
function byLetters(first: string, second: string): number {
  const key = (name: string): string =>
    [...name].map((each) => `${each.toLowerCase()}${isType(each) ? 0 : 1}`).join('');
  return key(first) < key(second) ? -1 : 1;
}
