/** The classes of the project: found once, when one of them is asked for. */
import type { ts } from "ts-morph";
import { descendants } from "./descendants.js";
import type { FrontendProject } from "../project/project.js";

export type ClassNode = ts.ClassLikeDeclaration;

/** What object literals are declared to be of that lie among instances: an interface, or a type that is written out. */
export type LiteralNode = ts.InterfaceDeclaration | ts.TypeLiteralNode;

/** What an object among instances is of. */
export type Kind = ClassNode | LiteralNode;

export function isLiteralNode(node: ts.Node, { ts }: Pick<FrontendProject, "ts">): node is LiteralNode {
  return ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node);
}

type Project = Pick<FrontendProject, "ts" | "checker" | "program">;

/** The type of the instances: that of an expression is the type of the class itself. */
export function instanceType(
  node: ts.Declaration,
  { ts, checker, literalTypes }: Pick<FrontendProject, "ts" | "checker" | "literalTypes">,
): ts.Type {
  const own = literalTypes.get(node);
  if (own !== undefined) return own;
  const type = checker.getTypeAtLocation(node);
  if (!ts.isClassExpression(node)) return type;
  // One that extends what it is given, as a mixin does, is that as well.
  const parts = type.isIntersection() ? type.types : [type];
  const symbol = parts.map((part) => part.getSymbol()).find((each) => each?.valueDeclaration === node);
  return symbol === undefined ? type : checker.getDeclaredTypeOfSymbol(symbol);
}

export class ClassIndex {
  readonly #files: ReadonlySet<ts.SourceFile> | null;
  #all: readonly ClassNode[] | null = null;
  readonly #direct = new Map<ts.Declaration, ClassNode[]>();

  /** Of some files; of all, where these are left out. */
  constructor(files: ReadonlySet<ts.SourceFile> | null = null) {
    this.#files = files;
  }

  /** In the order of the program's files. */
  all(project: Project): readonly ClassNode[] {
    if (this.#all !== null) return this.#all;
    const { ts, program } = project;
    this.#all = program
      .getSourceFiles()
      .filter((file) => this.#files?.has(file) ?? true)
      .filter((file) => !file.isDeclarationFile && file.text.includes("class"))
      .flatMap((file) => [...descendants(ts, file)].filter((each) => ts.isClassLike(each)));
    for (const each of this.#all) {
      for (const base of declaredBases(each, project)) {
        const known = this.#direct.get(base);
        if (known === undefined) this.#direct.set(base, [each]);
        else known.push(each);
      }
    }
    return this.#all;
  }

  /** Those that extend the class, or implement the interface, directly. */
  below(base: ts.Declaration, project: Project): readonly ClassNode[] {
    this.all(project);
    return this.#direct.get(base) ?? [];
  }
}

/** The classes and interfaces that a class, or an interface, names behind `extends` and `implements`. */
export function declaredBases(
  node: ClassNode | ts.InterfaceDeclaration,
  { ts, checker }: Pick<Project, "ts" | "checker">,
): readonly ts.Declaration[] {
  return (node.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => {
      const symbol = checker.getSymbolAtLocation(expression);
      if (symbol === undefined) return [];
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return (isAlias ? checker.getAliasedSymbol(symbol) : symbol).declarations ?? [];
    }),
  );
}
