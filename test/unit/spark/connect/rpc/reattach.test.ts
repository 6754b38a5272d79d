import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  ExecutePlanRequest,
  ExecutePlanResponseOutput,
  ReattachExecuteRequest,
  ReleaseExecuteRequest,
} from '../../../../../proto/messages.js';
import { type ExecuteTransport, executeReattachable } from '../../../../../spark/connect/rpc/reattach.js';
import { DEFAULT_RETRY, pause } from '../../../../../spark/connect/rpc/retry.js';

const RETRY = { ...DEFAULT_RETRY, waitMsFirst: 1, waitMsMax: 1, retriesMax: 5 };
const REQUEST = { sessionId: 's', userContext: { userId: 'u' }, operationId: 'op' };

function failure(code: number, details: string): Error {
  return Object.assign(new Error(details), { code, details });
}

const UNAVAILABLE = failure(14, 'Connection dropped');
const NOT_FOUND = failure(13, '[INVALID_HANDLE.OPERATION_NOT_FOUND] The handle op is invalid.');
const ALREADY_EXISTS = failure(13, '[INVALID_HANDLE.OPERATION_ALREADY_EXISTS] The handle op is invalid.');

function response(responseId: string, more: Partial<ExecutePlanResponseOutput> = {}): ExecutePlanResponseOutput {
  return {
    sessionId: 's',
    serverSideSessionId: 'x',
    operationId: 'op',
    responseId,
    metrics: null,
    observedMetrics: [],
    schema: null,
    ...more,
  };
}

const COMPLETE = response('end', { responseType: 'resultComplete', resultComplete: {} });

/** A server that holds `result` and plays, per stream, one step of `script`: how many responses until which end. */
class ScriptedServer implements ExecuteTransport {
  readonly calls: string[] = [];
  readonly waitToRetry = pause;
  readonly releases: ReleaseExecuteRequest[] = [];
  cancelled = 0;
  readonly #script: { readonly give: number; readonly end?: Error | 'end' }[];
  readonly #result: readonly ExecutePlanResponseOutput[];

  constructor(responses: number, script: readonly { readonly give: number; readonly end?: Error | 'end' }[]) {
    this.#result = [...Array.from({ length: responses }, (_, index) => response(`r${index}`)), COMPLETE];
    this.#script = [...script];
  }

  execute(request: ExecutePlanRequest) {
    this.calls.push('execute');
    assert.deepEqual(request.requestOptions?.at(-1), { reattachOptions: { reattachable: true } });
    return this.#stream(0);
  }

  reattach(request: ReattachExecuteRequest) {
    const last = request.lastResponseId ?? undefined;
    this.calls.push(`reattach after ${last ?? 'nothing'}`);
    return this.#stream(this.#result.findIndex((each) => each.responseId === last) + 1);
  }

  release(request: ReleaseExecuteRequest) {
    this.releases.push(request);
  }

  asTransport(): ExecuteTransport {
    return {
      execute: (request) => this.execute(request),
      reattach: (request) => this.reattach(request),
      release: (request) => this.release(request),
      waitToRetry: this.waitToRetry,
    };
  }

  #stream(from: number) {
    const step = this.#script.shift() ?? { give: Number.POSITIVE_INFINITY };
    const result = this.#result;
    const iterate = async function* () {
      yield* result.slice(from, from + step.give);
      if (step.end instanceof Error) throw step.end;
    };
    return { [Symbol.asyncIterator]: iterate, cancel: () => void this.cancelled++ };
  }
}

async function read(server: ScriptedServer, signal?: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for await (const { responseId } of executeReattachable(server, REQUEST, { retry: RETRY, signal }))
    ids.push(responseId);
  return ids;
}

test('an unbroken stream is read once and released as a whole', async () => {
  const server = new ScriptedServer(3, []);
  assert.deepEqual(await read(server), ['r0', 'r1', 'r2']);
  assert.deepEqual(server.calls, ['execute']);
  assert.deepEqual(server.releases, [
    { sessionId: 's', userContext: { userId: 'u' }, operationId: 'op', clientType: undefined, releaseAll: {} },
  ]);
});

test('a stream cut in any place loses and repeats nothing', async () => {
  for (let cut = 0; cut <= 3; cut++) {
    const server = new ScriptedServer(3, [{ give: cut, end: UNAVAILABLE }]);
    assert.deepEqual(await read(server), ['r0', 'r1', 'r2'], `cut after ${cut}`);
    assert.deepEqual(server.calls, ['execute', cut === 0 ? 'reattach after nothing' : `reattach after r${cut - 1}`]);
  }
});

test('a stream that the server ends without ResultComplete is taken up where it ended', async () => {
  const server = new ScriptedServer(3, [
    { give: 1, end: 'end' },
    { give: 1, end: 'end' },
  ]);
  assert.deepEqual(await read(server), ['r0', 'r1', 'r2']);
  assert.deepEqual(server.calls, ['execute', 'reattach after r0', 'reattach after r1']);
});

test('a plan that never arrived is sent again', async () => {
  const server = new ScriptedServer(2, [
    { give: 0, end: UNAVAILABLE },
    { give: 0, end: NOT_FOUND },
  ]);
  assert.deepEqual(await read(server), ['r0', 'r1']);
  assert.deepEqual(server.calls, ['execute', 'reattach after nothing', 'execute']);
});

test('a session that the server had and has not any more is lost: its plan is not sent to another', async () => {
  const lost = failure(13, '[INVALID_HANDLE.SESSION_NOT_FOUND] The handle s is invalid.');
  const server = new ScriptedServer(1, [
    { give: 0, end: UNAVAILABLE },
    { give: 0, end: lost },
  ]);
  const request = { ...REQUEST, clientObservedServerSideSessionId: 'x' };
  const reading = executeReattachable(server, request, { retry: RETRY }).next();
  await assert.rejects(reading, lost);
  assert.deepEqual(server.calls, ['execute', 'reattach after nothing']);
});

test('the pauses that grew while nobody answered are not kept towards a server that does', async () => {
  const server = new ScriptedServer(1, [
    ...Array.from({ length: 5 }, () => ({ give: 0, end: UNAVAILABLE })),
    { give: 0, end: NOT_FOUND },
    { give: 0, end: ALREADY_EXISTS },
  ]);
  const waits: number[] = [];
  const transport = { ...server.asTransport(), waitToRetry: async (waitMs: number) => void waits.push(waitMs) };
  const retry = { ...DEFAULT_RETRY, waitMsFirst: 10, waitFactor: 4, waitMsMax: 1_000 };
  for await (const _ of executeReattachable(transport, REQUEST, { retry }));
  assert.deepEqual(waits, [10, 40, 160, 640, 1_000, 10, 10]);
});

test('a plan that had arrived after all is not run a second time', async () => {
  const server = new ScriptedServer(1, [
    { give: 0, end: UNAVAILABLE },
    { give: 0, end: NOT_FOUND },
    { give: 0, end: ALREADY_EXISTS },
  ]);
  assert.deepEqual(await read(server), ['r0']);
  assert.deepEqual(server.calls, ['execute', 'reattach after nothing', 'execute', 'reattach after nothing']);
});

test("an operation id that is somebody else's is an error, not their result", async () => {
  await assert.rejects(read(new ScriptedServer(1, [{ give: 0, end: ALREADY_EXISTS }])), ALREADY_EXISTS);
});

test('a result that is gone after it began is an error, not a second run', async () => {
  const server = new ScriptedServer(2, [
    { give: 1, end: UNAVAILABLE },
    { give: 0, end: NOT_FOUND },
  ]);
  await assert.rejects(read(server), NOT_FOUND);
  assert.deepEqual(server.calls, ['execute', 'reattach after r0']);
});

test('an error of the plan itself comes out at once, and the operation is released', async () => {
  const wrong = failure(13, '[DIVIDE_BY_ZERO] Division by zero.');
  const server = new ScriptedServer(2, [{ give: 1, end: wrong }]);
  await assert.rejects(read(server), wrong);
  assert.deepEqual(server.calls, ['execute']);
  assert.equal(server.releases.length, 1);
});

test('the retries are limited by failures in a row, not in all', async () => {
  const steps = Array.from({ length: 20 }, () => ({ give: 1, end: UNAVAILABLE }));
  assert.equal((await read(new ScriptedServer(20, steps))).length, 20);
  const down = Array.from({ length: 20 }, () => ({ give: 0, end: UNAVAILABLE }));
  const server = new ScriptedServer(20, down);
  await assert.rejects(read(server), UNAVAILABLE);
  assert.equal(server.calls.length, 1 + RETRY.retriesMax);
});

test('a server that ends every stream empty does not make the client spin for ever', async () => {
  const server = new ScriptedServer(
    1,
    Array.from({ length: 50 }, () => ({ give: 0, end: 'end' as const })),
  );
  await assert.rejects(read(server), /again and again/);
  assert.equal(server.calls.length, 1 + RETRY.retriesMax);
});

test('long results are released in steps, up to what was received', async () => {
  const server = new ScriptedServer(200, []);
  await read(server);
  const until = server.releases.map((release) => release.releaseUntil?.responseId ?? 'all');
  assert.deepEqual(until, ['r63', 'r127', 'r191', 'all']);
});

test('leaving the loop early cancels the stream and releases the operation', async () => {
  const server = new ScriptedServer(5, []);
  for await (const { responseId } of executeReattachable(server, REQUEST, { retry: RETRY })) {
    if (responseId === 'r1') break;
  }
  assert.equal(server.cancelled, 1);
  assert.deepEqual(server.releases.at(-1)?.releaseAll, {});
});

test('an aborted signal ends the result with its reason, before and in the middle', async () => {
  const reason = new Error('enough');
  const before = new ScriptedServer(5, []);
  await assert.rejects(read(before, AbortSignal.abort(reason)), reason);
  assert.deepEqual(before.calls, []);
  const controller = new AbortController();
  const server = new ScriptedServer(5, []);
  const reading = (async () => {
    for await (const { responseId } of executeReattachable(server, REQUEST, {
      retry: RETRY,
      signal: controller.signal,
    })) {
      if (responseId === 'r1') controller.abort(reason);
    }
  })();
  await assert.rejects(reading, reason);
  assert.equal(server.releases.length, 1);
});
