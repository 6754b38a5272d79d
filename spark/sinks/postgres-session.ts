/** A connection to Postgres as the deliveries use one: ledger, fence and merge in one transaction. */
import type { Client } from 'pg';
import { assertEpoch, writerName } from './fence.js';
import { enterLedger, enterRefusals, isInLedger } from './ledger.js';
import type { Database, DatabaseSession, UpsertDatabase, UpsertSession } from './ports.js';
import {
  closeClient,
  isRetriedPostgresError,
  openClient,
  postgresRefusalOf,
  TRANSACTION_SETTINGS,
} from './postgres.js';
import { loadNumbered, mergeNumbered, mergeStaged, numberedRow, type Staging } from './postgres-upsert.js';
import type { UpsertSink } from './sink.js';

/** The database with the ledger; its sessions carry the pipeline's name, so that a take-over finds them. */
export function ledgerDatabase(pipeline: string): Database {
  return { open: async () => sessionOf(await openClient(writerName(pipeline))), isRetried: isRetriedPostgresError };
}

/** The same, for rows of `sink`. */
export function upsertDatabase(pipeline: string, sink: UpsertSink): UpsertDatabase<Staging> {
  return {
    open: async () => upsertSessionOf(await openClient(writerName(pipeline)), sink),
    isRetried: isRetriedPostgresError,
    refusalOf: postgresRefusalOf,
  };
}

function sessionOf(client: Client): DatabaseSession {
  return {
    begin: async () => void (await client.query(`BEGIN; ${TRANSACTION_SETTINGS}`)),
    assertEpoch: (pipeline, epoch) => assertEpoch(client, pipeline, epoch),
    isInLedger: (key) => isInLedger(client, key),
    enterLedger: (entry) => enterLedger(client, entry),
    enterRefusals: (key, refusals) => enterRefusals(client, key, refusals),
    commit: async () => void (await client.query('COMMIT')),
    rollback: async () => void (await client.query('ROLLBACK')),
    close: () => closeClient(client),
  };
}

function upsertSessionOf(client: Client, sink: UpsertSink): UpsertSession<Staging> {
  return {
    ...sessionOf(client),
    merge: async (staged, batchId) =>
      mergeStaged(client, sink, await staged.load(client, 'as the table has it'), batchId),
    loadNumbered: async (staged) => loadNumbered(client, sink, await staged.load(client, 'as text')),
    async mergeNumbered(from, until, batchId) {
      await client.query('SAVEPOINT part');
      try {
        await mergeNumbered(client, sink, from, until, batchId);
        await client.query('RELEASE SAVEPOINT part');
        return undefined;
      } catch (error) {
        const why = postgresRefusalOf(error);
        if (why === undefined) throw error;
        await client.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
        return why;
      }
    },
    numberedRow: (number) => numberedRow(client, sink, number),
  };
}
