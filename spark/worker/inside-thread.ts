/** The thread in which a handler runs, from inside: loads the payload's program and hands it batch after batch. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Host, Hosted } from './batch-host.js';
import { describeFailure } from './failure.js';
import { runProgram, STACK_LINES_MAX } from './run-program.js';
import { createStackMap, PROGRAM_FILE } from './stack-map.js';
import type { FromThread, ThreadTask, ToThread } from './thread-messages.js';

export async function runInsideThread(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error('not in a thread');
  const { header, program, sessionId, connectUrl, logFile } = workerData as ThreadTask;
  const mapStack = createStackMap(program.map);
  const post = (message: FromThread): void => port.postMessage(message);
  const ended = new AbortController();
  const handlerOf = `${header.handler}, query ${header.queryName ?? '(unnamed)'}`;

  Error.stackTraceLimit = STACK_LINES_MAX;
  // Also for rejections that nobody handles. What state the handler is in is not known then, so it goes no further.
  process.on('uncaughtException', (error) => {
    const text = `${handlerOf}, in the background: ${mapStack(describeFailure(error))}`;
    console.error(text);
    post({ kind: 'crashed', text });
    process.exit(1);
  });

  let hosted: Hosted;
  try {
    hosted = await runProgram<Host>(
      program.code,
      PROGRAM_FILE,
    )({
      sessionId,
      connectUrl,
      queryName: header.queryName,
      handler: header.handler,
      params: header.params,
      logFile,
      signal: ended.signal,
      mapStack,
    });
  } catch (error) {
    post({ kind: 'crashed', text: `${handlerOf}, at its start: ${mapStack(describeFailure(error))}` });
    return;
  }

  port.on('message', async (message: ToThread) => {
    if (message.kind === 'end') {
      ended.abort(new Error(message.reason));
      return;
    }
    const failure = await hosted.run(message.batch);
    post(failure === undefined ? { kind: 'done' } : { kind: 'failed', text: failure });
  });
  post({ kind: 'ready', hasSessionPerBatch: hosted.hasSessionPerBatch });
}
