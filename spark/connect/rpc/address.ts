// Reads a connection string: sc://host[:port][/;key=value;…]
// as Spark's clients do (`docs/client-connection-string.md` of Spark 4.2), and completes it with the options and the environment.
import { SparkError } from '../errors/spark-error.js';

const DEFAULT_PORT = 15_002;

/** The server refuses longer ones (`SparkConnectService` of 4.2). */
const USER_AGENT_CHARS_MAX = 2048;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What may be given beside the connection string. Where both say something, the option counts. */
export interface AddressOptions {
  readonly token?: string | undefined;
  readonly userId?: string | undefined;
  readonly userAgent?: string | undefined;
  /** A UUID. The same id and user as before mean the same session, with its views and running queries. */
  readonly sessionId?: string | undefined;
  /** PEM file of the authority that signed the server's certificate; the system's authorities otherwise. Implies TLS. */
  readonly caFile?: string | undefined;
  /**
   * Sends the token without TLS to a host that is not this machine. Only for networks that nobody else can listen to, such as the private
   * network of a set of containers.
   */
  readonly allowPlaintextToken?: boolean | undefined;
}

/** A server and how to speak to it, complete. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly useTls: boolean;
  readonly caFile: string | undefined;
  readonly token: string | undefined;
  readonly userId: string | undefined;
  readonly userAgent: string | undefined;
  readonly sessionId: string | undefined;
  /** Sent with every call. */
  readonly headers: ReadonlyMap<string, string>;
}

/** Keys that mean something here; every other key is a header. The last two are this client's own. */
const KEYS = new Set(['use_ssl', 'token', 'user_id', 'user_agent', 'session_id', 'ca_file', 'allow_plaintext_token']);

/** gRPC's rule for the values of metadata: ASCII that prints. */
const HEADER_VALUE = /^[ -~]*$/;

/** gRPC's rule for the names of metadata; names that end in -bin carry bytes, which a connection string cannot. */
const HEADER_NAME = /^[0-9a-z_.-]+$/;

/**
 * Completes `remote` with `options`; the token also from SPARK_CONNECT_AUTHENTICATE_TOKEN in `environment`.
 * A token implies TLS unless the host is this machine or `allow_plaintext_token` says otherwise.
 * @throws SparkError of kind `input` that names the faulty part; it never repeats a token.
 */
export function parseAddress(
  remote: string,
  options: AddressOptions = {},
  environment: Readonly<Record<string, string | undefined>> = {},
): Address {
  const { host, port, parameters } = splitRemote(remote);
  const token = options.token ?? parameters.get('token') ?? nonEmpty(environment.SPARK_CONNECT_AUTHENTICATE_TOKEN);
  // A line break at its end is what a token read from a file often has.
  if (token !== undefined && !HEADER_VALUE.test(token))
    throw refuse('the token has characters that a header cannot carry, such as a line break');
  const caFile = options.caFile ?? parameters.get('ca_file');
  const allowPlaintextToken = options.allowPlaintextToken ?? flag(parameters, 'allow_plaintext_token') ?? false;
  const asked = flag(parameters, 'use_ssl');
  const useTls = asked ?? (caFile !== undefined || (token !== undefined && !isLoopback(host) && !allowPlaintextToken));
  if (!useTls && caFile !== undefined) throw refuse('use_ssl=false contradicts ca_file');
  if (!useTls && token !== undefined && !isLoopback(host) && !allowPlaintextToken) {
    throw refuse(
      `the token would go to ${host} in plain text. Leave out use_ssl=false, or, on a network that nobody else can listen to, add allow_plaintext_token=true`,
    );
  }
  const sessionId = options.sessionId ?? parameters.get('session_id');
  if (sessionId !== undefined && !UUID.test(sessionId)) throw refuse(`session_id must be a UUID, not "${sessionId}"`);
  const userAgent = options.userAgent ?? parameters.get('user_agent');
  if (userAgent !== undefined && encodeURIComponent(userAgent).length > USER_AGENT_CHARS_MAX) {
    throw refuse(`user_agent is longer than ${USER_AGENT_CHARS_MAX} characters after percent-encoding`);
  }
  const headers = new Map<string, string>();
  for (const [key, value] of parameters) {
    if (KEYS.has(key)) continue;
    const name = key.toLowerCase();
    if (!HEADER_NAME.test(name) || name.endsWith('-bin')) throw refuse(`"${key}" cannot be the name of a header`);
    if (!HEADER_VALUE.test(value)) throw refuse(`the value of ${key} has characters that a header cannot carry`);
    headers.set(name, value);
  }
  return {
    host,
    port,
    useTls,
    caFile,
    token,
    userId: options.userId ?? parameters.get('user_id'),
    userAgent,
    sessionId: sessionId?.toLowerCase(),
    headers,
  };
}

/** `host:port` as people write it; also what gRPC resolves. */
export function formatEndpoint({ host, port }: Pick<Address, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether packets to `host` stay on this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function splitRemote(remote: string): { host: string; port: number; parameters: Map<string, string> } {
  const match = /^sc:\/\/(\[[0-9a-fA-F:.]+\]|[^/:;?#[\]@\s]*)(?::([^/;?#@]*))?(\/.*)?$/.exec(remote);
  if (match === null) {
    const shown = remote.startsWith('sc://') ? 'the part after sc:// cannot be read' : 'it must start with sc://';
    throw refuse(`${shown}; write sc://host:port/;key=value`);
  }
  const [, rawHost = '', rawPort, path = ''] = match;
  const host = rawHost.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === '') throw refuse('the host is missing; write sc://host:port');
  const port = rawPort === undefined || rawPort === '' ? DEFAULT_PORT : Number(rawPort);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw refuse(`"${rawPort}" is not a port`);
  if (path !== '' && path !== '/' && !path.startsWith('/;')) {
    throw refuse('a path after the host means nothing here; parameters start with /;');
  }
  return { host, port, parameters: parseParameters(path.slice(2)) };
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [index, part] of text.split(';').entries()) {
    if (part === '') continue;
    const at = part.indexOf('=');
    // Named by position: what stands there may be a token whose key was forgotten.
    if (at <= 0) throw refuse(`parameter ${index + 1} is not key=value`);
    const key = part.slice(0, at);
    if (parameters.has(key)) throw refuse(`${key} is given twice`);
    try {
      parameters.set(key, decodeURIComponent(part.slice(at + 1)));
    } catch {
      throw refuse(`the value of ${key} is not percent-encoded correctly`);
    }
  }
  return parameters;
}

function flag(parameters: ReadonlyMap<string, string>, key: string): boolean | undefined {
  const value = parameters.get(key)?.toLowerCase();
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') throw refuse(`${key} must be true or false`);
  return value === 'true';
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function refuse(fault: string): SparkError {
  return new SparkError(`This is not a Spark Connect address: ${fault}.`, { kind: 'input' });
}
