// Every function of Spark's SQL that has a name here, by group. One without reaches Spark by `call_function('name', …)`.
export * from './aggregate.js';
export * from './basic.js';
export type { Argument, ColumnOrName, OptionValue } from './call.js';
export * from './collection.js';
export * from './conditional.js';
export * from './datetime.js';
export * from './geo.js';
export * from './hash.js';
export * from './higher-order.js';
export * from './json.js';
export * from './math.js';
export * from './schema-formats.js';
export * from './sketch.js';
export * from './string.js';
export * from './struct.js';
export * from './vector.js';
export * from './window.js';
