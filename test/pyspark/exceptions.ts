// Where this client's API is not PySpark's, name for name: other spellings, and what is left out with the reason.

type ByOwner = Readonly<Record<string, Readonly<Record<string, string>>>>;

const PYTHON_CODE =
  'runs Python code of the caller at the server; TypeScript runs there as `batchHandler`, `udf` and `partitionMapper` of sluice/worker';
const PANDAS = 'pandas is a library of Python; `toArrow` gives the same columns';
const DEPRECATED = 'deprecated in Spark';
const PYTHON_ONLY = 'of Python alone';

/** PySpark's name → what it is called here. */
export const SPELLED: ByOwner = {
  SparkSession: {
    builder: 'SparkSession.connect(remote, options)',
    Builder: 'SparkSession.connect(remote, options)',
    session_id: 'sessionId',
    stop: 'close() or release()',
    client: 'connection',
    registerProgressHandler: 'onProgress of each action',
    removeProgressHandler: 'onProgress of each action',
    clearProgressHandlers: 'onProgress of each action',
    udf: 'registerFunction',
    emptyDataFrame: 'createDataFrame([], schema)',
  },
  Catalog: { createExternalTable: 'createTable(name, { path })' },
  DataFrame: {
    approxQuantile: 'stat.approxQuantile',
    corr: 'stat.corr',
    cov: 'stat.cov',
    crosstab: 'stat.crosstab',
    freqItems: 'stat.freqItems',
    sampleBy: 'stat.sampleBy',
    fillna: 'na.fill',
    dropna: 'na.drop',
    replace: 'na.replace',
    drop_duplicates: 'dropDuplicates',
    groupby: 'groupBy',
    melt: 'unpivot',
    dtypes: 'schema()',
    is_cached: 'storageLevel()',
    toLocalIterator: 'rows() or rowBatches()',
    foreach: 'rows(), in this process',
    mapInArrow: 'mapPartitions',
    sparkSession: 'connection',
    executionInfo: 'onProgress and onObserved of each action',
  },
  Column: {
    astype: 'cast',
    name: 'as',
    startswith: 'startsWith',
    endswith: 'endsWith',
    when: 'when(…).when(…)',
    otherwise: 'when(…).otherwise(…)',
    to_plan: 'expression',
  },
  DataStreamWriter: { foreach: 'foreachBatch' },
  TableValuedFunction: { range: 'spark.range' },
  MergeIntoWriter: {
    WhenMatched: 'ChangeActions',
    WhenNotMatched: 'InsertActions',
    WhenNotMatchedBySource: 'ChangeActions',
  },
  functions: { typeof: 'typeof_', udf: '`udf` of sluice/worker' },
};

/** PySpark's name → why it is not here. */
export const MISSING: ByOwner = {
  SparkSession: {
    Hook: PYTHON_ONLY,
    active: 'no session is global: who needs one is handed it',
    getActiveSession: 'no session is global: who needs one is handed it',
    is_stopped: 'a call on a closed session says so',
    profile: 'profiles Python code',
    udtf: PYTHON_CODE,
    dataSource: PYTHON_CODE,
  },
  Catalog: { registerFunction: DEPRECATED },
  DataFrame: {
    asTable: 'the argument of a Python table function',
    foreachPartition: PYTHON_CODE,
    mapInPandas: PYTHON_CODE,
    pandas_api: PANDAS,
    plot: PANDAS,
    toPandas: PANDAS,
    registerTempTable: DEPRECATED,
  },
  GroupedData: {
    apply: PYTHON_CODE,
    applyInArrow: PYTHON_CODE,
    applyInPandas: PYTHON_CODE,
    applyInPandasWithState: PYTHON_CODE,
    cogroup: PYTHON_CODE,
    transformWithState: PYTHON_CODE,
    transformWithStateInPandas: PYTHON_CODE,
  },
  TableValuedFunction: { python_worker_logs: PYTHON_ONLY },
  StreamingQueryManager: {
    close: 'the session closes what it opened',
  },
  functions: {
    arrow_udf: PYTHON_CODE,
    arrow_udtf: PYTHON_CODE,
    pandas_udf: PYTHON_CODE,
    udtf: PYTHON_CODE,
    unwrap_udt: 'user-defined types are Python or Scala classes',
  },
};
