// What users can name or reach through the doors, with its docstrings: from the sources, as the compiler understands them.
import type { ClassDeclaration, Node, PropertyAssignment, VariableDeclaration } from 'typescript/unstable/ast';
import * as is from 'typescript/unstable/ast/is';
import { type Project, SignatureKind, type Symbol as Symbol_, SymbolFlags, type Type } from 'typescript/unstable/sync';
import { isOwn, OWN_CONFIG, ROOT, withProgram } from './compiler.js';
import {
  classHead,
  type Declared,
  docOf,
  isAbstract,
  isMethodLike,
  isPublic,
  isStatic,
  lineAt,
  nameOf,
  objectOf,
  signatureOf,
  textOf,
} from './declarations.js';
import type { Docstring } from './docstring.js';
import { DOORS, type Door } from './doors.js';

/** Something with a name and a docstring of its own. */
export interface Documented {
  readonly name: string;
  /** From the package's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** As declared, without bodies; one for each way to call it. */
  readonly signatures: readonly string[];
  /** Of a function with several signatures the first one's that has some. */
  readonly doc: Docstring | undefined;
}

export interface PublicMember extends Documented {
  /** A signature is an interface's method: somebody else writes it, or calls it in a way that the interface's users need not know. */
  readonly kind: 'method' | 'property' | 'signature';
  readonly isStatic: boolean;
}

export interface PublicItem extends Documented {
  readonly kind: 'class' | 'function' | 'constant' | 'type';
  readonly door: Door;
  /** Whether it can be imported; otherwise it is the class of what a property or a method of another class answers, as `df.na` does. */
  readonly isExported: boolean;
  /** Of classes, those of base classes that are not public too; of objects such as `Window`; of interfaces the methods. */
  readonly members: readonly PublicMember[];
}

/** Everything behind the doors, in the order in which the files and the doors name it. */
export function readPublicApi(): PublicItem[] {
  return withProgram(OWN_CONFIG, (project) => {
    const items = new Map<number, PublicItem>();
    const exported = new Map<number, Named>();
    for (const door of DOORS) {
      for (const named of exportsOf(project, door))
        if (!exported.has(named.symbol.id)) exported.set(named.symbol.id, named);
    }
    const reader = new Reader(project, new Set(exported.keys()));
    for (const [id, named] of exported) items.set(id, reader.item(named, true));
    // Classes reached through members may have members that lead on. A map's loop sees what is added meanwhile.
    for (const id of items.keys()) {
      const named = exported.get(id);
      if (named === undefined) continue;
      for (const symbol of reader.classesBehind(named.symbol)) {
        if (items.has(symbol.id)) continue;
        const reached = { name: symbol.name, symbol, door: named.door };
        exported.set(symbol.id, reached);
        items.set(symbol.id, reader.item(reached, false));
      }
    }
    return [...items.values()];
  });
}

interface Named {
  readonly name: string;
  readonly symbol: Symbol_;
  readonly door: Door;
}

function exportsOf({ checker, program }: Project, door: Door): Named[] {
  const file = program.getSourceFile(`${ROOT}/${door.file}`);
  const module = file === undefined ? undefined : checker.getSymbolAtLocation(file);
  if (module === undefined) throw new Error(`${door.file} is no module of the program.`);
  return checker.getExportsOfModule(module).map((each) => {
    const symbol = each.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
    return { name: each.name, symbol, door };
  });
}

class Reader {
  readonly #project: Project;
  /** Ids of symbols. */
  readonly #exported: ReadonlySet<number>;

  constructor(project: Project, exported: ReadonlySet<number>) {
    this.#project = project;
    this.#exported = exported;
  }

  item({ name, symbol, door }: Named, isExported: boolean): PublicItem {
    const declarations = this.#declarations(symbol);
    const [first] = declarations;
    if (first === undefined) throw new Error(`${name} of ${door.module} is declared nowhere.`);
    const common = { door, isExported };
    if (is.isClassDeclaration(first)) {
      const parent = this.#bases(symbol).find(({ id }) => this.#exported.has(id));
      const head = classHead(first, parent?.name);
      return { ...this.#documented(name, [first], [head]), ...common, kind: 'class', members: this.#members(symbol) };
    }
    if (is.isFunctionDeclaration(first)) {
      return { ...this.#documented(name, declarations), ...common, kind: 'function', members: [] };
    }
    if (is.isVariableDeclaration(first)) return { ...this.#constant(name, symbol, first), ...common };
    const methods = is.isInterfaceDeclaration(first) ? first.members.filter(is.isMethodSignatureDeclaration) : [];
    const members = methods.map((each): PublicMember => {
      return { ...this.#documented(nameOf(each), [each]), kind: 'signature', isStatic: false };
    });
    return { ...this.#documented(name, [first], [textOf(first)]), ...common, kind: 'type', members };
  }

  /** Classes of this project that a class's properties have, or its methods answer. */
  classesBehind(symbol: Symbol_): Symbol_[] {
    return this.#classChain(symbol).flatMap((declaration) =>
      declaration.members.filter(isPublic).flatMap((member) => {
        const name = (member as Declared).name;
        const type = name === undefined ? undefined : this.#project.checker.getTypeAtLocation(name);
        const behind = type === undefined ? undefined : this.#answerOf(type)?.getSymbol();
        const [where] = behind === undefined ? [] : this.#declarations(behind);
        // A base class is not what comes back: a method that answers `this` answers the class at hand.
        return behind !== undefined && where !== undefined && is.isClassDeclaration(where) && !isAbstract(where)
          ? [behind]
          : [];
      }),
    );
  }

  #answerOf(type: Type): Type | undefined {
    const { checker } = this.#project;
    const [signature] = checker.getSignaturesOfType(type, SignatureKind.Call);
    const answer = signature === undefined ? type : checker.getReturnTypeOfSignature(signature);
    // What a promise brings.
    if (answer?.getSymbol()?.name !== 'Promise') return answer;
    return checker.getTypeArguments(answer as Parameters<typeof checker.getTypeArguments>[0])[0];
  }

  #constant(name: string, symbol: Symbol_, node: VariableDeclaration): Omit<PublicItem, 'door' | 'isExported'> {
    const { checker } = this.#project;
    const type = checker.getTypeOfSymbol(symbol);
    const statement = node.parent.parent;
    const object = objectOf(node);
    if (object?.some(isMethodLike)) {
      const members = object.map((member) => this.#objectMember(member));
      return { ...this.#documented(name, [statement], [`const ${name}`]), kind: 'constant', members };
    }
    const isCallable = type !== undefined && checker.getSignaturesOfType(type, SignatureKind.Call).length > 0;
    const declared = `const ${name}: ${type === undefined ? 'unknown' : checker.typeToString(type)}`;
    return {
      ...this.#documented(name, [statement], [declared]),
      kind: isCallable ? 'function' : 'constant',
      members: [],
    };
  }

  #objectMember(member: PropertyAssignment): PublicMember {
    const name = member.name.getText();
    const isMethod = isMethodLike(member);
    const signature = isMethod
      ? `${name}${textOf(member.initializer).replace(/\s*=>[\s\S]*$/, '')}`
      : `${name}: ${this.#project.checker.typeToString(this.#project.checker.getTypeAtLocation(member.initializer) as Type)}`;
    return { ...this.#documented(name, [member], [signature]), kind: isMethod ? 'method' : 'property', isStatic: true };
  }

  #members(symbol: Symbol_): PublicMember[] {
    const byName = new Map<string, Node[]>();
    for (const declaration of this.#classChain(symbol)) {
      for (const member of declaration.members.filter(isPublic)) {
        const key = `${isStatic(member) ? 'static ' : ''}${nameOf(member)}`;
        byName.set(key, [...(byName.get(key) ?? []), member]);
      }
    }
    return [...byName.values()].map((nodes) => {
      const [node] = nodes as [Node];
      const kind = is.isMethodDeclaration(node) ? 'method' : 'property';
      return { ...this.#documented(nameOf(node), nodes), kind, isStatic: isStatic(node) };
    });
  }

  /** The class's declaration behind those of its base classes that have no entry of their own. */
  #classChain(symbol: Symbol_): ClassDeclaration[] {
    const declaration = this.#declarations(symbol).find(is.isClassDeclaration);
    if (declaration === undefined) return [];
    const bases = this.#bases(symbol).filter(({ id }) => !this.#exported.has(id));
    return [...bases.flatMap((base) => this.#classChain(base)), declaration];
  }

  #bases(symbol: Symbol_): Symbol_[] {
    const type = this.#project.checker.getDeclaredTypeOfSymbol(symbol);
    return (type.getBaseTypes() ?? []).flatMap((base) => base.getSymbol() ?? []);
  }

  #declarations(symbol: Symbol_): Node[] {
    return symbol.declarations
      .filter(({ path }) => isOwn(path))
      .flatMap((handle) => handle.resolve(this.#project) ?? []);
  }

  #documented(name: string, nodes: readonly Node[], signatures?: readonly string[]): Documented {
    const withoutBody = nodes.filter((node) => (node as Declared).body === undefined);
    const shown = withoutBody.length > 0 ? withoutBody : nodes;
    const docs = shown.map(docOf);
    const [node] = shown as [Node];
    return {
      name,
      file: node.getSourceFile().fileName.slice(ROOT.length + 1),
      line: lineAt(node),
      signatures: signatures ?? shown.map(signatureOf),
      doc: docs.find((doc) => doc?.examples.length) ?? docs.find((doc) => doc !== undefined),
    };
  }
}
