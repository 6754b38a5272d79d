/**
 * A frame or column without static types is as free as PySpark: anything goes, the server checks. The one place where that is spelt out;
 * `unknown` would make every value of an untyped row need a cast.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type Any = any;

/** True for `any` and nothing else. */
export type IsAny<T> = 0 extends 1 & T ? true : false;
