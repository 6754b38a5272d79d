/** Many simulated runs, some at a time: each waits for the event loop at every step, and one turn of the loop serves all that wait. */
import { type Outcome, type SimulationOptions, simulate } from './run.js';

const AT_A_TIME = 64;

export async function simulateMany(
  from: number,
  count: number,
  options: SimulationOptions = {},
): Promise<{ readonly failed: readonly Outcome[]; readonly steps: number }> {
  // Errors are thrown by the thousand here, and nobody reads where.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const failed: Outcome[] = [];
  let steps = 0;
  let next = from;
  async function lane(): Promise<void> {
    while (next < from + count) {
      const outcome = await simulate(next++, options);
      steps += outcome.steps;
      if (outcome.violations.length > 0) failed.push(outcome);
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return { failed: failed.sort((a, b) => a.seed - b.seed), steps };
}
