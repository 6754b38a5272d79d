// A pipeline from the user's own file.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../config/package-root.js';
import type { Pipeline } from './pipeline.js';
import { PipelineError } from './pipeline-error.js';

/** What a pipeline's file may import from sluice, and where that is: the very modules that run here, so that their types are the same. */
const OWN_MODULES: Readonly<Record<string, string>> = {
  sluice: 'dist/spark/pipeline/index.js',
  'sluice/connect': 'dist/spark/connect/index.js',
};

/**
 * The pipeline that a file exports.
 * @param file TypeScript or JavaScript whose default export is a pipeline.
 * @param folder where the bundle may lie while it is loaded; made if need be.
 * @throws PipelineError when the file cannot be read, does not compile or exports no pipeline.
 * @example const shop = await loadPipeline('pipeline.ts', '.sluice');
 */
export async function loadPipeline(file: string, folder: string): Promise<Pipeline> {
  const pipeline = await loadDefault(file, folder);
  if (!isPipeline(pipeline))
    throw new PipelineError(
      `${file} exports no pipeline. Its default export must be one: \`export default definePipeline({…})\`.`,
    );
  return pipeline;
}

/**
 * The default export of a user's file. Bundled first: that makes JavaScript of TypeScript, and lets the file import others beside it.
 * @throws PipelineError when the file cannot be read or does not compile.
 * @example const repair = (await loadDefault('repair.ts', '.sluice')) as Repair;
 */
export async function loadDefault(file: string, folder: string): Promise<unknown> {
  const path = resolve(file);
  await mkdir(folder, { recursive: true });
  const bundle = join(folder, `module-${process.pid}-${Date.now()}.mjs`);
  await writeFile(bundle, await bundleOf(path, file));
  try {
    return ((await import(pathToFileURL(bundle).href)) as { default?: unknown }).default;
  } finally {
    await rm(bundle, { force: true });
  }
}

async function bundleOf(path: string, shown: string): Promise<string> {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [path],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'silent',
      plugins: [
        {
          name: 'sluice',
          setup(build) {
            build.onResolve({ filter: /^sluice(\/.*)?$/ }, ({ path: name }) => {
              const own = OWN_MODULES[name];
              if (own === undefined)
                return { errors: [{ text: `sluice exports no ${JSON.stringify(name)} for pipelines` }] };
              return { path: pathToFileURL(join(packageRoot(), own)).href, external: true };
            });
          },
        },
      ],
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    const { errors = [] } = error as Partial<import('esbuild').BuildFailure>;
    if (errors[0]?.location === null && errors[0].text.startsWith('Could not resolve'))
      throw new PipelineError(`There is no file ${shown}.`, { cause: error });
    const faults = errors
      .slice(0, 5)
      .map(({ text, location }) => (location === null ? text : `${location.file}:${location.line}: ${text}`));
    throw new PipelineError(
      `${shown} cannot be loaded: ${faults.length > 0 ? faults.join('; ') : (error as Error).message}`,
      { cause: error },
    );
  } finally {
    // Its service is a process that would live as long as the run.
    await esbuild.stop();
  }
}

/** Whatever has the shape; `definePipeline` has checked the rest. */
function isPipeline(value: unknown): value is Pipeline {
  const { name, source, queries } = (value ?? {}) as Partial<Pipeline>;
  return typeof name === 'string' && typeof source?.topic === 'string' && Array.isArray(queries) && queries.length > 0;
}
