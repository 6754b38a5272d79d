// Compares a text with a file below test/golden. UPDATE_GOLDEN=1 writes the file instead; CI refuses to.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export async function assertGolden(name: string, text: string): Promise<void> {
  const path = join(projectRoot(), 'test', 'golden', name);
  const actual = `${text.trimEnd()}\n`;
  if (process.env.UPDATE_GOLDEN === '1') {
    if (process.env.CI !== undefined) throw new Error('UPDATE_GOLDEN is not for CI: golden files are reviewed.');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, actual);
    return;
  }
  const expected = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`There is no ${path}. Run the test with UPDATE_GOLDEN=1 and look at what it writes.`);
  });
  // A checkout on Windows may have changed the line ends.
  assert.equal(actual, expected.replaceAll('\r\n', '\n'));
}

/** Tests run from their sources and from dist/. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** What goes to the wire as JSON. Plan ids are renumbered in the order of their appearance: they depend on what the process did before. */
export function wireJson(message: unknown): string {
  const ids = new Map<string, string>();
  return JSON.stringify(
    message,
    (name, value: unknown) => {
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
      if (name !== 'planId') return value;
      const id = ids.get(String(value)) ?? `#${ids.size + 1}`;
      ids.set(String(value), id);
      return id;
    },
    2,
  );
}
