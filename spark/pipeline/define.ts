/**
 * `definePipeline`: a pipeline of one's own from what only its author can know: what the records of each topic are, and what the queries make of
 * them. Everything else (dead letters, lake, tables, ledger, checkpoints) follows from that.
 */
import { parseDurationMs } from '../../config/kinds.js';
import type { Column, DataFrame, RowOf, StructType } from '../connect/index.js';
import { validEvents } from './judge.js';
import type { Pipeline, PipelineQuery } from './pipeline.js';
import { PipelineError } from './pipeline-error.js';
import { deadLetterTopicOf, recordsQuery } from './records-query.js';
import type { SourceRules } from './source-rules.js';
import type { TableTarget } from './table.js';

/** A Kafka topic of JSON objects. */
export interface SourceDefinition<Schema extends StructType = StructType> {
  /** Default: the source's name. */
  readonly topic?: string;
  /** The fields. One that is `notNull` must be there and of its type, else the record is a dead letter (`<field>_invalid`). */
  readonly schema: Schema;
  /** The field with the time at which the event happened: a `notNull(timestamp())`. */
  readonly eventTime: string;
  /** How far behind the latest event an event may come and still count: `2 minutes` is `2m`. */
  readonly watermark: string;
  /** How far an event's time may be ahead of Kafka's; beyond, the record is a dead letter. Default `5m`. */
  readonly futureTolerance?: string;
  /** What holds for every valid event, by the reason that a dead letter gets where it does not. A null counts as not holding. */
  readonly rules?: Readonly<Record<string, Column>>;
  /** Whether valid events are also kept as Parquet, below `LAKE_PATH/<pipeline>/<source>`. Default true. */
  readonly lake?: boolean;
}

/** A pipeline's sources by their names. */
export type Sources = Readonly<Record<string, SourceDefinition>>;

/** A source's valid events, as a query takes them: typed, with their watermark. */
export type EventsOf<S extends Sources> = {
  readonly [Name in keyof S]: DataFrame<RowOf<S[Name]['schema']>>;
};

/** A query of a pipeline: what it reads, what it makes of that, and the table that takes it. */
export interface QueryDefinition<S extends Sources> {
  readonly description?: string;
  /** The sources that `plan` reads, each of them once. */
  readonly reads: readonly (keyof S & string)[];
  /**
   * `update`: rows as they stand after each micro-batch (aggregations whose rows change). `append`: rows once they are final (joins, filters;
   * aggregations when their window is closed). Default `update`.
   */
  readonly mode?: 'append' | 'update';
  /** Must be deterministic: a repeated micro-batch has to give the same rows. No `rand()`, no current time. */
  readonly plan: (events: EventsOf<S>) => DataFrame;
  readonly into: TableTarget;
  /** With `append` and an aggregation: the column whose time the watermark must have passed before a row comes, such as `window_end`. */
  readonly finalAt?: string;
}

/** What `definePipeline` takes. */
export interface PipelineDefinition<S extends Sources> {
  /** Small letters, digits and dashes: names checkpoints, the ledger's rows and the transactional id. */
  readonly name: string;
  /** Raise it when a plan changes so that existing checkpoints no longer fit. Default 1. */
  readonly version?: number;
  readonly sources: S;
  readonly queries: Readonly<Record<string, QueryDefinition<S>>>;
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;
/** A query's name is a column's value, a folder and part of a table's name. */
const QUERY_NAME = /^[a-z][a-z0-9_]{0,40}$/;
const FUTURE_TOLERANCE = '5m';

/**
 * Completes and checks a pipeline. For each source a query `<source>_records` judges every record: dead letters go to `<topic>_dead_letter`,
 * valid events to the lake.
 * @throws PipelineError with the first thing that contradicts itself.
 * @example
 * ```ts
 * const amounts = table('amounts', { key: ['product'], columns: { product: string(), total: double() } });
 * const schema = struct({ product: notNull(string()), amount: notNull(double()), at: notNull(timestamp()) });
 * export default definePipeline({
 *   name: 'shop',
 *   sources: { orders: { schema, eventTime: 'at', watermark: '2m' } },
 *   queries: {
 *     amounts: { reads: ['orders'], plan: ({ orders }) => orders.groupBy('product').agg(f.sum('amount').as('total')), into: amounts },
 *   },
 * });
 * ```
 */
export function definePipeline<const S extends Sources>(definition: PipelineDefinition<S>): Pipeline {
  const { name, version = 1, sources, queries } = definition;
  if (!NAME.test(name)) throw new PipelineError(`A pipeline's name is made of a-z, 0-9 and -, not ${quoted(name)}.`);
  const rules = new Map(Object.entries(sources).map(([source, each]) => [source, completeSource(name, source, each)]));
  const [first] = rules.values();
  if (first === undefined) throw new PipelineError(`Pipeline ${name} has no source.`);
  const recordQueries = Object.entries(sources).map(([source, each]) =>
    recordsQuery(name, source, ruleOf(rules, name, source), each.lake ?? true),
  );
  const own = Object.entries(queries).map(([query, each]) => completeQuery(name, query, each, rules));
  const twice = [...recordQueries, ...own].map((each) => each.name).find((each, i, all) => all.indexOf(each) !== i);
  if (twice !== undefined) throw new PipelineError(`Pipeline ${name}: two queries are called ${twice}.`);
  const topics = [...rules.values()].map(({ topic }) => topic);
  return {
    name,
    version,
    source: { kind: 'kafka', topic: first.topic },
    queries: [...recordQueries, ...own],
    needs: {
      tables: Object.values(queries).map(({ into }) => into.create),
      topics: topics.flatMap((topic) => [topic, deadLetterTopicOf(topic)]),
    },
  };
}

function completeSource(pipeline: string, name: string, source: SourceDefinition): SourceRules {
  const where = `Pipeline ${pipeline}, source ${name}`;
  if (!QUERY_NAME.test(name)) throw new PipelineError(`${where}: a source's name is made of a-z, 0-9 and _.`);
  const field = source.schema.fields.find((each) => each.name === source.eventTime);
  if (field === undefined) throw new PipelineError(`${where}: eventTime names ${source.eventTime}, which is no field.`);
  if (field.type.kind !== 'timestamp' || field.nullable)
    throw new PipelineError(`${where}: eventTime ${source.eventTime} must be notNull(timestamp()).`);
  const unfit = source.schema.fields.find((each) => !/^[A-Za-z_]\w*$/.test(each.name));
  if (unfit !== undefined) throw new PipelineError(`${where}: ${quoted(unfit.name)} is no name for a field.`);
  return {
    topic: source.topic ?? name,
    schema: source.schema,
    eventTime: source.eventTime,
    watermarkDelayMs: durationOf(where, 'watermark', source.watermark),
    futureToleranceMs: durationOf(where, 'futureTolerance', source.futureTolerance ?? FUTURE_TOLERANCE),
    rules: source.rules ?? {},
  };
}

function completeQuery<S extends Sources>(
  pipeline: string,
  name: string,
  query: QueryDefinition<S>,
  rules: ReadonlyMap<string, SourceRules>,
): PipelineQuery {
  const where = `Pipeline ${pipeline}, query ${name}`;
  if (!QUERY_NAME.test(name)) throw new PipelineError(`${where}: a query's name is made of a-z, 0-9 and _.`);
  if (query.reads.length === 0) throw new PipelineError(`${where} reads no source.`);
  // Two readers of one topic may be at different offsets in one micro-batch, and the ledger knows one range per topic.
  if (new Set(query.reads).size < query.reads.length) throw new PipelineError(`${where} names a source twice.`);
  const { sink } = query.into;
  if (query.finalAt !== undefined && !sink.columns.includes(query.finalAt))
    throw new PipelineError(`${where}: finalAt names ${query.finalAt}, which is no column of ${sink.table}.`);
  const sources = query.reads.map((source) => [source, ruleOf(rules, where, source)] as const);
  return {
    name,
    description: query.description ?? name.replaceAll('_', ' '),
    outputMode: query.mode ?? 'update',
    topics: sources.map(([, { topic }]) => topic),
    plan: (...records) => {
      const events = sources.map(([source, rule], i) => [source, validEvents(frameAt(records, i), rule)] as const);
      return query.plan(Object.fromEntries(events) as EventsOf<S>).select(...sink.columns);
    },
    sink,
    ...(query.finalAt === undefined ? {} : { finalAt: query.finalAt }),
  };
}

function frameAt(records: readonly DataFrame[], index: number): DataFrame {
  const frame = records[index];
  if (frame === undefined) throw new Error(`expected records of ${index + 1} topics, found ${records.length}`);
  return frame;
}

function ruleOf(rules: ReadonlyMap<string, SourceRules>, where: string, source: string): SourceRules {
  const rule = rules.get(source);
  if (rule !== undefined) return rule;
  throw new PipelineError(
    `${where} reads ${quoted(source)}, which is no source; there are ${[...rules.keys()].join(', ')}.`,
  );
}

function durationOf(where: string, what: string, text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs !== undefined && durationMs > 0) return durationMs;
  throw new PipelineError(`${where}: ${what} is a duration such as 30s, 2m or 1h, not ${quoted(text)}.`);
}

function quoted(text: unknown): string {
  return JSON.stringify(text);
}
