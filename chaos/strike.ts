/**
 * Does one fault to the running system. A strike is two moments: when the harm is done, with what the system had begun by then, and when it is
 * over (the process runs again, the service is back, the disk has room), so that nothing but the system's own recovery is left to wait for.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '../stack/process.js';
import type { Fault, Moment, Victim, WirePoint } from './fault.js';
import { ownerOfConnection, signalProcess } from './processes.js';
import { awaitBegin, awaitBeyond, type Heads, isUnderWay, readBegun } from './progress.js';
import type { FaultProxy, Peer, Trap } from './proxy/fault-proxy.js';
import type { SystemUnderTest } from './system.js';

export interface Strike {
  /** Of `performance.now()`. */
  readonly atMs: number;
  /** The batches begun by then: recovery means that one of every query that began later is in. */
  readonly begun: Heads;
  /** Whether the strike fell inside a micro-batch, of the query that it was aimed at or, at a message, of the one that sent it. */
  readonly isInBatch: boolean;
  /** Resolves when the harm has ended. */
  readonly over: Promise<void>;
}

/** How often a process that is just not there (restarting) is looked for again. */
const LOOK_MS = 100;

/** @throws the signal's reason when the moment has not come by then. */
export async function strike(system: SystemUnderTest, fault: Fault, signal: AbortSignal): Promise<Strike> {
  switch (fault.kind) {
    case 'kill': {
      const victim = await atMoment(system, fault.moment, fault.victim, fault.choice, signal);
      const isInBatch = await isUnderWay(system.progress, fault.moment.query);
      kill(system, fault.victim, victim);
      return struck(system, isInBatch, comeBack(system, fault.victim, fault.downMs));
    }
    case 'pause': {
      const victim = await atMoment(system, fault.moment, fault.victim, fault.choice, signal);
      const isInBatch = await isUnderWay(system.progress, fault.moment.query);
      signalProcess(victim.pid, 'SIGSTOP');
      return struck(
        system,
        isInBatch,
        delay(fault.pauseMs).then(() => wake(victim)),
      );
    }
    case 'kill-at':
      return strikeOnWire(system, fault.at, signal, {
        at: fault.at,
        harm: { kind: 'lose', lost: fault.lost },
        onSprung: (peer) => {
          if (fault.victim === 'producer') system.producer.kill();
          else signalProcess(workerOf(system, peer), 'SIGKILL');
        },
      });
    case 'lose':
      return strikeOnWire(system, fault.at, signal, { at: fault.at, harm: { kind: 'lose', lost: fault.lost } });
    case 'delay': {
      const { at, delayMs } = fault;
      const strike = await strikeOnWire(system, at, signal, { at, harm: { kind: 'delay-reply', delayMs } });
      return { ...strike, over: delay(delayMs) };
    }
    case 'zombie':
      return strikeZombie(system, signal);
    case 'disk-full': {
      const { disk } = system;
      if (disk === undefined) throw new Error('there is no small disk to fill');
      await awaitMoment(system, fault.moment, signal);
      const isInBatch = await isUnderWay(system.progress, fault.moment.query);
      disk.fill();
      return struck(
        system,
        isInBatch,
        delay(fault.fullMs).then(() => disk.free()),
      );
    }
  }
}

/** The old worker wakes up with its commit under way when a new driver has gone on; the fence and the ledger must keep it from counting. */
async function strikeZombie(system: SystemUnderTest, signal: AbortSignal): Promise<Strike> {
  const at: WirePoint = { service: 'postgres', message: 'commit' };
  let release: () => void = () => {};
  let zombie: ProcessIdentity | undefined;
  const harm = { kind: 'hold-request', release: new Promise<void>((resolve) => (release = resolve)) } as const;
  const strike = await strikeOnWire(system, at, signal, {
    at,
    harm,
    onSprung: (peer) => {
      const pid = workerOf(system, peer);
      zombie = system.identify(pid);
      signalProcess(pid, 'SIGSTOP');
      const driver = system.find('spark', 0);
      if (driver !== undefined) signalProcess(driver.pid, 'SIGKILL');
    },
  });
  // Whether the wait ends well or not, the zombie is let go.
  const over = awaitBeyond(system.progress, strike.begun, signal).finally(() => {
    release();
    if (zombie !== undefined) wake(zombie);
  });
  over.catch(() => undefined);
  return { ...strike, over };
}

async function strikeOnWire(system: SystemUnderTest, at: WirePoint, signal: AbortSignal, trap: Trap): Promise<Strike> {
  await proxyOf(system, at).trap(trap, signal);
  return struck(system, at.service === 'postgres' || at.client === 'sink', Promise.resolve());
}

function proxyOf(system: SystemUnderTest, at: WirePoint): FaultProxy {
  return system.proxies[at.service];
}

/** The worker at the other end of a connection. */
function workerOf(system: SystemUnderTest, { clientPort, proxyPort }: Peer): number {
  const pid = ownerOfConnection(system.workers(), clientPort, proxyPort);
  if (pid === undefined) throw new Error(`no worker holds the connection from port ${clientPort}`);
  return pid;
}

async function struck(system: SystemUnderTest, isInBatch: boolean, over: Promise<void>): Promise<Strike> {
  const atMs = performance.now();
  // It is awaited by the caller in its time; until then a failure must not end this process.
  over.catch(() => undefined);
  return { atMs, begun: await readBegun(system.progress), isInBatch, over };
}

async function atMoment(
  system: SystemUnderTest,
  moment: Moment,
  victim: Victim,
  choice: number,
  signal: AbortSignal,
): Promise<ProcessIdentity> {
  for (;;) {
    await awaitMoment(system, moment, signal);
    const found = system.find(victim, choice);
    if (found !== undefined) return found;
    await delay(LOOK_MS, undefined, { signal });
  }
}

async function awaitMoment(system: SystemUnderTest, { query, afterMs }: Moment, signal: AbortSignal): Promise<void> {
  await awaitBegin(system.progress, query, signal);
  await delay(afterMs, undefined, { signal });
}

function kill(system: SystemUnderTest, victim: Victim, identity: ProcessIdentity): void {
  if (victim === 'supervisor' || victim === 'producer') system[victim].kill();
  else signalProcess(identity.pid, 'SIGKILL');
}

/** Kafka and Postgres have nobody but us to start them again. */
async function comeBack(system: SystemUnderTest, victim: Victim, downMs: number): Promise<void> {
  if (victim !== 'kafka' && victim !== 'postgres') return;
  await delay(downMs);
  await system.restart(victim);
}

/** Only if it still is the same process: a stopped Spark may have been replaced meanwhile. */
function wake(identity: ProcessIdentity): void {
  if (isAlive(identity)) signalProcess(identity.pid, 'SIGCONT');
}
