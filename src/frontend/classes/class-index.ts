/** The classes of the project: found once, when one of them is asked for. */
import type { ts } from "ts-morph";
import { classGiven, isMixinClass, mixinInstance } from "./mixins.js";
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

export type Project = Pick<FrontendProject, "ts" | "checker" | "program" | "classes">;

/** The type of the instances: that of an expression is the type of the class itself. */
export function instanceType(
  node: ts.Declaration,
  project: Project & Pick<FrontendProject, "literalTypes">,
): ts.Type {
  const { ts, checker, literalTypes, classes } = project;
  const own = literalTypes.get(node);
  if (own !== undefined) return own;
  const mixed = ts.isClassLike(node) ? classes.mixed(node, project) : null;
  if (mixed !== null) return mixed;
  const type = checker.getTypeAtLocation(node);
  if (!ts.isClassExpression(node)) return type;
  // One that extends what it is given, as a mixin does, is that as well.
  const parts = type.isIntersection() ? type.types : [type];
  const symbol = parts.map((part) => part.getSymbol()).find((each) => each?.valueDeclaration === node);
  return symbol === undefined ? type : checker.getDeclaredTypeOfSymbol(symbol);
}

/** Of what a mixin makes, an intersection, the type that has the class as its symbol. */
export function classType(type: ts.Type, project: Project): ts.Type {
  if (!type.isIntersection()) return type;
  const { Class } = project.ts.SymbolFlags;
  const isClass = ({ symbol }: { readonly symbol?: ts.Symbol }): boolean =>
    ((symbol?.flags ?? 0) & Class) !== 0;
  return type.types.every(isClass) ? (type.types[0] ?? type) : type;
}

export class ClassIndex {
  readonly #files: ReadonlySet<ts.SourceFile> | null;
  #all: readonly ClassNode[] | null = null;
  readonly #direct = new Map<ts.Declaration, ClassNode[]>();
  readonly #mixed = new Map<ClassNode, ts.Type | null>();
  readonly #given = new Map<ts.Expression, ClassNode | null>();

  /** Of some files; of all, where these are left out. */
  constructor(files: ReadonlySet<ts.SourceFile> | null = null) {
    this.#files = files;
  }

  /** In the order of the program's files. */
  all(project: Project): readonly ClassNode[] {
    if (this.#all !== null) return this.#all;
    const { ts } = project;
    this.#all = this.#sources(project)
      .filter((file) => file.text.includes("class"))
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

  #sources({ program }: Project): readonly ts.SourceFile[] {
    return program
      .getSourceFiles()
      .filter((file) => !file.isDeclarationFile && (this.#files?.has(file) ?? true));
  }

  /** The class that an expression behind `extends` gives; null where the text does not tell. */
  given(expression: ts.Expression, project: Project): ClassNode | null {
    const known = this.#given.get(expression);
    if (known !== undefined) return known;
    const found = classGiven(expression, project, this.#sources(project));
    this.#given.set(expression, found);
    return found;
  }

  /** The type of the instances of a class that a mixin makes of one that it is given; null for other classes. */
  mixed(node: ClassNode, project: Project): ts.Type | null {
    const known = this.#mixed.get(node);
    if (known !== undefined) return known;
    const found = isMixinClass(node, project) ? mixinInstance(node, project, this.#sources(project)) : null;
    this.#mixed.set(node, found);
    return found;
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
  project: Project,
): readonly ts.Declaration[] {
  const { ts, checker } = project;
  return (node.heritageClauses ?? []).flatMap(({ types }) =>
    types.flatMap(({ expression }) => {
      const symbol = checker.getSymbolAtLocation(expression);
      if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Variable) !== 0) {
        const given = project.classes.given(expression, project);
        return given === null ? [] : [given];
      }
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      return (isAlias ? checker.getAliasedSymbol(symbol) : symbol).declarations ?? [];
    }),
  );
}
