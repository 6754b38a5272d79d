// Runs a program for a step: quietly when it succeeds, with the end of what it said when it fails.
import { spawn } from 'node:child_process';
import { basename, sep } from 'node:path';

const TAIL_LINES = 20;

/** A failure that is reported as lines for people, without a stack. */
export class SetupError extends Error {
  constructor(...lines) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/**
 * Resolves with the output when the program exits with 0.
 * @throws SetupError: the tail of its output, then `advice` in one line.
 */
export function run(command, args, { cwd, advice, env = process.env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk) => {
      // Only the tail is ever shown.
      output = (output + chunk).slice(-100_000);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const name = [basename(command), ...args].join(' ').replaceAll(`${cwd}${sep}`, '').slice(0, 60);
    child.once('error', (error) =>
      reject(new SetupError(`Set-up failed: ${name} cannot be started (${error.message}). ${advice}`)),
    );
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const tail = output.trimEnd().split('\n').slice(-TAIL_LINES);
        reject(
          new SetupError(...tail, `Set-up failed: \`${name}…\` ended with ${signal ?? `exit code ${code}`}. ${advice}`),
        );
      }
    });
  });
}
