/** What code that is kept as text may name: what is global, what can be imported, and what can be written out instead. */
import type { ts } from "ts-morph";
import { type ClassNode, baseOf } from "../classes/classes.js";
import { descendants } from "../classes/descendants.js";
import type { Context } from "../context.js";
import { isFormatMade } from "../expressions/written-texts.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { type NamedValue, namedValue } from "../value-names.js";

/** What could be exported, so that the emitted file can import it. */
export function kindOfValue(cx: Context, node: ts.Identifier): "class" | "function" | "name" {
  const symbol = symbolOf(cx, node);
  const isOwn = symbol?.declarations?.every((each) => cx.ts.isSourceFile(each.parent)) === true;
  if (!isOwn) return "name";
  const { Class, Function: Callable } = cx.ts.SymbolFlags;
  return (symbol.flags & Class) !== 0 ? "class" : (symbol.flags & Callable) !== 0 ? "function" : "name";
}

/** A class or a function of the project that the emitted file cannot import. */
export function isUnknownThere(cx: Context, node: ts.Node): boolean {
  if (!cx.ts.isIdentifier(node) || isGlobal(cx, node)) return false;
  return kindOfValue(cx, node) !== "name" && exportedValue(cx, node) === null;
}

/** A class or a function that the emitted file can import from where the source has it. */
export function exportedValue(cx: Context, node: ts.Identifier): NamedValue | null {
  const { emitted, project } = cx.unit;
  const symbol = cx.checker.getSymbolAtLocation(node);
  const { Class, Function: Callable } = cx.ts.SymbolFlags;
  const meant = symbolOf(cx, node);
  if (symbol === undefined || meant === null) return null;
  if ((meant.flags & (Class | Callable)) === 0 && formatOf(cx, node) === null) return null;
  const file = node.getSourceFile();
  return project.isOwn(file) ? namedValue(emitted, file, symbol, [node.text]) : null;
}

/** `const format = new Intl.NumberFormat("en")`, which the emitted code makes where it is used. */
export function formatOf(cx: Context, node: ts.Identifier): ts.Expression | null {
  const declaration = symbolOf(cx, node)?.valueDeclaration;
  if (declaration === undefined || !cx.ts.isVariableDeclaration(declaration)) return null;
  const isConst = (cx.ts.getCombinedNodeFlags(declaration) & cx.ts.NodeFlags.Const) !== 0;
  const { initializer } = declaration;
  return isConst && initializer !== undefined && isFormatMade(cx, initializer) && isClosed(cx, initializer)
    ? initializer
    : null;
}

/** The function knows nothing but its parameters and what is global. */
export function isClosed(cx: Context, node: ts.Node): boolean {
  return [...descendants(cx.ts, node)].every((each) => {
    if (each.kind === cx.ts.SyntaxKind.ThisKeyword) return false;
    if (!cx.ts.isIdentifier(each)) return true;
    const symbol = symbolOf(cx, each);
    if (symbol === null || isOfLibrary(cx, symbol) || cx.checker.isUndefinedSymbol(symbol)) return true;
    return (symbol.declarations ?? []).every(
      (declaration) => declaration.pos >= node.pos && declaration.end <= node.end,
    );
  });
}

export function isGlobal(cx: Context, node: ts.Identifier): boolean {
  const symbol = symbolOf(cx, node);
  return symbol !== null && (isOfLibrary(cx, symbol) || cx.checker.isUndefinedSymbol(symbol));
}

/** The class that the value is an instance of, as far as its type says. */
export function classOf(cx: Context, node: ts.Expression): ClassNode | null {
  const { symbol } = cx.checker.getApparentType(cx.checker.getTypeAtLocation(node)) as Partial<ts.Type>;
  return symbol?.declarations?.find((each) => cx.ts.isClassLike(each)) ?? null;
}

/** The class whose prototype makes an instance of an object with its fields; null for one that has more, or others below it. */
export function prototypeOf(cx: Context, own: ClassNode): NamedValue | null {
  const { project } = cx.unit;
  if (own.name === undefined || project.classes.below(own, project).length > 0) return null;
  for (let each: ClassNode | "unknown" | null = own; each !== null; each = baseOf(cx, each)) {
    if (each === "unknown") return null;
    if (each.members.some(({ name }) => name !== undefined && cx.ts.isPrivateIdentifier(name))) return null;
  }
  return exportedValue(cx, own.name);
}
