// What Spark lists among its functions and has no function here, by how it is said instead.

const BY_REASON: Readonly<Record<string, string>> = {
  'a method of Column': 'and between in or',
  'col(…).cast(…)': 'bigint binary boolean cast date decimal double float int smallint string time timestamp tinyint',
  'when(…).otherwise(…)': 'case if',
  'a table, spark.tvf.…(…)': 'collations python_worker_logs sql_keywords variant_explode variant_explode_outer',
  'spark.range(…)': 'range',
  'expr(…): WITHIN GROUP is a clause of SQL': 'percentile_cont percentile_disc',
};

/** Spark's name → how it is said here. */
export const LEFT_OUT: ReadonlyMap<string, string> = new Map(
  Object.entries(BY_REASON).flatMap(([how, names]) => names.split(' ').map((name) => [name, how] as const)),
);

/** Operators, such as `+` and `<=>`, are methods of Column or parts of `expr(…)`. */
export function isCallable(name: string): boolean {
  return /^[a-z]\w*$/.test(name);
}
