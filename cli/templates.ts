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
    await writeFile(to, text.replace('NAME', name).replace('SLUICE', await dependencyOf(target)));
  }
  return files.map(targetNameOf);
}

/** npm leaves a `.gitignore` out of packages. */
function targetNameOf(file: string): string {
  return file === 'gitignore' ? '.gitignore' : file;
}

/** From a package of npm's its version; from a checkout the checkout itself. */
async function dependencyOf(target: string): Promise<string> {
  const root = packageRoot();
  if (!root.split(sep).includes('node_modules')) return `file:${relative(target, root).split(sep).join('/')}`;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
