// Exact decimal numbers: Spark's DECIMAL has up to 38 digits, a JavaScript number about 15. Arithmetic belongs into Spark; this is a value that
// comes and goes without loss.
import { SparkError } from '../errors/spark-error.js';

/** Digits that Spark's DECIMAL can hold. */
export const DECIMAL_PRECISION_MAX = 38;

/** An exact decimal number: `unscaled` times ten to the power of minus `scale`. Immutable. */
export class Decimal {
  /** All digits as a whole number: 1.50 has 150n. */
  readonly unscaled: bigint;
  /** Digits behind the point, zeros at the end included: 1.50 has 2. */
  readonly scale: number;

  private constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /**
   * The number `unscaled` times ten to the power of minus `scale`.
   * @throws SparkError of kind `input` if `scale` is not a whole number from 0.
   * @example const price = Decimal.fromUnscaled(1250n, 2); // 12.50
   */
  static fromUnscaled(unscaled: bigint, scale: number): Decimal {
    if (!Number.isInteger(scale) || scale < 0) {
      throw new SparkError(`A decimal's scale is a whole number from 0; found ${scale}.`, { kind: 'input' });
    }
    return new Decimal(unscaled, scale);
  }

  /**
   * Reads `-12.50` and, as Java may print it, `1E-7`. Zeros at the end are kept as scale.
   * @throws SparkError of kind `input` for anything else.
   * @example const price = Decimal.parse('12.50');
   */
  static parse(text: string): Decimal {
    const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
    if (match === null) throw new SparkError(`A decimal looks like -12.50; found "${text}".`, { kind: 'input' });
    const [, sign, whole = '', fraction = '', exponent = '0'] = match;
    const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
    const scale = fraction.length - Number(exponent);
    return scale >= 0 ? new Decimal(digits, scale) : new Decimal(digits * 10n ** BigInt(-scale), 0);
  }

  /** Digits in all that a column needs to hold it; at least one more than the scale's unless it is below 1. */
  get precision(): number {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().length;
    return Math.max(digits, this.scale);
  }

  /**
   * Same number, whatever the scale: 1.5 equals 1.50.
   * @example const isSame = Decimal.parse('1.5').equals(Decimal.parse('1.50'));
   */
  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  /**
   * Negative, zero or positive, for Array.sort.
   * @example const sorted = ['10', '9.5'].map(Decimal.parse).sort((a, b) => a.compare(b));
   */
  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const difference =
      this.unscaled * 10n ** BigInt(scale - this.scale) - other.unscaled * 10n ** BigInt(scale - other.scale);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /**
   * The nearest number; digits beyond some 15 are lost.
   * @example const rounded = Decimal.parse('0.1').toNumber();
   */
  toNumber(): number {
    return Number(this.toString());
  }

  /**
   * All digits, never with an exponent: -12.50.
   * @example console.log(Decimal.parse('1E-7').toString()); // 0.0000001
   */
  toString(): string {
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString().padStart(this.scale + 1, '0');
    const whole = digits.slice(0, digits.length - this.scale);
    const sign = this.unscaled < 0n ? '-' : '';
    return this.scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-this.scale)}`;
  }

  /**
   * As text, because a JSON number would be read as a double. `JSON.stringify` calls it.
   * @example const text = Decimal.parse('12.50').toJSON();
   */
  toJSON(): string {
    return this.toString();
  }
}
