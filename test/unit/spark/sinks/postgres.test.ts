import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseUrl, isRetriedPostgresError, postgresRefusalOf } from '../../../../spark/sinks/postgres.js';
import { SinkError } from '../../../../spark/sinks/sink-error.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

test('what another attempt can cure is tried again: lost connections, restarts, full resources, deadlocks, waits for locks', () => {
  const states = ['08000', '08006', '57P01', '57P03', '53100', '53300', '40001', '40P01', '55P03', '25P03', '25P04'];
  for (const code of [...states, 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']) {
    assert.equal(isRetriedPostgresError(coded(code)), true, code);
  }
  for (const message of ['Connection terminated unexpectedly', 'Connection terminated', 'timeout expired']) {
    assert.equal(isRetriedPostgresError(new Error(message)), true, message);
  }
});

test('what would fail again is not tried again: wrong data, rights, tables, statements, addresses, and our own refusals', () => {
  const states = ['23505', '23514', '22021', '42501', '42P01', '42601', '28P01', '3D000', '57014', '25P02', 'XX000'];
  for (const code of [...states, 'ENOTFOUND', 'ENOENT', '', '0800', '080066']) {
    assert.equal(isRetriedPostgresError(coded(code)), false, code);
  }
  assert.equal(isRetriedPostgresError(new SinkError('fenced', 'taken over')), false);
  for (const thrown of ['Connection terminated', undefined, null, { code: '40001' }]) {
    assert.equal(isRetriedPostgresError(thrown), false, String(thrown));
  }
});

test('a refusal of data is told from every other failure, with its SQLSTATE', () => {
  for (const code of ['22003', '22021', '23514', '54000']) assert.equal(postgresRefusalOf(coded(code)), `${code}: x`);
  for (const code of ['40001', '08006', '42P01', '42501', '57014', 'ECONNRESET']) {
    assert.equal(postgresRefusalOf(coded(code)), undefined, code);
  }
  assert.equal(postgresRefusalOf('22003'), undefined);
});

test('a driver without DATABASE_URL is told which setting is missing, and where', (t) => {
  const before = process.env.DATABASE_URL;
  t.after(() => {
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
  });
  for (const value of [undefined, '']) {
    if (value === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = value;
    assert.throws(
      databaseUrl,
      (error: unknown) =>
        error instanceof SinkError &&
        error.kind === 'settings' &&
        /DATABASE_URL is not set .* Spark driver/.test(error.message),
    );
  }
});
