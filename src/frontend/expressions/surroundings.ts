/**
 * Words that the program finds where it runs: `process.env.NODE_ENV`, `import.meta.env.DEV`, `__DEV__`. Only their
 * declarations are known. They steer what happens, and are read where the source reads them, by the same name.
 */
import type { ts } from "ts-morph";
import type { AmbientName, Op, Scalar } from "../../ir/op.js";
import type { Atom, Hint, ImportedName, Type } from "../../ir/types.js";
import { suggested } from "../../ir/builder.js";
import { predicate } from "../../ops/op.js";
import { descendants } from "../classes/descendants.js";
import { type Context, origin } from "../context.js";
import { isOfLibrary, symbolOf } from "../names.js";
import { exportedName } from "../project/exports.js";
import { shapeOf } from "../types/shapes.js";
import { namedValue } from "../value-names.js";

/** The word that the expression reads; null for all else. */
export function lowerWord(cx: Context, node: ts.Expression, hint: Hint | null): Atom | null {
  const found = ambientIn(cx, node);
  const type = found === null ? null : wordType(cx, node);
  if (found === null || type === null) return null;
  const text = node.getText().replace(/\s+/gu, "");
  return cx.unit.builder.apply(
    reading(text, type, { ambient: [found] }),
    [],
    origin(cx, node, hint ?? nameFor(node)),
    type,
  );
}

/** `NODE_ENV`, `DEV`. */
function nameFor(node: ts.Expression): Hint {
  const last = node.getText().split(".").at(-1) ?? "";
  return suggested(last.replaceAll(/^_+|_+$|\W/gu, ""));
}

/** `typeof process`: whether there is such a thing where the program runs; null for all else. */
export function lowerTypeofAmbient(cx: Context, node: ts.TypeOfExpression): Atom | null {
  const { expression } = node;
  const found = cx.ts.isIdentifier(expression) ? ambientIn(cx, expression) : null;
  if (found === null) return null;
  const op = reading(
    `typeof ${expression.getText()}`,
    { kind: "string" },
    { ambient: [found], isSteady: true },
  );
  return cx.unit.builder.apply(op, [], origin(cx, node), { kind: "string" });
}

/** Whether the code in the node mentions anything of the kind. */
export function readsSurroundings(cx: Context, root: ts.Node): boolean {
  return [...descendants(cx.ts, root)].some(
    (node) => (cx.ts.isIdentifier(node) || cx.ts.isMetaProperty(node)) && ambientIn(cx, node) !== null,
  );
}

/**
 * A constant of a module that depends on where the program runs has its value since the module was loaded: it is imported,
 * or the emitted file has the same. Null where it can have neither.
 */
export function loadedConstant(
  cx: Context,
  symbol: ts.Symbol,
  declaration: ts.VariableDeclaration,
): Loaded | null {
  const unit = cx.unit.root();
  const { name } = declaration;
  const file = declaration.getSourceFile();
  if (!cx.ts.isIdentifier(name) || !unit.project.isOwn(file) || !readsSurroundings(cx, declaration))
    return null;
  const type = scalarType(cx, cx.checker.getTypeAtLocation(name), name);
  const isExported = exportedName(unit.project, file, symbol) !== null;
  const named = isExported ? namedValue(unit.emitted, file, symbol, [name.text]) : null;
  const ambient =
    named === null ? sameConstant(cx, declaration, name) : [{ name: named.text, declaration: null }];
  if (type === null || ambient === null) return null;
  const op = reading(named?.text ?? name.text, type, {
    ambient,
    imports: named?.imports ?? [],
    isSteady: true,
  });
  return { op, type };
}

export interface Loaded {
  readonly op: Op;
  readonly type: Type;
}

/** What the emitted file has to declare for a constant of its own, last the constant itself; null where it cannot. */
function sameConstant(
  cx: Context,
  declaration: ts.VariableDeclaration,
  name: ts.Identifier,
): readonly AmbientName[] | null {
  const isConst = (declaration.parent.flags & cx.ts.NodeFlags.Const) !== 0;
  if (!isConst || declaration.getSourceFile() !== cx.unit.emitted.sourceFile) return null;
  const names: AmbientName[] = [];
  for (const part of [declaration.type, declaration.initializer]) {
    for (const node of part === undefined ? [] : descendants(cx.ts, part)) {
      if (cx.ts.isFunctionLike(node)) return null;
      if (!cx.ts.isIdentifier(node) || isMember(cx, node)) continue;
      const symbol = symbolOf(cx, node);
      if (symbol !== null && (isOfLibrary(cx, symbol) || cx.checker.isUndefinedSymbol(symbol))) continue;
      const found = ambientIn(cx, node);
      if (found === null) return null;
      names.push(found);
    }
  }
  return [...names, { name: name.text, declaration: `const ${declaration.getText()};` }];
}

function isMember({ ts: tsc }: Context, { parent, pos }: ts.Identifier): boolean {
  return tsc.isPropertyAccessExpression(parent) && parent.name.pos === pos;
}

interface Reading {
  readonly ambient: readonly AmbientName[];
  readonly imports?: readonly ImportedName[];
  /** A constant of the file, rather than what may not be there at all. */
  readonly isSteady?: boolean;
}

function reading(text: string, type: Type, { ambient, imports = [], isSteady = false }: Reading): Op {
  const path = text.replace(/^typeof /u, "").split(/\??\./u);
  const evaluate = (): Scalar => {
    const found = path.reduce<unknown>(
      (at, name) => (at as Readonly<Record<string, unknown>> | undefined)?.[name],
      globalThis,
    );
    return text.startsWith("typeof ") ? typeof found : (found as Scalar);
  };
  const result = type.kind === "maybe" || type.kind === "ref" || type.kind === "nothing" ? "same" : type.kind;
  const spelling = { kind: "verbatim", text } as const;
  const op = predicate(text, 0, evaluate, { spelling, result, impure: !isSteady, cheap: isSteady });
  return { ...op, imports, ambient };
}

/** The name that a chain of names begins with, if nothing but its declaration is known. */
function ambientIn(cx: Context, node: ts.Node): AmbientName | null {
  const tsc = cx.ts;
  let at = node;
  while (tsc.isPropertyAccessExpression(at) || tsc.isNonNullExpression(at)) at = at.expression;
  if (tsc.isMetaProperty(at)) {
    const isImport = at.keywordToken === tsc.SyntaxKind.ImportKeyword && at !== node;
    return isImport ? { name: "import", declaration: null } : null;
  }
  if (!tsc.isIdentifier(at)) return null;
  const symbol = symbolOf(cx, at);
  if (symbol === null || isOfLibrary(cx, symbol) || cx.scope.lookup(symbol) !== null) return null;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !tsc.isVariableDeclaration(declaration)) return null;
  const statement = declaration.parent.parent;
  if (!tsc.isVariableStatement(statement)) return null;
  const file = declaration.getSourceFile();
  const isTop = tsc.isSourceFile(statement.parent);
  const isOfGlobal = !isTop && (statement.parent.parent.flags & tsc.NodeFlags.GlobalAugmentation) !== 0;
  const isDeclared = (tsc.getCombinedModifierFlags(declaration) & tsc.ModifierFlags.Ambient) !== 0;
  if (!isOfGlobal && !(isTop && isDeclared)) return null;
  if (isOfGlobal || !tsc.isExternalModule(file)) return { name: at.text, declaration: null };
  // One of a module, which the emitted file has to say as well.
  const isOwn = file === cx.unit.emitted.sourceFile;
  const isExported = exportedName(cx.unit.project, file, symbol) !== null;
  if (!isOwn || isExported || !isSelfContained(cx, declaration)) return null;
  return { name: at.text, declaration: `declare const ${declaration.getText()};` };
}

/** The type is made of names that all files know. */
function isSelfContained(cx: Context, { type }: ts.VariableDeclaration): boolean {
  if (type === undefined) return false;
  return [...descendants(cx.ts, type)].every((each) => {
    if (!cx.ts.isTypeReferenceNode(each))
      return !cx.ts.isTypeQueryNode(each) && !cx.ts.isImportTypeNode(each);
    const symbol = symbolOf(cx, each.typeName);
    return symbol !== null && isOfLibrary(cx, symbol);
  });
}

/** That of a string or a boolean, which may be missing. */
function wordType(cx: Context, node: ts.Expression): Type | null {
  const type = cx.checker.getTypeAtLocation(node);
  // Behind `declare const process: any`.
  const isUntold = (type.flags & cx.ts.TypeFlags.Any) !== 0;
  if (isUntold) return /^process\.env\.\w+$/u.test(node.getText()) ? optionalText : null;
  const found = scalarType(cx, type, node);
  const inner = found?.kind === "maybe" ? found.type : found;
  return inner?.kind === "string" || inner?.kind === "bool" ? found : null;
}

const optionalText: Type = { kind: "maybe", type: { kind: "string" }, none: "undefined" };

function scalarType(cx: Context, type: ts.Type, node: ts.Node): Type | null {
  const shape = shapeOf(type, node, cx.unit.project);
  const inner = shape.kind === "maybe" ? shape.shape : shape;
  if (inner.kind !== "string" && inner.kind !== "bool" && inner.kind !== "real") return null;
  const bare = { kind: inner.kind };
  if (shape.kind !== "maybe") return bare;
  return shape.other === undefined ? { kind: "maybe", type: bare, none: shape.none } : null;
}
