/**
 * How Kafka's brokers are talked to: in the open, by TLS, with a login. Every client of the project takes it from here, the handlers beside the
 * Spark driver too, whose environment then has the same variables.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KafkaConfig, SASLOptions } from 'kafkajs';
import { ConfigError } from './config-error.js';
import { readEnvFile } from './env-file.js';
import { type Env, parseVariable, type Values, type VariableName } from './variables.js';

/** Empty for a broker that is talked to in the open. */
export type KafkaAccess = Pick<KafkaConfig, 'ssl' | 'sasl'>;

interface Access {
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly caFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** @throws ConfigError when a login is asked for and not named whole, or the file of the authority cannot be read. */
export function kafkaAccess(env: Env = process.env, directory: string = process.cwd()): KafkaAccess {
  const { protocol, mechanism, caFile, username, password } = readAccess(env, directory);
  const isTls = protocol === 'SSL' || protocol === 'SASL_SSL';
  const ssl = isTls ? { ssl: caFile === undefined ? (true as const) : { ca: readAuthority(caFile) } } : {};
  if (protocol === 'PLAINTEXT' || protocol === 'SSL') return ssl;
  if (username === undefined || password === undefined)
    throw new ConfigError(`KAFKA_SECURITY_PROTOCOL=${protocol} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`);
  const login = { mechanism: mechanism.toLowerCase(), username, password } as SASLOptions;
  return { ...ssl, sasl: login };
}

/**
 * The same as options of Spark's Kafka source. There is no login among them: options stand in plans, logs and checkpoints. Driver and executors
 * log in by a JAAS file (`KafkaClient`) that their JVMs are started with; spark/entrypoint.sh shows how.
 */
export function sparkKafkaAccess(env: Env = process.env, directory: string = process.cwd()): Record<string, string> {
  const { protocol, mechanism, caFile } = readAccess(env, directory);
  return {
    ...(protocol === 'PLAINTEXT' ? {} : { 'kafka.security.protocol': protocol }),
    ...(protocol.startsWith('SASL_') ? { 'kafka.sasl.mechanism': mechanism } : {}),
    ...(protocol.endsWith('SSL') && caFile !== undefined
      ? { 'kafka.ssl.truststore.type': 'PEM', 'kafka.ssl.truststore.location': caFile }
      : {}),
  };
}

function readAccess(env: Env, directory: string): Access {
  const file = readEnvFile(join(directory, '.env'), '.env');
  const read = <N extends VariableName>(name: N): Values[N] => parseVariable(name, env[name] ?? file.get(name)?.value);
  return {
    protocol: read('KAFKA_SECURITY_PROTOCOL') ?? 'PLAINTEXT',
    mechanism: read('KAFKA_SASL_MECHANISM') ?? 'SCRAM-SHA-512',
    caFile: read('KAFKA_SSL_CA_FILE'),
    username: read('KAFKA_SASL_USERNAME'),
    password: read('KAFKA_SASL_PASSWORD'),
  };
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`KAFKA_SSL_CA_FILE=${file} cannot be read (${(error as Error).message})`);
  }
}
