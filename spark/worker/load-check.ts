/** Loads a program as its worker will, in a thread that ends afterwards: what fails to load is told before a query is started with it. */
import { Worker } from 'node:worker_threads';
import { HandlerError } from './handler-error.js';
import type { Program } from './payload.js';
import { createStackMap, PROGRAM_FILE } from './stack-map.js';

/** For a module that does not come to an end: one that waits for a connection belongs into the handler. */
const LOAD_TIMEOUT_MS = 30_000;

/** Text, so that it runs the same from sources and from a build. */
const LOADER = `
const { parentPort, workerData: { code, file } } = require('node:worker_threads');
const Module = require('node:module');
try {
  const loaded = new Module(file);
  loaded.filename = file;
  loaded._compile(code, file);
  parentPort.postMessage({ type: loaded.exports.handlerType });
} catch (error) {
  parentPort.postMessage({ fault: String(error?.stack ?? error) });
}
process.exit();
`;

/** The `typeof` of the program's handler. @throws HandlerError if the program does not load. */
export async function loadProgram(handler: string, { code, map }: Program): Promise<string> {
  const thread = new Worker(LOADER, {
    eval: true,
    workerData: { code, file: PROGRAM_FILE },
    stdout: true,
    stderr: true,
  });
  let timer: NodeJS.Timeout | undefined;

  try {
    const { type, fault } = await new Promise<{ type?: string; fault?: string }>((resolve) => {
      timer = setTimeout(
        () => resolve({ fault: `it was not done after ${LOAD_TIMEOUT_MS / 1000} s` }),
        LOAD_TIMEOUT_MS,
      );
      thread.once('message', resolve);
      thread.once('error', (error) => resolve({ fault: error.stack ?? String(error) }));
      thread.once('exit', () => resolve({ fault: 'it ends the process' }));
    });
    if (type !== undefined) return type;
    throw new HandlerError(`The module of the handler ${handler} does not load: ${createStackMap(map)(fault ?? '')}`);
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
