/** Kafka in one process: broker and KRaft controller together, on loopback, its log in the state directory. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkKafkaLeaders, waitUntilReady } from './health.js';
import { classPath, commonFlags, escapedProperty, javaExecutable, log4jConfig, serviceEnvironment } from './java.js';
import { LOOPBACK } from './ports.js';
import { type ProcessIdentity, spawnDetached } from './process.js';
import { prepareFolders, type ServiceFolders, type StartContext } from './service.js';
import { StackError } from './stack-error.js';
import type { StackPlan, StackPorts } from './state.js';

/** A cold start takes about 3 s on two cores. */
const READY_MS_MAX = 90_000;

/** Quick to start rather than quick for ever: one broker of a few partitions spends little in compiled code. */
const FLAGS = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'] as const;

const LOG_LEVELS = {
  'kafka.server.KafkaRaftServer': 'info',
  'org.apache.kafka.common.utils.AppInfoParser': 'error',
  // One node has nobody to talk to while it elects itself.
  'org.apache.kafka.raft': 'error',
  'org.apache.kafka.clients.NetworkClient': 'error',
} as const;

export function bootstrapServersOf(ports: StackPorts): string {
  return `${LOOPBACK}:${ports.kafka}`;
}

/** The server's properties. The log is the truth that `sluice verify` recomputes everything from: nothing in it expires. */
export function kafkaProperties(ports: StackPorts, logDir: string): string {
  const properties: Readonly<Record<string, string | number>> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${LOOPBACK}:${ports.kafkaController}`,
    listeners: `PLAINTEXT://${LOOPBACK}:${ports.kafka},CONTROLLER://${LOOPBACK}:${ports.kafkaController}`,
    'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${ports.kafka}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': escapedProperty(logDir),
    'auto.create.topics.enable': 'false',
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // One record may be so large: a malformed one has to get through to the dead letters.
    'message.max.bytes': 8 * 1024 ** 2,
    'replica.fetch.max.bytes': 8 * 1024 ** 2,
    'log.retention.ms': -1,
    'log.retention.bytes': -1,
    // Of the heap; the default is 128 MiB, for brokers of thousands of partitions.
    'log.cleaner.dedupe.buffer.size': 8 * 1024 ** 2,
    // A broker that was killed is let back in when its old session has run out; the default lets it wait for 9 s.
    'broker.heartbeat.interval.ms': 1000,
    'broker.session.timeout.ms': 6000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'num.recovery.threads.per.data.dir': 2,
  };
  return `${Object.entries(properties)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

/** Starts the broker and waits until it answers. Formats its folder at the first start. */
export async function startKafka({ plan, record, signal }: StartContext): Promise<ProcessIdentity> {
  const folders = prepareFolders(plan.settings.stateDir, 'kafka');
  const logDir = join(folders.home, 'data');
  const log4jFile = join(folders.home, 'log4j2.properties');
  writeFileSync(log4jFile, log4jConfig(LOG_LEVELS));
  const flags = [
    ...FLAGS,
    ...commonFlags(folders.temporary, plan.settings.kafka.heapBytes, log4jFile),
    '-cp',
    classPath('kafka'),
  ];
  if (!existsSync(join(logDir, 'meta.properties'))) await format(plan, folders, logDir, flags);
  const propertiesFile = join(folders.home, 'server.properties');
  writeFileSync(propertiesFile, kafkaProperties(plan.ports, logDir));
  const identity = await spawnDetached(
    {
      label: 'Kafka',
      command: javaExecutable(),
      args: [...flags, 'kafka.Kafka', propertiesFile],
      env: serviceEnvironment(),
      cwd: folders.home,
      logFile: folders.logFile,
    },
    record,
  );
  await waitUntilReady({
    label: 'Kafka',
    identity,
    logFile: folders.logFile,
    check: () => checkKafkaLeaders(bootstrapServersOf(plan.ports)),
    timeoutMs: READY_MS_MAX,
    signal,
  });
  return identity;
}

/** Formats into a folder beside and renames it, so that a kill in between leaves nothing half formatted behind. */
async function format(
  plan: StackPlan,
  folders: ServiceFolders,
  logDir: string,
  flags: readonly string[],
): Promise<void> {
  const fresh = `${logDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const propertiesFile = join(folders.home, 'format.properties');
  writeFileSync(propertiesFile, kafkaProperties(plan.ports, fresh));
  // Kafka writes a cluster id as 16 bytes in URL-safe base64; one that begins with '-' would be taken for an option.
  const clusterId = `s${randomBytes(16).toString('base64url').slice(1)}`;
  const args = [...flags, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesFile];
  try {
    await promisify(execFile)(javaExecutable(), args, {
      env: serviceEnvironment(),
      cwd: folders.home,
      timeout: READY_MS_MAX,
    });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string };
    const output = `${stdout}${stderr}`.trim().split('\n').slice(-10).join('\n');
    throw new StackError('not_started', `Kafka's folder ${logDir} cannot be formatted: ${output || message}`, {
      cause: error,
    });
  }
  renameSync(fresh, logDir);
  rmSync(propertiesFile, { force: true });
}
