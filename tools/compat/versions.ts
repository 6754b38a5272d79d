/** The releases of Spark that the client is held against besides the pinned one: the newest of each line of 4.x. */
export interface SparkRelease {
  readonly version: string;
  /** SHA-256 of PySpark's source package on PyPI, which brings all of Spark's jars. */
  readonly sha256: string;
}

export const RELEASES: readonly SparkRelease[] = [
  { version: '4.0.5', sha256: 'a0d44b0e7faf0458ad83b7aa664e7ed8b96beed8a55d66ce3b0dfac2309dfca6' },
  { version: '4.1.4', sha256: 'bcbd5e18690cf79d438e97210ad06fb8d451a251bb77becc2b0418868d2acd73' },
  { version: '4.3.0', sha256: 'e8c517948eff7088a7aa07449aa8eafa4a15a8d50319de2525a6fd26622476c6' },
];
