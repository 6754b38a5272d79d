/** Spark's settings: the files of `spark/conf`, which containers read too, and what only a start on this machine knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../config/package-root.js';
import { escapedProperty } from './java.js';
import { LOOPBACK } from './ports.js';
import type { StackPlan } from './state.js';

export type SparkConf = Readonly<Record<string, string>>;

/** The folder that is also in the image of the containers: settings, log levels, the JVM's options. */
export function sparkConfFile(name: 'spark-defaults.conf' | 'cluster.conf' | 'log4j2.properties' | 'java-options') {
  return join(packageRoot(), 'spark', 'conf', name);
}

/** Lines of `name value`; blank ones and those that begin with '#' say nothing. @throws Error naming file and line. */
export function parseSparkConf(text: string, fileName: string): SparkConf {
  const conf: Record<string, string> = {};
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const match = /^(spark\.[\w.]+)\s+(\S.*)$/.exec(line);
    if (match === null) throw new Error(`${fileName}, line ${index + 1}: expected a name and a value`);
    const [, name = '', value = ''] = match;
    if (name in conf) throw new Error(`${fileName}, line ${index + 1}: ${name} is there twice`);
    conf[name] = value;
  }
  return conf;
}

function readSparkConf(name: 'spark-defaults.conf' | 'cluster.conf'): SparkConf {
  return parseSparkConf(readFileSync(sparkConfFile(name), 'utf8'), name);
}

/** What master, workers and the server of a cluster share. The secret stands in this file only, which its owner alone may read. */
export function clusterConf(secret: string, masterHome: string): SparkConf {
  return {
    ...readSparkConf('cluster.conf'),
    'spark.authenticate.secret': secret,
    'spark.deploy.recoveryDirectory': join(masterHome, 'recovery'),
  };
}

/** The server's own settings; those of a cluster it drives come on top. */
export function serverConf(plan: StackPlan, home: string): SparkConf {
  const { settings, ports } = plan;
  return {
    ...readSparkConf('spark-defaults.conf'),
    'spark.app.name': 'sluice',
    'spark.driver.host': LOOPBACK,
    'spark.driver.bindAddress': LOOPBACK,
    'spark.connect.grpc.binding.address': LOOPBACK,
    'spark.connect.grpc.binding.port': `${ports.sparkConnect}`,
    'spark.ui.port': `${ports.sparkUi}`,
    'spark.sql.shuffle.partitions': `${settings.spark.shufflePartitions}`,
    'spark.sql.warehouse.dir': join(home, 'warehouse'),
  };
}

/** A file for `--properties-file`. */
export function renderSparkConf(conf: SparkConf): string {
  return `${Object.entries(conf)
    .map(([name, value]) => `${name} ${escapedProperty(value)}`)
    .join('\n')}\n`;
}
