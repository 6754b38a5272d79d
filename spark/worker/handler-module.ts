/** Which file and which export a handler is. Nothing is run here, except where a handler is given as the function itself. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HandlerError } from './handler-error.js';

/** What a module's compiled name stands for where only its source is there: tests and tools that run TypeScript without a build. */
const SOURCES_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['.js', ['.ts', '.tsx']],
  ['.mjs', ['.mts']],
  ['.cjs', ['.cts']],
]);

/**
 * The file of a module given by path or file URL.
 * @throws HandlerError if there is none, or if it is the running program itself.
 */
export function locateModule(module: string | URL): string {
  const path = pathOf(module);
  const extension = /\.[cm]?js$/.exec(path)?.[0] ?? '';
  const base = path.slice(0, path.length - extension.length);
  const found = [path, ...(SOURCES_OF.get(extension) ?? []).map((source) => base + source)].find((file) =>
    existsSync(file),
  );
  if (found === undefined) throw new HandlerError(`The handler's module ${path} does not exist.`);
  const file = realpathSync(found);
  if (file === mainFile()) {
    throw new HandlerError(
      `The handler's module ${file} is the running program. Spark's worker would run it all again: put the handler into a module of its own.`,
    );
  }
  return file;
}

function pathOf(module: string | URL): string {
  const isUrl = module instanceof URL || /^[a-z][a-z+.-]+:\/\//i.test(module);
  if (!isUrl) return resolve(module as string);
  const url = new URL(module);
  if (url.protocol !== 'file:')
    throw new HandlerError(`A handler's module is a file; ${url.protocol}// cannot be read.`);
  return fileURLToPath(url);
}

function mainFile(): string | undefined {
  const [, main] = process.argv;
  return main !== undefined && existsSync(main) ? realpathSync(main) : undefined;
}

/** The name under which `file` exports the function. Loads the module, which whoever holds the function has done already. @throws HandlerError */
export async function findExport(file: string, handler: unknown): Promise<string> {
  let exported: Record<string, unknown>;
  try {
    exported = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new HandlerError(`The handler's module ${file} does not load: ${(error as Error).message}`, { cause: error });
  }
  const name = Object.keys(exported).find((key) => exported[key] === handler);
  if (name !== undefined) return name;
  throw new HandlerError(
    `${file} does not export the handler that was given. A handler runs in another process, so it must be exported by its module: it cannot be made on the spot.`,
  );
}
