import { type CompletedCommand, type CompletedLine, nextWords, topicsOf } from './words.js';

export function bashScript(line: CompletedLine): string {
  const words = (before: string): string => [...nextWords(line, before).keys()].join(' ');
  const topics = topicsOf(line);
  return `# Completion of sluice for bash.
_sluice_offer() {
  case $command in
    '') offered='${words('')}'
      [[ $current == -* ]] && offered='${line.globalFlags.map(({ name }) => name).join(' ')}';;
${topics.map((topic) => `    '${topic}') offered='${words(topic)}';;`).join('\n')}
${line.commands.map(commandCase).join('\n')}
  esac
}
_sluice() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command='' offered='' files=0 word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -z $command ]]; then
      # Options that every command has may stand before it.
      [[ $word == -* || \${COMP_WORDS[i - 1]} == --env ]] || command=$word
      continue
    fi
    case " ${topics.join(' ')} " in
      *" $command "*) [[ $word == -* ]] || command="$command $word" ;;
    esac
    break
  done
  _sluice_offer
  COMPREPLY=($(compgen -W "$offered" -- "$current"))
  if ((files)) && [[ $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _sluice sluice
`;
}

function commandCase({ name, flags, options, takesFile }: CompletedCommand): string {
  const values = flags
    .filter(({ value }) => value !== 'none')
    .map((flag) => {
      const forms = [flag.name, ...(flag.char === undefined ? [] : [`-${flag.char}`])].join('|');
      const offered = flag.value === 'file' ? 'files=1' : `offered='${flag.options.join(' ')}'`;
      return `        ${forms}) ${offered}; return;;\n`;
    });
  return `    '${name}')
      case $previous in
${values.join('')}        *) ;;
      esac
      case $current in
        -*) offered='${flags.map((flag) => flag.name).join(' ')}';;
        *) offered='${options.join(' ')}'; files=${takesFile ? 1 : 0};;
      esac;;`;
}
