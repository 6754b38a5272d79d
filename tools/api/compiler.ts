// The compiler of the build, asked for its syntax trees and symbols. TypeScript 7 calls this interface unstable; it is pinned, and used in this file,
// public-api.ts and declarations.ts alone. Its process may say `context canceled` on the standard error when it is let go; that means nothing.
import { API, type Project } from 'typescript/unstable/sync';
import { packageRoot } from '../../config/package-root.js';

/** The package's root as the compiler writes paths, on every system. */
export const ROOT = packageRoot().replaceAll('\\', '/');

/** The tsconfig of the build. */
export const OWN_CONFIG = `${ROOT}/tsconfig.json`;

/** Files that do not exist, by their path; all others are read from disk. */
export type VirtualFiles = ReadonlyMap<string, string>;

/** Calls `use` with the program of a tsconfig, which may be one of the virtual files. */
export function withProgram<T>(tsconfig: string, use: (project: Project) => T, files: VirtualFiles = new Map()): T {
  const api = new API({
    cwd: ROOT,
    ...(files.size === 0
      ? {}
      : {
          fs: {
            readFile: (path) => files.get(path),
            fileExists: (path) => (files.has(path) ? true : undefined),
            directoryExists: (path) => (isAbove(path, files) ? true : undefined),
          },
        }),
  });
  try {
    const [project] = api.updateSnapshot({ openProjects: [tsconfig] }).getProjects();
    if (project === undefined) throw new Error(`The compiler has not opened ${tsconfig}.`);
    return use(project);
  } finally {
    api.close();
  }
}

/** Whether a file of the program is one of ours. The compiler's keys of files are in small letters where the system does not mind. */
export function isOwn(path: string): boolean {
  return path.toLowerCase().startsWith(`${ROOT.toLowerCase()}/`) && !path.includes('/node_modules/');
}

function isAbove(folder: string, files: VirtualFiles): boolean {
  for (const path of files.keys()) if (path.startsWith(`${folder}/`)) return true;
  return false;
}
