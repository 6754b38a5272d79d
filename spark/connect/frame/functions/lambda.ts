// Functions as arguments: the callback runs once, here, with columns that stand for the parameters; what it returns is the lambda's body.
import { SparkError } from '../../errors/spark-error.js';
import type { Expression } from '../../plan/expression.js';
import { Column } from '../column.js';
import { toExpression } from '../literal.js';

/** What a callback may return: a column, or a constant. */
export type Body<T> = Column<T> | T;

const PARAMETER_NAMES = ['x', 'y', 'z'] as const;

/** How many callbacks are running inside one another. A nested lambda must not reuse its outer one's names; two side by side may. */
let depth = 0;

/**
 * @param arity how many parameters Spark gives; a callback may take fewer.
 * @throws SparkError of kind `input` if the callback returns a promise or nothing.
 */
export function lambda(callback: (...parameters: Column[]) => unknown, arity: 1 | 2 | 3): Expression {
  const names = PARAMETER_NAMES.slice(0, arity).map((name) => `${name}_${depth}`);
  depth += 1;
  try {
    const body = callback(...names.map((name) => new Column({ kind: 'lambdaVariable', name })));
    if (body === undefined || body instanceof Promise) {
      throw new SparkError('A lambda returns a column or a constant; this one returns a promise or nothing.', {
        kind: 'input',
      });
    }
    return { kind: 'lambda', body: toExpression(body), parameters: names };
  } finally {
    depth -= 1;
  }
}
