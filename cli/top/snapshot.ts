// What `sluice top` shows of one instant: what the dashboard is told too, and which pipeline it is about.
import { PIPELINE_NAME } from '../../config/names.js';
import type { LiveFacts } from '../../web/index.js';
import { readLive } from '../dashboard-facts.js';
import type { StatusReader } from '../health.js';
import { readRunSeen } from '../run-record.js';

export interface TopSnapshot extends LiveFacts {
  readonly format: 'top/1';
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly pipeline: string;
  /** Of the run; absent when none is to be seen from here. */
  readonly phase?: 'starting' | 'running' | 'stopping';
}

/** Of the pipeline that runs, or else the one that comes with sluice. Never rejects: a service that does not answer is part of the snapshot. */
export async function readTop(reader: StatusReader, stateDir: string): Promise<TopSnapshot> {
  const run = readRunSeen(stateDir);
  const live = await readLive(reader);
  return {
    format: 'top/1',
    at: new Date().toISOString(),
    pipeline: run?.pipeline?.name ?? PIPELINE_NAME,
    ...(run === undefined ? {} : { phase: run.phase }),
    ...live,
  };
}
