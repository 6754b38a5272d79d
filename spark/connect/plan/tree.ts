// A plan for people to read: each operator with the words of a query, its expressions one by one, and what it is fed from. `print.ts` prints the
// same plan completely, for tests; here the order of the words and what is left out follow the reader.
import type { Expression } from './expression.js';
import { inputsOf, printDetails, printExpression } from './print.js';
import type { Relation } from './relation.js';

/** An operator of a plan for people to read, with the operators that it is fed from. */
export interface PlanStep {
  /** What happens, such as `aggregate by page_url`. */
  readonly step: string;
  /** The expressions that it works out, one each. */
  readonly details: readonly string[];
  readonly inputs: readonly PlanStep[];
}

/**
 * A plan for people to read: from its last operator down to what it reads. The plan is looked at as it was built; `explain` is what a server makes of
 * it.
 * @example const { step, inputs } = planTree(people.filter('age >= 18').relation);
 */
export function planTree(relation: Relation): PlanStep {
  return { ...describe(relation), inputs: inputsOf(relation).map(planTree) };
}

type Described = Omit<PlanStep, 'inputs'>;

function describe(relation: Relation): Described {
  switch (relation.kind) {
    case 'project':
      return { step: 'select', details: relation.expressions.map(printNamed) };
    case 'withColumns':
      return {
        step: 'add columns',
        details: relation.columns.map(({ name, value }) => `${name} = ${printOutermost(value)}`),
      };
    case 'filter':
      return { step: `keep where ${printOutermost(relation.condition)}`, details: [] };
    case 'aggregate': {
      const keys = relation.keys.map(printOutermost).join(', ');
      const how = relation.grouping === 'groupBy' ? '' : `${relation.grouping} `;
      return {
        step: keys === '' ? 'aggregate all rows' : `aggregate by ${how}${keys}`,
        details: relation.aggregates.map(printNamed),
      };
    }
    case 'join': {
      const on = relation.using.length > 0 ? ` using ${relation.using.join(', ')}` : '';
      const condition = relation.condition === undefined ? [] : conjuncts(relation.condition).map(printOutermost);
      return { step: `join ${relation.type}${on}`, details: condition };
    }
    case 'setOperation':
      return { step: `${relation.operation}${relation.isAll ? ' all' : ''}`, details: [] };
    case 'withWatermark':
      return { step: `watermark: ${relation.eventTime}, ${relation.delay} behind the latest`, details: [] };
    case 'alias':
      return { step: `as ${relation.name}`, details: [] };
    case 'deduplicate': {
      const columns = relation.columns === undefined ? 'whole rows' : relation.columns.join(', ');
      return { step: `one row per ${columns}${relation.withinWatermark ? ' within the watermark' : ''}`, details: [] };
    }
    case 'read':
      return { step: describeRead(relation), details: [] };
    default:
      return { step: [relation.kind, ...printDetails(relation)].join(' '), details: [] };
  }
}

function describeRead({ source, isStreaming }: Extract<Relation, { kind: 'read' }>): string {
  const how = isStreaming ? 'stream' : 'read';
  if (source.kind === 'table') return `${how} table ${source.name}`;
  const topic = source.format === 'kafka' ? source.options.subscribe : undefined;
  if (topic !== undefined) return `${how} Kafka topic ${topic}`;
  return [how, source.format ?? 'data', ...source.paths].join(' ');
}

/** `a and b and c` as its three conditions. */
function conjuncts(condition: Expression): readonly Expression[] {
  if (condition.kind !== 'function' || condition.name !== 'and') return [condition];
  return condition.arguments.flatMap(conjuncts);
}

/** The name first: it is what the reader looks for, and what stays when a line is cut. */
function printNamed(expression: Expression): string {
  return expression.kind === 'alias'
    ? `${expression.names.join(', ')} = ${printOutermost(expression.child)}`
    : printOutermost(expression);
}

/** Without the parentheses that an operator has for the sake of what might stand around it. */
function printOutermost(expression: Expression): string {
  const text = printExpression(expression);
  return expression.kind === 'function' && text.startsWith('(') ? text.slice(1, -1) : text;
}
