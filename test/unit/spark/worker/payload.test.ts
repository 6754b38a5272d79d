import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePayload, encodePayload, packProgram } from '../../../../spark/worker/payload.js';

test('a payload carries header and program, and is the same for the same query', async () => {
  const program = { code: 'exports.host = 1; // ä', map: '{"version":3}' };
  const header = { queryName: 'sales', handler: 'save.ts#save', params: '{"table":"t"}' };
  const packed = await packProgram(program);
  const payload = encodePayload(header, packed);
  assert.deepEqual(decodePayload(payload), { header, program });
  assert.deepEqual(encodePayload(header, await packProgram(program)), payload);
});

test('a query without a name has none at the other end', async () => {
  const packed = await packProgram({ code: '', map: '' });
  const { header } = decodePayload(encodePayload({ queryName: undefined, handler: 'h', params: 'null' }, packed));
  assert.equal(header.queryName, undefined);
});

test('bytes of others are refused with what to do', () => {
  assert.throws(() => decodePayload(Buffer.from('')), /not started by sluice/);
  assert.throws(() => decodePayload(Buffer.from('sluice01')), /has format 01/);
});
