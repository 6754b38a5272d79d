// The columns of a frame: which there are, what they are called, what they hold. Everything is lazy and answers a new frame.
import type { RelationNode } from '../plan/relation.js';
import type { Any } from '../types/any.js';
import type { DataType } from '../types/data-type.js';
import type { RowOf } from '../types/row-of.js';
import { FrameActions } from './actions.js';
import { Column } from './column.js';
import { argument, attribute, call } from './functions/call.js';
import type { FrameKind, FrameOf } from './kind.js';
import type {
  ColumnIn,
  ColumnValue,
  LastPart,
  NameIn,
  RowName,
  RowRenamed,
  RowRenamedBy,
  RowWith,
  RowWithout,
  Selectable,
  SelectedRow,
} from './row.js';

/** The part of a frame that chooses and changes columns. */
export abstract class Projections<Kind extends FrameKind, R> extends FrameActions<R> {
  /** A frame of that operator. */
  protected abstract derive<Row>(node: RelationNode): FrameOf<Kind, Row>;

  /**
   * This frame's own column: typed, and told apart from a column of the same name in another frame. `place.city` is a struct's field.
   * @example people.filter(people.col('age').geq(18))
   */
  col<const Name extends NameIn<R>>(name: Name): Column<ColumnValue<R, Name>, LastPart<Name>, Name> {
    const expression = attribute(name);
    // The server takes no frame for a struct's star.
    const isOwn = expression.kind === 'attribute' || (expression.kind === 'star' && expression.target === undefined);
    return new Column(isOwn ? { ...expression, planId: this.relation.planId } : expression);
  }

  /**
   * A column that the source hides, such as `_metadata`.
   * @example spark.read.parquet('/data/orders').transform((files) => files.select(files.metadataColumn('_metadata')))
   */
  metadataColumn(name: string): Column {
    return new Column({ kind: 'attribute', name, planId: this.relation.planId, isMetadata: true });
  }

  /**
   * All columns whose names match a regular expression of Java's, which stands in backquotes, as in Spark.
   * @example df.select(df.colRegex('`.*_time`'))
   */
  colRegex(pattern: string): Column {
    return new Column({ kind: 'regex', pattern, planId: this.relation.planId });
  }

  // Projections.

  /**
   * A frame of these columns: names, or columns computed of them. `*` is all of them.
   * @example people.select('name', people.col('age').plus(1).as('next_age'))
   */
  select<const Columns extends readonly Selectable<R>[]>(...columns: Columns): FrameOf<Kind, SelectedRow<R, Columns>> {
    return this.derive({ kind: 'project', input: this.relation, expressions: columns.map(argument) });
  }

  /**
   * SQL expressions: `selectExpr('user_id', 'amount * 2 AS double_amount')`.
   * @example df.selectExpr('name', 'amount * 2 AS double_amount')
   */
  selectExpr(...expressions: readonly string[]): FrameOf<Kind, Any> {
    return this.derive({
      kind: 'project',
      input: this.relation,
      expressions: expressions.map((text) => ({ kind: 'sql', text })),
    });
  }

  /**
   * Adds a column, or replaces the one of that name.
   * @example people.withColumn('is_adult', people.col('age').geq(18))
   */
  withColumn<const Name extends string, C extends ColumnIn<R>>(
    name: Name,
    column: C,
  ): FrameOf<Kind, RowWith<R, { readonly [Key in Name]: C }>> {
    return this.withColumns({ [name]: column } as { readonly [Key in Name]: C });
  }

  /**
   * Adds or replaces several columns at once; none sees another's new value.
   * @example df.withColumns({ gross: col('amount').multiply(1.2), name: f.upper('name') })
   */
  withColumns<const Columns extends Readonly<Record<string, ColumnIn<R>>>>(
    columns: Columns,
  ): FrameOf<Kind, RowWith<R, Columns>> {
    const named = Object.entries(columns).map(([name, column]) => ({ name, value: column.expression }));
    return this.derive({ kind: 'withColumns', input: this.relation, columns: named });
  }

  /**
   * With another name for a column. The name must be there in a typed frame; Spark itself ignores one that is not.
   * @example people.withColumnRenamed('name', 'first_name')
   */
  withColumnRenamed<const From extends RowName<R>, const To extends string>(
    from: From,
    to: To,
  ): FrameOf<Kind, RowRenamed<R, From, To>> {
    return this.derive({ kind: 'withColumnsRenamed', input: this.relation, renames: [{ from, to }] });
  }

  /**
   * From old names to new ones. The names must be there in a typed frame; Spark itself ignores those that are not.
   * @example people.withColumnsRenamed({ name: 'first_name', born: 'birthday' })
   */
  withColumnsRenamed<const Names extends Readonly<Partial<Record<RowName<R>, string>>>>(
    names: Names & { readonly [Name in Exclude<keyof Names, RowName<R>>]: never },
  ): FrameOf<Kind, RowRenamedBy<R, Names>> {
    const renames = Object.entries<string>(names).map(([from, to]) => ({ from, to }));
    return this.derive({ kind: 'withColumnsRenamed', input: this.relation, renames });
  }

  /**
   * Keeps JSON-able metadata with a column.
   * @example people.withMetadata('age', { unit: 'years' })
   */
  withMetadata(name: RowName<R>, metadata: Readonly<Record<string, unknown>>): FrameOf<Kind, R> {
    const columns = [{ name, value: this.col(name).expression, metadata: JSON.stringify(metadata) }];
    return this.derive({ kind: 'withColumns', input: this.relation, columns });
  }

  /**
   * Without these columns. Names that are not there are ignored by Spark.
   * @example people.drop('born', 'city')
   */
  drop<const Columns extends readonly (RowName<R> | ColumnIn<R>)[]>(
    ...columns: Columns
  ): FrameOf<Kind, RowWithout<R, Columns[number]>> {
    return this.derive({
      kind: 'drop',
      input: this.relation,
      columns: columns.flatMap((each) => (typeof each === 'string' ? [] : [each.expression])),
      names: columns.filter((each) => typeof each === 'string'),
    });
  }

  /**
   * Each row as JSON text, in a column `value`.
   * @example const [json] = await people.toJSON().take(1);
   */
  toJSON(): FrameOf<Kind, { value: string }> {
    const row = call('to_json', call('struct', '*')).as('value');
    return this.derive({ kind: 'project', input: this.relation, expressions: [row.expression] });
  }

  /**
   * With a column that numbers the rows from 0, over all partitions in their order.
   * @example people.orderBy('name').zipWithIndex('place')
   */
  zipWithIndex<const Name extends string = 'index'>(
    name: Name = 'index' as Name,
  ): FrameOf<Kind, RowWith<R, { readonly [Key in Name]: Column<bigint> }>> {
    const index = call('distributed_sequence_id').as(name);
    return this.derive({ kind: 'project', input: this.relation, expressions: [attribute('*'), index.expression] });
  }

  /**
   * New names for all columns, in their order.
   * @throws SparkError of the server, when the frame is used, unless there is a name for each column.
   * @example df.select('name', 'amount').toDF('who', 'how_much')
   */
  toDF(...names: readonly string[]): FrameOf<Kind, Any> {
    return this.derive({ kind: 'toDF', input: this.relation, names });
  }

  /**
   * Columns cast and put in order to match a schema, by name.
   * @throws SparkError of the server, when the frame is used, if a column that may not be null is missing, or a type cannot be cast safely.
   * @example df.to(struct({ user_id: long(), name: string() }))
   */
  to<Schema extends DataType>(schema: Schema): FrameOf<Kind, RowOf<Schema>> {
    return this.derive({ kind: 'toSchema', input: this.relation, schema });
  }

  /**
   * A name for the frame, by which columns can be qualified: `col('left.id')`.
   * @example people.alias('p').join(orders.alias('o'), col('p.name').eq(col('o.customer')))
   */
  alias(name: string): FrameOf<Kind, R> {
    return this.derive({ kind: 'alias', input: this.relation, name });
  }
}
