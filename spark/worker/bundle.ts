/** Makes one program of a handler, the host and the Connect client. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** A handler that cannot be found, loaded or bundled. Thrown before the query starts. */
export class HandlerError extends Error {
  override readonly name = 'HandlerError';
}

const bundles = new Map<string, Promise<string>>();

/** The bundle of a module's export; made once per process. @throws HandlerError */
export function bundleHandler(module: string | URL, exportName: string): Promise<string> {
  const url = module instanceof URL ? module : module.startsWith('file:') ? new URL(module) : pathToFileURL(module);
  const key = `${url.href}#${exportName}`;
  let bundle = bundles.get(key);
  if (bundle === undefined) {
    bundle = makeBundle(fileURLToPath(url), exportName);
    bundles.set(key, bundle);
    bundle.catch(() => bundles.delete(key));
  }
  return bundle;
}

async function makeBundle(path: string, exportName: string): Promise<string> {
  if (!existsSync(path)) throw new HandlerError(`The handler's module ${path} does not exist.`);
  const own = fileURLToPath(import.meta.url);
  const host = `${dirname(own)}/batch-host${own.endsWith('.ts') ? '.ts' : '.js'}`;
  const entry = `
    import { hostOf } from ${JSON.stringify(host)};
    import { ${exportName} as handler } from ${JSON.stringify(path)};
    export const host = hostOf(handler);`;
  try {
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: dirname(path), sourcefile: 'sluice-entry.js' },
      bundle: true,
      write: false,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      keepNames: true,
      minifyWhitespace: true,
      sourcemap: 'inline',
      sourcesContent: false,
      external: ['pg-native'],
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    throw new HandlerError(`The handler ${exportName} of ${path} cannot be bundled: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
