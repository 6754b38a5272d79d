// Projects to begin with: the folders of templates/, copied with the project's name and with the sluice that runs here as its dependency.
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { CommandError, EXIT } from './exit-codes.js';

export const TEMPLATES = ['orders'] as const;

/**
 * Makes `folder` and copies the template's files into it.
 * @returns their paths below the folder.
 * @throws CommandError when the folder has files already, or its name is none for a package.
 */
export async function makeProject(folder: string, template: (typeof TEMPLATES)[number]): Promise<readonly string[]> {
  const target = resolve(folder);
  const name = basename(target);
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name))
    throw new CommandError(
      EXIT.input,
      `${JSON.stringify(name)} is no name for a project: small letters, digits and dashes.`,
    );
  if ((await filesIn(target)).length > 0)
    throw new CommandError(EXIT.input, `${folder} is not empty; choose another folder.`);
  const source = join(packageRoot(), 'templates', template);
  const files = (await readdir(source, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(source, join(entry.parentPath, entry.name)))
    .sort();
  for (const file of files) {
    const to = join(target, targetNameOf(file));
    await mkdir(dirname(to), { recursive: true });
    if (file !== 'package.json') {
      await copyFile(join(source, file), to);
      continue;
    }
    const text = await readFile(join(source, file), 'utf8');
    const { devDependencies } = await readJson<PackageFile>(join(packageRoot(), 'package.json'));
    const filled = text
      .replace('NAME', name)
      .replace('SLUICE', await dependencyOf(target))
      .replace('TYPESCRIPT', devDependencies.typescript);
    await writeFile(to, filled);
  }
  return files.map(targetNameOf);
}

/** npm leaves a `.gitignore` out of packages. */
function targetNameOf(file: string): string {
  return file === 'gitignore' ? '.gitignore' : file;
}

interface PackageFile {
  readonly version: string;
  /** The compiler that these types have been tried with. */
  readonly devDependencies: { readonly typescript: string };
}

/** What npm notes of a folder of packages: where each came from. */
interface InstalledPackages {
  readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
}

/**
 * The sluice that makes the project: from a registry its version; from a file (`npm install ./sluice-….tgz`) that file; from a checkout, or where npm
 * has noted nothing (a global install), the folder itself.
 */
async function dependencyOf(target: string): Promise<string> {
  const root = packageRoot();
  const pathTo = (path: string): string => `file:${relative(target, path).split(sep).join('/')}`;
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') return pathTo(root);
  const notes = await readJson<InstalledPackages>(join(modules, '.package-lock.json')).catch(() => undefined);
  const from = notes?.packages?.[`node_modules/${basename(root)}`]?.resolved;
  if (from === undefined) return pathTo(root);
  if (from.startsWith('file:')) return pathTo(resolve(dirname(modules), from.slice('file:'.length)));
  return (await readJson<PackageFile>(join(root, 'package.json'))).version;
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8')) as T;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
