// Makes a connection of an address, options and the environment: everything that is decided once, before anything is sent.
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { sessionId } from '../types/ids.js';
import { type AddressOptions, parseAddress } from './address.js';
import { CLIENT_NAME, openChannel } from './channel.js';
import { GrpcConnection } from './grpc-connection.js';
import { DEFAULT_RETRY, type RetryPolicy } from './retry.js';

export interface ConnectionOptions extends AddressOptions {
  /** How long and how often a call is tried; completed by Spark's own defaults (at least ten minutes in all). */
  readonly retry?: Partial<RetryPolicy> | undefined;
  /** Told of each broken result stream that was taken up again; for logs and tests. */
  readonly onReattach?: ((caught: unknown) => void) | undefined;
}

/**
 * Makes a connection; nothing is sent yet.
 * @throws SparkError of kind `input` if `remote` or an option is wrong.
 */
export function openConnection(
  remote: string,
  options: ConnectionOptions = {},
  environment: Readonly<Record<string, string | undefined>> = process.env,
): GrpcConnection {
  const address = parseAddress(remote, options, environment);
  return new GrpcConnection({
    sessionId: sessionId(address.sessionId ?? randomUUID()),
    userId: address.userId ?? defaultUserId(environment),
    clientType: address.userAgent ?? CLIENT_NAME,
    retry: { ...DEFAULT_RETRY, ...options.retry },
    onReattach: options.onReattach,
    openChannel: () => openChannel(address),
  });
}

/** The person's own name, as PySpark does; containers may run a user that has none. */
function defaultUserId(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment.SPARK_USER ?? environment.USER;
  if (named !== undefined && named !== '') return named;
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
