/**
 * Asks a Spark Connect server whether it serves calls. A port that accepts connections says little: the server opens it before its services
 * are ready. So one real call is made, by hand over HTTP/2, since the stack must not depend on the client: ReleaseSession of a session that
 * does not exist. It passes the token's check and creates nothing.
 */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:http2';

const RELEASE_SESSION = '/spark.connect.SparkConnectService/ReleaseSession';

/** Field `number` of wire type 2 (length-delimited); the texts here are far shorter than 128 bytes, so that a length is one byte. */
function bytesField(number: number, content: readonly number[]): readonly number[] {
  return [(number << 3) | 2, content.length, ...content];
}

function utf8(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

/** ReleaseSessionRequest{session_id = 1, user_context = 2: UserContext{user_id = 1}}, in a gRPC frame: one byte "not compressed", four of length. */
function releaseSessionFrame(): Uint8Array {
  const message = [...bytesField(1, utf8(randomUUID())), ...bytesField(2, bytesField(1, utf8('sluice')))];
  return Uint8Array.from([0, 0, 0, 0, message.length, ...message]);
}

/**
 * Resolves if the server answers the call with status 0.
 * @throws Error with what it answered instead, or why there was no answer.
 */
export function probeSparkConnect(host: string, port: number, token: string, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = connect(`http://${host}:${port}`);
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      client.destroy();
      if (error) reject(error);
      else resolve();
    };
    const timer = setTimeout(() => finish(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    client.once('error', finish);
    const stream = client.request({
      ':method': 'POST',
      ':path': RELEASE_SESSION,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${token}`,
    });
    // A call that is refused has its status in the headers, one that is answered in the trailers.
    let status: string | undefined;
    let message = '';
    const read = (headers: Readonly<Record<string, unknown>>): void => {
      status = headers['grpc-status'] === undefined ? status : String(headers['grpc-status']);
      message = headers['grpc-message'] === undefined ? message : decodeURIComponent(String(headers['grpc-message']));
    };
    stream.on('response', read);
    stream.on('trailers', read);
    // When the connection fails the call is cancelled; the connection's own error, which says why, comes with it as the cause.
    stream.once('error', (error) => finish(error.cause instanceof Error ? error.cause : error));
    stream.on('data', () => {});
    stream.once('end', () =>
      finish(status === '0' ? undefined : new Error(`gRPC status ${status ?? 'none'} ${message}`.trimEnd())),
    );
    stream.end(releaseSessionFrame());
  });
}
