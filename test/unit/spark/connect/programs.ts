// Small programs over frames. Their plans are kept as text and as messages below test/golden/plans; live tests may run them too.
import { DataFrame } from '../../../../spark/connect/frame/dataframe.js';
import {
  aggregate,
  approx_count_distinct,
  array,
  array_sort,
  call_function,
  coalesce,
  col,
  collect_list,
  concat,
  count,
  count_distinct,
  date_format,
  desc,
  explode_outer,
  expr,
  from_json,
  inline,
  lit,
  max_by,
  named,
  named_struct,
  rlike,
  row_number,
  session_window,
  struct,
  sum,
  to_json,
  transform,
  when,
  window,
} from '../../../../spark/connect/frame/functions/index.js';
import { Window } from '../../../../spark/connect/frame/window.js';
import { createRelation } from '../../../../spark/connect/plan/relation.js';
import { DataFrameReader } from '../../../../spark/connect/read/batch-reader.js';
import { DataStreamReader } from '../../../../spark/connect/read/stream-reader.js';
import type { Connection } from '../../../../spark/connect/rpc/connection.js';
import {
  date,
  dateDays,
  decimal,
  long,
  notNull,
  string,
  timestamp,
  timestampMicros,
} from '../../../../spark/connect/types/index.js';

const ACTIVITY = struct({ event_time: timestamp(), user_id: notNull(string()), page_url: string(), visits: long() });

/** Every program by its golden file's name. */
export function programs(connection: Connection): Readonly<Record<string, () => DataFrame>> {
  const activity = new DataFrameReader(connection).schema(ACTIVITY).table('activity');
  const kafka = new DataStreamReader(connection)
    .format('kafka')
    .options({ 'kafka.bootstrap.servers': '127.0.0.1:9092', subscribe: 'user_activity', maxOffsetsPerTrigger: 1000 })
    .load();
  const range = (end: bigint): DataFrame<{ id: bigint }> =>
    new DataFrame(connection, createRelation({ kind: 'range', start: 0n, end, step: 1n }));
  return {
    'select-filter-sort': () =>
      activity
        .filter(col('page_url').isNotNull().and(activity.col('visits').gt(10)))
        .select('user_id', activity.col('visits').plus(1n).as('more'), expr('upper(page_url) AS url'), '*')
        .withColumnRenamed('more', 'visits_after')
        .orderBy(desc('visits_after'), 'user_id')
        .offset(5)
        .limit(10),
    'windowed-count': () =>
      kafka
        .select(
          from_json(col('value').cast('string'), ACTIVITY, {
            mode: 'PERMISSIVE',
            columnNameOfCorruptRecord: '_bad',
          }).as('event'),
        )
        .select('event.*')
        .withWatermark('event_time', '2 minutes')
        .groupBy(window(col('event_time'), '1 minute'), col('page_url'))
        .agg(count('*').as('view_count'), approx_count_distinct('user_id', 0.02).as('users'))
        .select(col('window').getField('start').as('window_start'), 'page_url', 'view_count'),
    'session-fold': () =>
      activity
        .groupBy('user_id', session_window('event_time', '5 minutes'))
        .agg(collect_list(named_struct({ time: col('event_time'), url: col('page_url') })).as('events'))
        .select(
          'user_id',
          inline(
            aggregate(
              array_sort(col('events'), (left, right) =>
                when(left.getField('time').lt(right.getField('time')), -1).otherwise(1),
              ),
              array().cast('array<struct<at: timestamp>>'),
              (state, event) => concat(state, array(struct(event.getField('time').as('at')))),
            ),
          ),
        ),
    lambdas: () =>
      range(1n).select(
        transform(array(1, 2), (x) => transform(array(3, 4), (y, index) => x.plus(y).plus(index))).as('nested'),
        transform(array(5), (x) => x.negate()).as('beside'),
      ),
    constants: () =>
      range(1n).select(
        lit(null).as('nothing'),
        lit(true).as('yes'),
        lit(1).as('int'),
        lit(2 ** 40).as('long_number'),
        lit(3n).as('long'),
        lit(0.5).as('double'),
        lit("it's").as('text'),
        lit(Uint8Array.of(1, 255)).as('bytes'),
        lit(new Date(1)).as('date'),
        lit(timestampMicros('2026-01-01T00:00:00.123456Z'), timestamp()).as('micros'),
        lit(dateDays('1970-01-02'), date()).as('day'),
        lit('1.50').cast(decimal(5, 2)).as('money'),
        lit([1, 2]).as('array'),
        lit({ a: 1, b: { c: col('id') } }).as('object'),
        lit(new Map([['k', 1]])).as('map'),
      ),
    joins: () => {
      const users = range(5n).alias('users');
      const pages = range(5n).withColumn('title', lit('x'));
      const others = range(3n);
      return users
        .join(pages, 'id', 'left')
        .join(range(2n), ['id'], 'left_anti')
        .join(others, users.col('id').eq(others.col('id')), 'full')
        .crossJoin(range(1n).hint('broadcast'));
    },
    sets: () =>
      range(3n).union(range(2n)).unionByName(range(1n), true).subtract(range(1n)).intersectAll(range(9n)).distinct(),
    'window-functions': () =>
      activity.select(
        row_number()
          .over(Window.partitionBy('user_id').orderBy(col('event_time').desc_nulls_first()))
          .as('latest'),
        sum('visits')
          .over(Window.orderBy('event_time').rowsBetween(Window.unboundedPreceding, Window.currentRow))
          .as('so_far'),
        sum('visits').over(Window.partitionBy('user_id').orderBy('visits').rangeBetween(-10n, 10n)).as('near'),
      ),
    groups: () =>
      activity
        .groupBy('user_id')
        .pivot('page_url', ['/a', '/b'])
        .agg(max_by('visits', 'event_time'))
        .unpivot(['user_id'], ['/a'], 'url', 'visits')
        .groupingSets([['user_id'], []], 'user_id')
        .agg(count_distinct('url').as('urls'))
        .groupBy('user_id')
        .agg({ urls: 'max', '*': 'count' }),
    'missing-values': () =>
      activity.na
        .fill(0, ['visits'])
        .na.fill({ page_url: '/' })
        .na.drop('all', { columns: ['page_url'] })
        .na.replace(new Map([['/a', '/b']])),
    shapes: () =>
      activity
        .repartition(4, 'user_id')
        .sortWithinPartitions('event_time')
        .coalesce(2)
        .repartitionByRange(3, col('visits').desc())
        .dropDuplicates('user_id')
        .drop('page_url', col('visits'))
        .sample(0.1, { seed: 7n })
        .observe('seen', count('*').as('rows'))
        .alias('a')
        .toDF('x', 'y'),
    conditions: () =>
      activity.select(
        when(rlike('page_url', '^/shop'), 'shop')
          .when(col('visits').isin(1, 2, [3]), 'few')
          .otherwise(col('page_url'))
          .as('kind'),
        coalesce('page_url', lit('/')).as('url'),
        col('visits').between(1, 5).and(col('user_id').eqNullSafe(null)).not().as('odd'),
        call_function('mask', col('user_id'), named('digitChar', 'd')).as('masked'),
        to_json(struct('user_id', col('event_time')), { timestampFormat: 'yyyy' }).as('json'),
        date_format('event_time', "yyyy-MM-dd'T'HH").as('hour'),
        col('user_id').try_cast('int').as('number'),
        explode_outer(array(col('visits'))).as('each'),
      ),
  };
}
