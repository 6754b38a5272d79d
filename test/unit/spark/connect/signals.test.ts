// Whatever asks the server can be given up: every public method that answers a promise or an async iterable takes a signal, and heeds it. The list of
// methods is the compiler's, so that a new one is missing here until it can be aborted.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  type CallOptions,
  type DataFrame,
  expr,
  isSparkError,
  operationId,
  queryId,
  runId,
  SparkSession,
  StreamingQuery,
  string,
} from '../../../../spark/connect/index.js';
import { type PublicItem, readPublicApi } from '../../../../tools/api/public-api.js';
import { HELD_OPERATION, startSilentServer } from './rpc/silent-server.js';

const server = await startSilentServer();
after(() => server[Symbol.asyncDispose]());
const spark = await SparkSession.connect(server.remote);
after(() => spark[Symbol.asyncDispose]());

const frame: DataFrame = spark.table('orders');
const THIS_FILE = fileURLToPath(import.meta.url);
const NEVER_CALLED = {
  inlined: { name: 'f', isDeterministic: true, command: new Uint8Array(), version: '' },
  returns: string(),
};
const ID = '3f1d8a52-6c0e-4a57-9a3c-0d0f0a5a6d11';
const query = new StreamingQuery(spark.connection, { id: queryId(ID), runId: runId(ID), name: undefined });
const { catalog, conf, streams } = spark;
const stream = frame.writeStream.format('noop');
const table = frame.writeTo('lake.orders');

type Call = (options: CallOptions) => Promise<unknown>;

const CALLS: Readonly<Record<string, Readonly<Record<string, Call>>>> = {
  SparkSession: {
    connect: async (options) => {
      server.answersVersion = false;
      await SparkSession.connect(server.remote, { ...options, connectTimeoutMs: 60_000 }).finally(() => {
        server.answersVersion = true;
      });
    },
    addArtifact: (options) => spark.addArtifact(THIS_FILE, { as: 'file', ...options }),
    addArtifacts: (options) => spark.addArtifacts([THIS_FILE], { as: 'file', ...options }),
    copyFromLocalToFs: (options) => spark.copyFromLocalToFs(THIS_FILE, '/a', options),
    registerFunction: (options) => spark.registerFunction('f', NEVER_CALLED, options),
    cloneSession: (options) => spark.cloneSession(undefined, options),
    interruptAll: (options) => spark.interruptAll(options),
    interruptTag: (options) => spark.interruptTag('a', options),
    interruptOperation: (options) => spark.interruptOperation(operationId(HELD_OPERATION), options),
    release: async (options) => (await SparkSession.connect(server.remote)).release(options),
  },
  RuntimeConf: {
    get: (options) => conf.get('a', undefined, options),
    getOption: (options) => conf.getOption('a', options),
    getAll: (options) => conf.getAll(undefined, options),
    set: (options) => conf.set('a', 1, options),
    unset: (options) => conf.unset(['a'], options),
    isModifiable: (options) => conf.isModifiable('a', options),
  },
  Catalog: {
    currentCatalog: (options) => catalog.currentCatalog(options),
    setCurrentCatalog: (options) => catalog.setCurrentCatalog('a', options),
    listCatalogs: (options) => catalog.listCatalogs(undefined, options),
    currentDatabase: (options) => catalog.currentDatabase(options),
    setCurrentDatabase: (options) => catalog.setCurrentDatabase('a', options),
    listDatabases: (options) => catalog.listDatabases(undefined, options),
    getDatabase: (options) => catalog.getDatabase('a', options),
    databaseExists: (options) => catalog.databaseExists('a', options),
    createDatabase: (options) => catalog.createDatabase('a', { ifNotExists: true, ...options }),
    dropDatabase: (options) => catalog.dropDatabase('a', { ifExists: true, ...options }),
    listTables: (options) => catalog.listTables(undefined, undefined, options),
    getTable: (options) => catalog.getTable('a', options),
    tableExists: (options) => catalog.tableExists('a', options),
    listColumns: (options) => catalog.listColumns('a', options),
    listPartitions: (options) => catalog.listPartitions('a', options),
    getTableProperties: (options) => catalog.getTableProperties('a', options),
    getCreateTableString: (options) => catalog.getCreateTableString('a', false, options),
    createTable: (options) => catalog.createTable('a', { source: 'parquet', ...options }),
    dropTable: (options) => catalog.dropTable('a', { ifExists: true, ...options }),
    truncateTable: (options) => catalog.truncateTable('a', options),
    analyzeTable: (options) => catalog.analyzeTable('a', false, options),
    recoverPartitions: (options) => catalog.recoverPartitions('a', options),
    refreshTable: (options) => catalog.refreshTable('a', options),
    refreshByPath: (options) => catalog.refreshByPath('/a', options),
    listViews: (options) => catalog.listViews(undefined, 'a*', options),
    dropView: (options) => catalog.dropView('a', { ifExists: true, ...options }),
    dropTempView: (options) => catalog.dropTempView('a', options),
    dropGlobalTempView: (options) => catalog.dropGlobalTempView('a', options),
    cacheTable: (options) => catalog.cacheTable('a', undefined, options),
    isCached: (options) => catalog.isCached('a', options),
    uncacheTable: (options) => catalog.uncacheTable('a', options),
    clearCache: (options) => catalog.clearCache(options),
    listFunctions: (options) => catalog.listFunctions(undefined, undefined, options),
    getFunction: (options) => catalog.getFunction('a', options),
    functionExists: (options) => catalog.functionExists('a', options),
  },
  DataFrame: {
    collect: (options) => frame.collect(options),
    rowBatches: (options) => frame.rowBatches(options).next(),
    rows: (options) => frame.rows(options).next(),
    batches: (options) => frame.batches(options).next(),
    toArrow: (options) => frame.toArrow(options),
    count: (options) => frame.count(options),
    take: (options) => frame.take(1, options),
    first: (options) => frame.first(options),
    head: (options) => frame.head(options),
    tail: (options) => frame.tail(1, options),
    isEmpty: (options) => frame.isEmpty(options),
    show: (options) => frame.show(1, options),
    showString: (options) => frame.showString(1, options),
    schema: (options) => frame.schema(options),
    columns: (options) => frame.columns(options),
    treeString: (options) => frame.treeString(undefined, options),
    printSchema: (options) => frame.printSchema(undefined, options),
    explain: (options) => frame.explain('simple', options),
    isStreaming: (options) => frame.isStreaming(options),
    isLocal: (options) => frame.isLocal(options),
    inputFiles: (options) => frame.inputFiles(options),
    sameSemantics: (options) => frame.sameSemantics(frame, options),
    semanticHash: (options) => frame.semanticHash(options),
    persist: (options) => frame.persist(undefined, options),
    cache: (options) => frame.cache(options),
    unpersist: (options) => frame.unpersist(false, options),
    storageLevel: (options) => frame.storageLevel(options),
    createTempView: (options) => frame.createTempView('a', options),
    createOrReplaceTempView: (options) => frame.createOrReplaceTempView('a', options),
    createGlobalTempView: (options) => frame.createGlobalTempView('a', options),
    createOrReplaceGlobalTempView: (options) => frame.createOrReplaceGlobalTempView('a', options),
    checkpoint: (options) => frame.checkpoint(true, options),
    localCheckpoint: (options) => frame.localCheckpoint(true, options),
  },
  Statistics: {
    corr: (options) => frame.stat.corr('a', 'b', options),
    cov: (options) => frame.stat.cov('a', 'b', options),
    approxQuantile: (options) => frame.stat.approxQuantile(['a'], [0.5], 0, options),
  },
  DataFrameWriter: {
    save: (options) => frame.write.save('/a', options),
    saveAsTable: (options) => frame.write.saveAsTable('a', options),
    insertInto: (options) => frame.write.insertInto('a', options),
    parquet: (options) => frame.write.parquet('/a', options),
    json: (options) => frame.write.json('/a', options),
    csv: (options) => frame.write.csv('/a', options),
    orc: (options) => frame.write.orc('/a', options),
    xml: (options) => frame.write.xml('/a', options),
    text: (options) => frame.write.text('/a', options),
    jdbc: (options) => frame.write.jdbc('jdbc:a', 'a', options),
  },
  TableWriter: {
    create: (options) => table.create(options),
    replace: (options) => table.replace(options),
    createOrReplace: (options) => table.createOrReplace(options),
    append: (options) => table.append(options),
    overwrite: (options) => table.overwrite(expr('true'), options),
    overwritePartitions: (options) => table.overwritePartitions(options),
  },
  MergeWriter: { merge: (options) => frame.mergeInto('a', expr('true')).whenMatched().delete().merge(options) },
  DataStreamWriter: {
    start: (options) => stream.start(undefined, options),
    toTable: (options) => frame.writeStream.toTable('a', options),
  },
  StreamingQuery: {
    status: (options) => query.status(options),
    isActive: (options) => query.isActive(options),
    lastProgress: (options) => query.lastProgress(options),
    recentProgress: (options) => query.recentProgress(options),
    exception: (options) => query.exception(options),
    stop: (options) => query.stop(options),
    processAllAvailable: (options) => query.processAllAvailable(options),
    awaitTermination: (options) => query.awaitTermination(options),
    explain: (options) => query.explain(false, options),
  },
  StreamingQueries: {
    active: (options) => streams.active(options),
    get: (options) => streams.get(ID, options),
    awaitAnyTermination: (options) => streams.awaitAnyTermination(options),
    resetTerminated: (options) => streams.resetTerminated(options),
  },
};

/** Listeners share one call of the session's, which outlives the one who gives up; the last tests are about them. */
const SHARED = ['StreamingQueries.addListener', 'StreamingQueries.removeListener', 'StreamingQueries.events'];
/** The interface of disposal has no room for a signal; what it waits for has a limit of some seconds. */
const WITHOUT = ['SparkSession.[Symbol.asyncDispose]'];

const asking = readPublicApi()
  .filter(({ kind, door }) => kind === 'class' && door.module === 'sluice/connect')
  .flatMap(methodsThatAsk);

function methodsThatAsk({ name, members }: PublicItem): { method: string; signatures: readonly string[] }[] {
  return members
    .filter(({ signatures }) => signatures.some((text) => /(?:Promise|AsyncGenerator|AsyncIterable\w*)</.test(text)))
    .map((member) => ({ method: `${name}.${member.name}`, signatures: member.signatures }));
}

test('every method that asks the server takes a signal, and is aborted below', () => {
  const aborted = Object.entries(CALLS).flatMap(([name, calls]) => Object.keys(calls).map((each) => `${name}.${each}`));
  assert.deepEqual(asking.map(({ method }) => method).toSorted(), [...aborted, ...SHARED, ...WITHOUT].toSorted());
  const deaf = asking.filter(
    ({ method, signatures }) => !WITHOUT.includes(method) && !signatures.some((text) => /Options\b|signal/.test(text)),
  );
  assert.deepEqual(deaf, []);
});

for (const [name, calls] of Object.entries(CALLS)) {
  for (const [method, call] of Object.entries(calls)) {
    test(`${name}.${method} ends with its signal's reason, and its call with it`, { timeout: 30_000 }, async () => {
      const aborting = new AbortController();
      const reason = new Error('no longer wanted');
      const interruptedBefore = server.interrupted.length;
      const answered = call({ signal: aborting.signal });
      const ended = assert.rejects(answered, (error) => {
        assert.ok(isSparkError(error), String(error));
        assert.equal(error.kind, 'cancelled');
        assert.equal(error.cause, reason);
        return true;
      });
      const held = await server.nextCall();
      aborting.abort(reason);
      await ended;
      await held.cancelled;
      if (held.method !== 'ExecutePlan') return;
      // The operation at the server as well, not only the wait for it.
      while (server.interrupted.length === interruptedBefore) await new Promise(setImmediate);
    });
  }
}

test('a signal that is aborted already asks nothing', async () => {
  const signal = AbortSignal.abort(new Error('never wanted'));
  for (const asked of [frame.schema({ signal }), frame.count({ signal }), conf.get('a', undefined, { signal })]) {
    await assert.rejects(asked, { kind: 'cancelled' });
  }
  const next = server.nextCall();
  const aborting = new AbortController();
  const probe = assert.rejects(frame.isLocal({ signal: aborting.signal }), { kind: 'cancelled' });
  assert.equal((await next).method, 'AnalyzePlan');
  aborting.abort();
  await probe;
});

test('who gives up listening leaves again as soon as the server has let them in', { timeout: 30_000 }, async () => {
  const aborting = new AbortController();
  const reason = new Error('no longer wanted');
  const added = streams.addListener({}, { signal: aborting.signal });
  const first = streams.events({ signal: aborting.signal }).next();
  const call = await server.nextCall();
  const ended = [added, first].map((each) => assert.rejects(each, { kind: 'cancelled', cause: reason }));
  aborting.abort(reason);
  await Promise.all(ended);
  assert.deepEqual(streams.listListeners(), []);
  call.write({ streamingQueryListenerEventsResult: { listenerBusListenerAdded: true } });
  assert.equal((await server.nextCall()).method, 'ExecutePlan', 'the listener is removed');
});

test('who gives up waiting for the last event has left all the same', { timeout: 30_000 }, async () => {
  const other = await SparkSession.connect(server.remote);
  after(() => other[Symbol.asyncDispose]());
  const listener = {};
  const added = other.streams.addListener(listener);
  (await server.nextCall()).write({ streamingQueryListenerEventsResult: { listenerBusListenerAdded: true } });
  await added;
  const aborting = new AbortController();
  const removed = other.streams.removeListener(listener, { signal: aborting.signal });
  const ended = assert.rejects(removed, { kind: 'cancelled' });
  assert.equal((await server.nextCall()).method, 'ExecutePlan', 'the listener is removed');
  aborting.abort();
  await ended;
  assert.deepEqual(other.streams.listListeners(), []);
});
