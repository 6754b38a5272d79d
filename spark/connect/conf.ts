// The session's SQL configuration.
import { SparkError } from './errors/spark-error.js';
import type { ConfigResult, Connection } from './rpc/connection.js';

/** Mirrors `RuntimeConfig` of Spark 4.2. It belongs to the session: queries take what is set when they start. */
export class RuntimeConf {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * The key's value: as set, or else Spark's own default, or else `fallback`.
   * @throws SparkError if there is none of these.
   * @example const zone = await spark.conf.get('spark.sql.session.timeZone');
   */
  async get(key: string, fallback?: string): Promise<string> {
    const { values } =
      fallback === undefined
        ? await this.#connection.config({ kind: 'get', keys: [key] })
        : await this.#connection.config({ kind: 'getWithDefault', defaults: new Map([[key, fallback]]) });
    const value = values.get(key);
    if (value === undefined)
      throw new SparkError(`The server's configuration has no value for ${key}.`, { kind: 'input' });
    return value;
  }

  /**
   * The key's value, or undefined if it has none.
   * @example const team = (await spark.conf.getOption('report.team')) ?? 'nobody';
   */
  async getOption(key: string): Promise<string | undefined> {
    return (await this.#connection.config({ kind: 'getOption', keys: [key] })).values.get(key);
  }

  /**
   * Every key that starts with `prefix`, with its value; the names come without the prefix.
   * @example for (const [key, value] of await spark.conf.getAll('spark.sql.streaming.')) console.log(key, value);
   */
  async getAll(prefix?: string): Promise<ConfigResult['values']> {
    return (await this.#connection.config({ kind: 'getAll', prefix })).values;
  }

  /**
   * Sets one key, or many in one call. Answers Spark's warnings about deprecated keys.
   * @throws SparkError for a static key (CANNOT_MODIFY_CONFIG): those belong to the server's start.
   * @example await spark.conf.set('spark.sql.shuffle.partitions', 8);
   * @example const warnings = await spark.conf.set({ 'spark.sql.session.timeZone': 'UTC', 'spark.sql.ansi.enabled': true });
   */
  async set(key: string, value: string | number | boolean): Promise<readonly string[]>;
  async set(values: Readonly<Record<string, string | number | boolean>>): Promise<readonly string[]>;
  async set(
    keyOrValues: string | Readonly<Record<string, string | number | boolean>>,
    value?: string | number | boolean,
  ): Promise<readonly string[]> {
    const entries = typeof keyOrValues === 'string' ? [[keyOrValues, value] as const] : Object.entries(keyOrValues);
    const values = new Map(entries.map(([key, each]) => [key, String(each)]));
    return (await this.#connection.config({ kind: 'set', values })).warnings;
  }

  /**
   * Sets keys back to their defaults.
   * @example await spark.conf.unset('spark.sql.shuffle.partitions');
   */
  async unset(...keys: readonly string[]): Promise<void> {
    await this.#connection.config({ kind: 'unset', keys });
  }

  /**
   * Whether the session may set the key; static keys belong to the server's start.
   * @example if (await spark.conf.isModifiable('spark.sql.ansi.enabled')) await spark.conf.set('spark.sql.ansi.enabled', false);
   */
  async isModifiable(key: string): Promise<boolean> {
    return (await this.#connection.config({ kind: 'isModifiable', keys: [key] })).values.get(key) === 'true';
  }
}
