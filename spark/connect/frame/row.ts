// How the type of a frame's rows follows its transformations. A row type of `any` stays `any`: such a frame is as free as PySpark's. A column whose
// name the compiler cannot know makes the row open: it then has any name, with a value of any type.
import type { Any, IsUntyped } from '../types/any.js';
import type { Decimal } from '../types/decimal.js';
import type { Flat } from '../types/row-of.js';
import type { Column, NameOf, ReferenceOf, ValueOf } from './column.js';
import type { NullOf } from './operand.js';

/** The names of a frame's columns. */
export type RowName<R> = IsUntyped<R> extends true ? string : string & keyof R;

/** A column's name (in backquotes if it has a dot), a path into one (`window.start`), or all of them. */
export type NameIn<R> =
  IsUntyped<R> extends true ? string : { [Name in RowName<R>]: NameOrPath<R, Name> }[RowName<R>] | '*';
type NameOrPath<R, Name extends RowName<R>> =
  | Name
  | Quoted<Name>
  | `${Name | Quoted<Name>}.${PathStart<R[Name & keyof R]>}`;
type Quoted<Name extends string> = `\`${Name}\``;

/** How a path goes on: by a field of a struct, by anything in what is no struct. */
type PathStart<V> =
  IsUntyped<V> extends true
    ? string
    : NonNullable<V> extends NotAStruct
      ? string
      : FieldStart<string & keyof NonNullable<V>> | '*';
type FieldStart<Name extends string> = Name | Quoted<Name> | `${Name | Quoted<Name>}.${string}`;

type NotAStruct = string | number | bigint | boolean | Decimal | Iterable<unknown>;

/** A column that can stand in a frame: one that refers to a name which the frame lacks is refused. */
export type ColumnIn<R, T = Any> = Column<T, string, NameIn<R>>;

/** What `select` and `groupBy` take. */
export type Selectable<R> = NameIn<R> | ColumnIn<R>;

type EntryName<Entry> = Entry extends string ? LastPart<Entry> : NameOf<Entry>;
/** What a path is called in a result: `window.start` is `start`. */
export type LastPart<Path extends string> =
  Path extends Quoted<infer Name>
    ? Name extends `${string}\`.${infer Rest}`
      ? LastPart<`${Rest}\``>
      : Name
    : Path extends `${string}.${infer Rest}`
      ? LastPart<Rest>
      : Path;

/** The path of a name or of a column that is nothing but a name. */
type PathOf<Entry> = Entry extends string ? Entry : ReferenceOf<Entry>;

/** Those entries that are neither `*` nor `place.*`. */
type Single<Entry> = Entry extends unknown
  ? IsUntyped<PathOf<Entry>> extends true
    ? Entry
    : PathOf<Entry> extends '*' | `${string}.*`
      ? never
      : Entry
  : never;

/** What the stars among the entries stand for: the frame's columns, or a struct's fields. */
type Stars<R, Entries extends readonly unknown[]> = Entries extends readonly [infer First, ...infer Rest]
  ? Star<R, PathOf<First>> & Stars<R, Rest>
  : unknown;
type Star<R, Path> =
  IsUntyped<Path> extends true
    ? unknown
    : Path extends '*'
      ? R
      : Path extends `${infer Head}.*`
        ? Fields<PathValue<R, Head>>
        : unknown;
type Fields<T> =
  IsUntyped<T> extends true
    ? Readonly<Record<string, Any>>
    : { [Name in keyof NonNullable<T>]: NonNullable<T>[Name] | Extract<T, null> };

type EntryValue<R, Entry> = Entry extends string
  ? PathValue<R, Entry>
  : // A column by its bare name (`col('x')`) has no type of its own: it has the frame's.
    IsUntyped<ValueOf<Entry>> extends true
    ? IsUntyped<ReferenceOf<Entry>> extends true
      ? Any
      : PathValue<R, Extract<ReferenceOf<Entry>, string>>
    : ValueOf<Entry>;

type PathValue<R, Path extends string> = Path extends keyof R
  ? R[Path]
  : Path extends Quoted<infer Name extends string & keyof R>
    ? R[Name]
    : Path extends `${infer Head}.${infer Rest}`
      ? Head extends keyof R
        ? PathWithin<R[Head], Rest>
        : Any
      : Any;

/** A path goes on within a struct; what it finds in an array or a map is not followed. */
type PathWithin<V, Rest extends string> =
  IsUntyped<V> extends true
    ? Any
    : NonNullable<V> extends NotAStruct
      ? Any
      : PathValue<NonNullable<V>, Rest> | NullOf<V>;

/** The row of `select(...columns)`. */
export type SelectedRow<R, Columns extends readonly unknown[]> =
  IsUntyped<R> extends true
    ? Any
    : Flat<{ [Entry in Single<Columns[number]> as EntryName<Entry>]: EntryValue<R, Entry> } & Stars<R, Columns>>;

/** The row with columns added or replaced; of any kind if their names are not known. */
export type RowWith<R, Columns extends Readonly<Record<string, unknown>>> =
  IsUntyped<R> extends true
    ? Any
    : string extends keyof Columns
      ? Any
      : Flat<Omit<R, keyof Columns> & { -readonly [Name in keyof Columns]: EntryValue<R, Columns[Name]> }>;

/** The row without these columns; of any kind if their names are not known. */
export type RowWithout<R, Entry> =
  IsUntyped<R> extends true
    ? Any
    : string extends DroppedName<Entry>
      ? Any
      : { [Name in keyof R as Name extends DroppedName<Entry> ? never : Name]: R[Name] };

type DroppedName<Entry> = Entry extends string
  ? Entry
  : IsUntyped<ReferenceOf<Entry>> extends true
    ? string
    : ReferenceOf<Entry>;

/** The row with another name for a column; of any kind if that is not known. */
export type RowRenamed<R, From extends string, To extends string> =
  IsUntyped<R> extends true
    ? Any
    : string extends To
      ? Any
      : { [Name in keyof R as Name extends From ? To : Name]: R[Name] };

/** The row with names out of `Names`, from old ones to new ones; of any kind if those are not known. */
export type RowRenamedBy<R, Names> =
  IsUntyped<R> extends true
    ? Any
    : string extends Names[keyof Names]
      ? Any
      : { [Name in keyof R as Name extends keyof Names ? Extract<Names[Name], string> : Name]: R[Name] };

/** Rows of one frame below those of another, column by column. */
export type RowUnion<R, Other> =
  IsUntyped<R> extends true
    ? Any
    : IsUntyped<Other> extends true
      ? Any
      : {
          // Of columns that are matched by place nothing is known but whether null is among their values.
          [Name in keyof R]: R[Name] | (Name extends keyof Other ? Other[Name] : Extract<Other[keyof Other], null>);
        };

/** As `RowUnion`, by names, with null for the columns that one of both lacks. */
export type RowUnionByName<R, Other> =
  IsUntyped<R> extends true
    ? Any
    : IsUntyped<Other> extends true
      ? Any
      : {
          [Name in keyof R | keyof Other]:
            | (Name extends keyof R ? R[Name] : null)
            | (Name extends keyof Other ? Other[Name] : null);
        };

type Nullable<R> = { [Name in keyof R]: R[Name] | null };

/** Rows that can be compared with those of `R`: the same columns, with or without null. */
export type RowLike<R> = IsUntyped<R> extends true ? Any : Nullable<R>;

const JOIN_TYPES = {
  inner: 'inner',
  cross: 'cross',
  outer: 'fullOuter',
  full: 'fullOuter',
  fullouter: 'fullOuter',
  full_outer: 'fullOuter',
  left: 'leftOuter',
  leftouter: 'leftOuter',
  left_outer: 'leftOuter',
  right: 'rightOuter',
  rightouter: 'rightOuter',
  right_outer: 'rightOuter',
  semi: 'leftSemi',
  leftsemi: 'leftSemi',
  left_semi: 'leftSemi',
  anti: 'leftAnti',
  leftanti: 'leftAnti',
  left_anti: 'leftAnti',
} as const;

/** Spark's names for the kinds of join. */
export type JoinHow = keyof typeof JOIN_TYPES;
export type PlanJoinType<How extends JoinHow> = (typeof JOIN_TYPES)[How];

export function planJoinType(how: JoinHow): PlanJoinType<JoinHow> {
  return JOIN_TYPES[how];
}

/**
 * The row of a join. Columns by which it joins stand once; of two other columns with the same name the left one is typed, and Spark refuses to
 * name either without its frame.
 */
export type JoinedRow<L, R, Using, How extends JoinHow> =
  IsUntyped<L> extends true
    ? Any
    : IsUntyped<R> extends true
      ? Any
      : Flat<
          {
            inner: L & Omit<R, keyof L>;
            cross: L & Omit<R, keyof L>;
            leftOuter: L & Nullable<Omit<R, keyof L>>;
            rightOuter: Pick<L, Extract<keyof L, Using>> &
              Nullable<Omit<L, Extract<Using, PropertyKey>>> &
              Omit<R, keyof L>;
            fullOuter: Pick<L, Extract<keyof L, Using>> &
              Nullable<Omit<L, Extract<Using, PropertyKey>>> &
              Nullable<Omit<R, keyof L>>;
            leftSemi: L;
            leftAnti: L;
          }[PlanJoinType<How>]
        >;

/** The value of a frame's column. */
export type ColumnValue<R, Name extends string> = IsUntyped<R> extends true ? Any : PathValue<R, Name>;
