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

  /** A row per element of an array, or per entry of a map. The `_outer` ones have one row, of nulls, for none. */
  explode(collection: Argument): DataFrame {
    return this.call('explode', collection);
  }

  explode_outer(collection: Argument): DataFrame {
    return this.call('explode_outer', collection);
  }

  /** As `explode`, with the position from 0. */
  posexplode(collection: Argument): DataFrame {
    return this.call('posexplode', collection);
  }

  posexplode_outer(collection: Argument): DataFrame {
    return this.call('posexplode_outer', collection);
  }

  /** An array of structs as rows, each field a column. */
  inline(structs: Argument): DataFrame {
    return this.call('inline', structs);
  }

  inline_outer(structs: Argument): DataFrame {
    return this.call('inline_outer', structs);
  }

  /** Fields of a JSON object, as columns c0, c1, … */
  json_tuple(json: Argument, ...fields: readonly [Argument, ...Argument[]]): DataFrame {
    return this.call('json_tuple', json, ...fields);
  }

  /** The values as `rows` rows. */
  stack(rows: Argument, ...values: readonly Argument[]): DataFrame {
    return this.call('stack', rows, ...values);
  }

  /** A row per element or field of a variant: pos, key, value. */
  variant_explode(variant: Argument): DataFrame {
    return this.call('variant_explode', variant);
  }

  variant_explode_outer(variant: Argument): DataFrame {
    return this.call('variant_explode_outer', variant);
  }

  /** The collations that the server knows. */
  collations(): DataFrame {
    return this.call('collations');
  }

  /** The words of Spark's SQL, and which are reserved. */
  sql_keywords(): DataFrame<{ keyword: string; reserved: boolean }> {
    return this.call('sql_keywords');
  }

  /** Any table function, registered ones included, by name. */
  call<R>(name: string, ...args: readonly Argument[]): DataFrame<R> {
    const relation = createRelation({ kind: 'tableFunction', name, arguments: args.map(argument) });
    return new DataFrame<R>(this.#connection, relation);
  }
}
