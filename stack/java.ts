/** What both JVMs share: the executable, the class path, the flags, the log format, an environment without surprises. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { StackError } from './stack-error.js';

/** `$JAVA_HOME/bin/java`, or the `java` of the PATH. Which JDKs will do is checked by the set-up. */
export function javaExecutable(): string {
  const home = process.env.JAVA_HOME;
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

export type JarProfile = 'spark' | 'kafka';

/** Whether the jars of a profile of `spark/pom.xml` have been fetched. */
export function hasJars(profile: JarProfile): boolean {
  const folder = folderOf(profile);
  return existsSync(folder) && readdirSync(folder).length > 0;
}

/** The jars of one profile, as the set-up resolved them. @throws StackError when they are not there */
export function jarFolder(profile: JarProfile): string {
  const folder = folderOf(profile);
  if (!hasJars(profile))
    throw new StackError(
      'unsupported',
      `the jars of ${profile} are not there (${folder}): \`sluice up\` fetches them, by Maven`,
    );
  return folder;
}

function folderOf(profile: JarProfile): string {
  return join(packageRoot(), '.cache', 'jars', profile);
}

export function classPath(profile: JarProfile): string {
  return join(jarFolder(profile), '*');
}

/** A value of a properties file: a backslash escapes, and what is beyond ASCII has to be written by its number. */
export function escapedProperty(value: string): string {
  return value.replace(/[\\\u0080-\uffff]/g, (char) =>
    char === '\\' ? '\\\\' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Nothing is written outside the state directory: no /tmp/hsperfdata_*, no native libraries unpacked to /tmp. Times are UTC. */
export function commonFlags(temporaryDir: string, heapBytes: number, log4jFile: string): readonly string[] {
  return [
    `-Xmx${heapBytes}`,
    '-XX:-UsePerfData',
    '-XX:+ExitOnOutOfMemoryError',
    `-Djava.io.tmpdir=${temporaryDir}`,
    '-Duser.timezone=UTC',
    '-Dfile.encoding=UTF-8',
    '-Djava.awt.headless=true',
    '-Djava.net.preferIPv4Stack=true',
    `-Dlog4j2.configurationFile=${log4jFile}`,
  ];
}

/** The text of a log4j2 configuration: warnings to standard output, and what `levels` names at its own level. */
export function log4jConfig(levels: Readonly<Record<string, 'off' | 'error' | 'warn' | 'info'>>): string {
  const loggers = Object.entries(levels).flatMap(([name, level], index) => [
    `logger.l${index}.name = ${name}`,
    `logger.l${index}.level = ${level}`,
  ]);
  return [
    'rootLogger.level = warn',
    'rootLogger.appenderRef.stdout.ref = console',
    'appender.console.type = Console',
    'appender.console.name = console',
    'appender.console.target = SYSTEM_OUT',
    'appender.console.layout.type = PatternLayout',
    "appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}{UTC} %p %c{1}: %m%n%ex",
    ...loggers,
    '',
  ].join('\n');
}

/** Variables by which a Spark, Kafka or Postgres that happens to be installed here would change what is started. */
const FOREIGN = /^(?:SPARK_|PYSPARK_|HADOOP_|YARN_|KAFKA_|PG|POSTGRES_|LOG_DIR$|CLASSPATH$)/;

/** The environment of this process without such variables, with `node` found first: handlers run by the same Node as the command. */
export function serviceEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
  return {
    ...Object.fromEntries(own),
    PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    TZ: 'UTC',
    // Without it a JVM on a machine with no locale set cannot open a file whose name has a letter beyond ASCII.
    LC_ALL: 'C.UTF-8',
  };
}
