// What a program loads, by a hook that notes every module that is asked for by `import`. What CommonJS packages load within themselves is not seen.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../config/package-root.js';

export interface LoadedModules {
  /** Names, each once, in the order of their loading. */
  readonly packages: readonly string[];
  /** Own files, as paths from the root. */
  readonly own: readonly string[];
  readonly stdout: string;
}

const NOTING = `
  import { appendFileSync } from 'node:fs';
  export function load(url, context, next) {
    appendFileSync(process.env.NOTED_MODULES, url + '\\n');
    return next(url, context);
  }`;
const REGISTER = `
  import { register } from 'node:module';
  register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(NOTING)}`)});`;

/** Runs Node with `args`. @throws Error if it ends with another exit code than those given. */
export async function loadedModules(
  args: readonly string[],
  { cwd, env, exitCodes = [0] }: { cwd?: string; env: NodeJS.ProcessEnv; exitCodes?: readonly number[] },
): Promise<LoadedModules> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-modules-'));
  try {
    const notes = join(folder, 'modules');
    const command = ['--import', `data:text/javascript,${encodeURIComponent(REGISTER)}`, ...args];
    const options = { cwd, env: { ...env, NOTED_MODULES: notes } };
    const { stdout } = await promisify(execFile)(process.execPath, command, options).catch(
      (error: { code?: unknown; stdout: string }) => {
        if (!exitCodes.some((code) => code === error.code)) throw error;
        return error;
      },
    );
    const urls = readFileSync(notes, 'utf8').trim().split('\n');
    const paths = urls.filter((url) => url.startsWith('file:')).map((url) => url.slice(url.indexOf(packageRoot())));
    const packageOf = (path: string): string => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '';
    return {
      packages: [...new Set(paths.filter((path) => path.includes('/node_modules/')).map(packageOf))],
      own: paths.filter((path) => !path.includes('/node_modules/')).map((path) => path.slice(packageRoot().length + 1)),
      stdout,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
