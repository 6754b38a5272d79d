/**
 * Two logins besides the owner's: the pipeline writes as `sluice_writer` and everything that only looks does so as `sluice_reader`. What each may do is
 * granted in init-db.sql, per database; here they get passwords, new ones at every start of the stack.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Client } from 'pg';

export const ROLES = { writer: 'sluice_writer', reader: 'sluice_reader' } as const;

export type Role = keyof typeof ROLES;

/** As Postgres's own default (`scram_iterations`). */
const SCRAM_ITERATIONS = 4096;

/** Creates the roles that are missing and sets their passwords. `client` is a superuser's. */
export async function setRolePasswords(client: Client, passwords: Readonly<Record<Role, string>>): Promise<void> {
  for (const role of Object.keys(ROLES) as Role[]) {
    const name = client.escapeIdentifier(ROLES[role]);
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [ROLES[role]]);
    if (known.rowCount === 0) await client.query(`CREATE ROLE ${name}`);
    // DDL takes no parameters; a verifier instead of the password keeps the password itself out of any log of statements.
    await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${client.escapeLiteral(scramVerifier(passwords[role]))}`);
  }
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
