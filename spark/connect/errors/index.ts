export {
  isSparkError,
  type QueryContext,
  SparkArithmeticError,
  type SparkCause,
  SparkError,
  type SparkErrorFields,
  type SparkErrorKind,
} from './spark-error.js';
export { type ErrorContext, toSparkError } from './to-spark-error.js';
