import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quoteIdentifier } from '../../../../spark/sinks/identifier.js';
import { isRetriedPostgresError } from '../../../../spark/sinks/postgres.js';
import { copyLine, jdbcAddress, mergeStatement } from '../../../../spark/sinks/postgres-upsert.js';

const SINK = { kind: 'upsert', table: 'counts', key: ['start', 'page'], columns: ['start', 'page', 'views'] } as const;

test('the merge takes one row per key, in key order, and never over a newer batch', () => {
  assert.equal(
    mergeStatement(SINK, 'staged'),
    'INSERT INTO "counts" AS target ("start", "page", "views", "batch_id", "updated_at") ' +
      'SELECT DISTINCT ON ("start", "page") "start", "page", "views", $1::bigint, now() FROM staged ORDER BY "start", "page" ' +
      'ON CONFLICT ("start", "page") DO UPDATE SET "views" = excluded."views", "batch_id" = excluded."batch_id", ' +
      '"updated_at" = excluded."updated_at" WHERE target."batch_id" <= excluded."batch_id"',
  );
});

test('a COPY line escapes what would end a field or a row, and tells null from text', () => {
  assert.equal(copyLine(['a\tb', 'c\nd\re', '\\N', null, '']), 'a\\tb\tc\\nd\\re\t\\\\N\t\\N\t\n');
});

test('the JDBC address has host, database, user and TLS mode, and not the password', () => {
  const address = jdbcAddress('postgres://us%40er:se%3Acret@db.example:6432/sluice?sslmode=verify-full');
  assert.deepEqual(address, { url: 'jdbc:postgresql://db.example:6432/sluice?sslmode=verify-full', user: 'us@er' });
  assert.equal(jdbcAddress('postgres://u:p@h/d').url, 'jdbc:postgresql://h:5432/d');
});

test('a database address that is no URL is refused without repeating it', () => {
  assert.throws(
    () => jdbcAddress('se:cret password'),
    (error: Error) => !error.message.includes('cret') && error.cause === undefined,
  );
});

test('an identifier is quoted, and 10,000 hostile ones are either quoted safely or refused', () => {
  assert.equal(quoteIdentifier('sluice.stage_1'), '"sluice"."stage_1"');
  const alphabet = ['a', 'Z', '_', '1', '$', '"', "'", ';', '.', ' ', '-', '\u0000', '\\', 'é', '`'];
  let seed = 7;
  const next = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed;
  };
  let refused = 0;
  for (let i = 0; i < 10_000; i++) {
    const name = Array.from({ length: next() % 70 }, () => alphabet[next() % alphabet.length]).join('');
    try {
      assert.match(quoteIdentifier(name), /^"[A-Za-z_][\w$]{0,62}"(\."[A-Za-z_][\w$]{0,62}")?$/);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      refused++;
    }
  }
  assert.ok(refused > 5_000 && refused < 10_000, `${refused} refused`);
});

test('connection, deadlock, serialization and resource failures are tried again; wrong data and rights are not', () => {
  const coded = (code: string): Error => Object.assign(new Error('x'), { code });
  for (const code of ['08006', '57P01', '40P01', '40001', '53100', '55P03', 'ECONNREFUSED']) {
    assert.ok(isRetriedPostgresError(coded(code)), code);
  }
  for (const code of ['23505', '22021', '42501', '42P01']) assert.ok(!isRetriedPostgresError(coded(code)), code);
  assert.ok(isRetriedPostgresError(new Error('Connection terminated unexpectedly')));
  assert.ok(!isRetriedPostgresError('text'));
});
