// The jars as they are meant to be: `spark/jars.sha256` has the SHA-256 of every one that Maven resolves from the pom, as `sha256sum` writes them.
// Maven itself only compares what it fetched with a checksum from the same place. What is not as pinned is not put on any class path.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JAR_PINS } from './paths.mjs';
import { SetupError } from './run.mjs';

const SHOWN_MAX = 5;

/** @throws SetupError naming the jars that differ, are not pinned, or are pinned and not there. */
export function assertPinned(profile, folder) {
  const pins = readPins();
  const found = hashesOf(folder);
  const problems = [];
  for (const [name, hash] of found) {
    const pin = pins.get(`${profile}/${name}`);
    if (pin === undefined) problems.push(`${name} is not pinned`);
    else if (pin !== hash) problems.push(`${name} has SHA-256 ${hash}, and ${pin} is pinned`);
  }
  for (const path of pins.keys()) {
    const [of, name] = path.split('/');
    if (of === profile && !found.has(name)) problems.push(`${name} is pinned and was not resolved`);
  }
  if (problems.length === 0) return;
  const more = problems.length > SHOWN_MAX ? [`… and ${problems.length - SHOWN_MAX} more`] : [];
  throw new SetupError(
    ...problems.slice(0, SHOWN_MAX),
    ...more,
    'Set-up failed: the jars are not those of spark/jars.sha256. If the pom was changed on purpose, `node scripts/setup.mjs --pin-jars` pins what ' +
      'Maven resolves now (look at the difference). Otherwise do not use them: remove them from ~/.m2/repository, and ask who serves them.',
  );
}

/** Writes the pins of what lies in these folders, by profile. */
export function pinJars(folders) {
  const lines = Object.entries(folders).flatMap(([profile, folder]) =>
    [...hashesOf(folder)].map(([name, hash]) => `${hash}  ${profile}/${name}`),
  );
  writeFileSync(JAR_PINS, `${lines.join('\n')}\n`);
}

function readPins() {
  const pins = new Map();
  for (const line of readFileSync(JAR_PINS, 'utf8').split('\n')) {
    const [hash, path] = line.split('  ');
    if (path !== undefined) pins.set(path, hash);
  }
  return pins;
}

/** By file name, in order. */
function hashesOf(folder) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  return new Map(
    names.sort().map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}
