/** How a thread that runs other people's code ends against its will. */
import type { Worker } from 'node:worker_threads';

/**
 * Tells why the thread is no more; an error is followed by the thread's exit, so the first of several texts is the true one.
 * @param whose begins the sentence: `The handler`.
 * @param advice what to do when it ran out of memory.
 */
export function onCrash(thread: Worker, whose: string, advice: string, tell: (text: string) => void): void {
  thread.on('error', (error: NodeJS.ErrnoException) =>
    tell(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `${whose} ran out of memory. ${advice}`
        : `${whose}'s thread ended: ${error.stack ?? error}`,
    ),
  );
  thread.on('exit', (code) => tell(`${whose}'s thread ended with code ${code}: did it call process.exit()?`));
}
