/** Functions of TypeScript modules that run on executors: of columns, and of whole partitions. */
import {
  type DataType,
  type InlineFunction,
  type PartitionFunction,
  type StructType,
  type Typed,
  type UserFunction,
  userFunction,
} from '../connect/index.js';
import type { Any } from '../connect/types/any.js';
import { bundleExport } from './bundle.js';
import type { PartitionMapper, RowFunction } from './function.js';
import { encodeParams } from './params.js';
import { encodePayload, VERSION } from './payload.js';

interface FunctionModule {
  /** File URL or path (a relative one from the working directory) of the module: TypeScript or JavaScript, with all that it imports. */
  readonly module: string | URL;
  /** Name of the exported function; `default` if neither this nor `handler` is given. */
  readonly export?: string;
  /** What plans, columns and messages call it; the export's name if not given. */
  readonly name?: string;
  /** Whether equal arguments give equal results, which Spark takes for granted when it moves calls about or leaves some out; true if not given. */
  readonly deterministic?: boolean;
}

/** Which exported function makes a column's values, and of what type they are. */
export interface FunctionSpec<A extends readonly unknown[], T> extends FunctionModule {
  /** The exported function itself, instead of its name: what TypeScript checks, and renames along. */
  readonly handler?: RowFunction<A, T | null>;
  readonly returns: Typed<T>;
}

/** Which exported function makes rows of a partition's rows, of what type those are, and what it is told. */
export interface MapperSpec<In, Out, P> extends FunctionModule {
  /** The exported function itself, instead of its name: what TypeScript checks, and renames along. */
  readonly handler?: PartitionMapper<In, Out, P>;
  /** Of all the rows that it makes. */
  readonly returns: Typed<Out, StructType>;
  /** Handed to the function as `context.params`. Plain JSON, and no secrets: it travels with the plan. */
  readonly params?: P;
}

/**
 * A function of columns out of a module's export: Spark calls it for each row, in Node processes beside its executors. Nulls are handed on as null.
 *
 * Nothing of the calling process is there when it runs: the module is bundled with all its imports and sent with each plan that uses it. Its top
 * level runs once in each of those processes, which are kept for further tasks, and once here, to see that it loads. What it prints is in the
 * executor's error output; files of `addArtifact` lie in its working directory.
 * @throws HandlerError if the module is not found, does not compile or load, or lacks the export.
 * @example
 * ```ts
 * const domain = await udf({ module: new URL('./text.js', import.meta.url), export: 'domain', returns: string() });
 * const visits = clicks.groupBy(domain('page_url').as('domain')).count();
 * ```
 */
export async function udf<A extends readonly unknown[] = Any[], T = unknown>(
  spec: FunctionSpec<A, T>,
): Promise<UserFunction<A, T | null>> {
  const inlined = await inline(spec, spec.returns, undefined);
  return userFunction(inlined, spec.returns);
}

/**
 * A function of partitions out of a module's export, for `DataFrame.mapPartitions`. How it travels and where it runs stands at `udf`.
 * @throws HandlerError if the module is not found, does not compile or load, or lacks the export.
 * @example
 * ```ts
 * const parse = await partitionMapper({ module: new URL('./parse.js', import.meta.url), export: 'parse', returns: structType({ user: string() }) });
 * const users = spark.read.text('/data/log').mapPartitions(parse);
 * ```
 */
export async function partitionMapper<In, Out, P = undefined>(
  spec: MapperSpec<In, Out, P>,
): Promise<PartitionFunction<In, Out>> {
  return { inlined: await inline(spec, spec.returns, spec.params), returns: spec.returns };
}

async function inline(
  spec: FunctionModule & { readonly handler?: unknown },
  returns: DataType,
  params: unknown,
): Promise<InlineFunction> {
  const { handler, program, exportName } = await bundleExport(spec, 'task-host');
  const header = { queryName: undefined, handler, params: encodeParams(params), returns: JSON.stringify(returns) };
  return {
    name: spec.name ?? exportName,
    isDeterministic: spec.deterministic ?? true,
    command: encodePayload(header, program),
    version: VERSION,
  };
}
