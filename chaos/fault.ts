/**
 * Every fault that can be done to the running system, as a value: what is struck, where or when, for how long. `schedule.ts` draws them,
 * `strike.ts` does them; a new kind of fault is an entry of `FAULT_NAMES` and the branches that the compiler then asks for.
 */
import type { QueryName } from '../config/names.js';

/** The processes of the system. A worker is the Node process beside the Spark driver that runs one query's handler. */
export type Victim = 'worker' | 'spark' | 'executor' | 'kafka' | 'postgres' | 'supervisor' | 'producer';

/** A message on the wire between a client and a service, by which a fault chooses its instant. */
export type WirePoint =
  /** The statement that enters the batch in the ledger. */
  | { readonly service: 'postgres'; readonly message: 'ledger' }
  | { readonly service: 'postgres'; readonly message: 'commit' }
  /** The request that fences older producers and ends what they left open. */
  | { readonly service: 'kafka'; readonly client: KafkaClient; readonly message: 'init-producer-id' }
  | { readonly service: 'kafka'; readonly client: KafkaClient; readonly message: 'produce' }
  /** The request that commits (or aborts) a transaction. */
  | { readonly service: 'kafka'; readonly client: KafkaClient; readonly message: 'end-txn' };

/** The simulated users' producer, or the transaction that a worker writes. */
export type KafkaClient = 'producer' | 'sink';

/** A request is lost before the service has it; a reply after the service has acted: the client cannot tell the two apart. */
export type Lost = 'request' | 'reply';

/** When a process is struck: so long after the query has begun a micro-batch. */
export interface Moment {
  readonly query: QueryName;
  readonly afterMs: number;
}

export type Fault =
  /** kill -9. Services are started again after `downMs`; the supervisor restarts Spark, Spark its workers, the service manager the rest. */
  | {
      readonly kind: 'kill';
      readonly victim: Exclude<Victim, 'producer'>;
      readonly moment: Moment;
      readonly downMs: number;
      readonly choice: number;
    }
  /** SIGSTOP, and SIGCONT after `pauseMs`. */
  | {
      readonly kind: 'pause';
      readonly victim: Victim;
      readonly moment: Moment;
      readonly pauseMs: number;
      readonly choice: number;
    }
  /** kill -9 of the very process whose message is on the wire; the message or its reply is lost with it. */
  | { readonly kind: 'kill-at'; readonly victim: 'worker' | 'producer'; readonly at: WirePoint; readonly lost: Lost }
  /** One message or one reply is lost and its connection reset. */
  | { readonly kind: 'lose'; readonly at: WirePoint; readonly lost: Lost }
  /** One reply comes late. */
  | { readonly kind: 'delay'; readonly at: WirePoint; readonly delayMs: number }
  /**
   * A worker is stopped with its commit on the way to Postgres, its driver killed; a new driver takes over and goes on; then the old
   * worker wakes up and its commit is sent after all.
   */
  | { readonly kind: 'zombie' }
  /** No byte can be written to the lake for so long. */
  | { readonly kind: 'disk-full'; readonly moment: Moment; readonly fullMs: number };

/** What a fault needs that not every system has. */
export type Needs = 'executors' | 'small-disk';

/** How often a kind comes in a round, and what it needs. Kinds that cost little time and strike near a commit come more often. */
export const FAULT_NAMES = {
  'kill-worker': { weight: 2 },
  'kill-worker-at-commit': { weight: 3 },
  'kill-spark': { weight: 2 },
  'kill-executor': { weight: 2, needs: 'executors' },
  'kill-kafka': { weight: 1 },
  'kill-postgres': { weight: 2 },
  'kill-supervisor': { weight: 2 },
  'kill-producer-in-transaction': { weight: 2 },
  'pause-worker': { weight: 1 },
  'pause-spark': { weight: 1 },
  'pause-executor': { weight: 1, needs: 'executors' },
  'pause-kafka': { weight: 1 },
  'pause-postgres': { weight: 1 },
  'pause-supervisor': { weight: 1 },
  'pause-producer': { weight: 1 },
  'zombie-worker': { weight: 1 },
  'lose-postgres-request': { weight: 1 },
  'lose-postgres-reply': { weight: 3 },
  'delay-postgres-reply': { weight: 1 },
  'lose-kafka-request': { weight: 1 },
  'lose-kafka-reply': { weight: 3 },
  'delay-kafka-reply': { weight: 1 },
  'disk-full': { weight: 1, needs: 'small-disk' },
} as const satisfies Readonly<Record<string, { readonly weight: number; readonly needs?: Needs }>>;

export type FaultName = keyof typeof FAULT_NAMES;

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULT_NAMES, name);
}

/** What a kind needs beyond the system that is always there. */
export function needsOf(name: FaultName): Needs | undefined {
  const entry: { readonly weight: number; readonly needs?: Needs } = FAULT_NAMES[name];
  return entry.needs;
}

/** One line for people: everything that was drawn, so that two schedules can be compared as text. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill -9 of ${fault.victim}, ${describeMoment(fault.moment)}${fault.downMs > 0 ? `, down for ${fault.downMs} ms` : ''}`;
    case 'pause':
      return `SIGSTOP of ${fault.victim} for ${fault.pauseMs} ms, ${describeMoment(fault.moment)}`;
    case 'kill-at':
      return `kill -9 of ${fault.victim} ${describePoint(fault.at)}, ${fault.lost} lost`;
    case 'lose':
      return `${fault.lost} lost ${describePoint(fault.at)}`;
    case 'delay':
      return `reply ${fault.delayMs} ms late ${describePoint(fault.at)}`;
    case 'zombie':
      return 'worker stopped in its commit, driver killed, worker woken up after the take-over';
    case 'disk-full':
      return `no space for the lake for ${fault.fullMs} ms, ${describeMoment(fault.moment)}`;
  }
}

function describeMoment({ query, afterMs }: Moment): string {
  return `${afterMs} ms into a batch of ${query}`;
}

function describePoint(at: WirePoint): string {
  return at.service === 'postgres' ? `at ${at.message} in Postgres` : `at ${at.message} of the ${at.client} in Kafka`;
}
