/** What a valid event is, decided by Spark (spark/pipeline/source.ts), against the contract's table and against the oracle's own rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeActivity } from '../../../spark/pipeline/source.js';
import { DEAD_REASONS, judge } from '../../../verify/activity.js';
import { openSession } from '../connect/open-session.js';
import { kafkaRecords } from './kafka-records.js';
import { FUTURE_TOLERANCE_MS, GOOD, KAFKA_TIME, RECORDS } from './records.js';

const spark = await openSession();

test('Spark finds what the contract says, for each record of the table', async () => {
  const judged = await judgeInSpark(RECORDS.map(([, value]) => value));
  assert.deepEqual(
    describe((index) => judged[index]?.verdict),
    describe((index) => RECORDS[index]?.[2]),
  );
});

test('the oracle finds what the contract says, for each record of the table', () => {
  assert.deepEqual(
    describe((index) => judgeByOracle(RECORDS[index]?.[1] ?? null).verdict),
    describe((index) => RECORDS[index]?.[2]),
  );
});

test('Spark and the oracle read the same time, to the microsecond, and the same texts from each valid record', async () => {
  const values = RECORDS.filter(([, , verdict]) => verdict === 'valid').map(([, value]) => value);
  assert.deepEqual(await judgeInSpark(values), values.map(judgeByOracle));
});

test('the table has a record for every reason', () => {
  assert.deepEqual(
    DEAD_REASONS.filter((reason) => !RECORDS.some(([, , verdict]) => verdict === reason)),
    [],
  );
});

test('Spark and the oracle agree on 6,000 records that differ from good ones in a few characters', async () => {
  const values = damagedRecords(6_000, 20_261_124);
  const judged = await judgeInSpark(values);
  const expected = values.map(judgeByOracle);
  const different = values.flatMap((value, index) =>
    JSON.stringify(judged[index]) === JSON.stringify(expected[index])
      ? []
      : [{ value: value.toString('latin1'), spark: judged[index], oracle: expected[index] }],
  );
  assert.deepEqual(different.slice(0, 10), []);
  // Both kinds must be there in numbers, or the agreement says little.
  const valid = expected.filter(({ verdict }) => verdict === 'valid').length;
  assert.ok(valid > 600 && valid < 5_400, `${valid} valid`);
});

interface Judged {
  readonly verdict: string;
  /** Microseconds since 1970, in decimal, and what stands in the fields; only for valid records. */
  readonly event?: readonly string[];
}

async function judgeInSpark(values: readonly (Buffer | string | null)[]): Promise<Judged[]> {
  const rows = (await judgeActivity(kafkaRecords(spark, values), FUTURE_TOLERANCE_MS).collect()) as {
    kafka_offset: bigint;
    reason: string | null;
    event_time: bigint | null;
    [field: string]: unknown;
  }[];
  const judged: Judged[] = [];
  for (const row of rows) {
    judged[Number(row.kafka_offset)] =
      row.reason === null
        ? {
            verdict: 'valid',
            event: [row.event_time, row.event_time_text, row.user_id, row.page_url, row.event_type].map(String),
          }
        : { verdict: row.reason };
  }
  assert.equal(rows.length, values.length, 'records are lost or doubled');
  return judged;
}

function judgeByOracle(value: Buffer | string | null): Judged {
  const judged = judge(
    typeof value === 'string' ? Buffer.from(value) : value,
    Date.parse(KAFKA_TIME),
    FUTURE_TOLERANCE_MS,
  );
  if (judged.kind === 'dead') return { verdict: judged.reason };
  const { eventTime, eventTimeText, userId, pageUrl, eventType } = judged;
  return { verdict: 'valid', event: [String(eventTime), eventTimeText, userId, pageUrl, eventType] };
}

/** One line per record of the table, so that a difference names its record. */
function describe(verdictOf: (index: number) => string | undefined): string[] {
  return RECORDS.map(([title], index) => `${title}: ${verdictOf(index)}`);
}

/** Good events with up to three places replaced, removed or filled: near enough to good ones to reach every rule. The same for the same seed. */
function damagedRecords(count: number, seed: number): Buffer[] {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) % below;
  };
  const texts = [
    JSON.stringify(GOOD),
    JSON.stringify({ ...GOOD, user_id: '42', page_url: 'true', event_time: '2026-02-28T23:59:59.123456789+17:59' }),
    `{"more":{"user_id":[1,2.5e-3]},${JSON.stringify({ ...GOOD, page_url: '/é😀' }).slice(1)}`,
    JSON.stringify({ ...GOOD, user_id: '{"a":[1]}', event_type: '-1' }),
  ].map((text) => Buffer.from(text));
  const pieces = ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '9', '-', '+', '.', ' ', '\n', '\u0000', 'e', 'Z', 'T'];
  const longer = [
    '\\u0000',
    '\\ud83d',
    '""',
    'null',
    'true',
    ',"mark":0',
    '},{',
    '}',
    ']',
    ',"x"',
    '"user_id":"\\u1",',
    '"user_id":',
    'é',
    '\ufeff',
  ];
  const insertions = [...pieces, ...longer]
    .map((text) => Buffer.from(text))
    .concat(Buffer.from([0xc3]), Buffer.from([0xff]));
  return Array.from({ length: count }, () => {
    let value = texts[random(texts.length)] as Buffer;
    for (let changes = random(4); changes > 0; changes--) {
      const place = random(value.length + 1);
      const insertion = random(4) === 0 ? Buffer.alloc(0) : (insertions[random(insertions.length)] as Buffer);
      value = Buffer.concat([value.subarray(0, place), insertion, value.subarray(place + random(3))]);
    }
    return value;
  });
}
