/** What a variable is given when it is first asked for, lowered ahead of the body. */
import type { ts } from "ts-morph";
import type { End } from "../../ir/types.js";
import { leaveAlways } from "../functions/calls.js";
import { inlineBody, lowerBody } from "../functions/inline.js";
import type { ClassNode } from "../classes/classes.js";
import { scopeOfClass } from "../classes/local-classes.js";
import type { Context } from "../context.js";
import { lowerAtEntry } from "../expressions/constants.js";
import { lowerExpression } from "../expressions/expressions.js";
import { Scope } from "../scope.js";
import { isAtEntry, isOfClass, type Filling } from "./lazy-variables.js";
import { lowerSequence } from "./statements.js";

/** The variable has been declared, and holds nothing. */
export function fillAhead(cx: Context, { kind, node: filling, scope: own }: Filling, node: ts.Node): void {
  const { ts: tsc } = cx;
  const { pending } = cx.unit.root();
  if ((own !== undefined && isAtEntry(cx.frame)) || pending.has(filling)) return;
  pending.add(filling);
  lowerAtEntry(cx, filling, filling, node, (here) => {
    const scope = own ?? scopeAt(cx, filling);
    const inner = { ...here, scope };
    if (kind === "statement") lowerSequence(inner, [filling as ts.Statement], 0, null);
    else if (kind === "expression") lowerExpression(inner, filling as ts.Expression);
    else {
      const called = filling.parent as ts.FunctionLikeDeclaration;
      const name = tsc.getNameOfDeclaration(called)?.getText() ?? null;
      const prefix = name === null ? "" : `${name}_`;
      const self = scope.self === null ? {} : { self: scope.self };
      const closure = { kind: "closure", node: called, scope, name, prefix, ...self } as const;
      const onLeft = (end: End): void => {
        leaveAlways(inner, end);
      };
      inlineBody(inner, closure, [], node, null, onLeft, (within) => lowerBody(within, filling as ts.Block));
    }
  });
}

/** What the text there sees of the module, and of the class that it is in. */
function scopeAt(cx: Context, filling: ts.Node): Scope {
  const owner = cx.ts.findAncestor(filling, (each): each is ClassNode => cx.ts.isClassLike(each));
  if (owner === undefined) return cx.unit.root().globals;
  const around = scopeOfClass(cx, owner);
  return isOfClass(cx, filling) ? new Scope(around, { kind: "class", node: owner }) : around;
}
