// A case per function and way of calling it, made from PySpark's own signatures: the function of the same name is called here with the same arguments.
import * as functions from '../../spark/connect/frame/functions/index.js';
import type { ApiArgument, PySparkApi } from './api.js';
import { type Case, type CaseOptions, memberOf } from './case.js';

/** Names that JavaScript does not allow. */
const RENAMED: Readonly<Record<string, string>> = { typeof: 'typeof_' };

/** Functions whose formats, patterns and the like are constants here when they are given as text. */
const TEXT_IS_CONSTANT = new Set([
  'contains',
  'convert_timezone',
  'date_part',
  'datepart',
  'endswith',
  'extract',
  'find_in_set',
  'ilike',
  'like',
  'overlay',
  'parse_url',
  'position',
  'printf',
  'regexp',
  'regexp_count',
  'regexp_extract_all',
  'regexp_instr',
  'regexp_like',
  'regexp_substr',
  'replace',
  'rlike',
  'split_part',
  'startswith',
  'time_diff',
  'time_trunc',
  'to_char',
  'to_number',
  'to_varchar',
  'try_element_at',
  'try_parse_url',
  'try_to_number',
  'xpath',
  'xpath_boolean',
  'xpath_double',
  'xpath_float',
  'xpath_int',
  'xpath_long',
  'xpath_number',
  'xpath_short',
  'xpath_string',
]);
const CONSTANT_REASON =
  'text in the place of a format, a pattern, a key or a name is that constant here; in PySpark it names a column';

/** Functions that draw a seed when none is given. */
const CHANCE = new Set(['count_min_sketch', 'rand', 'randn', 'randstr', 'shuffle', 'uniform', 'uuid']);

/** @param ownSignature cases of functions that are called differently here; those are left out. */
export function functionCases(api: PySparkApi, ownSignature: readonly Case[]): Case[] {
  const done = new Set(ownSignature.map(([name]) => memberOf(name)));
  return Object.entries(api.functions)
    .filter(([name]) => !done.has(`functions.${name}`))
    .flatMap(([name, calls]) => calls.flatMap((call, at) => callCases(name, call, at === 0)));
}

/** The call with columns and, of a function's simplest call, the one with their names. */
function callCases(name: string, call: readonly ApiArgument[], isSimplest: boolean): Case[] {
  const drawsSeed = CHANCE.has(name) && isSimplest;
  const byColumn = functionCase(name, call, (column) => [functions.col(column), `F.col(${pythonOf(column)})`], {
    ...(drawsSeed ? { differs: 'each client draws a seed of its own' } : {}),
  });
  if (!isSimplest || drawsSeed || !call.some((each) => 'column' in each)) return [byColumn];
  const options = TEXT_IS_CONSTANT.has(name) ? { differs: CONSTANT_REASON } : {};
  return [byColumn, functionCase(name, call, (column) => [column, pythonOf(column)], options)];
}

function functionCase(
  name: string,
  call: readonly ApiArgument[],
  columnOf: (name: string) => readonly [unknown, string],
  options: CaseOptions,
): Case {
  const args = call.map((each) =>
    'column' in each ? columnOf(each.column) : ([each.value, pythonOf(each.value)] as const),
  );
  const python = `F.${name}(${args.map(([, text]) => text).join(', ')})`;
  const ownName = name.replace('partitioning.', '');
  const build = () => functionNamed(RENAMED[ownName] ?? ownName)(...args.map(([value]) => value));
  return [`functions.${name}: ${python}`, build, python, options];
}

function functionNamed(name: string): (...args: readonly unknown[]) => unknown {
  const found: unknown = (functions as Readonly<Record<string, unknown>>)[name];
  if (typeof found !== 'function') throw new Error(`there is no function ${name} here`);
  return found as (...args: readonly unknown[]) => unknown;
}

function pythonOf(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : JSON.stringify(value);
}
