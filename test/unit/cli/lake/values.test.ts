import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LakeDatabase } from '../../../../cli/lake/database.js';
import { cellText, jsonText } from '../../../../cli/sql/cell.js';

/** The one row of a statement, as JSON and as cells. */
async function printed(expressions: readonly string[]): Promise<{ json: string[]; cells: (string | undefined)[] }> {
  using database = await LakeDatabase.open([]);
  for await (const { schema, rows } of database.run(`select ${expressions.join(', ')}`)) {
    for await (const [row = []] of rows) {
      const types = schema.fields.map(({ type }) => type);
      return {
        json: types.map((type, at) => jsonText(type, row[at])),
        cells: types.map((type, at) => cellText(type, row[at])),
      };
    }
  }
  assert.fail('no row');
}

const CASES: readonly (readonly [sql: string, json: string, cell?: string | undefined])[] = [
  ['true', 'true'],
  ['(-128)::tinyint', '-128'],
  ['9223372036854775807', '9223372036854775807'],
  ['18446744073709551615::ubigint', '18446744073709551615'],
  ['(-170141183460469231731687303715884105728)::hugeint', '-170141183460469231731687303715884105728'],
  ['0.1::double', '0.1'],
  ["'nan'::double", '"NaN"', 'NaN'],
  ['12345678901234567890.12::decimal(38, 2)', '12345678901234567890.12'],
  ["'a\"b'", '"a\\"b"', 'a"b'],
  ["date '1969-12-31'", '"1969-12-31"', '1969-12-31'],
  ["timestamp '2026-03-01 12:00:00.000001'", '"2026-03-01T12:00:00.000001"', '2026-03-01 12:00:00.000001'],
  ["timestamptz '2026-03-01 12:00:00+02'", '"2026-03-01T10:00:00.000000Z"', '2026-03-01 10:00:00'],
  ["'\\x00\\xFF'::blob", '"AP8="', '00FF'],
  ['[1, null, 3]', '[1,null,3]', '[1,null,3]'],
  ["[{'a': date '2026-03-01', 'b': [0.5]}]", '[{"a":"2026-03-01","b":[0.5]}]', '[{"a":"2026-03-01","b":[0.5]}]'],
  ['null', 'null', undefined],
  ["time '01:02:03'", '"01:02:03"', '01:02:03'],
  ["interval '1 month 2 days'", '"1 month 2 days"', '1 month 2 days'],
  [
    "'8e7c2b9a-0000-4000-8000-000000000000'::uuid",
    '"8e7c2b9a-0000-4000-8000-000000000000"',
    '8e7c2b9a-0000-4000-8000-000000000000',
  ],
];

test('values of DuckDB are printed as those of Spark are, with all their digits', async () => {
  const { json, cells } = await printed(CASES.map(([sql]) => sql));
  assert.deepEqual(
    json,
    CASES.map(([, text]) => text),
  );
  assert.deepEqual(
    cells,
    CASES.map((row) => (row.length === 2 ? row[1] : row[2])),
  );
});

test('a statement that runs too long ends when it is interrupted', async () => {
  using database = await LakeDatabase.open([]);
  const running = (async () => {
    for await (const { rows } of database.run(
      'select sum(a.range * b.range) from range(1000000) a, range(1000000) b',
    )) {
      for await (const _ of rows);
    }
  })();
  setTimeout(() => database.interrupt(), 50);
  await assert.rejects(running, { name: 'LakeQueryError', message: /[Ii]nterrupt/ });
});
