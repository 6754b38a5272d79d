/** Where the services answer: what everything that talks to Kafka, Postgres or Spark is given, whoever started them. */
import { ConfigError } from './config-error.js';
import type { Settings } from './settings.js';

export interface Endpoints {
  /** `host:port`, or several with commas between. */
  readonly bootstrapServers: string;
  /** With the password, as the next two. The owner's: who changes tables and empties them. */
  readonly databaseUrl: string;
  /** The same database for the pipeline, which writes rows, and for whoever only looks. Undefined where there are no such roles: see `writerUrlOf`. */
  readonly databaseWriterUrl?: string | undefined;
  readonly databaseReaderUrl?: string | undefined;
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
  readonly postgres: { readonly url: string; readonly writerUrl?: string; readonly readerUrl?: string };
  readonly spark: { readonly remote: string; readonly token: string; readonly uiUrl: string };
}

/** How the pipeline connects. */
export function writerUrlOf({ databaseUrl, databaseWriterUrl }: DatabaseUrls): string {
  return databaseWriterUrl ?? databaseUrl;
}

/** How status, verification and dashboards connect. */
export function readerUrlOf({ databaseUrl, databaseReaderUrl }: DatabaseUrls): string {
  return databaseReaderUrl ?? databaseUrl;
}

type DatabaseUrls = Pick<Endpoints, 'databaseUrl' | 'databaseWriterUrl' | 'databaseReaderUrl'>;

/**
 * The external services of the settings, or those of `stack`.
 * @throws ConfigError when the services are embedded and no stack is given, which means that none is running.
 */
export function endpointsOf(settings: Settings, stack?: StackAddresses): Endpoints {
  const { lakePath, checkpointPath, services } = settings;
  if (services.kind === 'external') {
    const { kind: _, ...addresses } = services;
    return { ...addresses, lakePath, checkpointPath };
  }
  if (stack === undefined) {
    throw new ConfigError(
      'Nothing is running here. Start it with `sluice up`, or set SPARK_REMOTE, KAFKA_BOOTSTRAP_SERVERS and DATABASE_URL',
    );
  }
  return {
    bootstrapServers: stack.kafka.bootstrapServers,
    databaseUrl: stack.postgres.url,
    databaseWriterUrl: stack.postgres.writerUrl,
    databaseReaderUrl: stack.postgres.readerUrl,
    sparkRemote: stack.spark.remote,
    sparkToken: stack.spark.token,
    sparkUiUrl: stack.spark.uiUrl,
    lakePath,
    checkpointPath,
  };
}
