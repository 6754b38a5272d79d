#!/usr/bin/env node
// The command `sluice`. Plain JavaScript, so that it can say what to do before anything is built.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  const { runCommandLine } = await import(main.href);
  await runCommandLine(process.argv.slice(2));
} else {
  process.stderr.write('sluice is not built yet: run npm run setup\n');
  process.exitCode = 1;
}
