/** Real health: each service is asked something that only a working one answers. No check leaves anything behind. */

import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import pg from 'pg';
import { kafkaAccess } from '../config/kafka-access.js';
import { probeSparkConnect } from './connect-probe.js';
import { tailOfLog } from './logs.js';
import { LOOPBACK } from './ports.js';
import { isAlive, type ProcessIdentity } from './process.js';
import { StackError } from './stack-error.js';
import type { StackPlan } from './state.js';

/** One question may take so long; a service that needs more is not well. */
const ANSWER_MS_MAX = 5000;

const POLL_MS = 50;

/** Throws what went wrong if Kafka does not tell its metadata or has no controller. */
export async function checkKafka(bootstrapServers: string, timeoutMs = ANSWER_MS_MAX): Promise<void> {
  await askKafka(bootstrapServers, timeoutMs, assertController);
}

async function assertController(admin: Admin): Promise<void> {
  const cluster = await admin.describeCluster();
  if (cluster.brokers.length === 0 || cluster.controller === null) throw new Error('it has no controller yet');
}

/**
 * Throws as long as a partition has no leader: a broker that comes back answers for its metadata before it may take records.
 * For the broker started here only; in a cluster of others a topic that is offline need not be ours.
 */
export async function checkKafkaLeaders(bootstrapServers: string, timeoutMs = ANSWER_MS_MAX): Promise<void> {
  await askKafka(bootstrapServers, timeoutMs, async (admin) => {
    await assertController(admin);
    const { topics } = await admin.fetchTopicMetadata();
    const leaderless = topics.find(({ partitions }) => partitions.some(({ leader }) => leader < 0));
    if (leaderless !== undefined) throw new Error(`topic ${leaderless.name} has no leader yet`);
  });
}

async function askKafka(
  bootstrapServers: string,
  timeoutMs: number,
  ask: (admin: Admin) => Promise<void>,
): Promise<void> {
  const client = new kafkajs.Kafka({
    clientId: 'sluice-health',
    brokers: bootstrapServers.split(','),
    ...kafkaAccess(),
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = client.admin();

  try {
    await admin.connect();
    await ask(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Throws what went wrong if Postgres does not answer a query. */
export async function checkPostgres(databaseUrl: string, timeoutMs = ANSWER_MS_MAX): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // An error between connect and end has no other listener and would end this process.
  client.on('error', () => {});

  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end();
  }
}

export async function checkSpark(plan: StackPlan, timeoutMs = ANSWER_MS_MAX): Promise<void> {
  await probeSparkConnect(LOOPBACK, plan.ports.sparkConnect, plan.sparkToken, timeoutMs);
}

export interface Readiness {
  readonly label: string;
  readonly identity: ProcessIdentity;
  readonly logFile: string;
  /** Throws as long as it is not ready. */
  readonly check: () => Promise<void>;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a freshly started service answers.
 * @throws StackError `not_started` with the end of its log when the process ends or the time is over; `aborted` by the signal.
 */
export async function waitUntilReady(readiness: Readiness): Promise<void> {
  const { label, identity, logFile, check, timeoutMs, signal } = readiness;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (signal?.aborted) throw new StackError('aborted', `the start of ${label} was interrupted`);
    if (!isAlive(identity)) throw notStarted(`${label} ended while it started`, logFile);
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() >= deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw notStarted(`${label} did not answer within ${timeoutMs / 1000} s (${reason})`, logFile);
      }
    }
    await sleep(POLL_MS);
  }
}

function notStarted(message: string, logFile: string): StackError {
  const tail = tailOfLog(logFile);
  return new StackError('not_started', `${message}. Its log is ${logFile}${tail === '' ? '' : `:\n${tail}`}`);
}
