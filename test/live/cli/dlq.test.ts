/** `sluice dlq` on a real Kafka: counts, records as they were, and a replay that sends each letter once. The tests build on one another in order. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { readTopic } from '../../../verify/read-topic.js';
import { type SluiceResult, sluice } from '../../cli/run-sluice.js';

const name = `dlq_${randomUUID().slice(0, 8)}`;
const brokers = required('KAFKA_BOOTSTRAP_SERVERS');
const cwd = mkdtempSync(join(tmpdir(), 'sluice-dlq-'));
const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
const env = {
  SPARK_REMOTE: required('SPARK_REMOTE'),
  KAFKA_BOOTSTRAP_SERVERS: brokers,
  DATABASE_URL: required('DATABASE_URL'),
  TOPIC_ACTIVITY: name,
  TOPIC_DEAD_LETTER: `${name}_dead`,
  TOPIC_ENRICHED: `${name}_enriched`,
  TOPIC_COMMITS: `${name}_commits`,
};

/** As the sink leaves them; the last one twice, as a delivery at least once may. */
const LETTERS = [
  { offset: 0, reason: 'user_id_invalid', value: '{"event_time":"2026-03-01T12:00:00Z","user_id":7}' },
  { offset: 3, reason: 'not_a_json_object', value: 'oops\u001b[2J' },
  { offset: 4, reason: 'user_id_invalid', value: '{"event_time":"2026-03-01T12:00:01Z","user_id":8}' },
  { offset: 5, reason: 'null_value', value: null },
  { offset: 5, reason: 'null_value', value: null },
];

const dlq = (...args: string[]): Promise<SluiceResult> => sluice(['dlq', ...args], { cwd, env });

before(async () => {
  await admin.connect();
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      { topic: name, numPartitions: 2 },
      { topic: env.TOPIC_DEAD_LETTER, numPartitions: 1 },
    ],
  });
  const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const messages = LETTERS.map(({ offset, reason, value }) => ({
    key: `k${offset}`,
    value,
    headers: { reason, source_topic: name, source_partition: '1', source_offset: String(offset), batch_id: '0' },
  }));
  await producer.send({ topic: env.TOPIC_DEAD_LETTER, messages });
  await producer.disconnect();
});
after(async () => {
  const own = (await admin.listTopics()).filter((topic) => topic.startsWith(name));
  await admin.deleteTopics({ topics: own });
  await admin.disconnect();
  rmSync(cwd, { recursive: true, force: true });
});

/** What the source topic holds, in its order. */
async function sent(): Promise<string[]> {
  const found: string[] = [];
  await readTopic(
    brokers,
    name,
    (records) => {
      for (const { key, value, headers } of records) {
        const of = headers.find((header) => header.key === 'replay_of')?.value;
        found.push(`${String(key)} ${String(value)} ${of ?? ''}`);
      }
    },
    { settleMsMax: 10_000 },
  );
  return found.sort();
}

test('letters are counted by reason, each source record once, with what sinks have refused', async () => {
  const database = new pg.Client({ connectionString: required('DATABASE_URL') });
  await database.connect();
  const queryId = randomUUID();
  await database.query(
    `INSERT INTO sluice.refused_rows (pipeline, query, query_id, batch_id, number, what, why)
     VALUES ('user-activity', 'user_sessions', $1, 3, 0, '{"user_id":"u"}', 'value too long')`,
    [queryId],
  );
  const [text, json] = await Promise.all([dlq('ls'), dlq('ls', '--json')]);
  await database.query('DELETE FROM sluice.refused_rows WHERE query_id = $1', [queryId]);
  await database.end();
  assert.equal(text.exitCode, 0, text.stderr);
  assert.match(text.stdout, /^user_id_invalid +2 +\d{4}-/m);
  assert.match(text.stdout, /^user_sessions +3 .* value too long +\{"user_id":"u"\}$/m);
  const { format, reasons, refused } = JSON.parse(json.stdout) as {
    format: string;
    reasons: { reason: string; letters: number }[];
    refused: { why: string }[];
  };
  assert.equal(format, 'dlq/1');
  assert.deepEqual(
    reasons.map(({ reason, letters }) => [reason, letters]),
    [
      ['user_id_invalid', 2],
      ['not_a_json_object', 1],
      ['null_value', 1],
    ],
  );
  assert.ok(refused.some(({ why }) => why === 'value too long'));
});

test('a letter is shown with its record, whose control characters do nothing, and one that is not there is said', async () => {
  const [one, none, wrong] = await Promise.all([dlq('show', '1:3'), dlq('show', '1:1'), dlq('show', 'x')]);
  assert.match(one.stdout, /^source +topic dlq_\w+, partition 1, offset 3$/m);
  assert.match(one.stdout, /^value +oops\\u001b\[2J$/m);
  assert.deepEqual([none.exitCode, none.stdout], [1, '']);
  assert.deepEqual([wrong.exitCode, wrong.stdout], [2, '']);
  const { letters } = JSON.parse((await dlq('show', '--reason', 'null_value', '--json')).stdout) as {
    letters: object[];
  };
  assert.equal(letters.length, 1);
  assert.deepEqual(
    { ...letters[0], deadAt: '' },
    {
      id: '1:5',
      reason: 'null_value',
      source: { topic: name, partition: 1, offset: 5 },
      deadAt: '',
      key: 'k5',
      value: null,
      valueBase64: null,
    },
  );
});

test('a replay without --yes sends nothing, and one whose repair fails sends nothing either', async () => {
  const dry = await dlq('replay', '--all');
  assert.equal(dry.exitCode, 0, dry.stderr);
  assert.match(dry.stderr, /would send 4; --yes sends them/);
  writeFileSync(join(cwd, 'fails.ts'), `export default () => { throw new Error('no idea'); };\n`);
  const failed = await dlq('replay', '--all', '--yes', '--repair', 'fails.ts');
  assert.equal(failed.exitCode, 1);
  assert.match(failed.stderr, /The repair failed on 1:\d: no idea\. Nothing was sent\./);
  const unsaid = await dlq('replay', '--yes');
  assert.equal(unsaid.exitCode, 2);
  assert.deepEqual(await sent(), []);
});

test('each letter is sent once, mended, also by two replays at the same time and by one after them', async () => {
  writeFileSync(
    join(cwd, 'repair.ts'),
    `import type { Repair } from 'sluice';
const repair: Repair = ({ value, reason }) => {
  if (reason !== 'user_id_invalid') return undefined;
  const event = JSON.parse(value ?? '') as { user_id: number };
  return { ...event, user_id: String(event.user_id) };
};
export default repair;
`,
  );
  const args = ['replay', '--all', '--repair', 'repair.ts', '--yes', '--json'];
  const both = await Promise.all([dlq(...args), dlq(...args)]);
  // One may shut the other out, which then has sent nothing.
  assert.ok(
    both.some(({ exitCode }) => exitCode === 0),
    both.map(({ stderr }) => stderr).join(),
  );
  const expected = [
    `k0 {"event_time":"2026-03-01T12:00:00Z","user_id":"7"} ${name}/1/0`,
    `k4 {"event_time":"2026-03-01T12:00:01Z","user_id":"8"} ${name}/1/4`,
  ];
  assert.deepEqual(await sent(), expected);
  const again = await dlq(...args);
  assert.deepEqual(JSON.parse(again.stdout), {
    format: 'dlq-replay/1',
    isDryRun: false,
    sent: [],
    replayedBefore: ['1:0', '1:4'],
    leftOut: ['1:3', '1:5'],
  });
  assert.deepEqual(await sent(), expected);
});

test('a null is sent as a null, and nothing else with it', async () => {
  const { exitCode, stderr } = await dlq('replay', '1:5', '--yes');
  assert.equal(exitCode, 0, stderr);
  assert.match(stderr, /^sent 1$/m);
  assert.equal((await sent()).filter((record) => record === `k5 null ${name}/1/5`).length, 1);
  assert.equal((await sent()).length, 3);
});

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run \`npm test -- live/cli\``);
  return value;
}
