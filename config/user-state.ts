/** Where programs keep what they remember of a user between runs: the XDG base directory specification, version 0.8. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Env } from './variables.js';

/** `$XDG_STATE_HOME/sluice`, or `~/.local/state/sluice` where that is not set or (the specification says: to be ignored) not absolute. */
export function userStateFolder(env: Env = process.env): string {
  const { XDG_STATE_HOME: given } = env;
  const base = given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local', 'state');
  return join(base, 'sluice');
}
