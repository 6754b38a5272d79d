/**
 * The id that Kafka gives a topic when it is created (KIP-516): the one thing by which a topic that was deleted and made again under its name
 * can be told from the old one once it has grown past the old one's end.
 *
 * kafkajs asks for metadata in version 6, which has no ids; version 10 does (Kafka 2.8). So this request is written by hand and sent over one of
 * kafkajs's connections, taken from inside the package (version pinned exactly in package.json), as verify/kafka/fetch-client.ts does.
 */

import { createRequire } from 'node:module';
import { Kafka, type Logger, logLevel } from 'kafkajs';
import { kafkaAccess } from '../../../config/kafka-access.js';

const METADATA_KEY = 3;
const METADATA_VERSION = 10;

interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findControllerBroker(): Promise<{ readonly connectionPool: { send(protocol: unknown): Promise<unknown> } }>;
}

const require = createRequire(import.meta.url);
const ClusterClass = require('kafkajs/src/cluster/index.js') as new (options: Record<string, unknown>) => Cluster;
const createSocketFactory = require('kafkajs/src/network/socketFactory.js') as () => unknown;

/** The topic's id as a UUID, or undefined when there is no such topic. Never creates it. */
export async function readTopicId(bootstrapServers: string, topic: string): Promise<string | undefined> {
  const config = {
    clientId: 'sluice-start-checks',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    connectionTimeout: 5_000,
    logLevel: logLevel.NOTHING,
  };
  const logger: Logger = new Kafka(config).logger();
  const cluster = new ClusterClass({
    ...config,
    logger,
    socketFactory: createSocketFactory(),
    retry: { retries: 4, initialRetryTime: 200, maxRetryTime: 2_000 },
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 300_000,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
  });
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const { connectionPool } = await cluster.findControllerBroker();
    const body = encodeMetadataRequest(topic);
    const answer = await connectionPool.send({
      request: {
        apiKey: METADATA_KEY,
        apiVersion: METADATA_VERSION,
        apiName: 'Metadata',
        // What kafkajs's encoder takes from another encoder.
        encode: async () => ({ buf: body, buffer: body }),
      },
      response: {
        // kafkajs looks into what was decoded for how long the broker asks it to wait.
        decode: async (payload: Buffer) => ({ id: decodeTopicId(payload), clientSideThrottleTime: 0 }),
        parse: async ({ id }: { id: string | undefined }) => id,
      },
    });
    return answer as string | undefined;
  } finally {
    await cluster.disconnect();
  }
}

/**
 * Header's tagged fields · topics: compact array of (id uuid · name compact string · tags) · allow_auto_topic_creation bool ·
 * include_cluster_authorized_operations bool · include_topic_authorized_operations bool · tags
 * @internal exported for its test
 */
export function encodeMetadataRequest(topic: string): Buffer {
  const name = Buffer.from(topic);
  // A topic's name has at most 249 bytes, so its length plus one, as a varint, may take two.
  const length = name.length + 1;
  const prefix = length < 0x80 ? [length] : [(length & 0x7f) | 0x80, length >>> 7];
  return Buffer.concat([
    Buffer.from([0, 2]),
    Buffer.alloc(16),
    Buffer.from(prefix),
    name,
    Buffer.from([0, 0, 0, 0, 0]),
  ]);
}

/**
 * Header's tagged fields · throttle_ms i32 · brokers: compact array of (node i32 · host compact string · port i32 · rack compact string · tags)
 * · cluster id compact string · controller i32 · topics: compact array of (error i16 · name compact string · id uuid · …). One topic was asked for.
 * @internal exported for its test
 */
export function decodeTopicId(payload: Buffer): string | undefined {
  let at = 0;
  const varint = (): number => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = payload.readUInt8(at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const skipString = (): void => {
    // 0 is null, else the length plus one. Not `at += …`: that would add to where `at` stood before the length was read.
    const length = varint() - 1;
    at += Math.max(0, length);
  };
  const skipTags = (): void => {
    for (let left = varint(); left > 0; left--) {
      varint();
      const length = varint();
      at += length;
    }
  };
  skipTags();
  at += 4;
  for (let left = varint() - 1; left > 0; left--) {
    at += 4;
    skipString();
    at += 4;
    skipString();
    skipTags();
  }
  skipString();
  at += 4;
  if (varint() < 2) return undefined;
  const errorCode = payload.readInt16BE(at);
  at += 2;
  if (errorCode !== 0) return undefined;
  skipString();
  const hex = payload.toString('hex', at, at + 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
