/** Log files of the services: the previous run's is kept beside the new one, so that a crash can be looked at after the next start. */
import { closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';

/** `kafka.log` becomes `kafka.previous.log`. */
export function rotateLog(file: string): void {
  try {
    renameSync(file, file.replace(/(\.[a-z]+)$/, '.previous$1'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** The last lines of a log but for the frames of Java's stack traces, at most `linesMax` of at most 200 characters each; empty if there is none. */
export function tailOfLog(file: string, linesMax = 15): string {
  const bytesMax = 64 * 1024;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    // The tail only embellishes an error that is reported anyway.
    return '';
  }

  try {
    const { size } = fstatSync(descriptor);
    const bytes = new Uint8Array(Math.min(size, bytesMax));
    readSync(descriptor, bytes, 0, bytes.length, size - bytes.length);
    // What an exception says comes before its frames: those would push it out of view, and they are in the file.
    const isFrame = (line: string): boolean => /^\s+(?:at |\.\.\. \d+ more)/.test(line);
    const text = new TextDecoder().decode(bytes).trimEnd();
    const lines = text
      .split('\n')
      .filter((line) => !isFrame(line))
      .slice(-linesMax);
    return lines.map((line) => (line.length > 200 ? `${line.slice(0, 199)}…` : line)).join('\n');
  } finally {
    closeSync(descriptor);
  }
}
