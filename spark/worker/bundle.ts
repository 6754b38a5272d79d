/** Makes one program of a handler, its host and the Connect client, and sees that it loads. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, OutputFile } from 'esbuild';
import { HandlerError } from './handler-error.js';
import { findExport, locateModule } from './handler-module.js';
import { loadProgram } from './load-check.js';
import { packProgram } from './payload.js';

export interface Bundle {
  /** Names the handler in messages: `orders/save.ts#save`, below its package. */
  readonly handler: string;
  /** As `packProgram` packs it. */
  readonly program: Buffer;
}

/** What calls the handler: for batches beside the driver, or for tasks beside executors. */
export type HostModule = 'batch-host' | 'task-host';

/** Which exported function it is: by the name of its export, or as the function itself. */
export interface ExportSpec {
  readonly module: string | URL;
  readonly export?: string;
  readonly handler?: unknown;
}

/** Packages that others ask for only if they are there. */
const OPTIONAL_PACKAGES = ['pg-native'];

/** Bundles of this process, with the files they were made of: one whose file has changed since is made anew. */
const bundles = new Map<string, Promise<{ readonly bundle: Bundle; readonly inputs: ReadonlyMap<string, number> }>>();

/**
 * The bundle of an export, `default` if nothing names it, with the name of that export.
 * @throws HandlerError as `bundleHandler`, and if the module is not found or the export is given in two ways.
 */
export async function bundleExport(spec: ExportSpec, host: HostModule): Promise<Bundle & { exportName: string }> {
  if (spec.handler !== undefined && spec.export !== undefined)
    throw new HandlerError('A handler is given as `handler` or by the name of its `export`, not both.');
  const file = locateModule(spec.module);
  const exportName = spec.handler === undefined ? (spec.export ?? 'default') : await findExport(file, spec.handler);
  return { ...(await bundleHandler(file, exportName, host)), exportName };
}

/**
 * The bundle of `exportName` of a module's file.
 * @throws HandlerError if the module or what it imports does not compile or load, or the export is not a function.
 */
export async function bundleHandler(file: string, exportName: string, host: HostModule): Promise<Bundle> {
  const key = `${host} ${file}#${exportName}`;
  const known = await bundles.get(key)?.catch(() => undefined);
  if (known !== undefined && [...known.inputs].every(([path, time]) => modifiedMs(path) === time)) return known.bundle;
  const making = makeBundle(file, exportName, host);
  bundles.set(key, making);
  making.catch(() => bundles.delete(key));
  return (await making).bundle;
}

async function makeBundle(file: string, exportName: string, hostModule: HostModule) {
  const root = packageOf(file);
  const handler = `${relativeTo(root, file)}#${exportName}`;
  const own = fileURLToPath(import.meta.url);
  const host = join(dirname(own), `${hostModule}${own.endsWith('.ts') ? '.ts' : '.js'}`);
  const entry = `
    import { hostOf } from ${JSON.stringify(host)};
    import { ${JSON.stringify(exportName)} as handler } from ${JSON.stringify(file)};
    export const handlerType = typeof handler;
    export const host = hostOf(handler);`;
  const { outputFiles, inputs } = await build(handler, {
    stdin: { contents: entry, resolveDir: root, sourcefile: 'sluice-entry.js' },
    absWorkingDir: root,
    outfile: join(root, 'sluice-handler.cjs'),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Stacks name functions by their true names, and their columns lie in lines that exist; only blanks are left out.
    keepNames: true,
    minifyWhitespace: true,
    sourcemap: 'external',
    sourcesContent: false,
    external: OPTIONAL_PACKAGES.concat('esbuild'),
    // A program of one file is no module: what a module reads beside itself is not sent. Its place is that of where it was bundled, which also
    // holds at the server if that is on the same machine.
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
      'import.meta.filename': JSON.stringify(file),
      'import.meta.dirname': JSON.stringify(dirname(file)),
    },
    logLevel: 'silent',
  });
  const program = {
    code: textOf(outputFiles, '.cjs'),
    map: JSON.stringify(withPackagePaths(JSON.parse(textOf(outputFiles, '.map')) as SourceMapFile)),
  };
  const type = await loadProgram(handler, program);
  if (type !== 'function') {
    throw new HandlerError(
      type === 'undefined'
        ? `${file} has no export "${exportName}".`
        : `The export "${exportName}" of ${file} is a ${type}, not a function.`,
    );
  }
  return {
    bundle: { handler, program: await packProgram(program) },
    // What npm installed does not change under a running process.
    inputs: new Map(
      Object.keys(inputs)
        .filter((path) => !path.includes('node_modules/') && path !== 'sluice-entry.js')
        .map((path) => resolve(root, path))
        .map((path) => [path, modifiedMs(path)]),
    ),
  };
}

let running = 0;

async function build(
  handler: string,
  options: BuildOptions,
): Promise<{ outputFiles: OutputFile[]; inputs: Record<string, unknown> }> {
  // Loaded when it is needed: a module with handlers may also start their queries, and then stands in its own bundle, without a bundler.
  const esbuild = await import('esbuild');
  running += 1;
  try {
    const { outputFiles, metafile } = await esbuild.build(options);
    return { outputFiles: outputFiles ?? [], inputs: metafile?.inputs ?? {} };
  } catch (error) {
    const faults = ((error as Partial<BuildFailure>).errors ?? [])
      .slice(0, 5)
      .map(({ text, location }) =>
        location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
      );
    const why = faults.length > 0 ? faults.join('\n') : (error as Error).message;
    throw new HandlerError(`The handler ${handler} cannot be bundled:\n${why}`, { cause: error });
  } finally {
    running -= 1;
    // Its service is a process of about 100 MB, which a supervisor would otherwise keep for as long as it runs.
    if (running === 0) await esbuild.stop();
  }
}

interface SourceMapFile {
  sources: string[];
}

/** Sources below the package as they are; those of other packages from `node_modules` on: the rest of the path says nothing at the server. */
function withPackagePaths(map: SourceMapFile): SourceMapFile {
  return {
    ...map,
    sources: map.sources.map((source) => source.replace(/^(?:\.\.\/)+(?:.*\/)?(node_modules\/)/, '$1')),
  };
}

function textOf(files: readonly OutputFile[], extension: string): string {
  const file = files.find(({ path }) => path.endsWith(extension));
  if (file === undefined) throw new Error(`esbuild gave no ${extension}`);
  return file.text;
}

/** The nearest folder with a package.json, else the file's own. */
function packageOf(file: string): string {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return dirname(file);
  }
}

function relativeTo(root: string, file: string): string {
  return relative(root, file).split(sep).join('/');
}

/** -1 for a file that is gone. */
function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}
