// oclif.manifest.json: what the commands say of themselves, so that `sluice --help` need not load them all. Made by the set-up behind the compiler;
// run as a program it writes it: `node dist/cli/command-manifest.js`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Interfaces, Plugin, settings } from '@oclif/core';
import { packageRoot } from '../config/package-root.js';

export const MANIFEST_FILE = 'oclif.manifest.json';

/** From the compiled commands, whatever a file says of them. @throws Error when a command cannot be loaded. */
export async function readManifest(): Promise<Interfaces.Manifest> {
  settings.enableAutoTranspile = false;
  const plugin = new Plugin({
    root: packageRoot(),
    isRoot: true,
    ignoreManifest: true,
    errorOnManifestCreate: true,
  });
  await plugin.load();
  return plugin.manifest;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  writeFileSync(join(packageRoot(), MANIFEST_FILE), `${JSON.stringify(await readManifest())}\n`);
