#!/usr/bin/env node
// The set-up: everything that a fresh clone lacks, and nothing that it has. `npm start` and `npm test` call it first; when there is nothing to do
// it takes a fraction of a second. Plain Node with no dependencies, since it is what fetches them.
//
//   node scripts/setup.mjs --jars       the jars alone: a package from npm has all the rest
//   node scripts/setup.mjs --pin-jars   after a change of spark/pom.xml: fetch its jars and write their checksums to spark/jars.sha256
//   node scripts/setup.mjs              exit 0: all is there; 1: a step failed, or something must be installed; 130: interrupted
import { checkMachine } from './setup/checks.mjs';
import { withSetupLock } from './setup/lock.mjs';
import { SetupError } from './setup/run.mjs';
import { dueSteps, pinResolvedJars } from './setup/steps.mjs';

const begin = performance.now();
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  if (process.argv.includes('--pin-jars')) await withSetupLock(pinResolvedJars);
  const due = wantedSteps();
  checkMachine(due.map((step) => step.name));
  if (due.length > 0) await withSetupLock(setUp);
  console.log(`Set-up complete in ${seconds(begin)}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  for (const line of error.lines) console.error(line);
  process.exitCode = 1;
}

/** Runs the steps that are due, in order. Asked again under the lock: another set-up may have done them meanwhile, and a step may make a later one due. */
async function setUp() {
  for (let done = new Set(); ; ) {
    const step = wantedSteps().find(({ name }) => !done.has(name));
    if (step === undefined) return;
    done.add(step.name);
    const stepBegin = performance.now();
    process.stdout.write(`${step.title} … `);
    try {
      const result = await step.run();
      process.stdout.write(`${result === undefined ? '' : `${result}, `}${seconds(stepBegin)}\n`);
    } catch (error) {
      process.stdout.write('failed\n');
      throw error;
    }
  }
}

function wantedSteps() {
  const due = dueSteps();
  return process.argv.includes('--jars') ? due.filter(({ name }) => name === 'jars') : due;
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
