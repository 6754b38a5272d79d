/**
 * Two logins besides the owner's: the pipeline writes as `sluice_writer` and everything that only looks does so as `sluice_reader`. What each may do is
 * granted in init-db.sql, per database; here they get passwords, new ones at every start of the stack.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg, { type Client } from 'pg';
import { DATABASE_ROLES, type DatabaseRole } from '../config/names.js';
import { StackError } from './stack-error.js';

/** As Postgres's own default (`scram_iterations`). */
const SCRAM_ITERATIONS = 4096;

/** Creates the roles that are missing and sets their passwords. `client` is a superuser's. */
export async function setRolePasswords(
  client: Client,
  passwords: Readonly<Record<DatabaseRole, string>>,
): Promise<void> {
  for (const role of Object.keys(DATABASE_ROLES) as DatabaseRole[]) {
    const name = client.escapeIdentifier(DATABASE_ROLES[role]);
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [DATABASE_ROLES[role]]);
    if (known.rowCount === 0) await client.query(`CREATE ROLE ${name}`);
    // DDL takes no parameters; a verifier instead of the password keeps the password itself out of any log of statements.
    await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(scramVerifier(passwords[role]))}`);
  }
}

/**
 * Gives the roles the passwords of the URLs that log in as them, in a database that others have set up.
 * @throws StackError `mismatch` when a URL is missing or logs in as somebody else, or when the owner may not do it.
 */
export async function giveLogins(
  databaseUrl: string,
  urls: Readonly<Record<DatabaseRole, string | undefined>>,
): Promise<void> {
  const passwords = { writer: passwordOf('writer', urls.writer), reader: passwordOf('reader', urls.reader) };
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'sluice roles' });
  client.on('error', () => {});
  try {
    await client.connect();
    await setRolePasswords(client, passwords);
  } catch (cause) {
    throw new StackError('mismatch', `the database's roles cannot be given logins: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await client.end();
  }
}

function passwordOf(role: DatabaseRole, url: string | undefined): string {
  const { username, password } = url !== undefined && URL.canParse(url) ? new URL(url) : { username: '', password: '' };
  if (username === DATABASE_ROLES[role] && password !== '') return decodeURIComponent(password);
  throw new StackError(
    'mismatch',
    `DATABASE_${role.toUpperCase()}_URL must log in as ${DATABASE_ROLES[role]} with a password, which is given to the role`,
  );
}

/**
 * What Postgres keeps of a password (RFC 5802, RFC 7677): SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey. For passwords of printable ASCII,
 * which need no normalisation. @internal exported for its test
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const keyOf = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const storedKey = createHash('sha256').update(keyOf('Client Key')).digest();
  const [saltText, stored, server] = [salt, storedKey, keyOf('Server Key')].map((bytes) => bytes.toString('base64'));
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${saltText}$${stored}:${server}`;
}
