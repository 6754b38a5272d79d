// The codec against protobufjs, which reads the .proto files themselves: every message that Spark knows, with values of chance.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import { packageRoot } from '../../../config/package-root.js';
import { DESCRIPTOR_JSON } from '../../../proto/generated/descriptor.js';
import { type Descriptor, MessageCodecs } from '../../../proto/message-codec.js';
import type { RelationOutput } from '../../../proto/messages.js';

const descriptor = JSON.parse(DESCRIPTOR_JSON) as Descriptor;
type Field = Descriptor['messages'][string][number];
const codecs = new MessageCodecs(descriptor);
const root = rootOfProtos(join(packageRoot(), 'proto', 'generated', 'protos'));

/** How `messages.ts` says that messages look. */
const CONVERSION = { longs: String, enums: String, defaults: true, oneofs: true } as const;
const SEEDS = 40;
const DEPTH_MAX = 4;

test('every message has the bytes that protobufjs gives it, and is read from them as protobufjs reads it', () => {
  for (const name of Object.keys(descriptor.messages)) {
    const type = root.lookupType(name);
    for (let seed = 0; seed < SEEDS; seed++) {
      const message = randomMessage(type, random(seed), 0);
      const expected = Buffer.from(type.encode(type.fromObject(message)).finish());
      const context = `${name}, seed ${seed}`;
      assert.deepEqual(codecs.encode(name, message), expected, context);
      assert.deepEqual(codecs.decode(name, expected), type.toObject(type.decode(expected), CONVERSION), context);
    }
  }
});

test('what is cut off is refused or is a shorter message, and never read past its end', () => {
  const type = 'spark.connect.Relation';
  const whole = codecs.encode(type, randomMessage(root.lookupType(type), random(7), 0));
  for (let length = 0; length < whole.length; length++) {
    const room = Buffer.concat([whole.subarray(0, length), Buffer.alloc(64, 0xff)]);
    let read: object | undefined;
    try {
      read = codecs.decode(type, room.subarray(0, length));
    } catch (error) {
      assert.match(String(error), /These bytes are no message/);
    }
    if (read !== undefined) assert.ok(codecs.encode(type, read).length <= length, `${length} bytes`);
  }
});

test('fields that nobody knows are passed over, whatever they are', () => {
  // Fields 1000 to 1003 as a number, eight bytes, text and four bytes; then a field that is known.
  const unknown = ['c03e9601', 'c93e0102030405060708', 'd23e03616263', 'dd3e01020304'].join('');
  const known = codecs.encode('spark.connect.KeyValue', { key: 'a' });
  const bytes = Buffer.concat([Buffer.from(unknown, 'hex'), known]);
  assert.deepEqual(codecs.decode('spark.connect.KeyValue', bytes), { key: 'a' });
});

test('of several members of a oneof the last one counts', () => {
  const bytes = Buffer.concat(
    [{ integer: 1 }, { boolean: true }].map((literal) => codecs.encode('spark.connect.Expression.Literal', literal)),
  );
  const literal = codecs.decode('spark.connect.Expression.Literal', bytes) as Record<string, unknown>;
  assert.equal(literal.literalType, 'boolean');
  assert.equal(literal.boolean, true);
  assert.equal('integer' in literal, false);
});

test('numbers of a list are read one by one as well as packed', () => {
  const isListOfNumbers = ([, , shape, kind]: Field): boolean => shape === 'list' && kind === 'int32';
  const [type = '', fields = []] =
    Object.entries(descriptor.messages).find(([, described]) => described.some(isListOfNumbers)) ?? [];
  const [name, id] = fields.find(isListOfNumbers) as Field;
  const single = Buffer.from([id * 8, 5, id * 8, 7]);
  const packed = Buffer.from([id * 8 + 2, 2, 5, 7]);
  assert.deepEqual((codecs.decode(type, packed) as Record<string, unknown>)[name], [5, 7]);
  assert.deepEqual(codecs.decode(type, single), codecs.decode(type, packed));
});

test('a value of an enum that the protocol does not know is a number when it came, and refused when it should go', () => {
  const type = 'spark.connect.Join';
  const field = descriptor.messages[type]?.find(([name]) => name === 'joinType');
  assert.ok(field);
  assert.equal((codecs.decode(type, Buffer.from([field[1] * 8, 99])) as { joinType: unknown }).joinType, 99);
  assert.throws(() => codecs.encode(type, { joinType: 'JOIN_TYPE_SIDEWAYS' }), /has no value JOIN_TYPE_SIDEWAYS/);
});

test('messages stand in one another as deep as the server takes them', () => {
  const type = 'spark.connect.Relation';
  // `spark.connect.grpc.marshallerRecursionLimit` is 1024, and a level of a plan is two messages.
  let relation: object = { range: { end: '1', step: '1' } };
  for (let level = 0; level < 512; level++) relation = { filter: { input: relation } };
  let received = codecs.decode(type, codecs.encode(type, relation)) as RelationOutput;
  let levels = 0;
  for (; received.filter?.input != null; received = received.filter.input) levels++;
  assert.equal(levels, 512);
});

test('a name of a map can be any', () => {
  const type = 'spark.connect.Read.DataSource';
  const sent = {
    options: Object.fromEntries([
      ['__proto__', 'x'],
      ['', 'y'],
    ]),
  };
  const { options } = codecs.decode(type, codecs.encode(type, sent)) as { options: object };
  assert.deepEqual(Object.entries(options), [
    ['__proto__', 'x'],
    ['', 'y'],
  ]);
});

function rootOfProtos(folder: string): protobuf.Root {
  const all = new protobuf.Root();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.proto')) protobuf.parse(readFileSync(join(folder, file), 'utf8'), all, { keepCase: false });
  }
  return all.resolveAll() as protobuf.Root;
}

/** Some of the fields of a message, one member at most of each oneof. */
function randomMessage(type: protobuf.Type, chance: () => number, depth: number): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  const taken = new Set<string>();
  for (const field of type.fieldsArray) {
    const isTree = field.resolvedType instanceof protobuf.Type;
    if (chance() < 0.4 || (isTree && depth >= DEPTH_MAX) || (isTree && chance() < depth / DEPTH_MAX)) continue;
    if (field.partOf !== null) {
      if (taken.has(field.partOf.name)) continue;
      taken.add(field.partOf.name);
    }
    const value = () => randomValue(field, chance, depth);
    const count = Math.floor(chance() * 4);
    if (field.map)
      message[field.name] = Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, value()]));
    else if (field.repeated) message[field.name] = Array.from({ length: count }, value);
    else message[field.name] = value();
  }
  return message;
}

function randomValue(field: protobuf.Field, chance: () => number, depth: number): unknown {
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Type) return randomMessage(resolvedType, chance, depth + 1);
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(chance() * values.length)] as T;
  if (resolvedType instanceof protobuf.Enum) return pick(...Object.keys(resolvedType.values));
  switch (field.type) {
    case 'bool':
      return pick(true, false);
    case 'int32':
      return pick(0, 1, -1, 127, 128, 16_384, 2 ** 31 - 1, -(2 ** 31));
    case 'uint32':
      return pick(0, 1, 127, 128, 2 ** 28, 2 ** 32 - 1);
    case 'int64':
      return pick(
        '0',
        '-1',
        '4294967296',
        '34359738368',
        '9007199254740993',
        '9223372036854775807',
        '-9223372036854775808',
      );
    case 'float':
      return pick(0, 1.5, -0.25, Number.POSITIVE_INFINITY);
    case 'double':
      return pick(0, 0.1, -1e300, Number.NEGATIVE_INFINITY);
    case 'string':
      return pick('', 'a', 'größer', '𝛑', 'x'.repeat(Math.floor(chance() * 700)));
    case 'bytes':
      return Buffer.alloc(Math.floor(chance() * 300), Math.floor(chance() * 256));
    default:
      throw new Error(`no values for ${field.type}`);
  }
}

/** Numbers from 0 to below 1, the same for the same seed (a linear congruential generator modulo 2^32). */
function random(seed: number): () => number {
  let state = seed * 2654435761 + 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
