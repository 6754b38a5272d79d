// Lines of a file as records of a topic, for `sluice publish`. In order, acknowledged by all replicas, in portions that a broker takes.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import kafkajs, { type Message } from 'kafkajs';
import { kafkaAccess } from '../config/kafka-access.js';
import { CommandError, EXIT } from './exit-codes.js';

export interface PublishOptions {
  readonly bootstrapServers: string;
  readonly topic: string;
  /** A path, or `-` for stdin. */
  readonly file: string;
  readonly keyField: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

const PORTION_RECORDS = 1_000;
const PORTION_BYTES = 512 * 1024;

/** @returns how many records were sent. @throws CommandError when the file cannot be read or the topic is not there. */
export async function publishLines(options: PublishOptions): Promise<number> {
  const { bootstrapServers, topic, file, keyField, signal, onProgress } = options;
  const client = new kafkajs.Kafka({
    clientId: 'sluice-publish',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    logLevel: kafkajs.logLevel.NOTHING,
  });
  await assertTopic(client, topic);
  const producer = client.producer({
    allowAutoTopicCreation: false,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    let sent = 0;
    for await (const messages of portions(file, keyField, signal)) {
      await producer.send({ topic, acks: -1, messages });
      sent += messages.length;
      onProgress(sent);
    }
    return sent;
  } finally {
    await producer.disconnect();
  }
}

async function assertTopic(client: kafkajs.Kafka, topic: string): Promise<void> {
  const admin = client.admin();
  await admin.connect();
  try {
    const topics = await admin.listTopics();
    if (topics.includes(topic)) return;
    const own = topics.filter((name) => !name.startsWith('__')).sort();
    throw new CommandError(
      EXIT.input,
      `Kafka has no topic ${topic}; it has ${own.join(', ') || 'none'}. \`sluice run <pipeline>\` makes those of a pipeline.`,
    );
  } finally {
    await admin.disconnect();
  }
}

async function* portions(file: string, keyField: string | undefined, signal: AbortSignal): AsyncGenerator<Message[]> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  const failed = new Promise<never>((_, reject) => {
    input.once('error', (error: Error) =>
      reject(new CommandError(EXIT.input, `${file} cannot be read: ${error.message}`, { cause: error })),
    );
  });
  failed.catch(() => undefined);
  let messages: Message[] = [];
  let bytes = 0;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([lines.next(), failed]);
    signal.throwIfAborted();
    if (next.done === true) break;
    const line = next.value;
    if (line.trim() === '') continue;
    messages.push({ key: keyOf(line, keyField), value: line });
    bytes += line.length;
    if (messages.length < PORTION_RECORDS && bytes < PORTION_BYTES) continue;
    yield messages;
    messages = [];
    bytes = 0;
  }
  if (messages.length > 0) yield messages;
}

/** A line that is no JSON, or has no such field, goes out without a key: what is wrong with it is the pipeline's to say. */
function keyOf(line: string, field: string | undefined): string | null {
  if (field === undefined) return null;
  try {
    const value = (JSON.parse(line) as Record<string, unknown> | null)?.[field];
    return value === undefined || value === null ? null : String(value);
  } catch {
    return null;
  }
}
