// Plans as text: expressions near SQL, relations as an indented tree, one operator a line. For messages, tests and eyes; nothing parses it. Plan
// ids are left out, so that the same program prints the same text.
import { typeDdl } from '../types/schema.js';
import type { Expression, FrameBoundary, SortOrder } from './expression.js';
import type { Literal } from './literal.js';
import type { Relation } from './relation.js';

const INFIX = new Set([
  '==',
  '<=>',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  'like',
  'ilike',
  'rlike',
]);

export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return printLiteral(expression.literal);
    case 'attribute':
      return expression.name;
    case 'star':
      return expression.target ?? '*';
    case 'regex':
      return `regex(${expression.pattern})`;
    case 'function':
      return printFunction(expression.name, expression.arguments, expression.isDistinct ?? false);
    case 'call':
      return `call ${printFunction(expression.name, expression.arguments, false)}`;
    case 'inlineFunction':
      return printFunction(expression.function.name, expression.arguments, false);
    case 'namedArgument':
      return `${expression.name} => ${printExpression(expression.value)}`;
    case 'sql':
      return `expr(${JSON.stringify(expression.text)})`;
    case 'alias':
      return `${printExpression(expression.child)} AS ${expression.names.join(', ')}`;
    case 'cast': {
      const type = typeof expression.to === 'string' ? expression.to : typeDdl(expression.to);
      return `${expression.mode === 'try' ? 'TRY_' : ''}CAST(${printExpression(expression.child)} AS ${type})`;
    }
    case 'sortOrder':
      return printSortOrder(expression);
    case 'lambda':
      return `(${expression.parameters.join(', ')}) -> ${printExpression(expression.body)}`;
    case 'lambdaVariable':
      return expression.name;
    case 'window':
      return `${printExpression(expression.function)} OVER (${[
        ...(expression.partitionBy.length > 0 ? [`PARTITION BY ${printList(expression.partitionBy)}`] : []),
        ...(expression.orderBy.length > 0 ? [`ORDER BY ${expression.orderBy.map(printSortOrder).join(', ')}`] : []),
        ...(expression.frame === undefined
          ? []
          : [
              `${expression.frame.unit === 'row' ? 'ROWS' : 'RANGE'} BETWEEN ${printBoundary(expression.frame.lower, 'PRECEDING')} AND ${printBoundary(expression.frame.upper, 'FOLLOWING')}`,
            ]),
      ].join(' ')})`;
    case 'subquery':
      return `${expression.type.toUpperCase()} SUBQUERY(${printList(expression.values)})`;
    case 'directShufflePartitionId':
      return `partition(${printExpression(expression.child)})`;
    case 'extract':
      return `${printExpression(expression.child)}[${printExpression(expression.key)}]`;
    case 'updateField':
      return expression.value === undefined
        ? `drop_field(${printExpression(expression.struct)}, ${expression.field})`
        : `with_field(${printExpression(expression.struct)}, ${expression.field}, ${printExpression(expression.value)})`;
  }
}

function printFunction(name: string, args: readonly Expression[], isDistinct: boolean): string {
  const [left, right] = args;
  if (INFIX.has(name) && left !== undefined && right !== undefined && args.length === 2) {
    return `(${printExpression(left)} ${name} ${printExpression(right)})`;
  }
  return `${name}(${isDistinct ? 'DISTINCT ' : ''}${printList(args)})`;
}

function printList(expressions: readonly Expression[]): string {
  return expressions.map(printExpression).join(', ');
}

function printSortOrder({ child, direction, nulls }: SortOrder): string {
  return `${printExpression(child)} ${direction === 'ascending' ? 'ASC' : 'DESC'} NULLS ${nulls.toUpperCase()}`;
}

function printBoundary(boundary: FrameBoundary, side: string): string {
  switch (boundary.kind) {
    case 'currentRow':
      return 'CURRENT ROW';
    case 'unbounded':
      return `UNBOUNDED ${side}`;
    case 'value':
      return printExpression(boundary.value);
  }
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return 'NULL';
    case 'string':
      return `'${literal.value.replaceAll("'", "''")}'`;
    case 'binary':
      return `X'${Buffer.from(literal.value).toString('hex').toUpperCase()}'`;
    case 'long':
      return `${literal.value}L`;
    case 'double':
      return `${literal.value}D`;
    case 'boolean':
    case 'integer':
      return String(literal.value);
    case 'array':
      return `[${literal.elements.map(printLiteral).join(', ')}]`;
    case 'map':
      return `map(${literal.keys.map((key, at) => `${printLiteral(key)}: ${literal.values[at] === undefined ? 'NULL' : printLiteral(literal.values[at])}`).join(', ')})`;
    case 'struct':
      return `struct(${literal.elements.map(printLiteral).join(', ')})`;
    case 'calendarInterval':
      return `interval ${literal.months} months ${literal.days} days ${literal.microseconds} microseconds`;
    default:
      return `${literal.kind}(${literal.value})`;
  }
}

/** The whole tree, inputs indented below what uses them. */
export function printRelation(relation: Relation): string {
  return linesOf(relation).join('\n');
}

function linesOf(relation: Relation): string[] {
  const inputs = inputsOf(relation);
  const head = [relation.kind, ...printDetails(relation)].join(' ');
  return [head, ...inputs.flatMap((input) => linesOf(input).map((line) => `  ${line}`))];
}

/** What an operator is told besides its inputs, as `name=value`. */
export function printDetails(relation: Relation): string[] {
  return Object.entries(relation)
    .filter(
      ([name, value]) => !STRUCTURE.has(name) && value !== undefined && !(Array.isArray(value) && value.length === 0),
    )
    .map(([name, value]) => `${name}=${printDetail(value)}`);
}

const STRUCTURE = new Set(['kind', 'planId', 'input', 'left', 'right', 'root', 'references']);

export function inputsOf(relation: Relation): readonly Relation[] {
  if ('input' in relation) return [relation.input];
  if ('left' in relation) return [relation.left, relation.right];
  if (relation.kind === 'withRelations') return [relation.root, ...relation.references];
  return [];
}

/** Anything in a relation: expressions, sort orders, names, options. */
function printDetail(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printDetail).join(', ')}]`;
  if (value instanceof Uint8Array) return `<${value.length} bytes>`;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  if ('direction' in value && 'child' in value) return printSortOrder(value as SortOrder);
  if ('kind' in value) {
    if (LITERAL_KINDS.has(String(value.kind)) && ('value' in value || value.kind === 'null'))
      return printLiteral(value as Literal);
    if (EXPRESSION_KINDS.has(String(value.kind))) return printExpression(value as Expression);
  }
  return `{${Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${name}: ${printDetail(member)}`)
    .join(', ')}}`;
}

const EXPRESSION_KINDS: ReadonlySet<string> = new Set<Expression['kind']>([
  'literal',
  'attribute',
  'star',
  'regex',
  'function',
  'call',
  'inlineFunction',
  'namedArgument',
  'sql',
  'alias',
  'cast',
  'lambda',
  'lambdaVariable',
  'window',
  'subquery',
  'directShufflePartitionId',
  'extract',
  'updateField',
]);

const LITERAL_KINDS: ReadonlySet<string> = new Set<Literal['kind']>([
  'null',
  'boolean',
  'byte',
  'short',
  'integer',
  'float',
  'double',
  'long',
  'decimal',
  'string',
  'date',
  'timestamp',
  'timestampNtz',
]);
