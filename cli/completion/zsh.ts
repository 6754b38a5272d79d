import { type CompletedCommand, type CompletedFlag, type CompletedLine, nextWords, quoted, topicsOf } from './words.js';

export function zshScript(line: CompletedLine): string {
  const described = (before: string): string =>
    [...nextWords(line, before)].map(([word, summary]) => `      ${quoted(`${word}:${summary}`)}`).join('\n');
  const topics = topicsOf(line);
  return `#compdef sluice
# Completion of sluice for zsh.
_sluice() {
  local -a offered
  # Options that every command has may stand before it.
  while ((CURRENT > 2)) && [[ $words[2] == -* ]]; do
    [[ $words[2] == --env ]] && ((CURRENT > 3)) && { words[2]=(); ((CURRENT--)) }
    words[2]=()
    ((CURRENT--))
  done
  if ((CURRENT == 2)) && [[ $PREFIX == -* ]]; then
    _arguments ${line.globalFlags.map(flagSpec).join(' \\\n      ')}
    return
  fi
  if ((CURRENT == 2)); then
    offered=(
${described('')}
    )
    _describe command offered
    return
  fi
  local command=$words[2] depth=2
  case $command in
    ${topics.join('|')}) command="$words[2] $words[3]"; depth=3 ;;
  esac
  if ((CURRENT <= depth)); then
    case $words[2] in
${topics.map((topic) => `      ${topic}) offered=(\n${described(topic)}\n      ) ;;`).join('\n')}
    esac
    _describe command offered
    return
  fi
  words=(sluice "\${(@)words[depth + 1,-1]}")
  ((CURRENT -= depth - 1))
  case $command in
${line.commands.map(commandCase).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

function commandCase({ name, flags, options, takesFile }: CompletedCommand): string {
  const action = options.length > 0 ? `(${options.join(' ')})` : takesFile ? '_files' : ' ';
  const specs = [...flags.map(flagSpec), quoted(`*:argument:${action}`)];
  return `    ${quoted(name)}) _arguments ${specs.join(' \\\n      ')} ;;`;
}

/** As `_arguments` wants it; a value of one blank is one that cannot be offered. */
function flagSpec({ name, char, summary, value, options }: CompletedFlag): string {
  const values = { none: '', option: `:value:(${options.join(' ')})`, file: ':file:_files', other: ':value: ' };
  const rest = quoted(`[${summary.replace(/[[\]:]/g, ' ')}]${values[value]}`);
  return char === undefined ? `${name}${rest}` : `'(-${char} ${name})'{-${char},${name}}${rest}`;
}
