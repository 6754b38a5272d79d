// Functions beside the cases that are made from PySpark's signatures: those that are called differently here, and what one signature allows besides.
import * as F from '../../../spark/connect/index.js';
import { col, Decimal, lit } from '../../../spark/connect/index.js';
import type { Case } from '../case.js';

const NO_MODULE = 'a module that the server does not have';
const LEFT_OUT = 'what is left out is left to Spark, which takes the same defaults';

/** So many times 1, for functions that are given parts. */
const ONES = (parts: number): [F.Column, ...F.Column[]] => [lit(1), ...Array.from({ length: parts - 1 }, () => lit(1))];
const PYTHON_ONES = (parts: number): string => Array.from({ length: parts }, () => 'F.lit(1)').join(', ');

/** Functions whose arguments stand in an object here, are bound to a certain number, or whose type says too little to make a call of. */
export const ownSignatureCases: readonly Case[] = [
  ['functions.broadcast', ({ df }) => F.broadcast(df), 'F.broadcast(df)'],
  ['functions.lit', () => lit(1), 'F.lit(1)'],
  ['functions.lit: null', () => lit(null), 'F.lit(None)'],
  ['functions.lit: boolean', () => lit(true), 'F.lit(True)'],
  ['functions.lit: long', () => lit(5_000_000_000), 'F.lit(5000000000)'],
  ['functions.lit: double', () => lit(1.5), 'F.lit(1.5)'],
  ['functions.lit: text', () => lit('é"\''), 'F.lit("é\\"\'")'],
  ['functions.lit: bytes', () => lit(Uint8Array.of(1, 255)), "F.lit(b'\\x01\\xff')"],
  [
    'functions.lit: decimal',
    () => lit(Decimal.parse('12.340')),
    "F.lit(Decimal('12.340'))",
    {
      differs: 'a decimal has the precision and scale of its digits; PySpark says DECIMAL(10, 0) of each',
      notRun: 'the type differs with the plan',
    },
  ],
  [
    'functions.lit: timestamp',
    () => lit(new Date('2026-01-02T03:04:05Z')),
    'F.lit(datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc))',
  ],
  ['functions.lit: date', () => lit(F.dateDays('2026-01-02'), F.date()), 'F.lit(datetime.date(2026, 1, 2))'],
  ['functions.lit: interval', () => lit(90_000_000n, F.day_time_interval()), 'F.lit(datetime.timedelta(seconds=90))'],
  [
    'functions.lit: time',
    () => lit(3_600_000_000_000n, F.time()),
    'F.lit(datetime.time(1, 0))',
    { notRun: 'TIME is not enabled' },
  ],
  ['functions.lit: a column', () => lit(col('n')), "F.lit(F.col('n'))"],
  ['functions.lit: array', () => lit([1, 2]), 'F.lit([1, 2])'],
  ['functions.col', () => col('n'), "F.col('n')"],
  ['functions.col: star', () => col('*'), "F.col('*')"],
  ['functions.column', () => F.column('n'), "F.column('n')"],
  ['functions.expr', () => F.expr('n + 1'), "F.expr('n + 1')"],
  ['functions.call_function', () => F.call_function('upper', 's'), "F.call_function('upper', 's')"],
  ['functions.when', () => F.when(col('b'), 1), "F.when(F.col('b'), 1)"],
  ['functions.greatest', () => F.greatest('n', 'id'), "F.greatest('n', 'id')"],
  ['functions.least', () => F.least('n', 'id'), "F.least('n', 'id')"],
  ['functions.log', () => F.log('x'), "F.log('x')"],
  ['functions.log: to a base', () => F.log(2.5, 'x'), "F.log(2.5, 'x')"],
  ['functions.json_tuple', () => F.json_tuple('j', 'a', 'b'), "F.json_tuple('j', 'a', 'b')"],
  [
    'functions.mask',
    () => F.mask('s', { upper: 'U', lower: 'l', digit: 'd', other: 'o' }),
    "F.mask('s', F.lit('U'), F.lit('l'), F.lit('d'), F.lit('o'))",
  ],
  ['functions.mask: defaults', () => F.mask('s'), "F.mask('s')"],
  [
    'functions.aes_encrypt',
    () => F.aes_encrypt('s', lit('0000111122223333'), { mode: 'ECB', padding: 'PKCS' }),
    "F.aes_encrypt('s', F.lit('0000111122223333'), F.lit('ECB'), F.lit('PKCS'))",
  ],
  [
    'functions.aes_decrypt',
    () => F.aes_decrypt('bin', lit('0000111122223333'), { mode: 'ECB', padding: 'PKCS' }),
    "F.aes_decrypt('bin', F.lit('0000111122223333'), F.lit('ECB'), F.lit('PKCS'))",
    { notRun: 'the bytes are not encrypted' },
  ],
  [
    'functions.try_aes_decrypt',
    () => F.try_aes_decrypt('bin', lit('0000111122223333'), { mode: 'ECB', padding: 'PKCS', aad: 'a' }),
    "F.try_aes_decrypt('bin', F.lit('0000111122223333'), F.lit('ECB'), F.lit('PKCS'), F.lit('a'))",
    { notRun: 'the bytes are not encrypted' },
  ],
  ...Object.entries({ make_timestamp: F.make_timestamp, try_make_timestamp: F.try_make_timestamp }).flatMap(
    ([name, make]): Case[] => [
      [
        `functions.${name}`,
        () => make(lit(2026), lit(1), lit(2), lit(3), lit(4), lit(5)),
        `F.${name}(F.lit(2026), F.lit(1), F.lit(2), F.lit(3), F.lit(4), F.lit(5))`,
      ],
      [
        `functions.${name}: in a zone`,
        () => make(lit(2026), lit(1), lit(2), lit(3), lit(4), lit(5), lit('CET')),
        `F.${name}(F.lit(2026), F.lit(1), F.lit(2), F.lit(3), F.lit(4), F.lit(5), F.lit('CET'))`,
      ],
    ],
  ),
  ...Object.entries({
    make_timestamp_ntz: F.make_timestamp_ntz,
    try_make_timestamp_ntz: F.try_make_timestamp_ntz,
  }).map(
    ([name, make]): Case => [
      `functions.${name}`,
      () => make(lit(2026), lit(1), lit(2), lit(3), lit(4), lit(5)),
      `F.${name}(F.lit(2026), F.lit(1), F.lit(2), F.lit(3), F.lit(4), F.lit(5))`,
    ],
  ),
  ['functions.make_interval', () => F.make_interval(...ONES(7)), `F.make_interval(${PYTHON_ONES(7)})`],
  [
    'functions.make_interval: years',
    () => F.make_interval(lit(1)),
    'F.make_interval(F.lit(1))',
    { differs: LEFT_OUT, notRun: 'the column is named after the plan' },
  ],
  ['functions.try_make_interval', () => F.try_make_interval(...ONES(7)), `F.try_make_interval(${PYTHON_ONES(7)})`],
  ['functions.make_dt_interval', () => F.make_dt_interval(...ONES(4)), `F.make_dt_interval(${PYTHON_ONES(4)})`],
  [
    'functions.make_ym_interval',
    () => F.make_ym_interval(...ONES(2)),
    `F.make_ym_interval(${PYTHON_ONES(2)})`,
    { notRun: 'PySpark cannot read intervals of months' },
  ],
  ['functions.percentile', () => F.percentile('x', 0.5), "F.percentile('x', 0.5)"],
  ['functions.percentile: several', () => F.percentile('x', [0.25, 0.5]), "F.percentile('x', [0.25, 0.5])"],
  ['functions.percentile_approx', () => F.percentile_approx('x', 0.5, 100), "F.percentile_approx('x', 0.5, 100)"],
  ['functions.approx_percentile', () => F.approx_percentile('x', [0.5]), "F.approx_percentile('x', [0.5])"],
  ['functions.from_json', () => F.from_json('j', 'a INT, b STRING'), "F.from_json('j', 'a INT, b STRING')"],
  [
    'functions.from_json: type and options',
    () => F.from_json('j', F.struct({ a: F.integer(), b: F.array(F.string()) }), { mode: 'FAILFAST' }),
    "F.from_json('j', T.StructType().add('a', 'integer').add('b', T.ArrayType(T.StringType())), {'mode': 'FAILFAST'})",
    { notRun: 'FAILFAST ends it' },
  ],
  ['functions.from_csv', () => F.from_csv('s', 'a STRING', { sep: ';' }), "F.from_csv('s', 'a STRING', {'sep': ';'})"],
  [
    'functions.from_xml',
    () => F.from_xml(lit('<p><a>1</a></p>'), 'a INT'),
    "F.from_xml(F.lit('<p><a>1</a></p>'), 'a INT')",
  ],
  ['functions.to_json', () => F.to_json('st', { pretty: true }), "F.to_json('st', {'pretty': 'true'})"],
  ['functions.to_csv', () => F.to_csv('st'), "F.to_csv('st')"],
  ['functions.to_xml', () => F.to_xml('st'), "F.to_xml('st')"],
  ['functions.schema_of_json', () => F.schema_of_json('{"a": 1}'), 'F.schema_of_json(\'{"a": 1}\')'],
  ['functions.schema_of_csv', () => F.schema_of_csv('1,a'), "F.schema_of_csv('1,a')"],
  ['functions.schema_of_xml', () => F.schema_of_xml('<p><a>1</a></p>'), "F.schema_of_xml('<p><a>1</a></p>')"],
  ['functions.window', () => F.window('t', '5 minutes'), "F.window('t', '5 minutes')"],
  ['functions.window: sliding', () => F.window('t', '5 minutes', '1 minute'), "F.window('t', '5 minutes', '1 minute')"],
  [
    'functions.window: started elsewhere',
    () => F.window('t', '5 minutes', '1 minute', '10 seconds'),
    "F.window('t', '5 minutes', '1 minute', '10 seconds')",
  ],
  ['functions.array', () => F.array('n', 'id'), "F.array('n', 'id')"],
  ['functions.create_map', () => F.create_map(lit('a'), 'n'), "F.create_map(F.lit('a'), 'n')"],
  ['functions.struct', () => F.struct('n', 's'), "F.struct('n', 's')"],
  ['functions.named_struct', () => F.named_struct(lit('a'), col('n')), "F.named_struct(F.lit('a'), F.col('n'))"],
];

export const functionCases: readonly Case[] = [
  ['functions.concat: constants', () => F.concat(col('s'), lit('-')), "F.concat(F.col('s'), F.lit('-'))"],
  ['functions.split: limited', () => F.split('s', 'a', 2), "F.split('s', 'a', 2)"],
  ['functions.date_format: pattern', () => F.date_format('t', 'yyyy-MM-dd'), "F.date_format('t', 'yyyy-MM-dd')"],
  ['functions.date_trunc: unit', () => F.date_trunc('hour', 't'), "F.date_trunc('hour', 't')"],
  [
    'functions.to_timestamp: pattern',
    () => F.to_timestamp(lit('2026'), 'yyyy'),
    "F.to_timestamp(F.lit('2026'), 'yyyy')",
  ],
  ['functions.like: constant', () => F.like('s', lit('a%')), "F.like('s', F.lit('a%'))"],
  ['functions.regexp_extract: group', () => F.regexp_extract('s', '(.)(.)', 2), "F.regexp_extract('s', '(.)(.)', 2)"],
  ['functions.regexp_replace: constants', () => F.regexp_replace('s', 'a', 'b'), "F.regexp_replace('s', 'a', 'b')"],
  ['functions.element_at: key', () => F.element_at('m', 'k'), "F.element_at('m', 'k')"],
  ['functions.array_contains: value', () => F.array_contains('arr', 2), "F.array_contains('arr', 2)"],
  [
    'functions.count: all',
    () => F.count('*'),
    "F.count('*')",
    { differs: 'count(1) at once, which is what Spark makes of count(*)' },
  ],
  ['functions.count_distinct: several', () => F.count_distinct('n', 's'), "F.count_distinct('n', 's')"],
  ['functions.sum_distinct: of a column', () => F.sum_distinct('n'), "F.sum_distinct('n')"],
  ['functions.lag: offset', () => F.lag('n', 2), "F.lag('n', 2)", { notRun: 'it needs a window' }],
  ['functions.lag: fallback', () => F.lag('n', 1, 0), "F.lag('n', 1, 0)", { notRun: 'it needs a window' }],
  ['functions.explode: map', ({ df }) => df.select(F.explode('m')), "df.select(F.explode('m'))"],
  [
    'functions.inline: named',
    ({ df }) => df.select(F.inline(F.array('st')).as('p', 'q')),
    "df.select(F.inline(F.array('st')).alias('p', 'q'))",
  ],
  [
    'functions.transform: struct of columns',
    () => F.named_struct({ a: col('n'), b: 1 }),
    "F.named_struct(F.lit('a'), F.col('n'), F.lit('b'), F.lit(1))",
  ],
  [
    'functions.from_avro',
    () => F.from_avro('bin', '"int"', { mode: 'FAILFAST' }),
    `avro.from_avro('bin', '"int"', {'mode': 'FAILFAST'})`,
    { notRun: NO_MODULE },
  ],
  ['functions.to_avro', () => F.to_avro('n'), "avro.to_avro('n')", { notRun: NO_MODULE }],
  ['functions.to_avro: schema', () => F.to_avro('n', '"int"'), `avro.to_avro('n', '"int"')`, { notRun: NO_MODULE }],
  [
    'functions.from_protobuf',
    () => F.from_protobuf('bin', 'M', { descriptors: Uint8Array.of(1, 2), options: { a: 'b' } }),
    "protobuf.from_protobuf('bin', 'M', options={'a': 'b'}, binaryDescriptorSet=bytes([1, 2]))",
    { notRun: NO_MODULE },
  ],
  [
    'functions.to_protobuf',
    () => F.to_protobuf('st', 'a.M'),
    "protobuf.to_protobuf('st', 'a.M')",
    { notRun: NO_MODULE },
  ],
];
