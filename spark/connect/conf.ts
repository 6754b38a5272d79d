// The session's SQL configuration.
import { SparkError } from './errors/spark-error.js';
import type { CallOptions, ConfigResult, Connection } from './rpc/connection.js';

/** Mirrors `RuntimeConfig` of Spark 4.2. It belongs to the session: queries take what is set when they start. */
export class RuntimeConf {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * The key's value as set; else `fallback`; without one Spark's own default.
   * @throws SparkError if there is none of these.
   * @example const zone = await spark.conf.get('spark.sql.session.timeZone');
   */
  async get(key: string, fallback?: string, options?: CallOptions): Promise<string> {
    const { values } =
      fallback === undefined
        ? await this.#connection.config({ kind: 'get', keys: [key] }, options)
        : await this.#connection.config({ kind: 'getWithDefault', defaults: new Map([[key, fallback]]) }, options);
    const value = values.get(key);
    if (value === undefined)
      throw new SparkError(`The server's configuration has no value for ${key}.`, { kind: 'input' });
    return value;
  }

  /**
   * The key's value, or undefined if it has none.
   * @example const team = (await spark.conf.getOption('report.team')) ?? 'nobody';
   */
  async getOption(key: string, options?: CallOptions): Promise<string | undefined> {
    return (await this.#connection.config({ kind: 'getOption', keys: [key] }, options)).values.get(key);
  }

  /**
   * Every key that starts with `prefix`, with its value; the names come without the prefix.
   * @example for (const [key, value] of await spark.conf.getAll('spark.sql.streaming.')) console.log(key, value);
   */
  async getAll(prefix?: string, options?: CallOptions): Promise<ConfigResult['values']> {
    return (await this.#connection.config({ kind: 'getAll', prefix }, options)).values;
  }

  /**
   * Sets one key, or many in one call. Answers Spark's warnings about deprecated keys.
   * @throws SparkError for a key of the server's start (CANNOT_MODIFY_STATIC_CONFIG, CANNOT_MODIFY_CONFIG). Of many keys those before it are set.
   * @example await spark.conf.set('spark.sql.shuffle.partitions', 8);
   * @example const warnings = await spark.conf.set({ 'spark.sql.session.timeZone': 'UTC', 'spark.sql.ansi.enabled': true });
   */
  async set(key: string, value: string | number | boolean, options?: CallOptions): Promise<readonly string[]>;
  async set(
    values: Readonly<Record<string, string | number | boolean>>,
    options?: CallOptions,
  ): Promise<readonly string[]>;
  async set(
    keyOrValues: string | Readonly<Record<string, string | number | boolean>>,
    value?: string | number | boolean | CallOptions,
    options?: CallOptions,
  ): Promise<readonly string[]> {
    const isOne = typeof keyOrValues === 'string';
    const entries = isOne ? [[keyOrValues, value] as const] : Object.entries(keyOrValues);
    const callOptions = isOne ? options : (value as CallOptions | undefined);
    const values = new Map(entries.map(([key, each]) => [key, String(each)]));
    return (await this.#connection.config({ kind: 'set', values }, callOptions)).warnings;
  }

  /**
   * Sets keys back to their defaults.
   * @example await spark.conf.unset('spark.sql.shuffle.partitions');
   */
  async unset(...keys: readonly string[]): Promise<void>;
  async unset(keys: readonly string[], options?: CallOptions): Promise<void>;
  async unset(...args: readonly (string | readonly string[] | CallOptions | undefined)[]): Promise<void> {
    const [first, second] = args;
    const isList = Array.isArray(first);
    // The overloads say what these are.
    const keys = (isList ? first : args) as readonly string[];
    const options = isList ? (second as CallOptions | undefined) : undefined;
    await this.#connection.config({ kind: 'unset', keys }, options);
  }

  /**
   * Whether the session may set the key; static keys belong to the server's start.
   * @example if (await spark.conf.isModifiable('spark.sql.ansi.enabled')) await spark.conf.set('spark.sql.ansi.enabled', false);
   */
  async isModifiable(key: string, options?: CallOptions): Promise<boolean> {
    return (await this.#connection.config({ kind: 'isModifiable', keys: [key] }, options)).values.get(key) === 'true';
  }
}
