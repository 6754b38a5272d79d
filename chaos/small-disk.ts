/** A disk so small that it can be filled: a tmpfs for the lake. Mounting needs root on Linux; without it faults of this kind are left out, and said to be. */
import { execFile } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Room for the files of a long run, and little enough to be filled in a moment. It takes memory only while it is full. */
const SIZE_MIB = 128;
const BLOCK_BYTES = 1024 * 1024;

export class SmallDisk implements AsyncDisposable {
  readonly folder: string;
  #isMounted = true;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined where nothing may be mounted; `why` is then told. */
  static async mount(folder: string, why: (reason: string) => void): Promise<SmallDisk | undefined> {
    mkdirSync(folder, { recursive: true });
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MIB}m,mode=0755`, 'sluice-chaos', folder], {
        timeout: 10_000,
      });
      return new SmallDisk(folder);
    } catch (error) {
      why((error as { stderr?: string; message: string }).stderr?.trim() || (error as Error).message);
      return undefined;
    }
  }

  /** Takes every free byte. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (let bytes = BLOCK_BYTES; bytes >= 1; ) {
        try {
          if (writeSync(file, new Uint8Array(bytes)) < bytes) bytes = Math.floor(bytes / 2);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          bytes = Math.floor(bytes / 2);
        }
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the space back. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isMounted) return;
    this.#isMounted = false;
    // Lazily: whoever still looks into it does not keep it.
    await run('umount', ['-l', this.folder], { timeout: 10_000 });
  }

  get #ballast(): string {
    return join(this.folder, 'ballast');
  }
}
