/**
 * Reads a topic from its beginning to its end as of the start, read_committed, in order within each partition. The end is exact: positions
 * move by the headers of the batches, so a partition that ends with commit markers or an aborted transaction is read through like any other.
 */
import { FetchClient, type FetchedPartition, type FetchPosition, type PartitionBounds } from './kafka/fetch-client.js';
import type { TopicRecord } from './kafka/record-batch.js';
import { messageOf, VerifyError } from './verify-error.js';

export interface ReadTopicOptions {
  readonly signal?: AbortSignal;
  /** How long the brokers may hand out nothing new before the reading is given up. Default 30 s. */
  readonly stallMsMax?: number;
  /**
   * How long to wait for transactions that are open at the start. Kafka answers a commit before its markers are written, so a record that
   * a writer knows to be committed may be seen only milliseconds later. Default 0: what is undecided is not read.
   */
  readonly settleMsMax?: number;
  /**
   * Where to begin, per partition; asked once, with what the topic holds. A partition that it does not name, or names an offset of that the topic
   * no longer has, is read from its beginning.
   */
  readonly from?: (bounds: readonly PartitionBounds[]) => ReadonlyMap<number, number>;
  /** Called once, before any record: what is going to be read. Good for allocating. */
  readonly onBounds?: (bounds: readonly PartitionBounds[]) => void;
}

/** Per response of one broker; two responses are in memory at most, one being handled and one on its way. */
const FETCH_BYTES_MAX = 8 * 1024 * 1024;
const STALL_MS_MAX = 30_000;
const RETRY_WAIT_MS = 250;
const SETTLE_POLL_MS = 25;

/** Error codes after which the partition's leader is asked for again: unknown partition, leader gone or moved, epochs, replica. */
const MOVED = new Set([3, 5, 6, 9, 74, 75, 76]);
const OFFSET_OUT_OF_RANGE = 1;

/**
 * Calls `onRecords` with the records of one partition at a time and waits for it before reading on. The buffers in them are only valid until
 * it returns.
 *
 * @returns what was read, or undefined if the topic does not exist.
 * @throws VerifyError `kafka` if Kafka cannot be reached or hands out nothing new for `stallMsMax`; the signal's reason when it is aborted.
 */
export async function readTopic(
  bootstrapServers: string,
  topic: string,
  onRecords: (records: readonly TopicRecord[], partition: number) => Promise<void> | void,
  options: ReadTopicOptions = {},
): Promise<readonly PartitionBounds[] | undefined> {
  options.signal?.throwIfAborted();
  const client = await FetchClient.open(bootstrapServers, topic);
  if (client === undefined) return undefined;
  try {
    const bounds = await settledBounds(client, options);
    const from = options.from?.(bounds) ?? new Map<number, number>();
    options.onBounds?.(bounds);
    const positions = bounds
      .map(({ partition, start, end }) => ({
        partition,
        offset: Math.max(start, from.get(partition) ?? start),
        endOffset: end,
      }))
      .filter(({ offset, endOffset }) => offset < endOffset);
    await readAll(client, topic, positions, onRecords, options);
    return bounds;
  } finally {
    await client.close();
  }
}

/** The bounds once every transaction that was open at the start is decided, or when the waiting time is over. */
async function settledBounds(
  client: FetchClient,
  { signal, settleMsMax = 0 }: ReadTopicOptions,
): Promise<PartitionBounds[]> {
  const first = await client.bounds();
  const isSettled = (bounds: readonly PartitionBounds[]): boolean =>
    first.every(({ partition, highWatermark }) => {
      const now = bounds.find((bound) => bound.partition === partition);
      return now === undefined || now.end >= highWatermark;
    });
  const until = Date.now() + settleMsMax;
  let bounds = first;
  while (!isSettled(bounds) && Date.now() < until) {
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
    bounds = await client.bounds();
  }
  return bounds;
}

/** Reads single records again, for the details of a difference. A coordinate that is gone is left out. */
export async function readRecords(
  bootstrapServers: string,
  topic: string,
  coordinates: readonly { readonly partition: number; readonly offset: number }[],
): Promise<TopicRecord[]> {
  const client = await FetchClient.open(bootstrapServers, topic);
  if (client === undefined) return [];
  try {
    const found: TopicRecord[] = [];
    for (const { partition, offset } of coordinates) {
      const position = { partition, offset, endOffset: offset + 1 };
      for (const [nodeId, positions] of client.leaders([position])) {
        const fetched = await client.fetch(nodeId, positions, 1024);
        found.push(...fetched.flatMap(({ records }) => records));
      }
    }
    return found;
  } finally {
    await client.close();
  }
}

async function readAll(
  client: FetchClient,
  topic: string,
  begin: readonly FetchPosition[],
  onRecords: (records: readonly TopicRecord[], partition: number) => Promise<void> | void,
  { signal, stallMsMax = STALL_MS_MAX }: ReadTopicOptions,
): Promise<void> {
  let positions = begin;
  let progressAt = Date.now();
  let lastError: unknown;
  while (positions.length > 0) {
    signal?.throwIfAborted();
    if (Date.now() - progressAt > stallMsMax) throw stalled(topic, positions, stallMsMax, lastError);
    let fetched: FetchedPartition[];
    try {
      fetched = await fetchAll(client, positions);
    } catch (error) {
      // A broker that restarts is waited for; whether it comes back in time is decided above.
      if (error instanceof VerifyError) throw error;
      lastError = error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
      await client.refresh().catch((cause: unknown) => {
        lastError = cause;
      });
      continue;
    }
    const reached = new Map<number, number>();
    for (const { partition, errorCode, records, nextOffset } of fetched) {
      if (errorCode === OFFSET_OUT_OF_RANGE) throw outOfRange(topic, partition, positions);
      if (errorCode !== 0 && !MOVED.has(errorCode)) {
        throw new VerifyError(
          'kafka',
          `Partition ${partition} of ${topic} could not be read: Kafka answered error ${errorCode}.`,
        );
      }
      if (errorCode !== 0) {
        lastError = new Error(`Kafka answered error ${errorCode} for partition ${partition}`);
        await new Promise((resolve) => setTimeout(resolve, RETRY_WAIT_MS));
        await client.refresh().catch((cause: unknown) => {
          lastError = cause;
        });
        continue;
      }
      if (records.length > 0) await onRecords(records, partition);
      reached.set(partition, nextOffset);
    }
    const moved = positions.map((position) => ({
      ...position,
      offset: reached.get(position.partition) ?? position.offset,
    }));
    if (moved.some(({ offset }, i) => offset > (positions[i]?.offset ?? 0))) progressAt = Date.now();
    // Partitions that got nothing come first next time: a broker only promises data for the first one.
    positions = moved
      .filter(({ offset, endOffset }) => offset < endOffset)
      .sort((a, b) => Number(advanced(a, positions)) - Number(advanced(b, positions)));
  }
}

function advanced(position: FetchPosition, before: readonly FetchPosition[]): boolean {
  return position.offset > (before.find(({ partition }) => partition === position.partition)?.offset ?? 0);
}

async function fetchAll(client: FetchClient, positions: readonly FetchPosition[]): Promise<FetchedPartition[]> {
  const fetches = [...client.leaders(positions)].map(([nodeId, ofBroker]) =>
    client.fetch(nodeId, ofBroker, FETCH_BYTES_MAX),
  );
  return (await Promise.all(fetches)).flat();
}

function stalled(topic: string, positions: readonly FetchPosition[], stallMsMax: number, cause: unknown): VerifyError {
  const where = positions
    .map(({ partition, offset, endOffset }) => `partition ${partition} at ${offset} of ${endOffset}`)
    .join(', ');
  const why = cause === undefined ? '' : ` (${messageOf(cause)})`;
  return new VerifyError('kafka', `Reading ${topic} stopped: nothing new for ${stallMsMax / 1000} s, ${where}${why}.`, {
    cause,
  });
}

function outOfRange(topic: string, partition: number, positions: readonly FetchPosition[]): VerifyError {
  const offset = positions.find((position) => position.partition === partition)?.offset;
  return new VerifyError(
    'kafka',
    `Partition ${partition} of ${topic} no longer holds offset ${offset}: records were removed (retention, or the topic was made anew) while they were read.`,
  );
}
