/** The thread in which functions run, from inside: loads the payloads' programs, and runs task after task. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { FedBy } from '../connect/plan/inline-function.js';
import { describeFailure, withoutOwnLines } from './failure.js';
import { decodePayload } from './payload.js';
import { runProgram, STACK_LINES_MAX } from './run-program.js';
import { createStackMap, type MapStack } from './stack-map.js';
import type { LoadedFunction, TaskHost, TaskSide } from './task-host.js';
import type { Task } from './task-protocol.js';
import { type FromTaskThread, movable, type ToTaskThread } from './task-thread-messages.js';

interface Known extends LoadedFunction {
  readonly mapStack: MapStack;
}

/** Payloads by their hash: a process serves many tasks of a query, each of which brings them again. */
const known = new Map<string, Known>();

export function runInsideTaskThread(): void {
  const port = parentPort;
  if (port === null) throw new Error('not in a thread');
  let answered: ((message: ToTaskThread) => void) | undefined;
  const post = (message: FromTaskThread): void =>
    port.postMessage(message, message.kind === 'write' ? movable(message.bytes) : []);
  const ask = (message: FromTaskThread): Promise<ToTaskThread> =>
    new Promise((resolve) => {
      answered = resolve;
      post(message);
    });

  Error.stackTraceLimit = STACK_LINES_MAX;
  // Also for rejections that nobody handles. What state the function is in is not known then, so it goes no further.
  process.on('uncaughtException', (error) => {
    post({ kind: 'failed', text: `In the background of a function: ${mapAll(describeFailure(error))}` });
    process.exit(1);
  });

  port.on('message', (message: ToTaskThread) => {
    if (message.kind !== 'task') return answered?.(message);
    void run(message.task, {
      partitionId: message.task.partitionId,
      attempt: message.task.attempt,
      read: async () => {
        const answer = await ask({ kind: 'read' });
        return answer.kind === 'input' ? answer.message : undefined;
      },
      write: async (bytes) => void (await ask({ kind: 'write', bytes })),
    }).then(post);
  });

  async function run(task: Task, side: Omit<TaskSide, 'functions'>): Promise<FromTaskThread> {
    let where = `partition ${task.partitionId}`;
    try {
      const functions = task.functions.map(({ columns, chain }) => ({ columns, chain: chain.map(load) }));
      const host = functions[0]?.chain[0]?.host;
      if (host === undefined) throw new Error('a task without a function');
      const names = functions.flatMap(({ chain }) => chain.map(({ name }) => name));
      where = `${[...new Set(names)].join(', ')}, ${where}`;
      post({ kind: 'loaded' });
      await (task.fedBy === FedBy.partitions ? host.mapPartition : host.mapColumns)({ ...side, functions });
      return { kind: 'done' };
    } catch (error) {
      return { kind: 'failed', text: `${where}: ${withoutOwnLines(mapAll(describeFailure(error)))}` };
    }
  }
}

function load(payload: Uint8Array): Known {
  // A message's bytes come as Uint8Array.
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const hash = createHash('sha256').update(bytes).digest('hex');
  let found = known.get(hash);
  if (found === undefined) {
    const { header, program } = decodePayload(bytes);
    const file = `/sluice/function-${known.size}.cjs`;
    const mapStack = createStackMap(program.map, file);
    const host = runProgram<TaskHost>(program.code, file);
    found = { host, name: header.handler, params: header.params, returns: header.returns ?? 'null', mapStack };
    known.set(hash, found);
  }
  return found;
}

function mapAll(text: string): string {
  return [...known.values()].reduce((mapped, { mapStack }) => mapStack(mapped), text);
}
