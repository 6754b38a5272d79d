// The text of a declaration for its readers: its docstring, and what it says to a caller.
import type { ClassDeclaration, Node, PropertyAssignment, VariableDeclaration } from 'typescript/unstable/ast';
import * as is from 'typescript/unstable/ast/is';
import { type Docstring, parseDocstring } from './docstring.js';

export type Declared = Node & { readonly name?: Node; readonly body?: Node; readonly modifiers?: readonly Node[] };

/** The last comment before the declaration, if it is a docstring. */
export function docOf(node: Node): Docstring | undefined {
  const file = node.getSourceFile();
  const trivia = file.text.slice(node.pos, node.getStart());
  const begin = trivia.lastIndexOf('/**');
  const end = trivia.indexOf('*/', begin);
  if (begin < 0 || end < 0 || trivia.slice(end + 2).trim() !== '') return undefined;
  return parseDocstring(trivia.slice(begin, end + 2).replaceAll('\r\n', '\n'), lineAt(node, node.pos + begin));
}

/** From 1. */
export function lineAt(node: Node, position = node.getStart()): number {
  return node.getSourceFile().getLineAndCharacterOfPosition(position).line + 1;
}

/** The declaration without modifiers that say nothing to a caller, without its body. */
export function signatureOf(node: Node): string {
  const { body } = node as Declared;
  const initializer = is.isPropertyDeclaration(node) ? node.initializer : undefined;
  const file = node.getSourceFile();
  const end = body?.pos ?? (initializer === undefined ? node.end : initializer.pos - 1);
  return dedent(file.text.slice(node.getStart(), end).trim(), node)
    .replace(/^export /, '')
    .replace(/^((?:static )?)async (?:\*)?/, '$1')
    .replace(/^\*/, '')
    .replace(/\s*=$/, '')
    .replace(/;$/, '');
}

export function classHead(node: ClassDeclaration, parent: string | undefined): string {
  const parameters = node.typeParameters?.map((each) => each.getText()).join(', ');
  const name = `${node.name?.getText()}${parameters === undefined ? '' : `<${parameters}>`}`;
  return `class ${name}${parent === undefined ? '' : ` extends ${parent}`}`;
}

export function textOf(node: Node): string {
  const file = node.getSourceFile();
  return dedent(file.text.slice(node.getStart(), node.end), node).replace(/^export /, '');
}

/** The first line stands where the declaration begins; the others lose as much. */
function dedent(text: string, node: Node): string {
  const file = node.getSourceFile();
  const { character } = file.getLineAndCharacterOfPosition(node.getStart());
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(new RegExp(`\n {1,${Math.max(character, 1)}}`, 'g'), (indentation) =>
      character === 0 ? indentation : '\n',
    );
}

export function nameOf(node: Node): string {
  return (node as Declared).name?.getText() ?? '';
}

/** Neither private nor protected, nor named by a symbol of ours; constructors are shown where their class says how to make one. */
export function isPublic(node: Node): boolean {
  const name = nameOf(node);
  if (hasModifier(node, 'private') || hasModifier(node, 'protected')) return false;
  return name !== '' && !name.startsWith('#') && (!name.startsWith('[') || name.startsWith('[Symbol.'));
}

export function isStatic(node: Node): boolean {
  return hasModifier(node, 'static');
}

export function isAbstract(node: Node): boolean {
  return hasModifier(node, 'abstract');
}

function hasModifier(node: Node, modifier: string): boolean {
  return ((node as Declared).modifiers ?? []).some((each) => each.getText() === modifier);
}

/** The members of `const X = { … } as const`; a constant with a declared type is described there. */
export function objectOf({ initializer, type }: VariableDeclaration): PropertyAssignment[] | undefined {
  if (type !== undefined) return undefined;
  const value = initializer !== undefined && is.isAsExpression(initializer) ? initializer.expression : initializer;
  if (value === undefined || !is.isObjectLiteralExpression(value)) return undefined;
  return [...value.properties].filter(is.isPropertyAssignment);
}

export function isMethodLike(member: PropertyAssignment): boolean {
  return is.isArrowFunction(member.initializer);
}
