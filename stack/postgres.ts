/** Postgres in one process (and its own children), on loopback, its data in the state directory, with a password of its own. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { DATABASE_ROLES, type DatabaseRole, STATE_LAYOUT } from '../config/names.js';
import { checkPostgres, waitUntilReady } from './health.js';
import { serviceEnvironment } from './java.js';
import { LOOPBACK } from './ports.js';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.js';
import { releaseDataDir } from './postgres-leftovers.js';
import { setRolePasswords } from './postgres-roles.js';
import { choosePostgresUser, type PostgresUser, runAs } from './postgres-user.js';
import { type ProcessIdentity, spawnDetached } from './process.js';
import { prepareFolders, type StartContext } from './service.js';
import { StackError } from './stack-error.js';
import { type StackPlan, writePrivateFile } from './state.js';

/** A start takes well under a second; recovery after a kill may take longer. */
const READY_MS_MAX = 120_000;

/** Who may log in, kept from the first start on: the data directory knows the password only as a hash. */
interface Credentials {
  readonly user: string;
  readonly password: string;
}

export function databaseUrlOf(plan: StackPlan, database = plan.settings.postgres.database): string {
  const { user } = plan.settings.postgres;
  const password = encodeURIComponent(plan.postgresPassword);
  return `postgresql://${user}:${password}@${LOOPBACK}:${plan.ports.postgres}/${database}`;
}

/** The same database for a role that may do less than the owner. */
export function roleUrlOf(plan: StackPlan, role: DatabaseRole): string {
  const password = encodeURIComponent(plan.rolePasswords[role]);
  return `postgresql://${DATABASE_ROLES[role]}:${password}@${LOOPBACK}:${plan.ports.postgres}/${plan.settings.postgres.database}`;
}

export function pgpassFileOf(stateDir: string): string {
  return join(stateDir, 'pgpass');
}

function credentialsFile(stateDir: string): string {
  return join(stateDir, 'postgres-login.json');
}

/**
 * The password in force: that of the settings, else that of an earlier start, else a new one.
 * @throws StackError `mismatch` if the data belongs to another user than the settings name.
 */
export function choosePassword(stateDir: string, user: string, wished: string | undefined): string {
  const known = readCredentials(stateDir);
  if (known !== undefined && known.user !== user) {
    throw new StackError(
      'mismatch',
      `POSTGRES_USER is ${user}, but the database in ${stateDir} belongs to ${known.user}: set it back, or remove the data with \`sluice reset\``,
    );
  }
  return wished ?? known?.password ?? randomBytes(18).toString('base64url');
}

function readCredentials(stateDir: string): Credentials | undefined {
  // Without data the login of an earlier life means nothing.
  if (!existsSync(join(stateDir, STATE_LAYOUT.postgres, 'data', 'PG_VERSION'))) return undefined;
  try {
    return JSON.parse(readFileSync(credentialsFile(stateDir), 'utf8')) as Credentials;
  } catch (error) {
    throw new StackError(
      'mismatch',
      `the login of the database in ${stateDir} cannot be read (${(error as Error).message}); \`sluice reset\` starts anew`,
      { cause: error },
    );
  }
}

/** What differs from Postgres's defaults. */
function serverSettings(plan: StackPlan): Readonly<Record<string, string>> {
  return {
    listen_addresses: LOOPBACK,
    port: `${plan.ports.postgres}`,
    // No socket file in /tmp.
    unix_socket_directories: '',
    // No segments in /dev/shm, which containers keep small.
    dynamic_shared_memory_type: 'mmap',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    max_wal_size: '2GB',
    // Statements here are short; compiling them costs more than it saves.
    jit: 'off',
  };
}

/** Starts the server and waits until its database answers. Creates cluster, login and database at the first start. */
export async function startPostgres({ plan, record, signal }: StartContext): Promise<ProcessIdentity> {
  const { stateDir } = plan.settings;
  const folders = prepareFolders(stateDir, 'postgres');
  const binaries = postgresBinaries();
  chmodSync(folders.home, 0o700);
  const user = await choosePostgresUser(binaries, folders.home);
  const dataDir = join(folders.home, 'data');
  const login = { user: plan.settings.postgres.user, password: plan.postgresPassword };
  if (existsSync(join(dataDir, 'PG_VERSION'))) {
    await giveTo(user, folders.home);
    await releaseDataDir(dataDir);
  } else {
    // First the login: a cluster without a known password would be of no use, a password without a cluster does no harm.
    writePrivateFile(credentialsFile(stateDir), JSON.stringify(login));
    await initialise(binaries, user, folders.home, dataDir, login);
  }
  const settings = Object.entries(serverSettings(plan)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const identity = await spawnDetached(
    {
      label: 'Postgres',
      ...runAs(user, binaries.postgres, ['-D', dataDir, ...settings]),
      env: { ...serviceEnvironment(), LC_ALL: 'C' },
      cwd: '/',
      logFile: folders.logFile,
    },
    record,
  );
  const known = readCredentials(stateDir) ?? login;
  await waitUntilReady({
    label: 'Postgres',
    identity,
    logFile: folders.logFile,
    check: () => checkPostgres(databaseUrlOf({ ...plan, postgresPassword: known.password }, 'postgres')),
    timeoutMs: READY_MS_MAX,
    signal,
  });
  await adoptDatabase(plan, known);
  writePrivateFile(pgpassFileOf(stateDir), pgpassLines(plan));
  return identity;
}

/** Runs initdb into a folder beside and renames it, so that a kill in between leaves no half cluster behind. */
async function initialise(
  binaries: PostgresBinaries,
  user: PostgresUser,
  home: string,
  dataDir: string,
  login: Credentials,
): Promise<void> {
  const fresh = `${dataDir}.new`;
  const passwordFile = join(home, 'initdb-password');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  writeFileSync(passwordFile, `${login.password}\n`, { mode: 0o600 });

  try {
    await giveTo(user, home);
    const initdb = runAs(user, binaries.initdb, [
      `--pgdata=${fresh}`,
      `--username=${login.user}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      // What is lost if the machine loses power this very second can be made again.
      '--no-sync',
    ]);
    await promisify(execFile)(initdb.command, initdb.args, {
      cwd: '/',
      env: { ...serviceEnvironment(), LC_ALL: 'C' },
      timeout: READY_MS_MAX,
      ...(initdb.user ?? {}),
    });
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    const output = stderr.trim().split('\n').slice(-10).join('\n');
    throw new StackError('not_started', `Postgres's folder ${dataDir} cannot be created: ${output || message}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, dataDir);
}

/** Makes `folder` and all in it the user's; nothing to do where it already is, so that only the first start pays. */
async function giveTo(user: PostgresUser, folder: string): Promise<void> {
  if (user.kind === 'self') return;
  const own = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) own(child);
      lchownSync(child, user.uid, user.gid);
    }
  };
  const dataDir = join(folder, 'data');
  const isDone = existsSync(dataDir) && statSync(dataDir).uid === user.uid && statSync(folder).uid === user.uid;
  if (!isDone) own(folder);
  chownSync(folder, user.uid, user.gid);
}

/** Creates the database if it is not there, and brings the password to that of the settings. */
async function adoptDatabase(plan: StackPlan, known: Credentials): Promise<void> {
  const { database, user } = plan.settings.postgres;
  const client = new pg.Client({
    connectionString: databaseUrlOf({ ...plan, postgresPassword: known.password }, 'postgres'),
  });
  client.on('error', () => {});

  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
    if (known.password !== plan.postgresPassword) {
      // DDL takes no parameters.
      await client.query(
        `ALTER ROLE ${client.escapeIdentifier(user)} PASSWORD ${client.escapeLiteral(plan.postgresPassword)}`,
      );
      writePrivateFile(
        credentialsFile(plan.settings.stateDir),
        JSON.stringify({ user, password: plan.postgresPassword }),
      );
    }
    await setRolePasswords(client, plan.rolePasswords);
  } finally {
    await client.end();
  }
}

/**
 * host:port:database:user:password, for Spark's executors, which write as the pipeline does; none of these holds a `:` or a `\`. One line for each
 * port by which the server is reached.
 */
function pgpassLines(plan: StackPlan): string {
  return [plan.ports.postgres, plan.settings.spark.handlerPorts?.postgres]
    .flatMap((port) =>
      port === undefined ? [] : [`${LOOPBACK}:${port}:*:${DATABASE_ROLES.writer}:${plan.rolePasswords.writer}\n`],
    )
    .join('');
}
