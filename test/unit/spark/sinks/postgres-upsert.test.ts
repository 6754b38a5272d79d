import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyLine, mergeStatement } from '../../../../spark/sinks/postgres-upsert.js';
import { SinkError } from '../../../../spark/sinks/sink-error.js';
import { jdbcAddress, stagingTable } from '../../../../spark/sinks/staging-table.js';

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

test('a table of keys alone is merged too, so that its batch is noted', () => {
  const keys = { kind: 'upsert', table: 'seen', key: ['id'], columns: ['id'] } as const;
  assert.match(
    mergeStatement(keys, 's'),
    /DO UPDATE SET "batch_id" = excluded\."batch_id", "updated_at" = excluded\."updated_at" WHERE/,
  );
});

test('a name that could end the statement is refused before there is one', () => {
  for (const change of [{ table: 't"; DROP TABLE t; --' }, { key: ['a b'] }, { columns: ['a', "b'"] }]) {
    assert.throws(() => mergeStatement({ ...SINK, ...change }, 'staged'), RangeError);
  }
});

test('a COPY line escapes what would end a field or a row, and tells null from text', () => {
  assert.equal(copyLine(['a\tb', 'c\nd\re', '\\N', null, '']), 'a\\tb\tc\\nd\\re\t\\\\N\t\\N\t\n');
});

test('the JDBC address has host, database, user and TLS mode, and not the password', () => {
  const address = jdbcAddress('postgres://us%40er:se%3Acret@db.example:6432/sluice?sslmode=verify-full');
  assert.deepEqual(address, { url: 'jdbc:postgresql://db.example:6432/sluice?sslmode=verify-full', user: 'us@er' });
  assert.equal(jdbcAddress('postgres://u:p@h/d').url, 'jdbc:postgresql://h:5432/d');
});

test('an address that the JDBC driver could not take is refused as a setting, without repeating it', () => {
  for (const url of [
    'se:cret password',
    'mysql://u:secret@h/d',
    'postgres://',
    'postgres:///secret',
    'h:5432/secret',
    'postgres://u%zz:secret@h/d',
  ]) {
    assert.throws(
      () => jdbcAddress(url),
      (error: unknown) =>
        error instanceof SinkError &&
        error.kind === 'settings' &&
        !error.message.includes('cret') &&
        error.cause === undefined,
      url,
    );
  }
});

test('a password of any characters stays out of the JDBC address', () => {
  for (const password of ['p', 'a b', 'p@ss', ':/?#', '€']) {
    const address = jdbcAddress(`postgres://u:${encodeURIComponent(password)}@h:1/d?password=${password.length}x`);
    assert.deepEqual(address, { url: 'jdbc:postgresql://h:1/d', user: 'u' });
  }
});

test('a staging table belongs to one pipeline, query, batch and epoch, and its name fits a million million of them', () => {
  const query = { pipeline: 'p', query: 'a_query_with_quite_a_long_name_for_a_table' };
  const name = stagingTable(query, 999_999_999_999n, '999999999999');
  assert.match(name, /^sluice\.stage_a_query_with_qui_[0-9a-f]{8}_999999999999_e999999999999$/);
  assert.ok(name.length - 'sluice.'.length <= 63);
  const others = [
    stagingTable({ ...query, pipeline: 'other' }, 1n, '1'),
    stagingTable({ ...query, query: `${query.query}_2` }, 1n, '1'),
    stagingTable(query, 2n, '1'),
    stagingTable(query, 1n, '2'),
  ];
  assert.equal(new Set([...others, stagingTable(query, 1n, '1')]).size, 5);
});
