/**
 * Variables of modules and static fields that a function counts with, and that the emitted file cannot assign:
 * `let nextId = 0`. Each call of the gradient has one of its own, in an object with one field, which begins as it is
 * declared. That is the same as long as where it began does not show in anything (`counted.ts`), and as long as all who
 * read it count, too.
 */
import type { ts } from "ts-morph";
import { statementOf } from "../../ir/statement-of.js";
import { writtenRef } from "../../ir/places.js";
import { someInstr } from "../../ir/visit.js";
import type { Block, Instr, RegionId, Span, Value } from "../../ir/types.js";
import { descendants } from "../classes/descendants.js";
import { hasModifier } from "../classes/classes.js";
import type { Context, Unit } from "../context.js";
import { isOfExports, lowerAtEntry } from "../expressions/constants.js";
import { declareVariable } from "../expressions/declarations.js";
import { lowerExpression } from "../expressions/expressions.js";
import { begin } from "../expressions/shared-variables.js";
import type { PendingCall } from "../functions/companions.js";
import { referenceRegion } from "../memory.js";
import { symbolOf } from "../names.js";
import { type Variable, isAtom } from "../scope.js";
import { unwrapped } from "../syntax.js";
import { namedValue } from "../value-names.js";
import { findShown } from "./counted.js";
import { reportNotes } from "./notes.js";
import { readsState } from "./scratch.js";
import { isAssignmentTarget } from "./written.js";

export interface Counter {
  readonly name: string;
  readonly variable: Variable;
  /** Where the function first uses it. */
  readonly use: ts.Node;
  /** Where others read it, that do not count. */
  readonly readers: readonly ts.Node[];
}

type Declaration = (ts.VariableDeclaration | ts.PropertyDeclaration) & {
  readonly initializer: ts.Expression;
};

/** The variable of the call for a counter of a module or of a class; null for what is none, or is more than that. */
export function counterVariable(cx: Context, symbol: ts.Symbol, node: ts.Node): Variable | null {
  const unit = cx.unit.root();
  const known = unit.globals.own(symbol);
  if (known !== null) return known.isShared === true ? known : null;
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || unit.pending.has(declaration) || !isCounter(cx, declaration)) return null;
  const uses = usesOf(cx, symbol, declaration);
  if (!uses.some((each) => isWritten(cx, each))) return null;
  unit.pending.add(declaration);
  const name = declaration.name.getText().replace("#", "");
  lowerAtEntry(cx, declaration, declaration, node, (here) => {
    const variable: Variable = { ...declareVariable(here, unit.globals, undefined, name), isShared: true };
    unit.globals.declare(symbol, variable);
    begin(here, variable, lowerExpression(here, declaration.initializer), declaration);
    const readers = uses.filter((each) => !isCounting(cx, each, uses));
    unit.counters.push({ name, variable, use: node, readers });
  });
  return unit.globals.own(symbol);
}

/** It begins with a number, and nobody but its own file sees it. */
function isCounter(cx: Context, declaration: ts.Declaration): declaration is Declaration {
  const tsc = cx.ts;
  if (declaration.getSourceFile().isDeclarationFile) return false;
  if (tsc.isVariableDeclaration(declaration)) {
    const list = declaration.parent;
    const isLet = (list.flags & tsc.NodeFlags.Let) !== 0;
    const isOfModule = tsc.isVariableStatement(list.parent) && tsc.isSourceFile(list.parent.parent);
    return isLet && isOfModule && isNumber(cx, declaration.initializer) && !isOfExports(cx, declaration);
  }
  if (!tsc.isPropertyDeclaration(declaration) || !isNumber(cx, declaration.initializer)) return false;
  const { StaticKeyword, ReadonlyKeyword } = tsc.SyntaxKind;
  if (!hasModifier(cx, declaration, StaticKeyword) || hasModifier(cx, declaration, ReadonlyKeyword))
    return false;
  const { parent, name } = declaration;
  return tsc.isClassDeclaration(parent) && (tsc.isPrivateIdentifier(name) || !canBeNamed(cx, parent));
}

/** The emitted file can import the class. */
function canBeNamed(cx: Context, { name }: ts.ClassDeclaration): boolean {
  const symbol = name === undefined ? undefined : cx.checker.getSymbolAtLocation(name);
  if (name === undefined || symbol === undefined) return false;
  return namedValue(cx.unit.emitted, name.getSourceFile(), symbol, [name.text]) !== null;
}

function isNumber({ ts: tsc }: Context, node: ts.Expression | undefined): boolean {
  if (node === undefined) return false;
  const bare = unwrapped(tsc, node);
  return tsc.isNumericLiteral(tsc.isPrefixUnaryExpression(bare) ? bare.operand : bare);
}

/** Where the file names it, other than where it is declared. */
function usesOf(cx: Context, symbol: ts.Symbol, declaration: Declaration): readonly ts.Node[] {
  const text = declaration.name.getText();
  return [...descendants(cx.ts, declaration.getSourceFile())].filter(
    (each) =>
      each !== declaration.name &&
      (cx.ts.isIdentifier(each) || cx.ts.isPrivateIdentifier(each)) &&
      each.text === text &&
      symbolOf(cx, each) === symbol,
  );
}

/** It is what is assigned; the name of a field with the class before it. */
function isWritten(cx: Context, use: ts.Node): boolean {
  const { parent } = use;
  const whole = cx.ts.isPropertyAccessExpression(parent) && parent.name === use ? parent : use;
  return isAssignmentTarget(cx, whole, whole.parent);
}

/** It counts, or stands in a function that does. */
function isCounting(cx: Context, use: ts.Node, uses: readonly ts.Node[]): boolean {
  if (isWritten(cx, use)) return true;
  const around = cx.ts.findAncestor(use, (each) => cx.ts.isFunctionLike(each));
  return uses.some(
    (each) => isWritten(cx, each) && cx.ts.findAncestor(each, (outer) => outer === around) !== undefined,
  );
}

interface Lowered {
  readonly unit: Unit;
  readonly body: Block;
}

/** Reports counters of which it shows where they began, or that others read, and what is noted and read again. The first body is the target's. */
export function reportCounters(
  bodies: readonly [Lowered, ...Lowered[]],
  calls: readonly PendingCall[],
  params: readonly Value[],
): void {
  const [{ unit }] = bodies;
  const { diagnostics, regions } = unit;
  reportNotes(unit);
  const counters = unit.counters.flatMap((counter) => {
    const region = regionOfCounter(unit, counter);
    return region === null ? [] : [{ ...counter, region }];
  });
  if (counters.length === 0) return;
  for (const { name, use, readers, region } of counters) {
    if (!bodies.some((each) => isWrittenIn(each, unit, region)))
      diagnostics.report("mutableOuter", use, { name, shown: "" });
    else if (readers.some((each) => !unit.counterReads.has(each)))
      diagnostics.report("outerAssignment", use, { name, owner: "", hidden: "" });
  }
  if (diagnostics.errorCount > 0) return;
  const outside = new Set(
    params.flatMap(({ type }) => {
      const region = referenceRegion(type);
      return region === null ? [] : [...regions.below(region)];
    }),
  );
  // One that is given a value before it is read is a local variable in disguise.
  const open = counters.filter(({ region }) => readsState(unit, bodies[0].body, region));
  const shown = findShown(bodies, calls, { counters: open.map(({ region }) => region), outside });
  const counter = shown === null ? undefined : open[shown.counter];
  if (shown === null || counter === undefined) return;
  const at = shown.instr === null ? null : spanOfInstr(shown.instr);
  const code = at === null ? "the result" : `\`${diagnostics.excerpt(at)}\``;
  diagnostics.report("mutableOuter", at ?? counter.use, { name: counter.name, shown: code });
}

function spanOfInstr(instr: Instr): Span | null {
  const own = "out" in instr ? (instr.out?.span ?? null) : "span" in instr ? instr.span : null;
  return own ?? statementOf(instr)?.span ?? null;
}

/** The object that a counter lies in. */
export function isOfCounter(unit: Unit, { type }: Value): boolean {
  const region = referenceRegion(type);
  return region !== null && unit.counters.some((each) => regionOfCounter(unit, each) === region);
}

function regionOfCounter(unit: Unit, { variable }: Counter): RegionId | null {
  const bound = unit.environment.get(variable);
  return bound !== undefined && isAtom(bound) ? referenceRegion(bound.type) : null;
}

function isWrittenIn({ unit, body }: Lowered, root: Unit, region: RegionId): boolean {
  // What is called has names of its own for the memory.
  if (unit !== root) return true;
  const { regions } = unit;
  return someInstr(body, (instr) => {
    const ref = writtenRef(instr);
    const written = ref === null ? null : referenceRegion(ref.type);
    return written !== null && regions.canonical(written) === regions.canonical(region);
  });
}
