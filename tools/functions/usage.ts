// Spark's words about a function, cut to one sentence and told in the names of our parameters.
import type { RecordedFunction } from './recorded.js';

/** A full stop that ends a sentence: not one of an abbreviation or a number. */
const SENTENCE_END = /(?<!\b(?:e\.g|i\.e|i\.i\.d|a\.k\.a|etc|vs))\.(?=\s+[A-Z"`]|\s*$)/;
/** `Returns a boolean.` says nothing yet: the next sentence belongs to it. */
const WORDS_MIN = 4;

/**
 * The first sentence of what `usage` says, of the first way to call it.
 * @param names of the parameters here, in Spark's order.
 */
export function sentenceOf({ usage }: RecordedFunction, names: readonly string[]): string {
  const [, header = '', about = usage] = /^(.*?) - (.*?)(?:\n\w+ ?\(.*?\) - .*)?$/s.exec(usage) ?? [];
  const renamed = new Map(parametersOf(header).map((name, at) => [name, names[at] ?? name]));
  const sentence = firstSentence(about.replace(/\s+/g, ' ').trim()).replace(
    /([`'])(\w+)\1/g,
    (quoted, _, name: string) => (renamed.has(name) ? `\`${renamed.get(name)}\`` : quoted),
  );
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function firstSentence(text: string): string {
  const end = SENTENCE_END.exec(text)?.index ?? text.length;
  const sentence = text.slice(0, end);
  const rest = text.slice(end + 1).trim();
  return rest !== '' && sentence.split(' ').length < WORDS_MIN ? `${sentence}. ${firstSentence(rest)}` : sentence;
}

/** `lpad(str, len[, pad])` has str, len and pad. */
function parametersOf(header: string): string[] {
  const [, inner = ''] = /\((.*)\)/s.exec(header) ?? [];
  return inner
    .replace(/[[\]]/g, '')
    .split(',')
    .map((each) => each.trim().split(' ')[0] ?? '')
    .filter((name) => /^\w+$/.test(name));
}
