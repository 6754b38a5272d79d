// What makes two requests or two values comparable must not make different ones equal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, Column, double, integer, mapType, string, transform } from '../../spark/connect/index.js';
import { canonical } from './canonical.js';
import type { Case } from './case.js';
import { normalize } from './normalize.js';
import { requestOf } from './record.js';

const normalized = async (build: Case[1]): Promise<unknown> => normalize(await requestOf(build));

test('the same plan built twice is equal, though its ids are others', async () => {
  const build: Case[1] = ({ df, other }) => df.join(other, df.col('id').eq(other.col('id')));
  assert.notDeepEqual((await requestOf(build)).bytes, (await requestOf(build)).bytes);
  assert.deepEqual(await normalized(build), await normalized(build));
});

test('a column of the other frame makes another plan', async () => {
  const left = await normalized(({ df, other }) => df.crossJoin(other).select(df.col('id')));
  const right = await normalized(({ df, other }) => df.crossJoin(other).select(other.col('id')));
  assert.notDeepEqual(left, right);
});

test('a lambda’s variables may have any name, but each is its own', async () => {
  const nested = (inner: (outer: Column, own: Column) => Column): Case[1] => {
    return () => transform('arr', (outer) => transform('arr', (own) => inner(outer, own)));
  };
  const sum = await normalized(nested((outer, own) => outer.plus(own)));
  assert.notDeepEqual(sum, await normalized(nested((outer, own) => own.plus(outer))));
  assert.deepEqual(await normalized(identity('x_0')), await normalized(identity('x_17')));
  assert.notDeepEqual(await normalized(identity('x_0')), await normalized(identity('x_0', 'y_0')));
});

/** `transform(arr, name -> body)`, written out. */
function identity(name: string, body = name): Case[1] {
  const lambda = { kind: 'lambda', parameters: [name], body: { kind: 'lambdaVariable', name: body } } as const;
  const args = [{ kind: 'attribute', name: 'arr' } as const, lambda];
  return () => new Column({ kind: 'function', name: 'transform', arguments: args });
}

test('an absent schema is as an empty one, and no other', async () => {
  const without = await normalized(({ spark }) => spark.read.json('/a'));
  const empty = await normalized(({ spark }) => spark.read.schema('').json('/a'));
  assert.deepEqual(without, empty);
  assert.notDeepEqual(without, await normalized(({ spark }) => spark.read.schema('a INT').json('/a')));
});

test('values are compared by their bits, maps without an order', () => {
  assert.notEqual(canonical(0, double()), canonical(-0, double()));
  assert.equal(canonical(Number.NaN, double()), canonical(-Number.NaN, double()));
  assert.notEqual(canonical(1, integer()), canonical(1, double()));
  const type = mapType(string(), array(integer()));
  const entries: [string, number[]][] = [
    ['a', [1]],
    ['b', [2, 3]],
  ];
  assert.deepEqual(canonical(new Map(entries), type), canonical(new Map(entries.toReversed()), type));
  assert.notDeepEqual(canonical(new Map([['a', [1, 2]]]), type), canonical(new Map([['a', [2, 1]]]), type));
});
