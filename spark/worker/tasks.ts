/**
 * Serves the tasks that Spark sends over one connection, one after the other. The functions run in a thread of their own: one that computes without
 * pause, runs out of memory or calls `process.exit` must not keep this one from hearing that Spark has gone, and from answering.
 */
import { Worker } from 'node:worker_threads';
import { readArrowMessage } from './arrow-messages.js';
import type { SparkLink } from './handshake.js';
import { FAILED, int, text } from './protocol.js';
import { isAtEnd, NOT_READY, READY_FOR_NEXT, readTask, START_OF_ARROW, type Task, taskEnd } from './task-protocol.js';
import { FOR_TASKS, type FromTaskThread, movable, type ToTaskThread } from './task-thread-messages.js';
import { onCrash } from './thread-crash.js';

/** Resolves with the exit code when Spark has closed the connection, or a task has left this process in a state that none may follow. */
export async function serveTasks(programFile: string, link: SparkLink): Promise<number> {
  // Ctrl-C on a terminal reaches every process there; when to end is Spark's to say.
  process.on('SIGINT', () => {});
  const thread = new TaskThread(programFile);
  const gone = link.reader.ended.then(() => 0);
  return Promise.race([gone, serve(link, thread)]);
}

async function serve(link: SparkLink, thread: TaskThread): Promise<number> {
  try {
    for (;;) {
      const begun = Date.now();
      const task = await readTask(link.reader);
      if (task === undefined) return 0;
      if (!(await runTask(link, thread, task, begun))) {
        // Spark closes the connection when it has taken the answer.
        await link.reader.ended;
        return 0;
      }
    }
  } catch (error) {
    await link.writer.write(int(FAILED), text((error as Error).message));
    // What was written must have been taken before this process ends.
    link.close();
    await link.reader.ended;
    return 1;
  }
}

/** Whether another task may follow. @throws Error in words for the query's exception if the task failed. */
async function runTask({ reader, writer }: SparkLink, thread: TaskThread, task: Task, begun: number): Promise<boolean> {
  let loaded = begun;
  let isInputRead = false;
  let isAnswerBegun = false;
  let message = await thread.tell({ kind: 'task', task });
  for (;;) {
    switch (message.kind) {
      case 'loaded':
        loaded = Date.now();
        message = await thread.next();
        break;
      case 'read': {
        const input: Uint8Array | undefined = isInputRead ? undefined : await readArrowMessage(reader);
        isInputRead ||= input === undefined;
        message = await thread.tell({ kind: 'input', message: input });
        break;
      }
      case 'write':
        await writer.write(...(isAnswerBegun ? [] : [START_OF_ARROW]), Buffer.from(message.bytes));
        isAnswerBegun = true;
        message = await thread.tell({ kind: 'taken' });
        break;
      case 'done': {
        await writer.write(taskEnd({ begun, loaded, done: Date.now() }));
        // A function need not have read all rows; Spark then does not send the rest.
        const isReady = isInputRead && (await isAtEnd(reader));
        await writer.write(isReady ? READY_FOR_NEXT : NOT_READY);
        return isReady;
      }
      case 'failed':
        throw new Error(message.text);
    }
  }
}

/** The functions' thread, from this side: it is told something, and answers with one message. */
class TaskThread {
  readonly #thread: Worker;
  readonly #messages: FromTaskThread[] = [];
  #wake: (() => void) | undefined;

  constructor(programFile: string) {
    this.#thread = new Worker(programFile, { workerData: FOR_TASKS });
    this.#thread.on('message', (message: FromTaskThread) => this.#receive(message));
    onCrash(
      this.#thread,
      'The function',
      'Keep less of the rows, lower spark.sql.execution.arrow.maxRecordsPerBatch, or raise the limit for executors by NODE_OPTIONS=--max-old-space-size=<MB>.',
      (text) => this.#receive({ kind: 'failed', text }),
    );
  }

  tell(message: ToTaskThread): Promise<FromTaskThread> {
    this.#thread.postMessage(message, message.kind === 'input' ? movable(message.message) : []);
    return this.next();
  }

  async next(): Promise<FromTaskThread> {
    for (;;) {
      // A failure stays: nothing comes behind it.
      const [first] = this.#messages;
      if (first?.kind === 'failed') return first;
      if (first !== undefined) return this.#messages.shift() as FromTaskThread;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #receive(message: FromTaskThread): void {
    this.#messages.push(message);
    this.#wake?.();
  }
}
