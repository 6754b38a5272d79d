/**
 * A frame or column without static types is as free as PySpark: anything goes, the server checks. The one place where that is spelt out;
 * `unknown` would make every value of an untyped row need a cast.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Any = any;

/** True for `any`, and for `unknown`, which stands where nothing could be inferred. */
export type IsUntyped<T> = unknown extends T ? true : false;
