// Completion for shells, made of what the commands themselves say: their names, options, and the values that an option can have.
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import type { CompletedLine } from './words.js';
import { zshScript } from './zsh.js';

export type { CompletedCommand, CompletedFlag, CompletedLine } from './words.js';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<Shell, (line: CompletedLine) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

export function completionScript(shell: Shell, line: CompletedLine): string {
  return SCRIPTS[shell](line);
}

/** How the script gets into the shell, for people. */
export const INSTALLATION: Readonly<Record<Shell, string>> = {
  bash: `Now:       source <(sluice completion bash)
For good:  sluice completion bash > ~/.local/share/bash-completion/completions/sluice`,
  zsh: `Now:       source <(sluice completion zsh)
For good:  sluice completion zsh > "\${fpath[1]}/_sluice"`,
  fish: `Now:       sluice completion fish | source
For good:  sluice completion fish > ~/.config/fish/completions/sluice.fish`,
};
