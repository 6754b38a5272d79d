/**
 * Postgres as far as the sinks use it: read committed, row locks on the fence, a unique ledger, transactions that end with their session. It also
 * watches what is committed: a writer whose turn is over, a batch that is merged twice, a row that goes back to an older batch.
 */
import type { LedgerEntry, LedgerKey } from '../../spark/sinks/ledger.js';
import type { StagedRows, UpsertDatabase, UpsertSession } from '../../spark/sinks/ports.js';
import type { Refusal } from '../../spark/sinks/refusal.js';
import { SinkError } from '../../spark/sinks/sink-error.js';
import { call, NetworkError } from './network.js';
import type { Process } from './scheduler.js';
import type { World } from './world.js';

export interface TableRow {
  readonly key: string;
  readonly value: string;
  /** The table has a constraint against it. */
  readonly isPoison: boolean;
}

/** In the worker's memory, or in a staging table. */
export interface FakeStaged extends StagedRows {
  readonly place: readonly TableRow[] | string;
}

class Refused extends Error {}

/** A session at the server's side. */
class Backend {
  readonly writer: string;
  readonly epoch: string;
  isInTransaction = false;
  holdsFence = false;
  isDead = false;
  ledger: LedgerEntry[] = [];
  rows: (readonly [TableRow, bigint])[] = [];
  refusals: { key: LedgerKey; refusals: readonly Refusal[] }[] = [];
  numbered: readonly TableRow[] = [];

  constructor(writer: string, epoch: string) {
    this.writer = writer;
    this.epoch = epoch;
  }

  end(): void {
    this.isInTransaction = false;
    this.holdsFence = false;
    this.ledger = [];
    this.rows = [];
    this.refusals = [];
  }

  terminate(): void {
    this.end();
    this.isDead = true;
  }
}

export const keyText = (key: LedgerKey): string => `${key.query} ${key.queryId} ${key.batchId}`;

export class FakePostgres {
  readonly ledger = new Map<string, LedgerEntry>();
  readonly rows = new Map<string, { readonly value: string; readonly batchId: bigint }>();
  readonly refusals = new Map<string, readonly Refusal[]>();
  readonly stagingTables = new Map<string, readonly TableRow[]>();
  epoch = 0n;
  readonly #world: World;
  readonly #backends = new Set<Backend>();

  constructor(world: World) {
    this.#world = world;
  }

  openSessions(): string[] {
    return [...this.#backends].filter(({ isDead }) => !isDead).map(({ writer }) => writer);
  }

  /** A take-over: waits for who holds the fence. */
  async raiseEpoch(process: Process): Promise<string> {
    await this.#world.scheduler.step(
      process,
      'raises the fence',
      () => ![...this.#backends].some((one) => one.holdsFence),
    );
    const epoch = ++this.epoch;
    await this.#world.scheduler.step(process, 'has raised the fence');
    return String(epoch);
  }

  /** What timeouts and a take-over's patience do when somebody waits too long. */
  terminateHolders(): boolean {
    const holders = [...this.#backends].filter((one) => one.isInTransaction);
    for (const one of holders) one.terminate();
    return holders.length > 0;
  }

  database(process: Process, epoch: string): UpsertDatabase<FakeStaged> {
    const world = this.#world;
    return {
      isRetried: (error) => error instanceof NetworkError,
      refusalOf: (error) => (error instanceof Refused ? error.message : undefined),
      open: async () => {
        const backend = new Backend(process.name, epoch);
        process.onEnd(() => backend.terminate());
        await call(
          world.calls,
          process,
          'connects to Postgres',
          () => void this.#backends.add(backend),
          () => backend.terminate(),
        );
        return this.#session(process, backend);
      },
    };
  }

  #session(process: Process, backend: Backend): UpsertSession<FakeStaged> {
    const { calls, scheduler, guards } = this.#world;
    const ask = <T>(name: string, effect: () => T): Promise<T> =>
      call(
        calls,
        process,
        name,
        () => {
          if (backend.isDead) throw new NetworkError('terminating connection');
          return effect();
        },
        // A connection that has lost a message is lost.
        () => backend.terminate(),
      );
    return {
      begin: () =>
        ask('BEGIN', () => {
          backend.isInTransaction = true;
        }),
      assertEpoch: (pipeline, epoch) =>
        ask('asks for the fence', () => {
          if (!guards.fence) return;
          if (String(this.epoch) !== epoch) {
            throw new SinkError('fenced', `Pipeline ${pipeline} was taken over; this writer holds epoch ${epoch}.`);
          }
          backend.holdsFence = true;
        }),
      isInLedger: (key) => ask('reads the ledger', () => guards.ledger && this.ledger.has(keyText(key))),
      enterLedger: async (entry) => {
        const isTaken = (): boolean =>
          [...this.#backends].some(
            (one) => one !== backend && one.ledger.some((own) => keyText(own) === keyText(entry)),
          );
        if (guards.ledger)
          await scheduler.step(process, 'waits for its place in the ledger', () => backend.isDead || !isTaken());
        return ask('enters the ledger', () => {
          if (guards.ledger && (isTaken() || this.ledger.has(keyText(entry)))) return false;
          backend.ledger.push(entry);
          return true;
        });
      },
      enterRefusals: (key, refusals) => ask('notes refusals', () => void backend.refusals.push({ key, refusals })),
      merge: (staged, batchId) =>
        ask('merges', () => {
          const rows = this.#staged(staged);
          if (rows.some(({ isPoison }) => isPoison)) throw new Refused('23514: a constraint');
          backend.rows.push(...rows.map((row) => [row, batchId] as const));
        }),
      loadNumbered: (staged) =>
        ask('loads numbered rows', () => {
          backend.numbered = this.#staged(staged);
          return backend.numbered.length;
        }),
      mergeNumbered: (from, until, batchId) =>
        ask('merges some rows', () => {
          const rows = backend.numbered.slice(from, until);
          if (rows.some(({ isPoison }) => isPoison)) return '23514: a constraint';
          backend.rows.push(...rows.map((row) => [row, batchId] as const));
          return undefined;
        }),
      numberedRow: (number) => ask('reads a row', () => String(backend.numbered[number]?.key)),
      commit: () => ask('COMMIT', () => this.#commit(backend)),
      rollback: () => ask('ROLLBACK', () => backend.end()),
      close: async () => backend.terminate(),
    };
  }

  #staged({ place }: FakeStaged): readonly TableRow[] {
    if (typeof place !== 'string') return place;
    const rows = this.stagingTables.get(place);
    if (rows === undefined) throw new Error(`relation ${place} does not exist`);
    return rows;
  }

  #commit(backend: Backend): void {
    const { guards, violate } = this.#world;
    const writes = backend.ledger.length + backend.rows.length;
    if (writes > 0 && backend.epoch !== String(this.epoch)) {
      violate('fence', `${backend.writer} of epoch ${backend.epoch} commits to Postgres in epoch ${this.epoch}`);
    }
    for (const entry of backend.ledger) {
      const key = keyText(entry);
      if (this.ledger.has(key)) violate('once in Postgres', `${key} is committed twice, by ${backend.writer}`);
      this.ledger.set(key, entry);
    }
    for (const [{ key, value }, batchId] of backend.rows) {
      const there = this.rows.get(key);
      if (there !== undefined && there.batchId > batchId) {
        if (guards.batch) continue;
        violate('newest in the table', `row ${key} goes back from batch ${there.batchId} to ${batchId}`);
      }
      this.rows.set(key, { value, batchId });
    }
    for (const { key, refusals } of backend.refusals) this.refusals.set(keyText(key), refusals);
    backend.end();
  }
}
