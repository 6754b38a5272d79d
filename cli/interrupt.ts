// Ctrl-C and its relatives as an AbortSignal: the first asks a command to end in order, the second ends it at once.
import { EXIT } from './exit-codes.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
  /** Which one came first; undefined while none has. */
  readonly cause: (typeof SIGNALS)[number] | undefined;
}

/** Takes the signals over until it is disposed of. `onFirst` is called once, to say that the end takes a moment. */
export function takeInterrupts(onFirst?: () => void): Interrupt {
  const controller = new AbortController();
  let cause: Interrupt['cause'];
  const onSignal = (name: NodeJS.Signals): void => {
    // Terminals and process supervisors send one to the whole group, npm then passes its own copy on: the same signal twice within a moment is one.
    if (controller.signal.aborted) {
      if (Date.now() - firstAt > REPEAT_MS_MIN) process.exit(EXIT.interrupted);
      return;
    }
    firstAt = Date.now();
    cause = name as Interrupt['cause'];
    controller.abort();
    onFirst?.();
  };
  let firstAt = 0;
  for (const name of SIGNALS) process.on(name, onSignal);
  return {
    signal: controller.signal,
    get cause() {
      return cause;
    },
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, onSignal);
    },
  };
}

const REPEAT_MS_MIN = 500;
