/** The services of docker-compose.yml as this machine reaches them: on 127.0.0.1, by the ports and secrets of the same `.env` that Compose reads. */
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import { readEnvFile } from './env-file.js';
import { DATABASE_ROLES } from './names.js';
import { type Env, parseVariable, type Values, type VariableName } from './variables.js';

const HOST = '127.0.0.1';

/**
 * Variables that name those services, to be laid over `env`.
 * @param directory where `.env` lies.
 * @throws ConfigError when `.env` has no password or token yet: nothing can have been started with it.
 */
export function dockerEnvironment(env: Env = process.env, directory: string = process.cwd()): Env {
  const file = readEnvFile(join(directory, '.env'), '.env');
  const read = <N extends VariableName>(name: N): Values[N] => parseVariable(name, env[name] ?? file.get(name)?.value);
  const secret = (name: 'POSTGRES_PASSWORD' | 'SPARK_CONNECT_AUTHENTICATE_TOKEN'): string => {
    const value = read(name);
    if (value !== undefined) return value;
    throw new ConfigError(`${name} is not set in ${join(directory, '.env')}: run ./start.sh first, which makes it`);
  };
  const place = `${HOST}:${read('POSTGRES_PORT')}/${read('POSTGRES_DB')}`;
  const databaseUrl = (user: string, password: string): string =>
    `postgresql://${user}:${encodeURIComponent(password)}@${place}`;
  const owner = databaseUrl(`${read('POSTGRES_USER')}`, secret('POSTGRES_PASSWORD'));
  const [writer, reader] = [read('POSTGRES_WRITER_PASSWORD'), read('POSTGRES_READER_PASSWORD')];
  return {
    ...env,
    SPARK_REMOTE: `sc://${HOST}:${read('SPARK_CONNECT_PORT')}/;user_id=sluice`,
    SPARK_CONNECT_AUTHENTICATE_TOKEN: secret('SPARK_CONNECT_AUTHENTICATE_TOKEN'),
    SPARK_UI_URL: `http://${HOST}:${read('SPARK_UI_PORT')}`,
    KAFKA_BOOTSTRAP_SERVERS: `${HOST}:${read('KAFKA_PORT')}`,
    DATABASE_URL: owner,
    DATABASE_WRITER_URL: writer === undefined ? undefined : databaseUrl(DATABASE_ROLES.writer, writer),
    DATABASE_READER_URL: reader === undefined ? undefined : databaseUrl(DATABASE_ROLES.reader, reader),
    LAKE_PATH: 'data/lake',
    // As Spark sees it, inside; nothing here reads it.
    CHECKPOINT_PATH: 'file:///checkpoints',
    // What runs here, if anything does, is not what runs there.
    SLUICE_STATE: join('.sluice', 'docker'),
  };
}
