/** What shells offer for a line that is being typed, asked of the shells themselves. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../../config/package-root.js';
import { findProgram, installPackage } from '../support/debian.js';

/** The words that may stand where the cursor is, at the end of the line. */
export type Offers = (line: string) => Promise<readonly string[]>;

/** Whether the shell is there, or can be got. */
export function hasShell(name: string): boolean {
  if (findProgram(name) === undefined) installPackage(name);
  return findProgram(name) !== undefined;
}

/** @param script a file @param cwd where files are offered from */
export function bashOffers(script: string, cwd: string): Offers {
  const ask = `source "$1"; shift; COMP_WORDS=(sluice "$@"); COMP_CWORD=$#; _sluice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return async (line) => {
    const [, ...words] = line.split(' ');
    return linesOf(execFileSync('bash', ['-c', ask, 'bash', script, ...words], { encoding: 'utf8', cwd }));
  };
}

export function fishOffers(script: string, cwd: string): Offers {
  return async (line) => {
    const ask = `source ${script}; complete -C ${JSON.stringify(line)}`;
    const text = execFileSync('fish', ['--no-config', '-c', ask], { encoding: 'utf8', cwd });
    return linesOf(text).map((offer) => offer.split('\t')[0] as string);
  };
}

/**
 * zsh completes in a terminal only: one is opened, and a key is bound to a completion that tells what it adds. The words that mark the output are
 * written in two parts, so that the echo of what is typed is not taken for them.
 */
export function zshOffers(script: string, cwd: string): { readonly offers: Offers; close(): void } {
  const setup = `PROMPT=; RPROMPT=; unsetopt prompt_sp prompt_cr
autoload -Uz compinit && compinit -u -D
source ${script}
compadd() {
  if (( \${argv[(I)-[OAD]]} )); then builtin compadd "$@"; return; fi
  local -a matches; builtin compadd -A matches "$@"
  (( \${#matches} )) && print -rl -- "OF""FER:"$^matches":"
  builtin compadd "$@"
}
ask() { _main_complete; print -r -- "E""ND" }
zle -C ask complete-word ask
bindkey '^T' ask
print -r -- "REA""DY"
`;
  const terminal = [join(packageRoot(), 'test', 'support', 'terminal.py'), '200', '50', 'zsh', '-f', '-i'];
  const child = spawn('python3', terminal, {
    cwd,
    env: { ...process.env, TERM: 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    child.emit('shown');
  });
  /** What came before the mark. */
  const until = async (mark: RegExp): Promise<string> => {
    for (;;) {
      const found = mark.exec(shown);
      if (found !== null) {
        const before = shown.slice(0, found.index);
        shown = shown.slice(found.index + found[0].length);
        return before;
      }
      await once(child, 'shown');
    }
  };
  child.stdin.write(setup);
  const ready = until(/READY\r?\n/);
  return {
    offers: async (line) => {
      await ready;
      child.stdin.write(`${line}\u0014`);
      const told = await until(/END\r?\n/);
      // Empties the line for the next one.
      child.stdin.write('\u0015');
      return [...told.matchAll(/OFFER:(.*?):\r?\n/g)].map(([, word = '']) => word);
    },
    close: () => void child.kill(),
  };
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
