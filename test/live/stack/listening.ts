/** On which addresses a process listens, from /proc: what `ss -ltnp` would show. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** State LISTEN in /proc/net/tcp. */
const LISTEN = '0A';

/** Addresses in hexadecimal, as the kernel prints them, in the byte order of the machine: `0100007F` is 127.0.0.1 on all that we run on. */
const LOOPBACK = new Set(['0100007F', '0000000000000000FFFF00000100007F', '00000000000000000000000001000000']);

/** The local ports on which the process listens beyond loopback; empty is what is wanted. */
export function portsBeyondLoopback(pid: number): readonly number[] {
  return listeners(pid)
    .filter(({ address }) => !LOOPBACK.has(address))
    .map(({ port }) => port);
}

/** Every port on which the process listens. */
export function listeningPorts(pid: number): readonly number[] {
  return listeners(pid).map(({ port }) => port);
}

function listeners(pid: number): readonly { readonly address: string; readonly port: number }[] {
  const inodes = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(
      (descriptor) => /^socket:\[(\d+)\]$/.exec(linkOf(pid, descriptor))?.[1] ?? [],
    ),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9] ?? ''))
      .map((fields) => {
        const [address = '', port = ''] = (fields[1] ?? '').split(':');
        return { address, port: Number.parseInt(port, 16) };
      }),
  );
}

function linkOf(pid: number, descriptor: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${descriptor}`);
  } catch {
    // Closed meanwhile.
    return '';
  }
}
