/** Where the services answer: what everything that talks to Kafka, Postgres or Spark is given, whoever started them. */
import { ConfigError } from './config-error.js';
import type { Settings } from './settings.js';

export interface Endpoints {
  /** `host:port`, or several with commas between. */
  readonly bootstrapServers: string;
  /** With the password. */
  readonly databaseUrl: string;
  /** `sc://host:port/;user_id=…`. */
  readonly sparkRemote: string;
  readonly sparkToken: string | undefined;
  /** Spark's web page; undefined when nobody said where it is. */
  readonly sparkUiUrl: string | undefined;
  readonly lakePath: string;
  readonly checkpointPath: string;
}

/** The part of a running stack that endpoints are made of. Spelled out here so that `config/` imports nothing of `stack/`. */
export interface StackAddresses {
  readonly kafka: { readonly bootstrapServers: string };
  readonly postgres: { readonly url: string };
  readonly spark: { readonly remote: string; readonly token: string; readonly uiUrl: string };
}

/**
 * The external services of the settings, or those of `stack`.
 * @throws ConfigError when the services are embedded and no stack is given, which means that none is running.
 */
export function endpointsOf(settings: Settings, stack?: StackAddresses): Endpoints {
  const { lakePath, checkpointPath, services } = settings;
  if (services.kind === 'external') {
    const { bootstrapServers, databaseUrl, sparkRemote, sparkToken, sparkUiUrl } = services;
    return { bootstrapServers, databaseUrl, sparkRemote, sparkToken, sparkUiUrl, lakePath, checkpointPath };
  }
  if (stack === undefined) {
    throw new ConfigError(
      'Nothing is running here. Start it with `sluice up`, or set SPARK_REMOTE, KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL',
    );
  }
  return {
    bootstrapServers: stack.kafka.bootstrapServers,
    databaseUrl: stack.postgres.url,
    sparkRemote: stack.spark.remote,
    sparkToken: stack.spark.token,
    sparkUiUrl: stack.spark.uiUrl,
    lakePath,
    checkpointPath,
  };
}
