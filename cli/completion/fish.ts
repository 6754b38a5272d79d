import { type CompletedFlag, type CompletedLine, nextWords, quoted, topicsOf } from './words.js';

export function fishScript(line: CompletedLine): string {
  const lines = ['# Completion of sluice for fish.', 'complete -c sluice -f'];
  const add = (condition: string, rest: string): void => {
    lines.push(`complete -c sluice -n ${quoted(condition)} ${rest}`);
  };
  for (const [word, summary] of nextWords(line, '')) add('__fish_use_subcommand', `-a ${word} -d ${quoted(summary)}`);
  for (const flag of line.globalFlags) add('__fish_use_subcommand', flagOf(flag));
  for (const topic of topicsOf(line)) {
    const words = nextWords(line, topic);
    const none = `__fish_seen_subcommand_from ${topic}; and not __fish_seen_subcommand_from ${[...words.keys()].join(' ')}`;
    for (const [word, summary] of words) add(none, `-a ${word} -d ${quoted(summary)}`);
  }
  for (const { name, flags, options, takesFile } of line.commands) {
    const seen = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
    for (const flag of flags) add(seen, flagOf(flag));
    if (options.length > 0) add(seen, `-a ${quoted(options.join(' '))}`);
    else if (takesFile) add(seen, '-F');
  }
  return `${lines.join('\n')}\n`;
}

function flagOf({ name, char, summary, value, options }: CompletedFlag): string {
  const values = { none: '', option: ` -xa ${quoted(options.join(' '))}`, file: ' -rF', other: ' -x' };
  return `-l ${name.slice(2)}${char === undefined ? '' : ` -s ${char}`} -d ${quoted(summary)}${values[value]}`;
}
