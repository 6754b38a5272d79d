/**
 * Runs simulated runs by seed and prints what broke. `npm run simulate -- --seed 17` repeats one, step by step;
 * `npm run simulate -- --from 1 --count 100000` runs many.
 */
import { parseArgs } from 'node:util';
import { simulateMany } from './many.js';
import { simulate } from './run.js';

console.warn = () => {};
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '20000' },
  },
});

if (values.seed !== undefined) {
  const { violations, trace } = await simulate(Number(values.seed), { isTraced: true });
  for (const line of trace) console.log(line);
  console.log(
    violations.length === 0
      ? `seed ${values.seed}: everything holds`
      : `seed ${values.seed}: ${violations.length} violations`,
  );
  process.exitCode = violations.length === 0 ? 0 : 1;
} else {
  const from = Number(values.from);
  const { failed, steps } = await simulateMany(from, Number(values.count));
  for (const { seed, violations } of failed.slice(0, 20)) {
    console.log(`seed ${seed}: ${violations.map(({ check, what }) => `${check}: ${what}`).join('; ')}`);
  }
  console.log(`${values.count} runs from seed ${from}, ${steps} steps, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
