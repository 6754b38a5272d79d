// Two folders change places. Linux can do it in one step (renameat2 with RENAME_EXCHANGE), which Node does not offer; `mv --exchange` of newer
// coreutils does, and so does perl, which is nearly everywhere. Where neither is, it takes two renames, between which the name is nobody's.
import { execFile } from 'node:child_process';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `exchange`: whoever looks finds the one or the other. `two-renames`: for some microseconds nobody finds anything. */
export type SwapKind = 'exchange' | 'two-renames';

export interface Swap {
  readonly kind: SwapKind;
  /** `live` and `staged` change places; `aside` must not exist, and holds what was live when `staged` is no longer there. */
  swap(live: string, staged: string, aside: string): Promise<void>;
}

type Exchange = (a: string, b: string) => Promise<unknown>;

/** Numbers of renameat2, by Node's name of the architecture. */
const RENAMEAT2: Readonly<Record<string, number>> = { x64: 316, arm64: 276 };

const twoRenames: Swap = {
  kind: 'two-renames',
  async swap(live, staged, aside) {
    await rename(live, aside);
    await rename(staged, live);
  },
};

/** Tries in `scratch`, which is on the lake's file system, what works there. */
export async function chooseSwap(scratch: string): Promise<Swap> {
  for (const exchange of exchanges()) {
    if (await works(exchange, scratch))
      return {
        kind: 'exchange',
        async swap(live, staged) {
          await exchange(live, staged);
        },
      };
  }
  return twoRenames;
}

function exchanges(): readonly Exchange[] {
  if (process.platform !== 'linux') return [];
  const byMv: Exchange = (a, b) => run('mv', ['--exchange', '--no-target-directory', '--', a, b]);
  const number = RENAMEAT2[process.arch];
  if (number === undefined) return [byMv];
  // AT_FDCWD is -100, RENAME_EXCHANGE is 2.
  const program = `exit(syscall(${number}, -100, my $a = $ARGV[0], -100, my $b = $ARGV[1], 2) == 0 ? 0 : 1)`;
  return [byMv, (a, b) => run('perl', ['-e', program, '--', a, b])];
}

/** A file system may not know how, and an old `mv` not the option. */
async function works(exchange: Exchange, scratch: string): Promise<boolean> {
  const [a, b] = [join(scratch, 'a'), join(scratch, 'b')];
  try {
    await mkdir(join(a, 'of-a'), { recursive: true });
    await mkdir(b, { recursive: true });
    await exchange(a, b);
    return (await stat(join(b, 'of-a'))).isDirectory();
  } catch {
    // Whatever the reason, the next way is tried.
    return false;
  } finally {
    await Promise.all([a, b].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
