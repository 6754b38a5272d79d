/**
 * Names the moments of a delivery at which a process can die, by its ports: every call that changes something, right after it was answered, and for
 * the two commits also when they have been sent and nobody has answered yet. The deliveries themselves know nothing of it.
 */

/** Calls that change something, or decide whether anything may be changed. */
const NAMED = /^(assertEpoch|enterLedger|merge|commit|sweep|stage|discard|publish|begin|send|sendMarker)$/;
const COMMIT = 'commit';

/** Called at each point, with its name: `<method>#<occurrence>` or `commit#<occurrence> sent`. */
export type AtPoint = (point: string) => void;

/** `ports` with every call named, also those of what they return. */
export function withCrashPoints<T extends object>(ports: T, at: AtPoint): T {
  const counts = new Map<string, number>();
  const wrap = <O extends object>(target: O): O =>
    new Proxy(target, {
      get(object, name) {
        const value: unknown = Reflect.get(object, name);
        if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
          return wrap(value);
        if (typeof value !== 'function' || typeof name !== 'string') return value;
        return (...args: unknown[]) => {
          const answer: unknown = value.apply(object, args);
          if (!(answer instanceof Promise)) return answer;
          return named(name, answer);
        };
      },
    });

  async function named(name: string, answer: Promise<unknown>): Promise<unknown> {
    const point = NAMED.test(name) ? `${name}#${(counts.get(name) ?? 0) + 1}` : undefined;
    if (point !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    if (name === COMMIT) {
      // As long as it takes to hand the bytes to the kernel.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      at(`${point} sent`);
    }
    const result = await answer;
    if (point !== undefined) at(point);
    // A session or a transaction; staged rows keep to themselves.
    return typeof result === 'object' && result !== null && ('commit' in result || 'discard' in result)
      ? wrap(result)
      : result;
  }

  return wrap(ports);
}
