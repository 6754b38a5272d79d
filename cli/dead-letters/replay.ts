// Sends dead letters to their source topic again, each once: records and the note that they were sent go into one transaction, and what was noted
// before is read inside it, when an older replay has been shut out and whatever it left open is decided. So neither a crash nor a second replay at
// the same time sends anything twice.
import type { DeadRecord, Repair } from '../../spark/pipeline/index.js';
import { beginTransaction } from '../../spark/sinks/kafka-producer.js';
import type { KafkaTransaction, OutgoingRecord } from '../../spark/sinks/ports.js';
import { readTopicId } from '../../spark/supervisor/start-checks/topic-id.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { DeadLetter } from './read.js';
import { ensureReplayedTopic, readReplayed, replayedKey, replayedTopic } from './replayed.js';

const TRANSACTIONAL_ID = 'sluice-dlq-replay';
/** Records and bytes per request to a broker. */
const PORTION_RECORDS = 1_000;
const PORTION_BYTES = 512 * 1024;

/** A letter with what is sent in its place. */
export interface Repaired {
  readonly letter: DeadLetter;
  readonly value: Buffer | null;
}

/** What was chosen, and what will become of it. */
export interface ReplayPlan {
  readonly toSend: readonly Repaired[];
  readonly replayedBefore: readonly DeadLetter[];
  /** The repair leaves them out. */
  readonly leftOut: readonly DeadLetter[];
}

export interface ReplayPlace {
  readonly bootstrapServers: string;
  readonly commitsTopic: string;
  readonly signal: AbortSignal;
}

/** @throws CommandError when the repair fails on a letter: nothing has been sent then. */
export async function planReplay(
  letters: readonly DeadLetter[],
  repair: Repair | undefined,
  place: ReplayPlace,
): Promise<ReplayPlan> {
  const keyOf = await keysOf(letters, place);
  const done = await readReplayed(place.bootstrapServers, replayedTopic(place.commitsTopic), place.signal);
  const fresh = letters.filter((letter) => !done.has(keyOf(letter)));
  const repaired = await Promise.all(
    fresh.map(async (letter) => ({ letter, value: await repairedValue(letter, repair) })),
  );
  return {
    toSend: repaired.flatMap(({ letter, value }) => (value === undefined ? [] : [{ letter, value }])),
    replayedBefore: letters.filter((letter) => done.has(keyOf(letter))),
    leftOut: repaired.flatMap(({ letter, value }) => (value === undefined ? [letter] : [])),
  };
}

/** @returns the letters that were sent: fewer than planned where another replay came first. */
export async function replay({ toSend }: ReplayPlan, place: ReplayPlace): Promise<readonly DeadLetter[]> {
  if (toSend.length === 0) return [];
  const { bootstrapServers, commitsTopic, signal } = place;
  const notes = replayedTopic(commitsTopic);
  const keyOf = await keysOf(
    toSend.map(({ letter }) => letter),
    place,
  );
  await ensureReplayedTopic(bootstrapServers, notes);
  const target = { bootstrapServers, transactionalId: TRANSACTIONAL_ID, markerTopic: notes, markerKey: '' };
  const transaction = await beginTransaction(target);
  try {
    const done = await readReplayed(bootstrapServers, notes, signal);
    const left = toSend.filter(({ letter }) => !done.has(keyOf(letter)));
    const records = left.flatMap((each) => [recordOf(each), noteOf(notes, keyOf(each.letter))]);
    for (const portion of portions(records)) {
      signal.throwIfAborted();
      await transaction.send(portion);
    }
    await (left.length === 0 ? transaction.abort() : transaction.commit());
    return left.map(({ letter }) => letter);
  } catch (error) {
    await abortQuietly(transaction);
    throw error;
  } finally {
    await transaction.close();
  }
}

/** Where the failure came from is what counts; the broker ends the transaction by itself if this does not reach it. */
async function abortQuietly(transaction: KafkaTransaction): Promise<void> {
  await transaction.abort().catch(() => undefined);
}

async function keysOf(
  letters: readonly DeadLetter[],
  { bootstrapServers }: ReplayPlace,
): Promise<(letter: DeadLetter) => string> {
  const ids = new Map<string, string>();
  for (const topic of new Set(letters.map(({ source }) => source.topic))) {
    const id = await readTopicId(bootstrapServers, topic);
    if (id === undefined)
      throw new CommandError(EXIT.failed, `Topic ${topic}, from which the dead letters are, is no longer there.`);
    ids.set(topic, id);
  }
  return ({ source }) => replayedKey(ids.get(source.topic) ?? '', source);
}

async function repairedValue(letter: DeadLetter, repair: Repair | undefined): Promise<Buffer | null | undefined> {
  if (repair === undefined) return letter.value;
  try {
    const value = await repair(deadRecordOf(letter));
    if (value === undefined) return undefined;
    if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value as string);
    if (typeof value === 'object' && value !== null) return Buffer.from(JSON.stringify(value));
    throw new TypeError(`it answered ${String(value)} instead of a text, bytes, an object or undefined`);
  } catch (error) {
    throw new CommandError(
      EXIT.failed,
      `The repair failed on ${letter.id}: ${(error as Error).message}. Nothing was sent.`,
      {
        cause: error,
      },
    );
  }
}

export function deadRecordOf({ reason, key, value, source, deadMs }: DeadLetter): DeadRecord {
  return {
    reason,
    key: key?.toString('utf8') ?? null,
    value: value?.toString('utf8') ?? null,
    bytes: value,
    ...source,
    deadAt: new Date(deadMs).toISOString(),
  };
}

function recordOf({ letter: { key, source }, value }: Repaired): OutgoingRecord {
  // For people who look into the topic; the pipeline does not read it.
  const headers = { replay_of: `${source.topic}/${source.partition}/${source.offset}` };
  return { topic: source.topic, message: { key, value, headers } };
}

function noteOf(topic: string, key: string): OutgoingRecord {
  return { topic, message: { key, value: JSON.stringify({ replayedAt: new Date().toISOString() }), headers: {} } };
}

function* portions(records: readonly OutgoingRecord[]): Generator<OutgoingRecord[]> {
  let portion: OutgoingRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    portion.push(record);
    bytes += (record.message.value?.length ?? 0) + (record.message.key?.length ?? 0);
    if (portion.length < PORTION_RECORDS && bytes < PORTION_BYTES) continue;
    yield portion;
    portion = [];
    bytes = 0;
  }
  if (portion.length > 0) yield portion;
}
