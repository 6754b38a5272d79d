// What the server calls the files that a session sends it: the first part of the name says what becomes of the file
// (`ArtifactManager.addArtifact` in sql/core of Spark 4.2).
import { basename } from 'node:path';
import { SparkError } from './errors/spark-error.js';
import type { Artifact } from './rpc/artifacts.js';
import type { CallOptions } from './rpc/connection.js';

/** What a file that is sent to a session is. */
export interface ArtifactOptions extends CallOptions {
  /** `jar`: of classes. `file`: lies in the working directory of the tasks. `archive`: the same, unpacked. */
  readonly as?: 'jar' | 'file' | 'archive' | undefined;
  readonly name?: string | undefined;
}

const FOLDERS = { jar: 'jars', file: 'files', archive: 'archives' } as const;

/** @throws SparkError of kind `input` if it is not clear what the file is, or the name is none. */
export function artifactOf(path: string, { as, name }: ArtifactOptions): Artifact {
  const kind = as ?? (path.endsWith('.jar') ? 'jar' : undefined);
  if (kind === undefined)
    throw new SparkError(`Say what ${path} is to Spark: as 'jar', 'file' or 'archive'.`, { kind: 'input' });
  if (name !== undefined && (name === '' || /[/\\#]/.test(name)))
    throw new SparkError(`"${name}" cannot be the name of an artifact: it has no slash and no #.`, { kind: 'input' });
  const own = basename(path);
  // An archive keeps its own name, whose ending says how it is packed; where it is unpacked stands behind the #.
  const called = kind === 'archive' ? [own, ...(name === undefined ? [] : [name])].join('#') : (name ?? own);
  return { name: `${FOLDERS[kind]}/${called}`, source: { file: path } };
}

/** @throws SparkError of kind `input` if `destination` is not an absolute path. */
export function forwardedFile(path: string, destination: string): Artifact {
  if (!destination.startsWith('/'))
    throw new SparkError(`${destination} is not an absolute path of the server's file system.`, { kind: 'input' });
  return { name: `forward_to_fs${destination}`, source: { file: path } };
}
