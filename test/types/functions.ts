// Compiled, never run: what the compiler knows of functions that run on executors. A line marked ts-expect-error that compiles fails the build.
import type { ValueOf } from '../../spark/connect/frame/column.js';
import { col, type DataFrame, integer, lit, string, structType } from '../../spark/connect/index.js';
import { type PartitionContext, type PartitionMapper, partitionMapper, udf } from '../../spark/worker/index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<T extends true>(): T;

declare const people: DataFrame<{ name: string; city: string | null; age: number | null }>;

declare function shout(text: string): string;
declare function initial(text: string | null, place?: number): Promise<string | null>;
declare function names(
  batches: AsyncIterable<readonly { readonly name: string }[]>,
  context: PartitionContext<{ readonly least: number }>,
): AsyncGenerator<{ name: string; length: number }[]>;

const module = 'functions.js';

export async function functionsOfColumns(): Promise<void> {
  const shouted = await udf({ module, handler: shout, returns: string() });
  const first = await udf({ module, handler: initial, returns: string() });
  const called = shouted(people.col('name'));
  check<Equal<ValueOf<typeof called>, string | null>>();
  const [row] = await people.select('age', called.as('loud')).collect();
  check<Equal<typeof row, { age: number | null; loud: string | null } | undefined>>();
  // Text names a column; an untyped column may be anything.
  shouted('name');
  shouted(col('name'));
  first(people.col('city'), lit(3));
  first(people.col('city'), 3);
  // @ts-expect-error the city may be null, and the function does not take null
  shouted(people.col('city'));
  // @ts-expect-error a number where the function wants text
  shouted(people.col('age'));
  // @ts-expect-error one argument too many
  shouted('name', 'city');
  // @ts-expect-error the function returns text
  await udf({ module, handler: shout, returns: integer() });
  // By the name of its export nothing is known of its parameters.
  const unknown = await udf({ module, export: 'shout', returns: integer() });
  const length = unknown('name', people.col('age'), 3n);
  check<Equal<ValueOf<typeof length>, number | null>>();
}

export async function functionsOfPartitions(): Promise<void> {
  const returns = structType({ name: string(), length: integer() });
  const mapper = await partitionMapper({ module, handler: names, returns, params: { least: 3 } });
  const [row] = await people.mapPartitions(mapper).collect();
  check<Equal<typeof row, { name: string | null; length: number | null } | undefined>>();
  // @ts-expect-error the function wants names
  people.select('age').mapPartitions(mapper);
  // @ts-expect-error the function's rows have no such column
  people.mapPartitions(mapper).select('city');
  // @ts-expect-error the function wants parameters of another kind
  await partitionMapper({ module, handler: names, returns, params: { least: 'three' } });
  // @ts-expect-error the function's rows lack a column
  await partitionMapper({ module, handler: names, returns: structType({ other: string() }), params: { least: 3 } });
  const untyped = await partitionMapper({ module, export: 'names', returns });
  people.mapPartitions(untyped);
}

/** How a mapper is written with its type. */
export const longNames: PartitionMapper<{ name: string }, { name: string }> = async function* (batches) {
  for await (const rows of batches) yield rows.filter(({ name }) => name.length > 10);
};
