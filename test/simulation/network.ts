/** Calls between processes that may be lost on the way there, on the way back, or arrive when nobody waits for them any more. */
import type { Process, Scheduler } from './scheduler.js';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Servers do not die in these runs; their own work is done by this process. */
export interface Server {
  readonly process: Process;
}

export interface Faults {
  /** Chance that a call is lost, and how is left to chance as well. */
  lossChance: number;
}

/**
 * Calls `effect` at a server. A call may be lost before it is done; or its reply may be lost; or it is taken for lost and done all the same, later.
 * Either way the caller gets a NetworkError. `isLate` says whether the server would still do it then.
 */
export async function call<T>(
  { scheduler, faults, server }: { readonly scheduler: Scheduler; readonly faults: Faults; readonly server: Server },
  caller: Process,
  name: string,
  effect: () => T,
  onLoss: () => void = () => {},
): Promise<T> {
  await scheduler.step(caller, name);
  if (scheduler.random.chance(faults.lossChance)) {
    const fate = scheduler.random.below(3);
    if (fate === 0) onLoss();
    else if (fate === 1) {
      tryEffect(effect);
      onLoss();
    } else {
      void scheduler.step(server.process, `${name} of ${caller.name}, late`).then(() => {
        tryEffect(effect);
        onLoss();
      });
    }
    scheduler.note(`${caller.name} ${name}: ${['request lost', 'reply lost', 'request late'][fate]}`);
    throw new NetworkError(`${name}: ${['request lost', 'reply lost', 'request late'][fate]}`);
  }
  const result = effect();
  await scheduler.step(caller, `${name}, answered`);
  return result;
}

function tryEffect(effect: () => unknown): void {
  try {
    effect();
  } catch {
    // The server's refusal reaches nobody.
  }
}
