// What goes to the server when a session is given files or many rows.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AddArtifactsRequestOutput, ExecutePlanRequestOutput } from '../../../../../proto/messages.js';
import { artifactOf, forwardedFile } from '../../../../../spark/connect/artifact-names.js';
import { SparkError } from '../../../../../spark/connect/errors/spark-error.js';
import { createRelation } from '../../../../../spark/connect/plan/relation.js';
import { crc32 } from '../../../../../spark/connect/rpc/artifacts.js';
import { CACHED_FROM_BYTES } from '../../../../../spark/connect/rpc/cached-relations.js';
import type { GrpcConnection } from '../../../../../spark/connect/rpc/grpc-connection.js';
import { openConnection } from '../../../../../spark/connect/rpc/open-connection.js';
import { sessionId } from '../../../../../spark/connect/types/ids.js';
import { type FakeSpark, failure, startFakeSpark } from './fake-server.js';

const folder = mkdtempSync(join(tmpdir(), 'sluice-artifacts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function withFake(spark: FakeSpark, use: (connection: GrpcConnection) => Promise<void>): Promise<void> {
  const fake = await startFakeSpark(spark);
  const connection = openConnection(fake.remote, { userId: 'me', retry: { waitMsFirst: 1, waitMsMax: 2 } }, {});
  try {
    await use(connection);
  } finally {
    await connection.settled();
    connection.close();
    await fake[Symbol.asyncDispose]();
  }
}

function fileOf(bytes: Uint8Array): string {
  const file = join(folder, `${bytes.length}`);
  writeFileSync(file, bytes);
  return file;
}

/** Puts an artifact together as the server does, and checks what the server checks. */
function received(requests: readonly AddArtifactsRequestOutput[]): { readonly name: string; readonly data: Buffer } {
  const [first, ...rest] = requests;
  const single = first?.batch?.artifacts[0];
  const chunks = single ? [single.data] : [first?.beginChunk?.initialChunk, ...rest.map(({ chunk }) => chunk)];
  if (first?.beginChunk) assert.equal(Number(first.beginChunk.numChunks), requests.length);
  const data = Buffer.concat(chunks.map((chunk) => chunk?.data ?? assert.fail('a message has no chunk')));
  for (const chunk of chunks) assert.equal(Number(chunk?.crc), crc32(chunk?.data ?? new Uint8Array()));
  if (first?.beginChunk) assert.equal(Number(first.beginChunk.totalBytes), data.length);
  return { name: single?.name ?? first?.beginChunk?.name ?? '', data };
}

test('the checksum is that of zip files', () => {
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32(new Uint8Array()), 0);
});

test('a file goes whole if it is small, else in chunks, each with its checksum and its sender', async () => {
  for (const size of [0, 1, 32_768, 32_769, 200_000]) {
    const content = randomBytes(size);
    let seen: ReturnType<typeof received> | undefined;
    const fake: FakeSpark = {
      addArtifacts(requests) {
        for (const { sessionId, userContext } of requests) {
          assert.match(sessionId, /^[0-9a-f-]{36}$/);
          assert.equal(userContext?.userId, 'me');
        }
        seen = received(requests);
        return { artifacts: [{ name: seen.name, isCrcSuccessful: true }] };
      },
    };
    const artifact = artifactOf(fileOf(content), { as: 'file', name: 'it' });
    await withFake(fake, (connection) => connection.addArtifacts([artifact]));
    assert.equal(seen?.name, 'files/it');
    assert.ok(seen?.data.equals(content), `${size} bytes`);
  }
});

test('what breaks on the way is sent again from its beginning; what arrives damaged is an error', async () => {
  const content = randomBytes(100_000);
  const artifacts = [artifactOf(fileOf(content), { as: 'file' })];
  let calls = 0;
  const breaking: FakeSpark = {
    addArtifacts: (requests) => {
      assert.ok(received(requests).data.equals(content));
      return ++calls < 3 ? failure(14, 'gone') : {};
    },
  };
  await withFake(breaking, (connection) => connection.addArtifacts(artifacts));
  assert.equal(calls, 3);
  const damaging: FakeSpark = { addArtifacts: () => ({ artifacts: [{ name: 'files/x', isCrcSuccessful: false }] }) };
  await withFake(damaging, (connection) =>
    assert.rejects(
      connection.addArtifacts(artifacts),
      (error) =>
        error instanceof SparkError && error.kind === 'protocol' && /files\/x did not arrive/.test(error.message),
    ),
  );
});

test('names say what a file is', () => {
  const nameOf = (path: string, options = {}) => artifactOf(path, options).name;
  assert.equal(nameOf('a/b/geo.jar'), 'jars/geo.jar');
  assert.equal(nameOf('a/b.tar.gz', { as: 'archive' }), 'archives/b.tar.gz');
  assert.equal(nameOf('a/b.tar.gz', { as: 'archive', name: 'c' }), 'archives/b.tar.gz#c');
  assert.equal(nameOf('a/geo.jar', { as: 'file', name: 'c' }), 'files/c');
  assert.equal(nameOf('a/geo.py', { as: 'pyfile' }), 'pyfiles/geo.py');
  assert.equal(nameOf('a/geo.zip', { as: 'pyfile', name: 'shapes.zip' }), 'pyfiles/shapes.zip');
  assert.equal(nameOf('a/Area.class'), 'classes/Area.class');
  assert.equal(nameOf('a/Area$.class', { name: 'dev/geo/Area$.class' }), 'classes/dev/geo/Area$.class');
  assert.equal(forwardedFile('x', '/a/b').name, 'forward_to_fs/a/b');
  assert.throws(() => nameOf('a.txt', { as: 'pyfile' }), /those end in \.py, \.zip, \.egg, \.jar\./);
  assert.throws(() => nameOf('a.rar', { as: 'archive', name: 'a.zip' }), /a\.rar is no archive/);
  assert.throws(() => nameOf('a#b.zip', { as: 'archive' }), /no #/);
  for (const name of ['../A.class', '/A.class', 'a//A.class', 'A', './A.class']) {
    assert.throws(() => nameOf('A.class', { name }), SparkError, name);
  }
  for (const name of ['', 'a/b', 'a\\b', '#', '..']) assert.throws(() => nameOf('x', { as: 'file', name }), SparkError);
});

const localRows = (bytes: number) =>
  createRelation({ kind: 'localRelation', data: randomBytes(bytes), schema: '{"type":"struct","fields":[]}' });

test('many rows are sent once, and plans name them; few travel in the plan', async () => {
  const stored = new Map<string, Buffer>();
  const plans: ExecutePlanRequestOutput[] = [];
  const fake: FakeSpark = {
    artifactStatus: ({ names }) => ({
      statuses: Object.fromEntries(names.map((name) => [name, { exists: stored.has(name) }])),
    }),
    addArtifacts(requests) {
      const { name, data } = received(requests);
      assert.ok(!stored.has(name), 'sent twice');
      stored.set(name, data);
      return { artifacts: [{ name, isCrcSuccessful: true }] };
    },
    execute(request) {
      plans.push(request);
      return [{ resultComplete: {} }];
    },
    analyze(request) {
      if (request.analyze === 'sparkVersion') return { sparkVersion: { version: '4.2.0' } };
      const union = request.schema?.plan?.root?.setOp;
      assert.equal(union?.leftInput?.cachedLocalRelation?.hash, union?.rightInput?.cachedLocalRelation?.hash);
      return { schema: { schema: { struct: { fields: [] } } } };
    },
  };
  const [few, many] = [localRows(CACHED_FROM_BYTES - 1), localRows(CACHED_FROM_BYTES)];
  const union = createRelation({
    kind: 'setOperation',
    operation: 'union',
    left: many,
    right: many,
    isAll: true,
    byName: false,
    allowMissingColumns: false,
  });
  await withFake(fake, async (connection) => {
    for (const relation of [few, many, union])
      for await (const _ of connection.execute({ kind: 'relation', relation })) assert.fail('nothing was answered');
    await connection.analyze({ kind: 'schema', relation: union });
  });
  assert.equal(stored.size, 1);
  const [inPlan, byName, twice] = plans.map(({ plan }) => plan?.root);
  assert.equal(inPlan?.localRelation?.data?.length, CACHED_FROM_BYTES - 1);
  const hash = byName?.cachedLocalRelation?.hash;
  assert.deepEqual([...stored.keys()], [`cache/${hash}`]);
  assert.equal(byName?.localRelation, undefined);
  assert.deepEqual(
    [twice?.setOp?.leftInput, twice?.setOp?.rightInput].map((input) => input?.cachedLocalRelation?.hash),
    [hash, hash],
  );
});

test('rows that could not be sent are an error of the plan, and are tried again by the next', async () => {
  let calls = 0;
  const fake: FakeSpark = {
    addArtifacts: () => (++calls === 1 ? failure(13, 'disk full') : {}),
    execute: () => [{ resultComplete: {} }],
  };
  const relation = localRows(CACHED_FROM_BYTES);
  await withFake(fake, async (connection) => {
    const run = async () => {
      for await (const _ of connection.execute({ kind: 'relation', relation }));
    };
    await assert.rejects(run(), /disk full/);
    await run();
  });
  assert.equal(calls, 2);
});

test('a clone speaks as its own session, whose server side is known from the beginning', async () => {
  const id = '00112233-4455-6677-8899-aabbccddeeff';
  const seen: unknown[] = [];
  const fake: FakeSpark = {
    cloneSession: (request) => ({
      serverSideSessionId: 'origin',
      newSessionId: request.newSessionId ?? '',
      newServerSideSessionId: 'copy',
    }),
    analyze(request) {
      seen.push([request.sessionId, request.clientObservedServerSideSessionId]);
      return { serverSideSessionId: 'copy', sparkVersion: { version: '4.2.0' } };
    },
  };
  await withFake(fake, async (connection) => {
    const clone = await connection.cloneSession(sessionId(id));
    await clone.analyze({ kind: 'sparkVersion' });
    clone.close();
    assert.equal(connection.isClosed, false);
  });
  assert.deepEqual(seen, [[id, 'copy']]);
});
