// Completion for shells, made of what the commands themselves say: their names, options, and the values that an option can have.

export interface CompletedFlag {
  /** With dashes: `--json`. */
  readonly name: string;
  readonly summary: string;
  readonly takesValue: boolean;
  /** The values there are; empty: any, and then files are offered. */
  readonly options: readonly string[];
}

export interface CompletedCommand {
  /** `queries show` */
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly CompletedFlag[];
  /** Values of the first argument; empty: files are offered. */
  readonly options: readonly string[];
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, commands: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return zshScript(commands);
    case 'fish':
      return fishScript(commands);
  }
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

/** What may follow these words: the next words of commands, each once. */
function nextWords(commands: readonly CompletedCommand[], before: string): Map<string, string> {
  const next = new Map<string, string>();
  const prefix = before === '' ? '' : `${before} `;
  for (const { name, summary } of commands) {
    if (!name.startsWith(prefix)) continue;
    const [word = '', ...more] = name.slice(prefix.length).split(' ');
    if (!next.has(word)) next.set(word, more.length === 0 ? summary : `${word} …`);
  }
  return next;
}

/** Words that several commands begin with: `queries`. */
function topics(commands: readonly CompletedCommand[]): string[] {
  return [...new Set(commands.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] as string] : [])))];
}

function bashScript(commands: readonly CompletedCommand[]): string {
  const words = (before: string): string => [...nextWords(commands, before).keys()].join(' ');
  const cases = commands.map(({ name, flags, options }) => {
    const values = flags
      .filter(({ takesValue }) => takesValue)
      .map(
        (flag) =>
          `        ${flag.name}) offered='${flag.options.join(' ')}'; files=${flag.options.length === 0 ? 1 : 0}; return;;`,
      );
    return `    '${name}')
      case $previous in
${values.join('\n')}${values.length === 0 ? '' : '\n'}        *) ;;
      esac
      case $current in
        -*) offered='${flags.map((flag) => flag.name).join(' ')}';;
        *) offered='${options.join(' ')}'; files=${options.length === 0 ? 1 : 0};;
      esac;;`;
  });
  return `# Completion of sluice for bash.
_sluice_offer() {
  case $command in
    '') offered='${words('')}';;
${topics(commands)
  .map((topic) => `    '${topic}') offered='${words(topic)}';;`)
  .join('\n')}
${cases.join('\n')}
  esac
}
_sluice() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' offered='' files=0 word i
  for ((i = 1; i < COMP_CWORD && i <= 2; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == -* ]] && break
    case " ${topics(commands).join(' ')} " in
      *" $command "*) [[ -n $command ]] && command="$command $word" ;;
      *) [[ -z $command ]] && command=$word ;;
    esac
  done
  _sluice_offer
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
  if ((files)) && [[ $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _sluice sluice
`;
}

function zshScript(commands: readonly CompletedCommand[]): string {
  const described = (before: string): string =>
    [...nextWords(commands, before)].map(([word, summary]) => `    ${quoted(`${word}:${summary}`)}`).join('\n');
  const cases = commands.map(({ name, flags, options }) => {
    const specs = flags.map(({ name: flag, summary, takesValue, options: values }) => {
      const value = takesValue ? `:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}` : '';
      return quoted(`${flag}[${summary.replace(/[[\]:]/g, ' ')}]${value}`);
    });
    const rest = quoted(`*:argument:${options.length > 0 ? `(${options.join(' ')})` : '_files'}`);
    return `    ${quoted(name)}) _arguments ${[...specs, rest].join(' \\\n      ')} ;;`;
  });
  return `#compdef sluice
# Completion of sluice for zsh.
_sluice() {
  local -a offered
  local command=$words[2] depth=2
  case $command in
    ${topics(commands).join('|')}) command="$words[2] $words[3]"; depth=3 ;;
  esac
  if ((CURRENT == 2)); then
    offered=(
${described('')}
    )
    _describe command offered
    return
  fi
  if ((CURRENT <= depth)); then
    case $words[2] in
${topics(commands)
  .map((topic) => `      ${topic}) offered=(\n${described(topic)}\n      ) ;;`)
  .join('\n')}
    esac
    _describe command offered
    return
  fi
  words=(sluice "\${(@)words[depth + 1,-1]}")
  ((CURRENT -= depth - 1))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = ['# Completion of sluice for fish.', 'complete -c sluice -f'];
  const line = (condition: string, rest: string): void => {
    lines.push(`complete -c sluice -n ${quoted(condition)} ${rest}`);
  };
  for (const [word, summary] of nextWords(commands, ''))
    line('__fish_use_subcommand', `-a ${word} -d ${quoted(summary)}`);
  for (const topic of topics(commands)) {
    const words = nextWords(commands, topic);
    const none = `__fish_seen_subcommand_from ${topic}; and not __fish_seen_subcommand_from ${[...words.keys()].join(' ')}`;
    for (const [word, summary] of words) line(none, `-a ${word} -d ${quoted(summary)}`);
  }
  for (const { name, flags, options } of commands) {
    const seen = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const flag of flags) {
      const value = flag.takesValue
        ? flag.options.length > 0
          ? ` -xa ${quoted(flag.options.join(' '))}`
          : ' -rF'
        : '';
      line(seen, `-l ${flag.name.slice(2)} -d ${quoted(flag.summary)}${value}`);
    }
    line(seen, options.length > 0 ? `-a ${quoted(options.join(' '))}` : '-F');
  }
  return `${lines.join('\n')}\n`;
}

/** For zsh and fish alike: nothing in it is special but what ends it. */
function quoted(text: string): string {
  return `'${text.replace(/\\/g, '').replace(/'/g, '’')}'`;
}
