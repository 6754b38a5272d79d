/**
 * Time and chance of a simulated run, both from one seed. Whatever a simulated process does against the world waits in `step` until the scheduler
 * picks it, so that any two steps of different processes can come in either order. Nothing here runs in parallel, and a seed repeats exactly.
 */

/** mulberry32: 32 bits of state, good enough to pick among a few. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 <= n < 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

/** A process of the simulated system: killed as one, paused as one. */
export class Process {
  readonly name: string;
  isAlive = true;
  /** The step of the scheduler at which it goes on after a SIGSTOP. */
  pausedUntil = 0;
  readonly #onEnd: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** What the kernel and its peers do when it dies. */
  onEnd(work: () => void): void {
    this.#onEnd.push(work);
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const work of this.#onEnd) work();
  }
}

interface Parked {
  readonly process: Process;
  readonly name: string;
  readonly isReady: (() => boolean) | undefined;
  readonly go: () => void;
}

/** So many steps no run takes unless it goes in circles. */
const STEPS_MAX = 60_000;

export class Scheduler {
  readonly random: Random;
  /** What happened, for people; only kept when asked for. */
  readonly trace: string[] | undefined;
  /** Chance per step that its process is paused. */
  pauseChance = 0;
  /** Chance per step that its process is killed there, if `isKillable` says so. */
  killChance = 0;
  isKillable: (process: Process) => boolean = () => false;
  /** Called when everybody waits for somebody: the moment at which timeouts strike. False: nothing can be done. */
  onStuck: () => boolean = () => false;
  /** Called before each step. */
  onStep: (step: number) => void = () => {};
  #parked: Parked[] = [];
  #steps = 0;

  constructor(seed: number, isTraced: boolean) {
    this.random = new Random(seed);
    this.trace = isTraced ? [] : undefined;
  }

  get steps(): number {
    return this.#steps;
  }

  note(text: string): void {
    this.trace?.push(`${this.#steps}: ${text}`);
  }

  /** Waits for its turn; for ever, if the process is killed. `isReady`: not before that holds. */
  step(process: Process, name: string, isReady?: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      if (process.isAlive) this.#parked.push({ process, name, isReady, go: resolve });
    });
  }

  /** Runs until nobody waits any more. @throws when everybody waits for ever. */
  async run(): Promise<void> {
    for (;;) {
      // Lets everything run that can run without the world.
      await new Promise(setImmediate);
      if (this.#parked.some(isDead)) this.#parked = this.#parked.filter((parked) => !isDead(parked));
      if (this.#parked.length === 0) return;
      if (++this.#steps > STEPS_MAX) throw new Error(`no end after ${STEPS_MAX} steps`);
      this.onStep(this.#steps);
      const ready = this.#parked.some(isWaiting) ? this.#parked.filter((parked) => !isWaiting(parked)) : this.#parked;
      if (ready.length === 0) {
        if (this.onStuck()) continue;
        const who = this.#parked.map(({ process, name }) => `${process.name} ${name}`);
        throw new Error(`everybody waits: ${who.join('; ')}`);
      }
      this.#pick(ready);
    }
  }

  #pick(ready: readonly Parked[]): void {
    const isAwake = ({ process }: Parked): boolean => process.pausedUntil <= this.#steps;
    const awake = ready.every(isAwake) ? ready : ready.filter(isAwake);
    const chosen = awake.length > 0 ? awake : ready;
    const parked = chosen[this.random.below(chosen.length)] as Parked;
    const { process, name } = parked;
    // Some stand still for as long as it takes others to do everything.
    if (this.random.chance(this.pauseChance))
      process.pausedUntil = this.#steps + this.random.below(this.random.chance(0.3) ? 2_000 : 150);
    if (this.isKillable(process) && this.random.chance(this.killChance)) {
      this.note(`${process.name} is killed at ${name}`);
      process.kill();
      return;
    }
    this.note(`${process.name} ${name}`);
    this.#parked.splice(this.#parked.indexOf(parked), 1);
    parked.go();
  }
}

function isDead({ process }: Parked): boolean {
  return !process.isAlive;
}

function isWaiting({ isReady }: Parked): boolean {
  return isReady !== undefined && !isReady();
}
