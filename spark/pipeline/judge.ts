/**
 * From Kafka records to the typed, valid events of a source that a pipeline declares: each record is either valid or has a reason why not.
 * Values are read from the parsed JSON as Spark casts them (`"12"` is also a 12); a column that must not be null and is, or that does not
 * cast, makes the record a dead one.
 */
import {
  type Column,
  coalesce,
  col,
  type DataFrame,
  expr,
  is_valid_utf8,
  lit,
  typeDdl,
  when,
} from '../connect/index.js';
import type { SourceRules } from './source-rules.js';

/** Columns of a judged record besides its own fields. */
const KAFKA_COLUMNS = ['key', 'value', 'kafka_partition', 'kafka_offset', 'kafka_timestamp'] as const;

/** Delivers each record with its fields, what Kafka says of it, and `reason` (null: valid). */
export function judgeRecords(records: DataFrame, source: SourceRules): DataFrame {
  const parsed = records.select(
    col('key'),
    col('value'),
    col('partition').as('kafka_partition'),
    col('offset').as('kafka_offset'),
    col('timestamp').as('kafka_timestamp'),
    expr('try_parse_json(CAST(value AS STRING))').as('json'),
  );
  const typed = parsed.select(
    ...KAFKA_COLUMNS.map((name) => col(name)),
    coalesce(expr("schema_of_variant(json) LIKE 'OBJECT<%'"), lit(false)).as('is_object'),
    ...source.schema.fields.map(({ name, type }) =>
      expr(`try_variant_get(json, '$.${name}', '${typeDdl(type)}')`).as(name),
    ),
  );
  return typed.select(
    ...KAFKA_COLUMNS.map((name) => col(name)),
    ...source.schema.fields.map(({ name }) => col(name)),
    reason(source).as('reason'),
  );
}

/** The first reason that applies, in the order: bytes, form, fields, time, then the pipeline's own rules. */
function reason({ schema, eventTime, futureToleranceMs, rules }: SourceRules): Column {
  let found = when(col('value').isNull(), lit('null_value'))
    .when(is_valid_utf8(col('value').cast('string')).not(), lit('invalid_utf8'))
    .when(col('is_object').not(), lit('not_a_json_object'));
  for (const { name, nullable } of schema.fields)
    if (!nullable) found = found.when(col(name).isNull(), lit(`${name}_invalid`));
  const latest = col('kafka_timestamp').plus(expr(`INTERVAL '${futureToleranceMs / 1000}' SECOND`));
  found = found.when(col(eventTime).gt(latest), lit(`${eventTime}_in_future`));
  for (const [name, holds] of Object.entries(rules)) found = found.when(coalesce(holds.not(), lit(true)), lit(name));
  return found;
}

/** Valid events, with the watermark. The filter stands first: an invalid event's time must not move the watermark. */
export function validEvents(records: DataFrame, source: SourceRules): DataFrame {
  return judgeRecords(records, source)
    .filter(col('reason').isNull())
    .select(...source.schema.fields.map(({ name }) => col(name)))
    .withWatermark(source.eventTime, `${source.watermarkDelayMs} milliseconds`);
}
