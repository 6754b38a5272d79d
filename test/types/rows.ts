// Compiled, never run: what the compiler knows of rows, and what it must refuse. A line marked ts-expect-error that compiles fails the build.
import type { ValueOf } from '../../spark/connect/frame/column.js';
import type { DataFrame } from '../../spark/connect/frame/dataframe.js';
import {
  abs,
  array,
  array_distinct,
  avg,
  coalesce,
  col,
  collect_list,
  count,
  explode,
  expr,
  flatten,
  lit,
  map,
  map_keys,
  map_values,
  max,
  named_struct,
  session_window,
  struct,
  sum,
  transform,
  when,
  window,
  zeroifnull,
} from '../../spark/connect/frame/functions/index.js';
import type { DataFrameReader } from '../../spark/connect/read/batch-reader.js';
import type { SparkSession } from '../../spark/connect/session.js';
import type { Any } from '../../spark/connect/types/any.js';
import {
  type DateDays,
  type Decimal,
  type DurationLike,
  date,
  decimal,
  double,
  type InstantLike,
  integer,
  long,
  notNull,
  type PlainDateLike,
  type PlainDateTimeLike,
  type RowOf,
  type StructType,
  string,
  type TimestampMicros,
  timestamp,
} from '../../spark/connect/types/index.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<T extends true>(): T;

const ACTIVITY = struct({
  event_time: timestamp(),
  user_id: notNull(string()),
  amount: decimal(10, 2),
  visits: long(),
  score: double(),
  age: notNull(integer()),
  day: date(),
  tags: array(notNull(string())),
  prices: map(string(), double()),
  place: struct({ city: string(), zip: notNull(string()) }),
});
type Activity = RowOf<typeof ACTIVITY>;

declare const reader: DataFrameReader;
declare const session: SparkSession;
const activity = reader.schema(ACTIVITY).table('activity');

export async function schemasGiveRowTypes(): Promise<void> {
  check<Equal<typeof activity, DataFrame<Activity>>>();
  const [row] = await activity.collect();
  if (row === undefined) return;
  check<Equal<typeof row.event_time, TimestampMicros | null>>();
  check<Equal<typeof row.user_id, string>>();
  check<Equal<typeof row.amount, Decimal | null>>();
  check<Equal<typeof row.visits, bigint | null>>();
  check<Equal<typeof row.day, DateDays | null>>();
  check<Equal<typeof row.tags, string[] | null>>();
  check<Equal<typeof row.prices, Map<string, number | null> | null>>();
  check<Equal<NonNullable<typeof row.place>, { city: string | null; zip: string }>>();
  // @ts-expect-error: no such column
  row.no_such;
}

export function namesAreChecked(): void {
  activity.select('user_id', 'place.city', '*');
  // @ts-expect-error: no such column
  activity.select('no_such');
  // @ts-expect-error: no such column, by its bare name
  activity.select(col('no_such'));
  // @ts-expect-error: no such column, under another name
  activity.select(col('no_such').as('user_id'));
  // @ts-expect-error: no such column
  activity.col('no_such');
  // @ts-expect-error: no such column
  activity.groupBy('no_such');
  // @ts-expect-error: no such column
  activity.orderBy(col('no_such').desc());
  // @ts-expect-error: no such column
  activity.withWatermark('no_such', '1 minute');
  // @ts-expect-error: no such column
  activity.dropDuplicates('no_such');
  // @ts-expect-error: dropped
  activity.drop('age').select('age');
  // @ts-expect-error: renamed
  activity.withColumnRenamed('age', 'years').select('age');
  // @ts-expect-error: no such column, among others
  activity.withColumnsRenamed({ age: 'years', no_such: 'x' });
  // @ts-expect-error: no such column
  activity.na.drop('any', { columns: ['no_such'] });
  const names: string[] = [];
  activity.select(...names.map((name) => col(name)));
}

export function valuesAreChecked(): void {
  const time = activity.col('event_time');
  time.gt(new Date());
  time.gt('2026-01-01T00:00:00Z');
  // @ts-expect-error: a timestamp is no number
  time.gt(5);
  // @ts-expect-error: a timestamp is no BIGINT
  time.gt(5n);
  // @ts-expect-error: a timestamp is no BIGINT
  time.eq(activity.col('visits'));
  // @ts-expect-error: a BIGINT is no timestamp
  activity.col('visits').lt(activity.col('event_time'));
  // @ts-expect-error: a date is no number
  activity.col('age').eq(activity.col('day'));
  // @ts-expect-error: text is no number
  activity.col('user_id').eq(5);
  // @ts-expect-error: text cannot be added
  activity.col('user_id').plus(1);
  // @ts-expect-error: text cannot be summed
  sum(activity.col('user_id'));
  // @ts-expect-error: a struct has no such field
  activity.col('place').getField('street');
  // @ts-expect-error: a condition is a boolean
  activity.filter(activity.col('user_id'));
  activity.col('visits').eq(5).and(activity.col('score').gt(1.5));
  activity.col('amount').eq(activity.col('visits'));
  activity.filter(col('anything').eq(1));
}

export function localRowsAreChecked(loose: readonly Any[], schema: StructType, activities: Activity[]): void {
  const place = struct({
    id: notNull(long()),
    at: timestamp(),
    tags: array(notNull(string())),
    where: struct({ day: date() }),
  });
  const typed = session.createDataFrame(
    [{ id: 1, at: new Date(), tags: ['a'], where: { day: new Date() } }, { id: 2n }],
    place,
  );
  check<Equal<typeof typed, DataFrame<RowOf<typeof place>>>>();
  session.createDataFrame(activities, ACTIVITY);
  session.createDataFrame(loose, place);
  session.createDataFrame([{ anything: 'goes' }], schema);
  // @ts-expect-error: no such column
  session.createDataFrame([{ id: 1, ta: [] }], place);
  // @ts-expect-error: never null
  session.createDataFrame([{ at: null }], place);
  // @ts-expect-error: text is no timestamp
  session.createDataFrame([{ id: 1, at: '2026-01-31' }], place);
  // @ts-expect-error: no such field
  session.createDataFrame([{ id: 1, where: { year: 2026 } }], place);
}

// At run time a TimestampMicros is a bigint and a DateDays a number: as constants they would travel as BIGINT and INT.
export function timesSayTheirTypeAsConstants(micros: TimestampMicros, days: DateDays, instant: Temporal): void {
  const time = activity.col('event_time');
  const day = activity.col('day');
  const anything = col('anything');
  // @ts-expect-error: travels as BIGINT
  time.gt(micros);
  // @ts-expect-error: travels as BIGINT
  time.between(micros, micros);
  // @ts-expect-error: travels as BIGINT
  time.isin(micros);
  // @ts-expect-error: travels as BIGINT, among what does not
  time.isin([new Date(), micros]);
  // @ts-expect-error: travels as INT
  day.eq(days);
  // @ts-expect-error: a date is no number
  day.eq(1);
  // @ts-expect-error: travels as BIGINT
  time.minus(micros);
  // @ts-expect-error: no interval, but a BIGINT
  time.plus(5n);
  // @ts-expect-error: travels as BIGINT
  anything.plus(micros);
  // @ts-expect-error: travels as BIGINT, whatever it is compared with
  anything.eq(micros);
  // @ts-expect-error: travels as INT
  anything.lt(days);
  // @ts-expect-error: travels as BIGINT
  anything.between(micros, new Date());
  // @ts-expect-error: travels as BIGINT
  anything.isin(micros);
  // @ts-expect-error: travels as BIGINT
  anything.isin([new Date(), micros]);
  // @ts-expect-error: travels as ARRAY<BIGINT>
  anything.eqNullSafe([micros]);
  // @ts-expect-error: travels as ARRAY<BIGINT>
  lit([micros]);
  // @ts-expect-error: travels as MAP<STRING, BIGINT>
  lit(new Map([['at', micros]]));
  // @ts-expect-error: travels as ARRAY<ARRAY<INT>>
  array([days]);
  // @ts-expect-error: travels as BIGINT
  lit(micros);
  // @ts-expect-error: travels as INT
  lit(days);
  // @ts-expect-error: travels as BIGINT
  when(anything.isNull(), micros);
  // @ts-expect-error: travels as BIGINT
  when(anything.isNull(), new Date()).otherwise(micros);
  // @ts-expect-error: travels as BIGINT
  coalesce(time, micros);
  // @ts-expect-error: travels as INT
  array(days);
  // @ts-expect-error: travels as BIGINT
  named_struct({ at: micros });
  // @ts-expect-error: travels as BIGINT
  anything.withField('at', micros);
  // @ts-expect-error: travels as BIGINT
  session.sql('select :at', { at: micros });
  // @ts-expect-error: travels as INT
  session.sql('select ?', [days]);
  // @ts-expect-error: another type's value
  lit(micros, date());

  const at = lit(micros, timestamp());
  check<Equal<ValueOf<typeof at>, TimestampMicros>>();
  time.gt(at).and(time.between(at, new Date())).and(time.isin(at, '2026-01-01T00:00:00Z'));
  day.eq(lit(days, date())).or(day.lt(new Date())).or(day.gt('2026-01-01'));
  const length = time.minus(at);
  check<Equal<ValueOf<typeof length>, bigint | null>>();
  const since = time.minus(new Date());
  check<Equal<ValueOf<typeof since>, bigint | null>>();
  const later = time.plus(activity.col('visits'));
  check<Equal<ValueOf<typeof later>, TimestampMicros | null>>();
  time.gt(instant.now).or(time.lt(instant.wall)).or(day.eq(instant.day));
  const tomorrow = time.plus(instant.length);
  check<Equal<ValueOf<typeof tomorrow>, TimestampMicros | null>>();
  const now = lit(instant.now);
  check<Equal<ValueOf<typeof now>, TimestampMicros>>();
  const today = lit(instant.day);
  check<Equal<ValueOf<typeof today>, DateDays>>();
  const chosen = when(anything.isNull(), at).otherwise(new Date());
  check<Equal<ValueOf<typeof chosen>, TimestampMicros>>();
  session.sql('select :at, :name, :numbers', { at: new Date(), name: 'x', numbers: [1, 2n] });
  // Untyped, as free as PySpark.
  const free: Any = micros;
  anything
    .eq(free)
    .and(anything.eq(new Date()))
    .and(anything.eq([1, 2]))
    .and(anything.eq({ a: 1 }))
    .and(
      anything
        .eq(5n)
        .or(anything.lt(1))
        .or(anything.isin('x', 1n, null))
        .or(anything.isin([1n])),
    )
    .and(anything.eq(new Uint8Array(1)).or(anything.eq(new Map([['a', [1n]]]))))
    .and(anything.eq(time).or(anything.between(at, lit(days, date()))));
  lit([1, [2n, null], { a: 'x' }, anything, new Date()]);
}

interface Temporal {
  readonly now: InstantLike;
  readonly wall: PlainDateTimeLike;
  readonly day: PlainDateLike;
  readonly length: DurationLike;
}

export function functionsKeepTypes(): void {
  const tags = activity.col('tags');
  const prices = activity.col('prices');
  const distinct = array_distinct(tags);
  check<Equal<ValueOf<typeof distinct>, string[] | null>>();
  const keys = map_keys(prices);
  check<Equal<ValueOf<typeof keys>, string[] | null>>();
  const values = map_values(prices);
  check<Equal<ValueOf<typeof values>, (number | null)[] | null>>();
  const nested = flatten(array(tags, tags));
  check<Equal<ValueOf<typeof nested>, string[] | null>>();
  const sure = zeroifnull(activity.col('visits'));
  check<Equal<ValueOf<typeof sure>, bigint>>();
  const opposite = abs(activity.col('amount'));
  check<Equal<ValueOf<typeof opposite>, Decimal | null>>();
  // Of a name nothing is known.
  const named = array_distinct('tags');
  check<Equal<ValueOf<typeof named>, Any>>();
  const greatest = max('visits');
  check<Equal<ValueOf<typeof greatest>, Any>>();
}

export async function typesFollowTransformations(): Promise<void> {
  const selected = activity.select(
    'user_id',
    col('visits').as('n'),
    activity.col('visits').plus(1).as('more'),
    activity.col('age').plus(1).as('older'),
    activity.col('score').multiply(activity.col('visits')).as('product'),
    activity.col('event_time').cast('date').as('on'),
    activity.col('place').getField('zip').as('zip'),
    transform(activity.col('tags'), (tag) => tag.eq('x')).as('flags'),
    'place.city',
  );
  check<
    Equal<
      Awaited<ReturnType<typeof selected.collect>>[number],
      {
        user_id: string;
        n: bigint | null;
        more: bigint | null;
        older: number;
        product: number | bigint | null;
        on: DateDays | null;
        zip: string | null;
        flags: (boolean | null)[] | null;
        city: string | null;
      }
    >
  >();

  const widened = activity
    .select('user_id', 'age')
    .withColumn('label', when(col('age').gt(17), 'adult').otherwise('child'));
  check<
    Equal<
      (typeof widened)['collect'] extends () => Promise<(infer R)[]> ? R : never,
      { user_id: string; age: number; label: string }
    >
  >();

  const grouped = activity
    .groupBy(window(activity.col('event_time'), '1 minute'), col('user_id'))
    .agg(
      count('*').as('n'),
      sum(activity.col('visits')).as('total'),
      avg(activity.col('amount')).as('mean'),
      max('age').as('oldest'),
    )
    .select(col('window').getField('start').as('window_start'), 'user_id', 'n', 'total', 'mean');
  const [group] = await grouped.collect();
  if (group !== undefined) {
    check<Equal<typeof group.n, bigint>>();
    check<Equal<typeof group.total, bigint | null>>();
    check<Equal<typeof group.mean, Decimal | null>>();
    check<Equal<typeof group.user_id, string>>();
  }
  // @ts-expect-error: not a key and not an aggregate
  activity.groupBy('user_id').agg(count('*').as('n')).select('age');

  const sessions = activity
    .groupBy('user_id', session_window('event_time', '5 minutes'))
    .agg(collect_list(named_struct({ time: activity.col('event_time') })).as('events'));
  check<Equal<Awaited<ReturnType<typeof sessions.take>>[number]['events'], { time: TimestampMicros | null }[]>>();

  check<Equal<ReturnType<typeof coalesceVisits>, bigint>>();
}

function coalesceVisits(): bigint {
  const column = coalesce(activity.col('visits'), lit(0n));
  return undefined as never as typeof column extends import('../../spark/connect/frame/column.js').Column<infer T>
    ? T
    : never;
}

export async function rowsFollowWhatChangesThem(): Promise<void> {
  const ids = activity.select('user_id', 'age', 'visits');
  const renamed = await ids.withColumnsRenamed({ age: 'years', user_id: 'who' }).first();
  check<Equal<typeof renamed, { who: string; years: number; visits: bigint | null } | undefined>>();
  const dropped = await ids.drop('age', ids.col('visits')).first();
  check<Equal<typeof dropped, { user_id: string } | undefined>>();
  const complete = await ids.na.drop().first();
  check<Equal<typeof complete, { user_id: string; age: number; visits: bigint } | undefined>>();
  const some = await activity
    .select('visits', 'score')
    .na.drop('any', { columns: ['score'] })
    .first();
  check<Equal<typeof some, { visits: bigint | null; score: number } | undefined>>();
  const most = await ids.na.drop('any', { minNonNulls: 2 }).first();
  check<Equal<typeof most, { user_id: string; age: number; visits: bigint | null } | undefined>>();

  // By names, with what one of both lacks; by places.
  const wide = await ids.select('age').unionByName(ids.select('age', 'user_id'), true).first();
  check<Equal<typeof wide, { age: number; user_id: string | null } | undefined>>();
  const below = await ids.select('user_id').union(activity.select('place.city')).first();
  check<Equal<typeof below, { user_id: string | null } | undefined>>();
  // Null or not, they can be compared.
  const both = ids.select('visits').intersect(ids.select(coalesce(ids.col('visits'), lit(0n)).as('visits')));
  ids.select(coalesce(ids.col('visits'), lit(0n)).as('visits')).subtract(ids.select('visits'));
  check<Equal<typeof both, DataFrame<{ visits: bigint | null }>>>();
  // @ts-expect-error: other columns
  ids.select('visits').intersect(ids.select('age'));

  // A frame's own column by its path, and through structs within structs.
  const nested = reader.schema(struct({ a: struct({ b: notNull(struct({ c: notNull(long()) })) }) })).table('nested');
  const path = await nested.select(nested.col('a.b.c'), nested.col('a.b').getField('c').as('d'), 'a.b').first();
  check<Equal<typeof path, { c: bigint | null; d: bigint | null; b: { c: bigint } | null } | undefined>>();
  // @ts-expect-error: no such column
  nested.col('b.c');
  // @ts-expect-error: no such field
  nested.select('a.c');
  // @ts-expect-error: no such field
  nested.orderBy(col('a.c').desc());
  nested.select('a.*', 'a.b.anything');
  activity.select('tags.anything', 'prices.apple', 'place.`zip`');
  const dotted = reader.schema(struct({ 'a.b': notNull(long()), c: struct({ 'x y': string() }) })).table('dotted');
  const quoted = await dotted.select('`a.b`', 'c.`x y`', dotted.col('`a.b`').plus(1).as('more')).first();
  check<Equal<typeof quoted, { 'a.b': bigint; 'x y': string | null; more: bigint } | undefined>>();
  const twice = await dotted.select('`c`.`x y`').first();
  check<Equal<keyof NonNullable<typeof twice>, 'x y'>>();

  // The two columns of a map's entries.
  const entries = await activity.select(explode(activity.col('prices')).as('product', 'price')).first();
  check<Equal<typeof entries, { product: Any; price: Any } | undefined>>();
  const tag = await activity.select(explode(activity.col('tags')).as('tag')).first();
  check<Equal<typeof tag, { tag: string } | undefined>>();
}

export async function unknownNamesLeaveTheRowFree(name: string): Promise<void> {
  const added = await activity.withColumn(name, lit(1)).first();
  check<Equal<typeof added, Any>>();
  const fewer = await activity.drop(col(name)).first();
  check<Equal<typeof fewer, Any>>();
  const renamed = await activity.withColumnsRenamed({ age: name }).first();
  check<Equal<typeof renamed, Any>>();
  const one = await activity.withColumnRenamed('age', name).first();
  check<Equal<typeof one, Any>>();
}

export function arithmeticKeepsTypes(): void {
  const { day, age, visits } = {
    day: activity.col('day'),
    age: activity.col('age'),
    visits: activity.col('visits'),
  };
  const narrow = age.bitwiseAND(0xff);
  check<Equal<ValueOf<typeof narrow>, number>>();
  const wide = age.bitwiseOR(visits);
  check<Equal<ValueOf<typeof wide>, bigint | null>>();
  const wider = age.bitwiseXOR(1n);
  check<Equal<ValueOf<typeof wider>, bigint>>();
  // @ts-expect-error: a timestamp has no bits
  age.bitwiseAND(activity.col('event_time'));
  // A day of an interval without hours, a timestamp otherwise.
  const later = day.plus(expr<bigint>("INTERVAL '1' DAY"));
  check<Equal<ValueOf<typeof later>, DateDays | TimestampMicros | null>>();
}

export async function starsSpreadStructs(): Promise<void> {
  const spread = await activity.select('place.*', col('user_id'), col('place.zip').as('code')).first();
  check<
    Equal<typeof spread, { user_id: string; code: string | null; city: string | null; zip: string | null } | undefined>
  >();
  const all = await activity.select('user_id', 'age').select('*', lit(1n).as('one')).first();
  check<Equal<typeof all, { one: bigint; user_id: string; age: number } | undefined>>();
  const open = await activity
    .select(expr<{ a: number }>('parse(user_id)').as('parsed'))
    .select(col('parsed.*'))
    .first();
  check<Equal<typeof open, { a: number } | undefined>>();
}

export async function joinsMergeRows(): Promise<void> {
  const users = reader.schema(struct({ user_id: notNull(string()), name: notNull(string()) })).table('users');
  const inner = await activity.select('user_id', 'age').join(users, 'user_id').first();
  check<Equal<typeof inner, { user_id: string; age: number; name: string } | undefined>>();
  const left = await activity.select('user_id', 'age').join(users, 'user_id', 'left').first();
  check<Equal<typeof left, { user_id: string; age: number; name: string | null } | undefined>>();
  const semi = await activity.select('user_id', 'age').join(users, 'user_id', 'left_semi').first();
  check<Equal<typeof semi, { user_id: string; age: number } | undefined>>();
  // @ts-expect-error: not in both
  activity.join(users, 'name');
  // @ts-expect-error: no kind of join
  activity.join(users, 'user_id', 'sideways');
}

export async function framesWithinFrames(): Promise<void> {
  const users = reader.schema(struct({ user_id: notNull(string()), name: notNull(string()) })).table('users');
  const ids = activity.select('user_id');
  const lateral = await ids.lateralJoin(users.select('name'), undefined, 'left').first();
  check<Equal<typeof lateral, { user_id: string; name: string | null } | undefined>>();
  const asOf = await ids.joinAsOf(users.select('name'), 'user_id', 'name').first();
  check<Equal<typeof asOf, { user_id: string; name: string | null } | undefined>>();
  const one = users.select('name').scalar();
  check<Equal<ValueOf<typeof one>, string | null>>();
  ids.filter(ids.col('user_id').isin(users.select('user_id')));
  const numbered = await ids.zipWithIndex('at').first();
  check<Equal<typeof numbered, { user_id: string; at: bigint } | undefined>>();
  // @ts-expect-error: a lateral join keeps no right rows of its own
  ids.lateralJoin(users, undefined, 'full');
  // @ts-expect-error: not in the right frame
  ids.joinAsOf(users, 'user_id', 'at');
}

export async function untypedFramesAreFree(): Promise<void> {
  const free: DataFrame = reader.table('anything');
  const rows = await free
    .select('a', col('b.c').as('d'), '*')
    .filter(col('x').gt(1))
    .groupBy('y')
    .agg(count('*'))
    .collect();
  rows[0].whatever.at.all;
  free.col('e').plus(1).gt('2026-01-01');
  const typed: DataFrame<{ n: bigint }> = free;
  const back: DataFrame = activity;
  await typed.join(back, 'n').collect();
  free
    .select(...['p', 'q'], 'r')
    .withColumn('s', lit(1))
    .drop('t', col('u'));
}

export async function unknownNamesOpenTheRow(): Promise<void> {
  const row = await activity.select('user_id', expr('age + 1')).first();
  if (row === undefined) return;
  row['(age + 1)'];
}
