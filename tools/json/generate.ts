// Writes docs/json: `npm run json:generate`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { renderSchemas, SCHEMA_FOLDER } from './schemas.js';

const folder = join(packageRoot(), SCHEMA_FOLDER);
const files = await renderSchemas();
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, text] of files) await writeFile(join(folder, name), text);
