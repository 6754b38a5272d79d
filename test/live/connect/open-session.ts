// A session for one test file, on the server that the suite's launcher names in SPARK_REMOTE; released when the file's tests are done.
import { after } from 'node:test';
import { type ConnectOptions, SparkSession } from '../../../spark/connect/index.js';

/** The server under test. The token is in SPARK_CONNECT_AUTHENTICATE_TOKEN, which the client reads itself. */
export function sparkRemote(): string {
  const remote = process.env.SPARK_REMOTE;
  if (remote === undefined)
    throw new Error('SPARK_REMOTE must name a Spark Connect server, as in sc://127.0.0.1:15002');
  return remote;
}

/** `host` and `port` of the server under test. */
export function sparkEndpoint(): { readonly host: string; readonly port: number } {
  const [, host = '', port = '15002'] = /^sc:\/\/([^/:;]+)(?::(\d+))?/.exec(sparkRemote()) ?? [];
  return { host, port: Number(port) };
}

export async function openSession(options: ConnectOptions = {}): Promise<SparkSession> {
  const spark = await SparkSession.connect(sparkRemote(), { userId: 'sluice-test', ...options });
  after(() => spark.release());
  return spark;
}
