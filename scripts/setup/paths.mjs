// Where things lie in the clone.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
/** Outside of version control: jars, stamps, the compiler's notes. */
export const CACHE = join(ROOT, '.cache');
export const JARS = join(CACHE, 'jars');
export const NODE_MODULES = join(ROOT, 'node_modules');
export const DIST = join(ROOT, 'dist');
export const POM = join(ROOT, 'spark', 'pom.xml');
export const JAR_PINS = join(ROOT, 'spark', 'jars.sha256');
