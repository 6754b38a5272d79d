/** Where sluice itself lies: the folder of `spark/pom.xml`, `init-db.sql` and `.cache/`. Not for code that is bundled: it asks where its own file is. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder above this file that holds `spark/pom.xml`: from `config/` and from `dist/config/` the same one. */
export function packageRoot(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  for (let folder = here; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'spark', 'pom.xml'))) return folder;
    if (dirname(folder) === folder)
      throw new Error(`no spark/pom.xml in any folder above ${here}: sluice is not installed whole`);
  }
}
