/** A query's plan to look at, without Spark and without a run. */
import { DataStreamReader, type PlanStep, planTree, UNCONNECTED } from '../connect/index.js';
import { type Pipeline, type PipelineQuery, topicsOf } from './pipeline.js';

/**
 * A query's plan to look at, without Spark and without a run: from the rows that the sink gets down to the topics.
 * @example for (const each of pipeline.queries) console.log(each.name, explainQuery(pipeline, each).step);
 */
export function explainQuery(pipeline: Pipeline, query: PipelineQuery): PlanStep {
  const [first, ...others] = topicsOf(pipeline, query).map((topic) =>
    new DataStreamReader(UNCONNECTED).format('kafka').option('subscribe', topic).load(),
  );
  if (first === undefined) throw new Error(`query ${query.name} reads no topic`);
  return planTree(query.plan(first, ...others).relation);
}
