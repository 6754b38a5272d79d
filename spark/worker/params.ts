/** Parameters of a handler travel as JSON: what JSON would silently change is refused instead. */
import { HandlerError } from './handler-error.js';

const DEPTH_MAX = 32;

/** @throws HandlerError naming the first value that would not arrive as it is. */
export function encodeParams(params: unknown): string {
  if (params === undefined) return 'null';
  assertJson(params, 'params', 0);
  return JSON.stringify(params);
}

function assertJson(value: unknown, path: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(path, `is ${value}`);
    return;
  }
  if (value === undefined) throw refuse(path, 'is undefined');
  if (typeof value !== 'object') throw refuse(path, `is a ${typeof value}`);
  if (depth > DEPTH_MAX) throw refuse(path, `is nested more than ${DEPTH_MAX} deep`);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) assertJson(item, `${path}[${index}]`, depth + 1);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) throw refuse(path, `is a ${value.constructor.name}`);
  for (const [key, item] of Object.entries(value)) {
    // An absent property, as JSON and TypeScript's optional properties have it.
    if (item !== undefined) assertJson(item, `${path}.${key}`, depth + 1);
  }
}

function refuse(path: string, fault: string): HandlerError {
  return new HandlerError(
    `A handler's parameters travel as JSON, but ${path} ${fault}. Pass it as a string, and read it in the handler.`,
  );
}
