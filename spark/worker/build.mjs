// Makes the one file that stands in the place of PYSPARK_PYTHON: `node spark/worker/build.mjs [file]`, by default into dist/.
import { chmod, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = fileURLToPath(new URL('./sluice-worker.ts', import.meta.url));
const file = process.argv[2] ?? fileURLToPath(new URL('../../dist/spark/worker/sluice-worker.cjs', import.meta.url));

await mkdir(dirname(file), { recursive: true });
const fresh = `${file}.${process.pid}.tmp`;
await build({
  entryPoints: [entry],
  outfile: fresh,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  banner: { js: '#!/usr/bin/env node' },
});
await chmod(fresh, 0o755);
// At once: Spark may start a worker at any moment, and must not find half a file.
await rename(fresh, file);
