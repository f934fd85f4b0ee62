/** Classes that a function declares: their members see its variables. */
import type { ts } from "ts-morph";
import type { ClassNode } from "./class-index.js";
import { refuseDecorators } from "./classes.js";
import { lowerAtEntry } from "../expressions/constants.js";
import { lowerExpression } from "../expressions/expressions.js";
import { type Context, refuse } from "../context.js";
import { descendants } from "./descendants.js";
import { symbolOf } from "../names.js";
import type { Bound, Scope } from "../scope.js";
import { isAssignmentTarget } from "../control/written.js";

/** Evaluates the declaration of a class, or a class expression. */
export function enterClass(cx: Context, node: ClassNode): Bound {
  const { classScopes } = cx.unit;
  const known = classScopes.get(node);
  classScopes.set(node, cx.scope);
  refuseDecorators(cx, node);
  enterMixins(cx, node);
  const uses = usesOfOuter(cx, node);
  const written = uses.find((each) => isAssignmentTarget(cx, each, each.parent));
  if (written !== undefined)
    return refuse(cx, "localClass", written, { name: nameOf(node), why: "assigns a variable from outside" });
  const [seen] = uses;
  // An instance does not say which of them it was made by.
  if (seen !== undefined && known !== undefined && known !== cx.scope)
    return refuse(cx, "localClass", seen, { name: nameOf(node), why: "sees other variables at each call" });
  return { kind: "class", node };
}

/** `extends Tilted(Lens)`: what the mixin's class sees is there from then on. */
function enterMixins(cx: Context, node: ClassNode): void {
  const made = mixinOf(cx, node);
  if (made !== null) lowerExpression(cx, made);
}

/** The same for a class of a module, once it is made use of. */
export function enterModuleMixins(cx: Context, node: ClassNode): void {
  const { pending } = cx.unit.root();
  const made = mixinOf(cx, node);
  const isLocal = cx.ts.findAncestor(node.parent, cx.ts.isFunctionLike) !== undefined;
  if (made === null || isLocal || pending.has(made)) return;
  pending.add(made);
  lowerAtEntry(cx, made, made, node, (here) => {
    lowerExpression(here, made);
  });
}

function mixinOf({ ts: tsc }: Context, { heritageClauses }: ClassNode): ts.CallExpression | null {
  const clause = heritageClauses?.find(({ token }) => token === tsc.SyntaxKind.ExtendsKeyword);
  const base = clause?.types[0]?.expression;
  return base !== undefined && tsc.isCallExpression(base) ? base : null;
}

/** Where the code of a class is written: what it sees. */
export function scopeOfClass(cx: Context, node: ClassNode): Scope {
  return cx.unit.classScopes.get(node) ?? cx.unit.globals;
}

/** The names in a class of what the functions around it declare. */
function usesOfOuter(cx: Context, node: ClassNode): readonly ts.Identifier[] {
  const tsc = cx.ts;
  return [...descendants(tsc, node)].filter((each): each is ts.Identifier => {
    if (!tsc.isIdentifier(each) || tsc.isPartOfTypeNode(each)) return false;
    const declaration = symbolOf(cx, each)?.valueDeclaration;
    if (declaration === undefined || !isVariable(cx, declaration)) return false;
    const isInside = tsc.findAncestor(declaration, (outer) => outer === node) !== undefined;
    return !isInside && tsc.findAncestor(declaration, tsc.isFunctionLike) !== undefined;
  });
}

/** Members of types, and what is the same at each call, are none. */
function isVariable({ ts: tsc }: Context, node: ts.Declaration): boolean {
  return (
    tsc.isVariableDeclaration(node) ||
    tsc.isBindingElement(node) ||
    tsc.isParameter(node) ||
    tsc.isFunctionDeclaration(node)
  );
}

function nameOf({ name }: ClassNode): string {
  return name?.text ?? "class";
}
