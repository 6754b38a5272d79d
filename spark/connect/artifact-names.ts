// What the server calls the files that a session sends it: the first part of the name says what becomes of the file
// (`ArtifactManager.addArtifact` in sql/core of Spark 4.2).
import { basename } from 'node:path';
import { SparkError } from './errors/spark-error.js';
import type { Artifact } from './rpc/artifacts.js';
import type { CallOptions } from './rpc/connection.js';

/** What a file that is sent to a session is. */
export interface ArtifactOptions extends CallOptions {
  /**
   * - `jar`: of classes.
   * - `class`: one class; that of a package has its path as `name`, as in a jar.
   * - `pyfile`: a module (`.py`) or an archive of modules (`.zip`, `.egg`, `.jar`) for the session's functions in Python.
   * - `file`: lies in the working directory of the tasks.
   * - `archive`: the same, unpacked.
   */
  readonly as?: 'jar' | 'class' | 'pyfile' | 'file' | 'archive' | undefined;
  readonly name?: string | undefined;
}

type ArtifactKind = NonNullable<ArtifactOptions['as']>;

const FOLDERS: Readonly<Record<ArtifactKind, string>> = {
  jar: 'jars',
  class: 'classes',
  pyfile: 'pyfiles',
  file: 'files',
  archive: 'archives',
};

/** What Spark can read as such; as PySpark 4.2 checks it (`ArtifactManager._parse_artifacts`). Everything goes where nothing stands. */
const ENDINGS: Partial<Readonly<Record<ArtifactKind, readonly string[]>>> = {
  class: ['.class'],
  pyfile: ['.py', '.zip', '.egg', '.jar'],
  archive: ['.zip', '.jar', '.tar.gz', '.tgz', '.tar'],
};

/** Nothing that leads out of the session's folder. */
const NAME = /^(?!\.{1,2}$)[^/\\#]+$/;
const CLASS_NAME = /^[^/\\#.]+(?:\/[^/\\#.]+)*\.class$/;

/** @throws SparkError of kind `input` if it is not clear what the file is, or the name is none. */
export function artifactOf(path: string, { as, name }: ArtifactOptions): Artifact {
  const kind = as ?? kindByEnding(path);
  if (kind === undefined)
    throw new SparkError(`Say what ${path} is to Spark: as 'jar', 'class', 'pyfile', 'file' or 'archive'.`, {
      kind: 'input',
    });
  const own = basename(path);
  // An archive keeps its own name, whose ending says how it is packed; where it is unpacked stands behind the #.
  const packed = kind === 'archive' ? own : (name ?? own);
  const endings = ENDINGS[kind];
  if (endings !== undefined && !endings.some((ending) => packed.endsWith(ending)))
    throw new SparkError(`${packed} is no ${kind} that Spark reads: those end in ${endings.join(', ')}.`, {
      kind: 'input',
    });
  for (const each of [packed, name ?? packed]) {
    const isName = kind === 'class' ? CLASS_NAME.test(each) : NAME.test(each);
    if (isName) continue;
    const rule =
      kind === 'class' ? 'a class is called as in a jar, such as geo/Area.class' : 'it has no slash and no #';
    throw new SparkError(`"${each}" cannot be the name of an artifact: ${rule}.`, { kind: 'input' });
  }
  const called = kind === 'archive' && name !== undefined ? `${own}#${name}` : packed;
  return { name: `${FOLDERS[kind]}/${called}`, source: { file: path } };
}

function kindByEnding(path: string): ArtifactKind | undefined {
  if (path.endsWith('.jar')) return 'jar';
  return path.endsWith('.class') ? 'class' : undefined;
}

/** @throws SparkError of kind `input` if `destination` is not an absolute path. */
export function forwardedFile(path: string, destination: string): Artifact {
  if (!destination.startsWith('/'))
    throw new SparkError(`${destination} is not an absolute path of the server's file system.`, { kind: 'input' });
  return { name: `forward_to_fs${destination}`, source: { file: path } };
}
