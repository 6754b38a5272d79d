import { fileURLToPath } from 'node:url';

/** Path of a folder on this machine's own file system, or undefined for a URI of another one (HDFS, S3, …), which only Spark can reach. */
export function localPath(path: string): string | undefined {
  if (path.startsWith('file:')) return fileURLToPath(path.replace(/^file:\/*/, 'file:///'));
  return /^[a-z][a-z0-9+.-]*:/i.test(path) ? undefined : path;
}
