// PySpark's Connect client for the tests that compare with it: a virtual environment in the project's cache, made when it is first wanted and again
// when the list of its packages changes. `scripts/test.mjs` makes it beforehand.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the Python programs and the list of packages lie; tests run from their sources and from dist/. */
const HERE = join(projectRoot(), 'test', 'pyspark');
const CACHE = join(projectRoot(), '.cache');
const VENV = join(CACHE, 'pyspark');
const INSTALL_MS_MAX = 300_000;

/** Serves one Python program: gives it `input` as JSON and answers what it prints, parsed. @throws Error with what it wrote to stderr. */
export async function runPython<T>(
  program: string,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const python = await pythonWithSpark();
  const output = await run(python, [join(HERE, program)], {
    input: JSON.stringify(input),
    // Compiled when first imported, which is a small part of what is installed; and not beside the sources.
    env: {
      ...process.env,
      TZ: 'UTC',
      PYTHONDONTWRITEBYTECODE: '',
      PYTHONPYCACHEPREFIX: join(CACHE, 'pycache'),
      ...env,
    },
  });
  return JSON.parse(output) as T;
}

let made: Promise<string> | undefined;

/** The interpreter of the environment. @throws Error if there is no Python 3 with venv, or the registry does not answer. */
export function pythonWithSpark(): Promise<string> {
  made ??= makeEnvironment();
  return made;
}

async function makeEnvironment(): Promise<string> {
  const list = join(HERE, 'requirements.txt');
  const hash = createHash('sha256')
    .update(await readFile(list))
    .digest('hex');
  const folder = `${VENV}-${hash.slice(0, 12)}`;
  const python = (root: string) =>
    process.platform === 'win32' ? join(root, 'Scripts', 'python.exe') : join(root, 'bin', 'python');
  if (existsSync(join(folder, 'complete'))) return python(folder);
  await mkdir(CACHE, { recursive: true });
  // Beside, then moved as a whole: two test files may want it at the same moment, and a killed one must leave nothing that looks done. Programs
  // are run as `python file`, so that the path inside of pip's own scripts does not matter.
  const fresh = `${folder}.${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', fresh]).catch((error: Error) => {
    throw new Error(`The comparison with PySpark needs Python 3.11 or newer with its venv module. ${error.message}`);
  });
  await run(
    python(fresh),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-compile', '-r', list],
    {
      timeoutMs: INSTALL_MS_MAX,
    },
  );
  await writeFile(join(fresh, 'complete'), hash);
  await rename(fresh, folder).catch(async (error: unknown) => {
    // The other test file was first.
    if (!existsSync(join(folder, 'complete'))) throw error;
    await rm(fresh, { recursive: true, force: true });
  });
  return python(folder);
}

interface RunOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

const OUTPUT_BYTES_MAX = 256 * 2 ** 20;

function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input, env = process.env, timeoutMs = 120_000 } = options;
  return new Promise((resolve, reject) => {
    const settings = { env, timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX };
    const child = execFile(command, [...args], settings, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')} failed: ${error.message.split('\n')[0]}\n${stderr}`));
    });
    // A program that has failed already reads nothing; its exit says why.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
