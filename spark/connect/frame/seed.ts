// Seeds of what goes by chance. Chosen here and not by the server, so that a frame that is used twice has the same rows twice.
import { randomInt } from 'node:crypto';

/** 31 bits are enough for different queries to differ. */
export function anySeed(): bigint {
  return BigInt(randomInt(2 ** 31 - 1));
}
