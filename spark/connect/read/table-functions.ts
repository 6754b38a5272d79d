// Functions in the place of a table: each answers a frame. Their arguments may be another frame's columns, in a lateral join.
import { DataFrame } from '../frame/dataframe.js';
import { type Argument, argument } from '../frame/functions/call.js';
import { createRelation } from '../plan/relation.js';
import type { Connection } from '../rpc/connection.js';

/** Mirrors `TableValuedFunction` of Spark 4.2. As in functions, text names a column. */
export class TableFunctions {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * A row per element of an array, in a column `col`, or per entry of a map, in `key` and `value`. None for null or an empty one.
   * @example spark.tvf.explode(array(lit(1), lit(2)))
   */
  explode(collection: Argument): DataFrame {
    return this.call('explode', collection);
  }

  /**
   * As `explode`; one row of null for null or an empty one.
   * @example people.lateralJoin(spark.tvf.explode_outer(f.split(col('city').outer(), ' ')))
   */
  explode_outer(collection: Argument): DataFrame {
    return this.call('explode_outer', collection);
  }

  /**
   * As `explode`, with the position from 0.
   * @example spark.tvf.posexplode(array(lit('a'), lit('b')))
   */
  posexplode(collection: Argument): DataFrame {
    return this.call('posexplode', collection);
  }

  /**
   * As `posexplode`; one row of nulls for null or an empty one.
   * @example spark.tvf.posexplode_outer(array(lit('a'), lit('b')))
   */
  posexplode_outer(collection: Argument): DataFrame {
    return this.call('posexplode_outer', collection);
  }

  /**
   * An array of structs as rows, each field a column.
   * @example spark.tvf.inline(array(f.named_struct(lit('id'), lit(1), lit('label'), lit('x'))))
   */
  inline(structs: Argument): DataFrame {
    return this.call('inline', structs);
  }

  /**
   * As `inline`; one row of nulls for null or an empty array.
   * @example spark.tvf.inline_outer(array(f.named_struct(lit('id'), lit(1), lit('label'), lit('x'))))
   */
  inline_outer(structs: Argument): DataFrame {
    return this.call('inline_outer', structs);
  }

  /**
   * Fields of a JSON object as text, in columns c0, c1, …; null where there is no such field.
   * @example spark.tvf.json_tuple(lit('{"a": 1, "b": 2}'), lit('a'), lit('b'))
   */
  json_tuple(json: Argument, ...fields: readonly [Argument, ...Argument[]]): DataFrame {
    return this.call('json_tuple', json, ...fields);
  }

  /**
   * The values as `rows` rows, in columns col0, col1, …
   * @example spark.tvf.stack(lit(2), lit('a'), lit(1), lit('b'), lit(2))
   */
  stack(rows: Argument, ...values: readonly Argument[]): DataFrame {
    return this.call('stack', rows, ...values);
  }

  /**
   * A row per element or field of a variant: pos, key, value.
   * @example spark.tvf.variant_explode(f.parse_json(lit('[1, 2]')))
   */
  variant_explode(variant: Argument): DataFrame {
    return this.call('variant_explode', variant);
  }

  /**
   * As `variant_explode`; one row of nulls for null or what has no elements.
   * @example spark.tvf.variant_explode_outer(f.parse_json(lit('[]')))
   */
  variant_explode_outer(variant: Argument): DataFrame {
    return this.call('variant_explode_outer', variant);
  }

  /**
   * The collations that the server knows.
   * @example const names = await spark.tvf.collations().select('NAME').collect();
   */
  collations(): DataFrame {
    return this.call('collations');
  }

  /**
   * The words of Spark's SQL, and which are reserved.
   * @example spark.tvf.sql_keywords().filter('reserved')
   */
  sql_keywords(): DataFrame<{ keyword: string; reserved: boolean }> {
    return this.call('sql_keywords');
  }

  /**
   * Any table function, registered ones included, by name.
   * @example spark.tvf.call<{ id: bigint }>('range', lit(10))
   */
  call<R>(name: string, ...args: readonly Argument[]): DataFrame<R> {
    const relation = createRelation({ kind: 'tableFunction', name, arguments: args.map(argument) });
    return new DataFrame<R>(this.#connection, relation);
  }
}
