/**
 * What delivering a micro-batch needs of the world: Spark's batch and checkpoint, Postgres, Kafka, the lake, and time. The handlers
 * (`events-batch.ts`, `upsert-batch.ts`) put the real ones here; the simulation puts others, which crash, stall and lose answers by a seed.
 * Which steps are taken, and in which order, is decided in `deliver-events.ts` and `deliver-upsert.ts` alone.
 */
import type { LedgerEntry, LedgerKey } from './ledger.js';
import type { BatchOffsets } from './offset-log.js';
import type { Refusal } from './refusal.js';

/** The micro-batch's rows, as Spark holds them. */
export interface BatchRows {
  /** Runs the plan and throws the rows away: a batch that is in already must still commit its state. */
  runToNoop(): Promise<void>;
}

export interface KeptRows extends BatchRows {
  /** Keeps the rows, so that several actions do not run the plan (state stores included) again. */
  persist(): Promise<void>;
  unpersist(): Promise<void>;
}

/** What Spark wrote about the batch before it ran it. */
export interface Checkpoint {
  queryId(): Promise<string>;
  offsets(batchId: bigint): Promise<BatchOffsets>;
}

/** One connection to the database of ledger and fence, for one attempt at one transaction; never used again after an error. */
export interface DatabaseSession {
  begin(): Promise<void>;
  /** Holds the fence until the transaction ends. @throws SinkError `fenced` */
  assertEpoch(pipeline: string, epoch: string): Promise<void>;
  isInLedger(key: LedgerKey): Promise<boolean>;
  /** False if the batch stands there already; waits for a transaction under way that has entered it. */
  enterLedger(entry: LedgerEntry): Promise<boolean>;
  /** Notes what a sink would not take, in the transaction that enters the batch. */
  enterRefusals(key: LedgerKey, refusals: readonly Refusal[]): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Never fails; whatever is open is rolled back by the server. */
  close(): Promise<void>;
}

export interface Database<S extends DatabaseSession = DatabaseSession> {
  open(): Promise<S>;
  /** Whether repeating the whole transaction on a new connection can help. */
  isRetried(error: unknown): boolean;
}

export interface Clock {
  /** Rejects when `signal` is aborted. */
  delay(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Rows on their way into a table, outside of any transaction, so that each attempt can load them anew. */
export interface StagedRows {
  readonly rows: bigint;
  /** Removes what is left outside of transactions; called whatever happened. */
  discard(): Promise<void>;
}

export interface UpsertSession<Staged extends StagedRows = StagedRows> extends DatabaseSession {
  /** Merges all staged rows: one per key, and none over a row of a newer batch. */
  merge(staged: Staged, batchId: bigint): Promise<void>;
  /** For a batch with a row that the table refuses: loads the rows numbered from 0, one per key, and says how many there are. */
  loadNumbered(staged: Staged): Promise<number>;
  /** Merges the loaded rows `from <= number < until`, all or none. Answers why the table refuses them, or undefined when they are in. */
  mergeNumbered(from: number, until: number, batchId: bigint): Promise<string | undefined>;
  /** A loaded row as JSON. */
  numberedRow(number: number): Promise<string>;
}

export interface UpsertDatabase<Staged extends StagedRows = StagedRows> extends Database<UpsertSession<Staged>> {
  /** Why a row was refused, or undefined for a failure that has nothing to do with rows. */
  refusalOf(error: unknown): string | undefined;
}

/** A batch of an upsert query. */
export interface UpsertRows<Staged extends StagedRows = StagedRows> extends BatchRows {
  /** Runs the plan and brings its rows to where a transaction can load them. */
  stage(): Promise<Staged>;
  /** Removes what writers that were killed have left staged. */
  sweep(): Promise<void>;
}

export interface UpsertPorts<Staged extends StagedRows = StagedRows> {
  readonly database: UpsertDatabase<Staged>;
  readonly checkpoint: Checkpoint;
  readonly batch: UpsertRows<Staged>;
  readonly clock: Clock;
}

/** A record on its way to `topic`; its headers say where in the source it comes from. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly message: {
    readonly key: Uint8Array | string | null;
    readonly value: Uint8Array | string | null;
    readonly headers: Readonly<Record<string, string>>;
  };
}

/** "This batch is written", in Kafka itself: the last record of the transaction that wrote it. */
export interface Marker {
  readonly queryId: string;
  readonly batchId: string;
  readonly epoch: string;
  /** Records written before it in its transaction. */
  readonly records: number;
  /** What Kafka refused of the batch; the ledger's transaction notes it, also when another attempt gets there. */
  readonly refused: readonly Refusal[];
}

/** One transaction by one producer; a producer is never used for a second. */
export interface KafkaTransaction {
  send(records: readonly OutgoingRecord[]): Promise<void>;
  sendMarker(marker: Marker): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
  /** Never fails. What is open is ended by the next producer, or by the broker. */
  close(): Promise<void>;
}

export interface TransactionalTopics {
  /** When it resolves, every older producer is shut out and what it left open has been decided. */
  begin(): Promise<KafkaTransaction>;
  /** The query's last committed marker. */
  lastMarker(): Promise<Marker | undefined>;
  /** Why records were refused, or undefined for a failure that has nothing to do with what they contain. */
  refusalOf(error: unknown): string | undefined;
  /** Whether another producer may fare better. */
  isRetried(error: unknown): boolean;
}

/** How the batch reaches its topics: exactly once in a transaction, or by Spark's own sink, which repeats records after a failure. */
export type KafkaDelivery =
  | { readonly kind: 'exactly-once'; readonly topics: TransactionalTopics }
  | { readonly kind: 'at-least-once'; write(): Promise<void> };

/** A batch of the events query. */
export interface EventRows extends KeptRows {
  /** `outgoing` are the records for Kafka: all of them, or the dead ones where there is no topic for the others. */
  count(): Promise<{ readonly rows: bigint; readonly dead: bigint; readonly outgoing: bigint }>;
  /** The outgoing records in the form in which Kafka takes them. May be read again, in the same order. */
  records(): AsyncIterable<readonly OutgoingRecord[]>;
}

/** The lake's side of one attempt at a batch. A partition is a folder `event_date=YYYY-MM-DD/batch_id=N`. */
export interface Lake {
  /** Has Spark write the valid events where no reader looks, for this attempt alone; answers the partitions that wait to be published. */
  stage(rows: bigint): Promise<readonly string[]>;
  /** Moves a staged partition into the lake, in one step, unless one of that name is there. False: it is. */
  publish(partition: string): Promise<boolean>;
  /** The query id with which a partition of the lake was published. */
  publisherOf(partition: string): Promise<string | undefined>;
  /** Removes what this attempt has staged. */
  discard(): Promise<void>;
  /** Removes what attempts that were killed have staged. */
  sweep(): Promise<void>;
}

export interface EventsPorts {
  readonly database: Database;
  readonly checkpoint: Checkpoint;
  readonly batch: EventRows;
  /** Undefined: the valid records are not kept. */
  readonly lake: Lake | undefined;
  readonly kafka: KafkaDelivery;
  readonly clock: Clock;
}
