// One table of cases says the same thing twice: to this client and to PySpark's. What both make of it is compared, as plans and as results.
import type { DataFrame, SparkSession } from '../../spark/connect/index.js';
import type { Any } from '../../spark/connect/types/any.js';

/** What a case can name; `world.py` gives the same to its Python text. */
export interface World {
  readonly spark: SparkSession;
  /** The view `items`. */
  readonly df: DataFrame<Any>;
  /** The view `labels`. */
  readonly other: DataFrame<Any>;
}

export interface CaseOptions {
  /** Why this client wants another plan than PySpark's. The test fails if the plans agree after all. */
  readonly differs?: string;
  /** Why its rows are not compared: they depend on chance or on the machine, there are none, or it changes the server's tables. */
  readonly notRun?: string;
}

/**
 * Name, this client's call, PySpark's call. A name is the public member of PySpark's that the case is of, `DataFrame.select`, with what is special
 * after a colon. Both answer a frame, a column (which is then selected from `df`), or whatever sends a request. Python text of more than one line
 * names its result `result`.
 */
export type Case = readonly [
  name: string,
  build: (world: World) => unknown,
  python: string,
  options?: CaseOptions | undefined,
];

/** The member of PySpark's that the case is of. */
export function memberOf(name: string): string {
  return name.split(':', 1)[0] as string;
}
