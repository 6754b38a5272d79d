/**
 * From Kafka records to judged events: JSON parsed in Spark, every record either a valid event or one with a `reason`. All queries begin here,
 * so that they agree on what an event is.
 */
import {
  arrayType,
  type Column,
  coalesce,
  col,
  concat,
  type DataFrame,
  expr,
  from_json,
  get,
  is_valid_utf8,
  lit,
  octet_length,
  regexp_replace,
  schema_of_variant,
  sha2,
  size,
  split,
  string,
  when,
} from '../connect/index.js';
import { ACTIVITY_TEXT, type DeadReason, FIELD_BYTES_MAX } from './activity-schema.js';

/** Strict JSON. Spark's defaults also take single quotes and NaN, which no other JSON parser does. */
const STRICT_JSON = { mode: 'PERMISSIVE', allowSingleQuotes: 'false', allowNonNumericNumbers: 'false' } as const;

/**
 * ISO 8601 with a zone. Spark's cast alone would also take a bare date or a number of seconds. Whatever holds it ends with `\z`, since `$` would
 * let a line break through, and the cast trims it.
 */
const ISO_TIME = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d{1,9})?(?:Z|[+-]\\d{2}:\\d{2})';

/**
 * `from_json` gives numbers, booleans, objects and arrays as text where a string is asked for; only a text that looks like one needs a second
 * look. A number beyond a double comes as `"Infinity"`, with the quotes.
 */
const MAYBE_NOT_A_STRING = '^(?:["\\-0-9{\\[]|true$|false$)';

/** Surrogates in escapes, halves and pairs; an even number of backslashes before one is text and stays. */
const SURROGATE_ESCAPE = '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}';

/** The hash of the whole record, which no record can contain. */
const MARK = sha2(col('value'), 256);

/** A JSON string as it is in text: not empty, without escapes and control characters. */
const PLAIN_STRING = '"[^"\\\\\\x00-\\x1f]++"';

/**
 * A record as a program writes it: the four fields in their order, all plain strings, the time in ISO 8601. What matches is one JSON object and
 * needs no parser, which would cost most of what a query does with a record. Anything else takes the long way and is judged there.
 */
const CANONICAL = `^\\{"event_time":"${ISO_TIME}","user_id":${PLAIN_STRING},"page_url":${PLAIN_STRING},"event_type":${PLAIN_STRING}\\}\\z`;

/** Where the fields of such a record are when it is split at its quotes. */
const CANONICAL_PART = { event_time: 3, user_id: 7, page_url: 11, event_type: 15 } as const;

const IS_CANONICAL = col('parts').isNotNull();

/** JSON's own white space, then a brace. */
const BEGINS_AS_OBJECT = '^[ \\t\\n\\r]*\\{';

/**
 * Judges Kafka records. Delivers, for each: the four fields (`event_time` as a timestamp), `event_time_text`, `reason` (null: valid),
 * `is_canonical` (the value is what a program writes, see CANONICAL), and `key`, `value`, `kafka_partition`, `kafka_offset`, `kafka_timestamp`.
 */
export function judgeActivity(records: DataFrame, futureToleranceMs: number): DataFrame {
  const text = col('value').cast('string');
  const isCanonical = text.rlike(CANONICAL);
  const isOther = isCanonical.not();
  const parsed = records.select(
    col('key'),
    col('value'),
    col('partition').as('kafka_partition'),
    col('offset').as('kafka_offset'),
    col('timestamp').as('kafka_timestamp'),
    when(isCanonical, split(text, '"')).as('parts'),
    when(isOther, readBesideMark(text, MARK)).as('elements'),
    when(isOther, MARK).as('mark'),
    when(isOther, from_json(text, ACTIVITY_TEXT, STRICT_JSON)).as('event'),
  );
  const typed = parsed.select(
    ...KAFKA_COLUMNS.map((name) => col(name)),
    IS_CANONICAL.as('is_canonical'),
    IS_CANONICAL.or(isOneObject(text, col('elements'), col('mark'))).as('is_object'),
    field('event_time').as('event_time_text'),
    when(IS_CANONICAL, field('event_time').try_cast('timestamp'))
      .otherwise(parseTime(field('event_time')))
      .as('event_time'),
    ...Object.keys(FIELD_BYTES_MAX).map((name) => field(name as keyof typeof FIELD_BYTES_MAX).as(name)),
  );
  return typed.select(
    ...KAFKA_COLUMNS.map((name) => col(name)),
    col('event_time'),
    col('event_time_text'),
    ...Object.keys(FIELD_BYTES_MAX).map((name) => col(name)),
    col('is_canonical'),
    reason(futureToleranceMs).as('reason'),
  );
}

/** A field of the record, whichever way it was read. */
function field(name: keyof typeof CANONICAL_PART): Column {
  return when(IS_CANONICAL, get(col('parts'), CANONICAL_PART[name])).otherwise(col('event').getField(name));
}

const KAFKA_COLUMNS = ['key', 'value', 'kafka_partition', 'kafka_offset', 'kafka_timestamp'] as const;

/**
 * The text as the first of two elements of an array. `from_json` of the text alone does not tell whether it is JSON: it stops reading behind the
 * first closing brace, and a fault within a field costs it that field only. In an array of texts any fault costs everything, and since the mark
 * stands behind, no text can end the array early and put the right mark there itself.
 */
function readBesideMark(text: Column, mark: Column): Column {
  return from_json(concat(lit('['), text, lit(',"'), mark, lit('"]')), arrayType(string()), STRICT_JSON);
}

/** Whether the text is one JSON object and nothing else. Never null. */
function isOneObject(text: Column, elements: Column, mark: Column): Column {
  const isWhole = size(elements).eq(2).and(get(elements, 1).eq(mark));
  return coalesce(text.rlike(BEGINS_AS_OBJECT).and(isWhole), lit(false));
}

/** Microseconds; digits beyond are cut. Null for anything that is no real time (30 February, hour 24, an offset beyond 18 hours). */
function parseTime(text: Column): Column {
  return when(text.rlike(`^${ISO_TIME}\\z`), text.try_cast('timestamp'));
}

function reason(futureToleranceMs: number): Column {
  const time = col('event_time');
  const latest = col('kafka_timestamp').plus(expr(`INTERVAL '${futureToleranceMs / 1000}' SECOND`));
  const dead = (name: DeadReason): Column => lit(name);
  return when(col('value').isNull(), dead('null_value'))
    .when(is_valid_utf8(col('value').cast('string')).not(), dead('invalid_utf8'))
    .when(col('is_object').not(), dead('not_a_json_object'))
    .when(time.isNull(), dead('event_time_invalid'))
    .when(time.leq(lit('2000-01-01T00:00:00Z').cast('timestamp')), dead('event_time_too_old'))
    .when(time.gt(latest), dead('event_time_in_future'))
    .when(isGoodString('user_id').not(), dead('user_id_invalid'))
    .when(isGoodString('page_url').not(), dead('page_url_invalid'))
    .when(isGoodString('event_type').not(), dead('event_type_invalid'));
}

/** A JSON string, not empty, not too long, without NUL (which Postgres refuses). Never null. */
function isGoodString(name: keyof typeof FIELD_BYTES_MAX): Column {
  const field = col(name);
  // A canonical record has only strings without NUL. A variant knows its type. It takes no half surrogates, which strings read as "?"; to the type they make no difference.
  const text = regexp_replace(col('value').cast('string'), SURROGATE_ESCAPE, '$1?');
  const asVariant = from_json(text, `${name} variant`, STRICT_JSON).getField(name);
  return coalesce(
    field
      .neq('')
      .and(octet_length(field).leq(FIELD_BYTES_MAX[name]))
      .and(
        col('is_canonical').or(
          field
            .contains('\u0000')
            .not()
            .and(when(field.rlike(MAYBE_NOT_A_STRING), schema_of_variant(asVariant).eq('STRING')).otherwise(lit(true))),
        ),
      ),
    lit(false),
  );
}

/**
 * Valid events with a watermark, the beginning of every windowed query. The filter stands first: the watermark follows the latest event
 * time of any partition, so one event dated 2099 would make all later ones late.
 */
export function validActivity(records: DataFrame, futureToleranceMs: number, watermarkDelayMs: number): DataFrame {
  return judgeActivity(records, futureToleranceMs)
    .filter(col('reason').isNull())
    .select('event_time', 'user_id', 'page_url', 'event_type')
    .withWatermark('event_time', `${watermarkDelayMs} milliseconds`);
}
