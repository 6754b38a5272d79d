// What of the pipeline the SQL session can name: its lake, its tables and its bookkeeping, as temporary views. A view is made when a statement first
// names it, so that `select 1` does not wait for Postgres. No password is in any plan: Spark's side reads it from the file that PGPASSFILE names.
import type { Endpoints } from '../../config/endpoints.js';
import { writerUrlOf } from '../../config/endpoints.js';
import { quoteIdentifier } from '../../config/identifier.js';
import type { SparkSession } from '../../spark/connect/index.js';
import type { Pipeline, PipelineQuery } from '../../spark/pipeline/index.js';
import { lakePathOf } from '../../spark/sinks/lake.js';
import { jdbcAddress } from '../../spark/sinks/staging-table.js';

export interface PipelineView {
  readonly name: string;
  readonly columns: readonly string[];
  readonly source:
    | { readonly kind: 'lake'; readonly path: string }
    /** With its schema where that is not `public`. */
    | { readonly kind: 'table'; readonly table: string };
}

const BOOKKEEPING: readonly PipelineView[] = [
  {
    name: 'ledger',
    columns: [
      'pipeline',
      'query',
      'query_id',
      'batch_id',
      'epoch',
      'offsets',
      'watermark',
      'rows',
      'dead',
      'committed_at',
    ],
    source: { kind: 'table', table: 'sluice.ledger' },
  },
  {
    name: 'batches',
    columns: ['pipeline', 'query', 'batch_id', 'started_at', 'duration_ms', 'input_rows', 'late_rows', 'state_rows'],
    source: { kind: 'table', table: 'sluice.batches' },
  },
];

/** The lake of each events query as `lake_<source>`, each result table by its own name, `ledger` and `batches`. */
export function viewsOf(pipeline: Pipeline, lakePath: string): readonly PipelineView[] {
  const own = pipeline.queries.flatMap((query) => viewOf(query, lakePath));
  return [...own, ...BOOKKEEPING.filter(({ name }) => own.every((view) => view.name !== name))];
}

function viewOf({ name, sink }: PipelineQuery, root: string): readonly PipelineView[] {
  if (sink.kind === 'upsert') {
    const columns = [...sink.columns, 'batch_id', 'updated_at'];
    return [{ name: sink.table, columns, source: { kind: 'table', table: sink.table } }];
  }
  const path = lakePathOf(sink, root);
  if (path === undefined) return [];
  const columns = [...sink.lakeColumns, sink.dateColumn, 'batch_id'];
  return [{ name: `lake_${name.replace(/_records$/, '')}`, columns, source: { kind: 'lake', path } }];
}

export interface ViewMaker {
  readonly views: readonly PipelineView[];
  /** Makes those that the statement names and that are not there yet; all of them for `SHOW`. Says what could not be made. */
  prepare(statement: string, say: (line: string) => void): Promise<void>;
}

export function viewMaker(spark: SparkSession, endpoints: Endpoints, views: readonly PipelineView[]): ViewMaker {
  const missing = new Map(views.map((view) => [view.name.toLowerCase(), view]));
  return {
    views,
    async prepare(statement, say) {
      const words = new Set(statement.toLowerCase().match(/\w+/g));
      const wanted = words.has('show') ? [...missing] : [...missing].filter(([name]) => words.has(name));
      await Promise.all(
        wanted.map(async ([name, view]) => {
          try {
            await make(spark, endpoints, view);
            missing.delete(name);
          } catch (error) {
            const { message } = error as Error;
            say(`${view.name} is not there: ${message.split('\n', 1)[0]}`);
          }
        }),
      );
    },
  };
}

async function make(spark: SparkSession, endpoints: Endpoints, { name, source }: PipelineView): Promise<void> {
  if (source.kind === 'lake') {
    // As text, not as a frame: the files are then looked for anew in every statement.
    const path = `\`${source.path.replaceAll('`', '``')}\``;
    await spark.sql(`CREATE OR REPLACE TEMPORARY VIEW \`${name}\` AS SELECT * FROM parquet.${path}`).collect();
    return;
  }
  const { url, user } = jdbcAddress(writerUrlOf(endpoints));
  // A query in the place of a table's name: such a view can be read and not be inserted into.
  const dbtable = `(SELECT * FROM ${quoteIdentifier(source.table)}) AS t`;
  const frame = spark.read.format('jdbc').options({ url, user, dbtable, driver: 'org.postgresql.Driver' }).load();
  await frame.createOrReplaceTempView(name);
}
