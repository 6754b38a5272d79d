/** What all simulated parts share: chance, faults, the guards of this run, and the list of what went wrong. */
import { FakeKafka } from './fake-kafka.js';
import { FakeLake } from './fake-lake.js';
import { FakePostgres } from './fake-postgres.js';
import type { Faults } from './network.js';
import { Process, Scheduler } from './scheduler.js';

/**
 * The guards of the sinks. A sabotage takes one away here, in the simulated world: the deliveries themselves know no switch.
 * - `readCommitted`: the reader of the topics leaves out what was not committed
 * - `noopRun`: a skipped batch still runs its plan
 * - `coordinates`: dead letters say where they come from
 */
export interface Guards {
  readonly ledger: boolean;
  readonly fence: boolean;
  readonly batch: boolean;
  readonly marker: boolean;
  readonly readCommitted: boolean;
  readonly noopRun: boolean;
  readonly coordinates: boolean;
}

export const ALL_GUARDS: Guards = {
  ledger: true,
  fence: true,
  batch: true,
  marker: true,
  readCommitted: true,
  noopRun: true,
  coordinates: true,
};

export interface Violation {
  readonly check: string;
  readonly what: string;
}

export class World {
  readonly scheduler: Scheduler;
  readonly guards: Guards;
  readonly faults: Faults = { lossChance: 0 };
  readonly server = { process: new Process('server') };
  readonly violations: Violation[] = [];
  readonly postgres: FakePostgres;
  readonly kafka: FakeKafka;
  readonly lake: FakeLake;

  constructor(seed: number, guards: Guards, isTraced: boolean) {
    this.scheduler = new Scheduler(seed, isTraced);
    this.guards = guards;
    this.postgres = new FakePostgres(this);
    this.kafka = new FakeKafka(this);
    this.lake = new FakeLake(this);
  }

  get calls(): {
    readonly scheduler: Scheduler;
    readonly faults: Faults;
    readonly server: { readonly process: Process };
  } {
    return this;
  }

  readonly violate = (check: string, what: string): void => {
    this.scheduler.note(`VIOLATION ${check}: ${what}`);
    this.violations.push({ check, what });
  };
}
