import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadProtocol } from '../../../proto/load.js';

const { codecs, service } = loadProtocol();

test('a message comes back as it went, with the name of its case and exact 64-bit numbers', () => {
  const bytes = codecs.relation.serialize({
    common: { planId: '9007199254740993' },
    range: { start: -1, end: '9223372036854775807', step: '1' },
  });
  const relation = codecs.relation.deserialize(bytes);
  assert.equal(relation.relType, 'range');
  assert.equal(relation.common?.planId, '9007199254740993');
  assert.equal(relation.range?.start, '-1');
  assert.equal(relation.range?.end, '9223372036854775807');
});

test('what was not sent is told apart: scalars have defaults, messages are null, cases are absent', () => {
  const relation = codecs.relation.deserialize(codecs.relation.serialize({ filter: {} }));
  assert.equal(relation.filter?.input, null);
  assert.equal('read' in relation, false);
  const optional = codecs.relation.deserialize(codecs.relation.serialize({ range: { end: 1, step: 1 } }));
  assert.equal(optional.range?.start, undefined);
});

test('enums travel by name', () => {
  const relation = codecs.relation.deserialize(
    codecs.relation.serialize({ join: { joinType: 'JOIN_TYPE_LEFT_ANTI' } }),
  );
  assert.equal(relation.join?.joinType, 'JOIN_TYPE_LEFT_ANTI');
});

test("the service has the calls of the client, on Spark's path", () => {
  assert.equal(service.ExecutePlan.path, '/spark.connect.SparkConnectService/ExecutePlan');
  assert.equal(service.ExecutePlan.responseStream, true);
  assert.equal(service.Config.responseStream, false);
});

test('bytes that are no message are refused', () => {
  assert.throws(() => codecs.status.deserialize(Uint8Array.of(0xff, 0xff, 0xff)));
});
