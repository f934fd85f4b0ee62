/**
 * Variables of modules. One that is never assigned again is lowered where it is first used, into the entry of the
 * function, which comes before all else; one that changes is refused, unless it is a buffer (`scratch.ts`).
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { writtenRef } from "../../ir/places.js";
import type { Block, Instr, Value } from "../../ir/types.js";
import { forEachInstr, mapBlocks } from "../../ir/visit.js";
import {
  type Context,
  type Frame,
  type Unit,
  noJumps,
  onStatement,
  origin,
  refuse,
  refuseExpression,
} from "../context.js";
import { bindDeclaration, declareVariable } from "./declarations.js";
import { holdsFunctionMap } from "../records/function-maps.js";
import { lowerExpression } from "./expressions.js";
import { loadedConstant } from "./surroundings.js";
import { descendants } from "../classes/descendants.js";
import { callOfPackage } from "../functions/package-calls.js";
import { type Variable, isAtom } from "../scope.js";
import { nameAt } from "../names.js";
import { isFactory } from "../project/common-js.js";
import { isBindingPattern, isJavaScript } from "../syntax.js";
import { counterVariable, isOfCounter } from "../control/counters.js";
import { withFieldsOf } from "../control/changing-fields.js";
import { laterWrites } from "../leads/later-writes.js";
import { changesApart, fillingOf, isFilled } from "../control/lazy-variables.js";
import { fillAhead } from "../control/fill-ahead.js";
import { changesIn, changesOf, isChanged } from "../control/written.js";
import { fillersOf } from "../control/fillers.js";
import { lowerSequence } from "../control/statements.js";

/** The variable for a symbol declared at the top level of a module, its initializer lowered; null if refused. */
export function moduleVariable(cx: Context, symbol: ts.Symbol, node: ts.Node): Variable | null {
  const unit = cx.unit.root();
  const known = unit.globals.own(symbol);
  if (known !== null) return known;
  if (unit.told.has(symbol)) return null;
  const counter = isChanged(cx, symbol) ? counterVariable(cx, symbol, node) : null;
  if (counter !== null) return counter;
  const declaration = constantDeclaration(cx, symbol, node);
  if (declaration === null) {
    unit.told.add(symbol);
    return null;
  }
  unit.pending.add(declaration);
  if (!bindLoaded(cx, symbol, declaration)) lowerInitializer(cx, declaration, node);
  const filling = fillingOf(cx, symbol);
  if (filling !== null) fillAhead(cx, filling, node);
  const fillers = fillersOf(cx, symbol);
  for (const filler of fillers ?? []) {
    // It may fill other constants as well.
    if (unit.pending.has(filler)) continue;
    unit.pending.add(filler);
    lowerAtEntry(cx, filler, filler, node, (here) => {
      lowerSequence(here, [filler], 0, null);
    });
  }
  const changes = fillers === null ? changesApart(cx, symbol, filling) : "nothing";
  const variable = unit.globals.own(symbol);
  const bound = variable === null ? undefined : unit.environment.get(variable);
  const made = fillers === null ? [] : [...fillers, ...changesOf(cx, symbol)];
  const changing = laterWrites(cx, symbol, filling === null ? made : [...made, filling.node]);
  const isOpen = changes !== "nothing" || changing.cells.size > 0;
  if (variable !== null && (changing.functions || (holdsFunctionMap(cx, bound) && isOpen))) {
    unit.environment.set(variable, refuse(cx, "mutableOuter", node, { name: symbol.name, shown: "" }));
    return variable;
  }
  if (bound !== undefined && isAtom(bound) && bound.type.kind === "ref") {
    unit.constants.push({
      bound,
      name: symbol.name,
      use: callOfPackage(cx, node) ?? node,
      changes,
      changing: filling === null ? changing : withFieldsOf(cx, changing, cx.checker.getTypeOfSymbol(symbol)),
      isExported: isOfExports(cx, declaration),
    });
  }
  return variable;
}

/** The expression behind `export default`, or that a JSON module consists of; null for other symbols. */
export function exportedExpression({ ts: tsc }: Context, symbol: ts.Symbol): ts.Expression | null {
  const [declaration] = symbol.declarations ?? [];
  if (declaration === undefined) return null;
  if (tsc.isExportAssignment(declaration))
    return declaration.isExportEquals === true ? null : declaration.expression;
  if (!tsc.isSourceFile(declaration) || !declaration.fileName.endsWith(".json")) return null;
  const [statement] = declaration.statements;
  return statement !== undefined && tsc.isExpressionStatement(statement) ? statement.expression : null;
}

/** The variable for what a module exports without a name. */
export function expressionVariable(
  cx: Context,
  symbol: ts.Symbol,
  expression: ts.Expression,
  node: ts.Node,
): Variable | null {
  const { unit } = cx;
  const known = unit.globals.own(symbol);
  if (known !== null) return known;
  if (unit.pending.has(expression)) {
    refuse(cx, "recursion", node, { name: node.getText(), reason: "is no function" });
    return null;
  }
  unit.pending.add(expression);
  const name = cx.ts.isIdentifier(node) ? node.text : "exported";
  lowerAtEntry(cx, expression, expression, node, (here) => {
    const variable = declareVariable(here, unit.globals, symbol, name);
    const bound = lowerExpression(here, expression, variable.hint);
    // A function without a name is called what it is imported as.
    const isNameless = bound.kind === "closure" && bound.name === null;
    unit.environment.set(variable, isNameless ? { ...bound, name, prefix: `${name}_` } : bound);
  });
  const variable = unit.globals.own(symbol);
  const bound = variable === null ? undefined : unit.environment.get(variable);
  if (bound !== undefined && isAtom(bound) && bound.type.kind === "ref")
    unit.constants.push({
      bound,
      name,
      use: callOfPackage(cx, node) ?? node,
      changes: changesIn(cx, symbol),
      changing: laterWrites(cx, symbol, []),
      isExported: true,
    });
  return variable;
}

/** The declaration that the variable has its one value from; null, and a report, where there is none. */
function constantDeclaration(cx: Context, symbol: ts.Symbol, node: ts.Node): ts.VariableDeclaration | null {
  const { checker, unit } = cx;
  const { name } = symbol;
  const declaration = enclosingDeclaration(cx, symbol);
  // Between modules of JavaScript, TypeScript may have lost it.
  const isLost = isJavaScript(cx, node) && declaration !== null;
  const type = checker.getTypeAtLocation(isLost ? declaration.name : node);
  if ((type.flags & (cx.ts.TypeFlags.Any | cx.ts.TypeFlags.Unknown)) !== 0) {
    refuse(cx, "untypedValue", node, { code: name, type: checker.typeToString(type) });
  } else if (declaration === null || !isAtTopLevel(cx, declaration)) {
    refuse(cx, "mutableOuter", node, { name, shown: "" });
  } else if (isChanged(cx, symbol) && !isBuffer(cx, declaration) && fillingOf(cx, symbol) === null) {
    if (isFilled(cx, symbol)) refuse(cx, "moduleState", node, { name });
    else refuse(cx, "mutableOuter", node, { name, shown: "" });
  } else if (
    !(isInitialized(declaration) || fillingOf(cx, symbol) !== null) ||
    declaration.getSourceFile().isDeclarationFile
  ) {
    const changes = (declaration.parent.flags & cx.ts.NodeFlags.Const) === 0;
    if (changes) refuse(cx, "mutableOuter", node, { name, shown: "" });
    else refuse(cx, "noSource", node, { callee: nameAt(cx, symbol, node) });
  } else if (unit.pending.has(declaration)) {
    refuse(cx, "recursion", node, { name, reason: "is no function" });
  } else {
    return declaration;
  }
  return null;
}

/** `const tmp = …`: only its contents can change. Whether that matters is seen when all is lowered. */
function isBuffer(cx: Context, declaration: ts.VariableDeclaration): boolean {
  const isConst = (declaration.parent.flags & cx.ts.NodeFlags.Const) !== 0;
  const type = cx.checker.getTypeAtLocation(declaration.name);
  return isConst && cx.ts.isIdentifier(declaration.name) && (type.flags & cx.ts.TypeFlags.Object) !== 0;
}

/** Other modules can import it. */
export function isOfExports(cx: Context, declaration: ts.VariableDeclaration): boolean {
  const module = cx.checker.getSymbolAtLocation(declaration.getSourceFile());
  const symbol = cx.checker.getSymbolAtLocation(declaration.name);
  if (module === undefined || symbol === undefined) return false;
  return cx.checker.getExportsOfModule(module).some((each) => {
    const isAlias = (each.flags & cx.ts.SymbolFlags.Alias) !== 0;
    return (isAlias ? cx.checker.getAliasedSymbol(each) : each) === symbol;
  });
}

/** A constant that depends on where the program runs; false for others. */
function bindLoaded(cx: Context, symbol: ts.Symbol, declaration: ts.VariableDeclaration): boolean {
  const loaded = loadedConstant(cx, symbol, declaration);
  if (loaded === null) return false;
  const unit = cx.unit.root();
  const variable = declareVariable(cx, unit.globals, symbol, symbol.name);
  const { instrs } = unit.builder.block(() => {
    const out = unit.builder.apply(loaded.op, [], origin(cx, declaration), loaded.type);
    unit.environment.atEntry(() => {
      unit.environment.set(variable, out);
    });
    return { kind: "yield", values: [] };
  });
  unit.entry.push(...instrs);
  return true;
}

type InitializedDeclaration = ts.VariableDeclaration & { readonly initializer: ts.Expression };

function isInitialized(declaration: ts.VariableDeclaration): declaration is InitializedDeclaration {
  return declaration.initializer !== undefined;
}

function lowerInitializer(cx: Context, declaration: ts.VariableDeclaration, node: ts.Node): void {
  const list = declaration.parent;
  const isOnly = cx.ts.isVariableDeclarationList(list) && list.declarations.length === 1;
  lowerAtEntry(cx, declaration, isOnly ? list.parent : declaration, node, (here) => {
    bindDeclaration(here, declaration);
  });
}

/** Lowers what `bind` does ahead of the body, as code of the top level of a module. */
export function lowerAtEntry(
  cx: Context,
  declaration: ts.Node,
  commented: ts.Node,
  node: ts.Node,
  bind: (here: Context) => void,
): void {
  const unit = cx.unit.root();
  const returns = { kind: "none" } as const;
  const frame: Frame = { caller: cx.frame, call: node, closure: null, prefix: "", returns, isEntry: true };
  const here: Context = {
    ...cx,
    unit,
    frame,
    scope: unit.globals,
    statement: null,
    ...noJumps,
    catches: null,
  };
  const block = unit.builder.block(() => {
    unit.regions.initially(() => {
      unit.environment.atEntry(() => {
        bind(onStatement(here, declaration, commented));
      });
    });
    return { kind: "yield", values: [] };
  });
  const initial = withoutEffects(block);
  if (drawsAnew(unit, initial))
    refuseExpression(cx, node, "constant of a module that a call would draw anew");
  noteMade(unit, initial, declaration, node);
  unit.entry.push(...initial.instrs);
}

/** What a module does while it is loaded, it has done once. */
function withoutEffects({ instrs, end }: Block): Block {
  const isEffect = (instr: Instr): boolean => instr.kind === "foreign" && instr.out === null;
  return {
    instrs: instrs.filter((each) => !isEffect(each)).map((each) => mapBlocks(each, withoutEffects)),
    end,
  };
}

/** Memory that the code of a module has made, and that its functions may keep to themselves. */
function noteMade({ made, project }: Unit, block: Block, declaration: ts.Node, use: ts.Node): void {
  const own = "name" in declaration ? (declaration.name as ts.Node | undefined) : undefined;
  const name = excerpt(own ?? use);
  forEachInstr(block, (instr) => {
    if (instr.kind !== "alloc") return;
    const variable = variableOf(project, instr.out);
    made.push({ bound: instr.out, name: variable?.text ?? name, use, variable });
  });
}

/** The variable that the source gives it to, be it one of a function that the module calls. */
function variableOf({ ts: tsc, sourceFile }: Unit["project"], { hint, span }: Value): ts.Identifier | null {
  const file = hint?.declared === true && span !== null ? sourceFile(span.file) : null;
  if (file === null || span === null) return null;
  for (const each of descendants(tsc, file)) {
    const isIt = tsc.isVariableDeclaration(each) && each.initializer?.getStart() === span.start;
    if (isIt && tsc.isIdentifier(each.name)) return each.name;
  }
  return null;
}

/** True for what asks the world outside, such as `Math.random`, or counts: the function itself has the value of one such draw. */
function drawsAnew(unit: Unit, block: Block): boolean {
  let found = false;
  forEachInstr(block, (instr) => {
    if (instr.kind === "apply" && instr.op.impure && instr.op.ambient === undefined) found = true;
    if (instr.kind === "foreign" && instr.callee.rule === null) found = true;
    const ref = instr.kind === "load" ? instr.place.ref : writtenRef(instr);
    if (ref !== null && isOfCounter(unit, ref)) found = true;
  });
  return found;
}

/** The declaration that gives a variable its value; for a name in a pattern, that of the whole pattern. */
function enclosingDeclaration(cx: Context, symbol: ts.Symbol): ts.VariableDeclaration | null {
  let node: ts.Node | undefined = symbol.valueDeclaration;
  while (node !== undefined && (cx.ts.isBindingElement(node) || isBindingPattern(cx.ts, node)))
    node = node.parent;
  return node !== undefined && cx.ts.isVariableDeclaration(node) ? node : null;
}

function isAtTopLevel(cx: Context, declaration: ts.VariableDeclaration): boolean {
  const { parent } = declaration.parent;
  if (!cx.ts.isVariableStatement(parent)) return false;
  return (
    cx.ts.isSourceFile(parent.parent) ||
    cx.ts.isModuleBlock(parent.parent) ||
    (isJavaScript(cx, parent) && isFactory(cx.ts, parent.parent.parent))
  );
}
