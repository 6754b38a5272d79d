// Makes the one file that stands in the place of PYSPARK_PYTHON.
import { chmod } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const outfile = fileURLToPath(new URL('../../dist/spark/worker/sluice-worker.cjs', import.meta.url));
await build({
  entryPoints: [fileURLToPath(new URL('./sluice-worker.ts', import.meta.url))],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  banner: { js: '#!/usr/bin/env node' },
});
await chmod(outfile, 0o755);
