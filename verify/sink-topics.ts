/**
 * The two topics that query `events` writes: enriched events and dead letters. Read as readers are told to, read_committed; every record says
 * in its headers where it came from, and by that is compared with what the source had.
 */
import { decodeUtf8 } from './activity.js';
import { type Check, CheckBuilder, SAMPLES_MAX } from './compare.js';
import {
  type Coordinates,
  type Coverage,
  coordinatesText,
  differingColumns,
  PendingDifferences,
  type RecordLookup,
} from './coverage.js';
import { deadFingerprint, enrichedFingerprint, RECORD, SEEN } from './event-store.js';
import { formatMicros, parseEventTime } from './event-time.js';
import type { TopicRecord } from './kafka/record-batch.js';
import { readTopic } from './read-topic.js';
import { countOf, parseRow, type RefusedRow } from './refused.js';

export interface SinkTopicOptions {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly sourceTopic: string;
  readonly coverage: Coverage;
  readonly lookup: RecordLookup;
  readonly coversAny: boolean;
  /** What Kafka is said to have refused; each must be a record of this topic. */
  readonly refused: readonly RefusedRow[];
  readonly signal?: AbortSignal | undefined;
}

export interface SinkTopicVerdict {
  readonly check: Check;
  /** Records of batches that the ledger does not list yet. */
  readonly inFlight: number;
  /** Records that are in `sluice.refused_rows` and not in the topic. */
  readonly refused: number;
}

/** The ledger lists a batch right after its transaction was committed; Kafka shows it when the markers are written, a few milliseconds later. */
const SETTLE_MS_MAX = 5_000;

/** Compares one topic: where each record belongs, that it is there once, and by `compare` what it says. */
class SinkTopic<Found> {
  readonly check: CheckBuilder;
  readonly pending: PendingDifferences<Found>;
  inFlight = 0;
  readonly #options: SinkTopicOptions;
  readonly #headerNames: readonly string[];
  readonly #record: number;
  readonly #bit: number;

  constructor(
    check: CheckBuilder,
    options: SinkTopicOptions,
    headerNames: readonly string[],
    record: number,
    bit: number,
  ) {
    this.check = check;
    this.pending = new PendingDifferences(check, SAMPLES_MAX);
    this.#options = options;
    this.#headerNames = headerNames;
    this.#record = record;
    this.#bit = bit;
  }

  async read(
    compare: (record: TopicRecord, source: Source, events: { fingerprint: number; enriched: number }) => void,
  ): Promise<void> {
    const { bootstrapServers, topic, coverage, signal } = this.#options;
    const bounds = await readTopic(
      bootstrapServers,
      topic,
      (records) => {
        for (const record of records) this.#place(record, compare);
      },
      { settleMsMax: SETTLE_MS_MAX, ...(signal === undefined ? {} : { signal }) },
    );
    if (bounds === undefined) this.check.note(`the topic ${topic} does not exist`);
    for (const { partition, end, highWatermark } of bounds ?? []) {
      if (end < highWatermark)
        this.check.note(`partition ${partition} has a transaction open from offset ${end} on, not read`);
    }
    this.check.count(coverage.count(this.#record), 0);
  }

  /** After the pending differences: whatever the source has and the topic has not. */
  finish(): SinkTopicVerdict {
    const { coverage, sourceTopic, topic, coversAny } = this.#options;
    const refused = this.#takeRefused();
    if (refused > 0) this.check.note(`${countOf(refused, 'record')} refused by Kafka, in sluice.refused_rows`);
    for (const coordinates of coverage.unseen(this.#record, this.#bit)) {
      this.check.difference(
        'missing',
        this.check.wantsDetails ? `${topic}: the record of ${coordinatesText(sourceTopic, coordinates)}` : '',
      );
    }
    if (this.inFlight > 0)
      this.check.note(
        `${this.inFlight} records of batches after ${coverage.lastBatchId} are in flight and not compared`,
      );
    return { check: this.check.finish({ emptyHolds: coversAny }), inFlight: this.inFlight, refused };
  }

  /** Takes what Kafka refused as if it were there: each a record that belongs into this topic, under its batch, and is not in it. */
  #takeRefused(): number {
    const { coverage, sourceTopic, topic, refused } = this.#options;
    let taken = 0;
    for (const { batchId, what } of refused) {
      const row = parseRow(what);
      const source = { partition: Number(row.source_partition), offset: Number(row.source_offset) };
      const where = `sluice.refused_rows, batch ${batchId}, ${what}`;
      const place = coverage.place(source, batchId, this.#record);
      if (row.topic !== topic || row.source_topic !== sourceTopic || place.kind !== 'expected') {
        this.check.difference('unexpected', where, place.kind === 'wrong' ? place.expected : 'nothing');
      } else if (!coverage.mark(place.events, place.index, this.#bit)) {
        this.check.difference('unexpected', where, `nothing: ${topic} has the record`);
      } else taken++;
    }
    return taken;
  }

  where(record: TopicRecord, source?: Coordinates): string {
    const own = coordinatesText(this.#options.topic, record);
    return source === undefined ? own : `${own} (from partition ${source.partition} offset ${source.offset})`;
  }

  #place(
    record: TopicRecord,
    compare: (record: TopicRecord, source: Source, events: { fingerprint: number; enriched: number }) => void,
  ): void {
    const source = readHeaders(record, this.#headerNames, this.#options.sourceTopic);
    if (typeof source === 'string') {
      this.check.count(0, 1);
      this.check.difference('broken', `${this.where(record)}, headers`, this.#headerNames.join(', '), source);
      return;
    }
    const place = this.#options.coverage.place(source, source.batchId, this.#record);
    if (place.kind === 'in-flight') {
      this.inFlight++;
      return;
    }
    this.check.count(0, 1);
    if (place.kind === 'wrong') {
      this.check.difference('unexpected', this.where(record, source), place.expected, place.found);
    } else if (!this.#options.coverage.mark(place.events, place.index, this.#bit)) {
      this.check.difference('duplicate', this.where(record, source));
    } else {
      compare(record, source, {
        fingerprint: place.events.fingerprint[place.index] ?? 0,
        enriched: place.events.enriched[place.index] ?? 0,
      });
    }
  }
}

interface Source extends Coordinates {
  readonly batchId: number;
  /** Of dead letters. */
  readonly reason: string;
}

interface FoundEnriched {
  readonly at: Coordinates;
  readonly event_time: string;
  readonly user_id: string;
  readonly page_url: string;
  readonly event_type: string;
}

/** Every valid event once, its four fields as the original JSON had them, keyed by user, with the micro-batch's time. */
export async function verifyEnriched(
  options: SinkTopicOptions,
  processingTimes: ReadonlyMap<number, bigint>,
): Promise<SinkTopicVerdict> {
  const check = new CheckBuilder(
    'enriched.records',
    `every valid event once in ${options.topic} (read_committed), fields and key as in the source`,
  );
  const topic = new SinkTopic<FoundEnriched>(
    check,
    options,
    ['source_topic', 'source_partition', 'source_offset', 'batch_id'],
    RECORD.valid,
    SEEN.enriched,
  );
  const times = new Map<number, string>();
  await topic.read((record, source, { enriched }) => {
    const where = (): string => topic.where(record, source);
    const value = parseEnriched(record.value);
    if (typeof value === 'string') {
      check.difference('broken', where(), 'JSON with the four fields and processing_time', value);
      return;
    }
    const { event_time = '', user_id = '', page_url = '', event_type = '', processing_time = '' } = value;
    if (enrichedFingerprint(event_time, user_id, page_url, event_type) !== enriched) {
      topic.pending.add(source, {
        at: { partition: record.partition, offset: record.offset },
        event_time,
        user_id,
        page_url,
        event_type,
      });
      return;
    }
    const key = record.key === null ? undefined : decodeUtf8(record.key);
    if (key !== user_id) check.difference('different', `${where()}, key`, user_id, key ?? 'none');
    compareProcessingTime(processing_time, source.batchId, where, check, times, processingTimes);
  });
  await topic.pending.resolve(options.lookup, (coordinates, { at, ...found }, record) => {
    const judged = record && options.coverage.store.judge(record);
    const [expectedText, foundText] =
      judged?.kind === 'valid'
        ? differingColumns(
            {
              event_time: judged.eventTimeText,
              user_id: judged.userId,
              page_url: judged.pageUrl,
              event_type: judged.eventType,
            },
            found,
          )
        : ['the record of the source', ''];
    check.difference(
      'different',
      `${coordinatesText(options.topic, at)} (from partition ${coordinates.partition} offset ${coordinates.offset})`,
      expectedText,
      foundText,
    );
  });
  return topic.finish();
}

interface FoundDeadLetter {
  readonly at: Coordinates;
  readonly reason: string;
  readonly keyBytes: number;
  readonly valueBytes: number;
}

/** Every other record once, key and value byte by byte, with the reason that the oracle finds too. */
export async function verifyDeadLetters(options: SinkTopicOptions): Promise<SinkTopicVerdict> {
  const check = new CheckBuilder(
    'dead-letters.records',
    `every other record once in ${options.topic} (read_committed), original bytes, the right reason`,
  );
  const headers = ['reason', 'source_topic', 'source_partition', 'source_offset', 'batch_id'];
  const topic = new SinkTopic<FoundDeadLetter>(check, options, headers, RECORD.dead, SEEN.deadLetter);
  await topic.read((record, source, { fingerprint }) => {
    if (deadFingerprint(record.key, record.value, source.reason) === fingerprint) return;
    const found = { at: { partition: record.partition, offset: record.offset }, reason: source.reason };
    topic.pending.add(source, { ...found, keyBytes: record.key?.length ?? -1, valueBytes: record.value?.length ?? -1 });
  });
  await topic.pending.resolve(options.lookup, (coordinates, { at, ...found }, record) => {
    const judged = record && options.coverage.store.judge(record);
    const where = `${coordinatesText(options.topic, at)} (from partition ${coordinates.partition} offset ${coordinates.offset})`;
    if (judged?.kind !== 'dead' || record === undefined) {
      check.difference('different', where, 'the record of the source');
      return;
    }
    const expected = {
      reason: judged.reason,
      keyBytes: record.key?.length ?? -1,
      valueBytes: record.value?.length ?? -1,
    };
    const [expectedText, foundText] = differingColumns(expected, { ...found });
    // Same lengths and reason, and yet another fingerprint: the bytes themselves.
    if (expectedText === '')
      check.difference('different', where, `the source's ${expected.valueBytes} bytes`, 'other bytes of that length');
    else check.difference('different', where, expectedText, foundText);
  });
  return topic.finish();
}

/** The headers of a record, each once and no other; a sentence saying what is wrong if they are not. */
function readHeaders({ headers }: TopicRecord, names: readonly string[], sourceTopic: string): Source | string {
  const textOf = (name: string): string | undefined => headers.find(({ key }) => key === name)?.value ?? undefined;
  if (headers.length !== names.length || names.some((name) => textOf(name) === undefined)) {
    return headers.length === 0 ? 'none' : headers.map(({ key }) => key).join(', ');
  }
  if (textOf('source_topic') !== sourceTopic) return `source_topic ${textOf('source_topic')}`;
  const partition = wholeNumber(textOf('source_partition'));
  const offset = wholeNumber(textOf('source_offset'));
  const batchId = wholeNumber(textOf('batch_id'));
  if (partition === undefined || offset === undefined || batchId === undefined) {
    return COORDINATE_HEADERS.map((name) => `${name} ${textOf(name)}`).join(', ');
  }
  return { partition, offset, batchId, reason: textOf('reason') ?? '' };
}

const COORDINATE_HEADERS = ['source_partition', 'source_offset', 'batch_id'];

/** A number written as the sinks do: no sign, no leading zero, below 2^53. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : undefined;
}

const ENRICHED_FIELDS = ['event_time', 'user_id', 'page_url', 'event_type', 'processing_time'];

function parseEnriched(bytes: Buffer | null): Record<string, string> | string {
  if (bytes === null) return 'no value';
  const text = decodeUtf8(bytes);
  if (text === undefined) return 'malformed UTF-8';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What it is instead is shown.
    return text;
  }
  if (typeof value !== 'object' || value === null) return text;
  const names = Object.keys(value);
  const isWhole =
    names.length === ENRICHED_FIELDS.length &&
    ENRICHED_FIELDS.every((name) => typeof (value as Record<string, unknown>)[name] === 'string');
  return isWhole ? (value as Record<string, string>) : text;
}

/** ISO 8601, UTC, one instant per batch, and the one that the lake has. */
function compareProcessingTime(
  found: string,
  batchId: number,
  where: () => string,
  check: CheckBuilder,
  times: Map<number, string>,
  ofLake: ReadonlyMap<number, bigint>,
): void {
  const known = times.get(batchId);
  if (known !== undefined) {
    if (found !== known)
      check.difference(
        'different',
        `${where()}, processing_time`,
        `${known}, as other records of batch ${batchId}`,
        found,
      );
    return;
  }
  const micros = found.endsWith('Z') ? parseEventTime(found) : undefined;
  if (micros === undefined) {
    check.difference('broken', `${where()}, processing_time`, 'ISO 8601, UTC', found);
    return;
  }
  times.set(batchId, found);
  const lake = ofLake.get(batchId);
  if (lake !== undefined && lake !== micros) {
    check.difference(
      'different',
      `${where()}, processing_time`,
      `${formatMicros(lake)}, as the lake has for batch ${batchId}`,
      found,
    );
  }
}
