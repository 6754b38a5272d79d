// PySpark's public API, member by member: what it is called here, or why it is not here. The comparison's own cases say which plans are held equal.
import { randomUUID } from 'node:crypto';
import * as connect from '../../spark/connect/index.js';
import { queryId, runId } from '../../spark/connect/types/ids.js';
import type { PySparkApi } from './api.js';
import type { Case } from './case.js';
import { MISSING, SPELLED } from './exceptions.js';
import { worldWithoutServer } from './record.js';

export type Coverage =
  /** The same name. `isCompared`: its plan, or a plan made with it, is held against PySpark's. */
  | { readonly kind: 'same'; readonly isCompared: boolean }
  /** Another name, or a place of its own. */
  | { readonly kind: 'spelled'; readonly as: string; readonly isCompared: boolean }
  | { readonly kind: 'missing'; readonly reason: string }
  /** Neither here nor explained: a fault. */
  | { readonly kind: 'unknown' };

export interface CoverageRow {
  /** PySpark's class, or `functions`. */
  readonly owner: string;
  readonly member: string;
  readonly coverage: Coverage;
}

/** Every public member of PySpark's classes and every function, in PySpark's order. */
export function coverageOf(api: PySparkApi, cases: readonly Case[]): CoverageRow[] {
  const ours = counterparts();
  const classes = Object.entries(api.classes).flatMap(([owner, members]) =>
    members.map((member) => ({
      owner,
      member,
      coverage: coverageOfMember(owner, member, ours[owner], isCompared(owner, member, cases)),
    })),
  );
  const functionRows = Object.keys(api.functions).map((name) => {
    const member = name.replace('partitioning.', '');
    const isThere = cases.some(([title]) => title.split(':', 1)[0] === `functions.${name}`);
    return { owner: 'functions', member, coverage: coverageOfMember('functions', member, connect, isThere) };
  });
  return [...classes, ...functionRows];
}

function coverageOfMember(owner: string, member: string, ours: object | undefined, isCompared: boolean): Coverage {
  if (ours !== undefined && member in ours) return { kind: 'same', isCompared };
  const as = SPELLED[owner]?.[member];
  if (as !== undefined) return { kind: 'spelled', as, isCompared };
  const reason = MISSING[owner]?.[member];
  return reason === undefined ? { kind: 'unknown' } : { kind: 'missing', reason };
}

/** Whether the member has a case of its own, or is a step in another's. */
function isCompared(owner: string, member: string, cases: readonly Case[]): boolean {
  const step = new RegExp(`\\.${member}\\b`);
  return cases.some(([name, , python]) => name.split(':', 1)[0] === `${owner}.${member}` || step.test(python));
}

/** What stands here for each of PySpark's classes. Objects, not classes: some members are fields. */
function counterparts(): Readonly<Record<string, object>> {
  const { col, StreamingQuery, Window } = connect;
  const { spark, df } = worldWithoutServer();
  const id = queryId(randomUUID());
  return {
    SparkSession: spark,
    RuntimeConf: spark.conf,
    Catalog: spark.catalog,
    DataFrame: df,
    DataFrameNaFunctions: df.na,
    DataFrameStatFunctions: df.stat,
    GroupedData: df.groupBy(),
    Column: col('x'),
    Window,
    WindowSpec: Window.partitionBy(),
    MergeIntoWriter: df.mergeInto('t', col('x')),
    TableValuedFunction: spark.tvf,
    DataFrameReader: spark.read,
    DataFrameWriter: df.write,
    DataFrameWriterV2: df.writeTo('t'),
    DataStreamReader: spark.readStream,
    DataStreamWriter: df.writeStream,
    StreamingQuery: new StreamingQuery(spark.connection, { id, runId: runId(randomUUID()), name: undefined }),
    StreamingQueryManager: spark.streams,
  };
}
