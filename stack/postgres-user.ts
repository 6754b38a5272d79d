/**
 * Postgres refuses to run as root. Where sluice is run by root, the server runs as `nobody`: plainly, if `nobody` can reach program and
 * data; else (a clone in a home directory of mode 0700) with the one capability that opens folders, which `setpriv` passes on.
 */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './postgres-binaries.js';
import { StackError } from './stack-error.js';

export type PostgresUser =
  /** As whoever runs this. */
  | { readonly kind: 'self' }
  | { readonly kind: 'other'; readonly uid: number; readonly gid: number }
  /** By `setpriv`, whose arguments come before the command. */
  | { readonly kind: 'capable'; readonly uid: number; readonly gid: number; readonly setpriv: readonly string[] };

const ACCOUNT = 'nobody';

/** Decides who runs the server whose files are to lie in `home`, which must exist. */
export async function choosePostgresUser(binaries: PostgresBinaries, home: string): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const { uid, gid } = readAccount();
  const program = [binaries.home, join(binaries.home, 'bin'), join(binaries.home, 'lib'), join(binaries.home, 'share')];
  const blocked = [...parentsOf(home), ...program.flatMap((folder) => [...parentsOf(folder), folder])].find(
    (folder) => !isOpenToOthers(folder),
  );
  if (blocked === undefined) return { kind: 'other', uid, gid };
  // Of root's powers only the one to pass by the permissions of files; nothing else is left to the server.
  const setpriv = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--inh-caps=-all,+dac_override',
    '--ambient-caps=-all,+dac_override',
    '--bounding-set=-all,+dac_override',
    // Without it access(2), by which Postgres looks at its own program, would judge as if there were no capability.
    '--securebits=+no_setuid_fixup',
    '--no-new-privs',
    '--',
  ];
  try {
    await promisify(execFile)('setpriv', [...setpriv, binaries.postgres, '--version'], { timeout: 10_000 });
    return { kind: 'capable', uid, gid, setpriv };
  } catch (error) {
    throw new StackError(
      'unsupported',
      `Postgres does not run as root, and ${ACCOUNT} may not enter ${blocked}: run \`chmod o+x ${blocked}\`, ` +
        'use a clone outside of it, or run as another user',
      { cause: error },
    );
  }
}

function readAccount(): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${ACCOUNT}:`));
  // name:password:uid:gid:comment:home:shell. macOS writes nobody's ids as -2.
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined || !(Number(uid) !== 0)) {
    throw new StackError(
      'unsupported',
      `Postgres does not run as root, and /etc/passwd has no user ${ACCOUNT}: run as another user`,
    );
  }
  return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 };
}

function parentsOf(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [...parentsOf(parent), parent];
}

/** Whether somebody who is neither owner nor in the group may pass through. */
function isOpenToOthers(folder: string): boolean {
  return (statSync(folder).mode & 0o001) !== 0;
}

/** The command line and spawn options that make `command` run as the user. */
export function runAs(
  user: PostgresUser,
  command: string,
  args: readonly string[],
): {
  readonly command: string;
  readonly args: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
} {
  switch (user.kind) {
    case 'self':
      return { command, args };
    case 'other':
      return { command, args, user: { uid: user.uid, gid: user.gid } };
    case 'capable':
      return { command: 'setpriv', args: [...user.setpriv, command, ...args] };
  }
}
