/** What must hold when a simulated run is over: counted anew from what the topic held, by nothing that the sinks use. */
import type { OutgoingRecord } from '../../spark/sinks/ports.js';
import type { SourceBatch } from './batches.js';
import { keyText } from './fake-postgres.js';
import { PIPELINE, QUERY_IDS } from './run.js';
import type { World } from './world.js';

export function checkOutcome(world: World, batches: readonly SourceBatch[]): void {
  checkLedger(world, batches);
  checkTable(world, batches);
  checkTopics(world, batches);
  checkLake(world, batches);
  checkLeftovers(world);
}

function checkLedger({ postgres, violate }: World, batches: readonly SourceBatch[]): void {
  for (const query of ['events', 'counts'] as const) {
    for (const [batch, { events, rows }] of batches.entries()) {
      const key = { pipeline: PIPELINE, query, queryId: QUERY_IDS[query], batchId: BigInt(batch) };
      const entry = postgres.ledger.get(keyText(key));
      const expected = query === 'events' ? events.length : rows.length;
      if (entry?.rows !== BigInt(expected)) {
        violate('ledger', `batch ${batch} of ${query} should be there with ${expected} rows, found ${entry?.rows}`);
      }
      const poison = (query === 'events' ? events : rows).filter(({ isPoison }) => isPoison).length;
      const refused = postgres.refusals.get(keyText(key))?.length ?? 0;
      if (refused !== poison)
        violate('refused rows', `batch ${batch} of ${query}: ${poison} expected, ${refused} noted`);
    }
  }
}

function checkTable({ postgres, violate }: World, batches: readonly SourceBatch[]): void {
  const expected = new Map<string, string>();
  for (const { rows } of batches) {
    for (const { key, value, isPoison } of rows) if (!isPoison) expected.set(key, value);
  }
  for (const key of new Set([...expected.keys(), ...postgres.rows.keys()])) {
    const found = postgres.rows.get(key)?.value;
    if (found !== expected.get(key)) violate('table', `row ${key} should be ${expected.get(key)}, found ${found}`);
  }
}

function checkTopics({ kafka, guards, violate }: World, batches: readonly SourceBatch[]): void {
  const records = kafka.records(guards.readCommitted ? 'read_committed' : 'read_uncommitted');
  const events = batches.flatMap((batch) => batch.events).filter(({ isPoison }) => !isPoison);
  for (const [topic, isDead] of [
    ['enriched', false],
    ['dead', true],
  ] as const) {
    const expected = events.filter(({ reason }) => (reason !== null) === isDead).map(({ offset }) => `0:${offset}`);
    const found = records.filter((record) => record.topic === topic).map(coordinates);
    compare(expected, found, (what) => violate(`topic ${topic}`, what));
  }
}

function coordinates({ message: { headers } }: OutgoingRecord): string {
  return `${headers.source_partition}:${headers.source_offset}`;
}

function checkLake({ lake, violate }: World, batches: readonly SourceBatch[]): void {
  const expected = batches.flatMap((batch) => batch.events).filter(({ reason }) => reason === null);
  const found = [...lake.published.values()].flatMap(({ rows }) => rows);
  const text = ({ offset }: { readonly offset: bigint }): string => `0:${offset}`;
  compare(expected.map(text), found.map(text), (what) => violate('lake', what));
}

function compare(expected: readonly string[], found: readonly string[], complain: (what: string) => void): void {
  const counts = new Map<string, number>(expected.map((one) => [one, 0]));
  for (const one of found) {
    const count = counts.get(one);
    if (count === undefined) complain(`a record from ${one}, which is no place of its own`);
    else counts.set(one, count + 1);
  }
  for (const [one, count] of counts) if (count !== 1) complain(`the record of ${one} is there ${count} times`);
}

function checkLeftovers({ postgres, kafka, lake, violate }: World): void {
  for (const table of postgres.stagingTables.keys()) violate('leftovers', `staging table ${table}`);
  for (const session of postgres.openSessions()) violate('leftovers', `a session of ${session}`);
  for (const attempt of lake.staged.keys()) violate('leftovers', `staged folder of ${attempt}`);
  if (kafka.openTransactions() > 0) violate('leftovers', `${kafka.openTransactions()} open transactions in Kafka`);
}
