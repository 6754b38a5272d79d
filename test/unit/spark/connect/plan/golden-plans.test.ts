import { test } from 'node:test';
import { printRelation } from '../../../../../spark/connect/plan/print.js';
import { encodeRelation } from '../../../../../spark/connect/wire/encode-relation.js';
import { assertGolden, wireJson } from '../../../../support/golden.js';
import { fakeConnection } from '../fake-connection.js';
import { programs } from '../programs.js';

for (const [name, program] of Object.entries(programs(fakeConnection()))) {
  test(`the program ${name} makes the plan that is kept`, async () => {
    const { relation } = program();
    await assertGolden(`plans/${name}.txt`, printRelation(relation));
    await assertGolden(`plans/${name}.json`, wireJson(encodeRelation(relation)));
  });
}
