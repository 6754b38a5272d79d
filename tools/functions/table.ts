// Reads the hand-kept tables of tools/functions/table: what Spark does not say of its functions in a form that a program can use. A table is a text:
//
//   # What the file is about; further on, what the following functions have in common.
//   example: df.select(…)                                    how the examples of the following functions use a call
//   lpad(text, length: int, fill: literal = ' '): string?    parameters with kinds (kinds.ts), and the result
//     What Spark's own sentence does not say.
//     @instead What stands in the place of Spark's own sentence, where that is no help.
//     @param length in characters.
//     @example df.select(f.lpad('name', 10))                 where the one made from the kinds would mean little
//   typeof_ = typeof(value): string                          a name of our own for one of Spark's
//   product(number): number?
//     @unlisted an aggregate that Spark keeps to itself      not among SHOW FUNCTIONS
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kind, kindOf, resultType } from './kinds.js';
import { ROOT } from './recorded.js';

export interface Parameter {
  readonly name: string;
  readonly kind: Kind;
  readonly isOptional: boolean;
  readonly isRest: boolean;
  readonly default?: string | undefined;
}

export interface FunctionEntry {
  readonly name: string;
  /** Spark's name, which the plan carries. */
  readonly server: string;
  readonly parameters: readonly Parameter[];
  /** `Column<…>` */
  readonly result: string;
  /** In the place of Spark's sentence. */
  readonly instead?: string | undefined;
  /** Behind that sentence. */
  readonly remarks: readonly string[];
  readonly params: readonly string[];
  /** As written in the table, or how to use the call, with `…` in its place. */
  readonly example: string;
  readonly unlisted?: string | undefined;
}

/** A table and the file made from it. */
export interface FunctionTable {
  readonly name: string;
  readonly about: readonly string[];
  readonly entries: readonly (FunctionEntry | { readonly section: string })[];
}

export const TABLES = join(ROOT, 'tools/functions/table');

export function readTables(): FunctionTable[] {
  return readdirSync(TABLES)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .map((file) => parseTable(file.replace('.txt', ''), readFileSync(join(TABLES, file), 'utf8')));
}

/** @throws Error naming the line that is no entry. */
export function parseTable(name: string, text: string): FunctionTable {
  const about: string[] = [];
  const entries: (FunctionEntry | { section: string })[] = [];
  let template = 'df.select(…)';
  let open: Writable<FunctionEntry> | undefined;
  let isHead = true;
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    try {
      if (line.trim() === '') {
        isHead &&= about.length === 0;
      } else if (line.startsWith('# ')) {
        if (isHead) about.push(line.slice(2));
        else entries.push({ section: line.slice(2) });
      } else if (line.startsWith('example: ')) {
        template = line.slice('example: '.length);
      } else if (line.startsWith('  ')) {
        if (open === undefined) throw new Error('it belongs to no function');
        open = Object.assign(open, withRemark(open, line.trim()));
      } else {
        open = parseSignature(line, template);
        entries.push(open);
      }
    } catch (error) {
      throw new Error(`tools/functions/table/${name}.txt, line ${at + 1}: ${(error as Error).message}: ${line}`);
    }
  }
  return { name, about, entries };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function withRemark(entry: FunctionEntry, line: string): FunctionEntry {
  const [, tag = '', text = line] = /^@(param|example|instead|unlisted) (.+)$/.exec(line) ?? [];
  if (tag === 'param') return { ...entry, params: [...entry.params, text] };
  if (tag === 'example') return { ...entry, example: text };
  if (tag === 'instead') return { ...entry, instead: text };
  if (tag === 'unlisted') return { ...entry, unlisted: text };
  return { ...entry, remarks: [...entry.remarks, text] };
}

function parseSignature(line: string, template: string): FunctionEntry {
  const [, name, server = name, parameters, result] = /^(\w+)(?: = (\S+?))?\((.*)\): (\S.*)$/.exec(line) ?? [];
  if (name === undefined || server === undefined || parameters === undefined || result === undefined)
    throw new Error('it is not of the form name(parameters): result');
  return {
    name,
    server,
    parameters: splitParameters(parameters).map(parseParameter),
    result: resultType(result),
    remarks: [],
    params: [],
    example: template,
  };
}

/** By commas that stand in no text and no brackets. */
function splitParameters(text: string): string[] {
  return [...text.matchAll(/(?:'[^']*'|<(?:[^<>]|<[^<>]*>)*>|[^,'<])+/g)].map(([part]) => part.trim());
}

function parseParameter(text: string): Parameter {
  const [, rest, name, optional, kindName = 'column', value] =
    /^(\.\.\.)?(\w+)(\?)?(?:: ((?:[^=]|=>)+?))?(?: = (.+))?$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`'${text}' is no parameter`);
  const kind = kindOf(kindName);
  return {
    name,
    kind,
    isOptional: optional !== undefined || kind.passing === 'options',
    isRest: rest !== undefined,
    default: value ?? kind.default,
  };
}
