// A page of the reference as Markdown: what can be called, how, what it does, an example.
import type { Page } from './pages.js';
import type { Documented, PublicItem, PublicMember } from './public-api.js';

export const NOTICE = '<!-- Made from the docstrings by `npm run docs:api`; not to be changed here. -->';

export function renderPage({ path, title, about, items }: Page): string {
  const anchors = new Anchors(title);
  const bodies: string[] = [];
  const contents: string[] = [];
  // What is called before the types of what it takes.
  for (const item of [...items.filter(({ kind }) => kind !== 'type'), ...items.filter(({ kind }) => kind === 'type')]) {
    const anchor = anchors.next(item.name);
    bodies.push(`## \`${item.name}\``, ...describe(item, moduleLine(item)));
    const links: string[] = [];
    for (const member of shownMembers(item)) {
      const name = memberName(item, member);
      links.push(`[${member.name}](#${anchors.next(name)})`);
      bodies.push(`### \`${name}\``, ...describe(member));
    }
    contents.push(
      links.length === 0 ? `[${item.name}](#${anchor})` : `\n**[${item.name}](#${anchor})**: ${links.join(' · ')}\n`,
    );
  }
  const up = path.includes('/') ? '../README.md' : 'README.md';
  const lines = [`# ${title}`, NOTICE, `${about} [All pages](${up})`, listOf(contents), ...bodies];
  return `${lines.filter((line) => line !== '').join('\n\n')}\n`;
}

/** Names one after the other; those with members in a paragraph each. */
function listOf(contents: readonly string[]): string {
  return contents
    .join(' · ')
    .replace(/(?: · )?\n(?: · )?/g, '\n\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Of interfaces the methods stand in their text. */
function shownMembers(item: PublicItem): readonly PublicMember[] {
  return item.members.filter(({ kind }) => kind !== 'signature');
}

function memberName(item: PublicItem, member: PublicMember): string {
  return member.name.startsWith('[') ? `${item.name}${member.name}` : `${item.name}.${member.name}`;
}

function moduleLine({ door, isExported }: PublicItem): string {
  if (!isExported) return 'Not imported by name: what a property or a method of another class answers.';
  // Nearly everything is the client's.
  return door.module === 'sluice/connect' ? '' : `From \`${door.module}\`.`;
}

function describe({ signatures, doc }: Documented, note = ''): string[] {
  const tags = doc?.tags ?? [];
  const named = (name: string): string[] => tags.filter((tag) => tag.name === name).map(({ text }) => text);
  const parameters = [...named('typeParam'), ...named('param')].map((text) => {
    const [name = '', ...words] = text.split(' ');
    return `- \`${name}\`: ${words.join(' ')}`;
  });
  return [
    code(signatures.join('\n')),
    (doc?.text ?? '').replace(/\n +/g, '\n'),
    note,
    parameters.join('\n'),
    ...named('returns').map((text) => `Answers ${text}`),
    ...named('throws').map((text) => `Throws ${text}`),
    ...(doc?.examples ?? []).map((example) => code(example.code)),
    ...named('since').map((text) => `Since Spark ${text}.`),
  ].filter((part) => part !== '');
}

function code(text: string): string {
  return `\`\`\`ts\n${text}\n\`\`\``;
}

/** The names that GitHub gives to headings: small letters, digits, `_` and `-`; a second one of a name is numbered. */
class Anchors {
  readonly #used = new Map<string, number>();

  constructor(title: string) {
    this.next(title.replaceAll(' ', '-'));
  }

  next(heading: string): string {
    const name = heading.toLowerCase().replace(/[^\w-]/g, '');
    const before = this.#used.get(name) ?? 0;
    this.#used.set(name, before + 1);
    return before === 0 ? name : `${name}-${before}`;
  }
}
