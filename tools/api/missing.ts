// What a docstring owes to its readers, and which lack it.
import type { Documented, PublicItem } from './public-api.js';

/** One line for each that has no docstring, or is called and has no example of that. Empty if all is said. */
export function missingDocs(items: readonly PublicItem[]): string[] {
  return items.flatMap((item) => [
    ...missing(item, item.name, item.kind === 'function'),
    ...item.members.flatMap((member) => missing(member, `${item.name}.${member.name}`, member.kind === 'method')),
  ]);
}

function missing(documented: Documented, name: string, isCalled: boolean): string[] {
  const { doc, file, line } = documented;
  const place = `${file}:${line} ${name}`;
  if (doc === undefined) return [`${place} has no docstring`];
  if (isCalled && doc.text === '') return [`${place} does not say what it does`];
  if (isCalled && doc.examples.length === 0) return [`${place} has no example`];
  const isUsed = doc.examples.some(({ code }) => calledAs(documented.name).test(code));
  return isCalled && !isUsed ? [`${place} has an example of something else`] : [];
}

function calledAs(name: string): RegExp {
  // What is disposed of at the end of a block is not called by name.
  return name === '[Symbol.asyncDispose]' ? /\bawait using\b/ : new RegExp(`(?<![\\w$])${name}(?![\\w$])`);
}
