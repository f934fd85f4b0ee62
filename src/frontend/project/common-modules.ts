/**
 * Modules as values of JavaScript: what `require` gives, directly and through the helpers that compilers write around
 * it, and what such modules export beyond their own assignments.
 */
import type { ts } from "ts-morph";
import { bare } from "../syntax.js";
import { exportedByAssignment, factoryAround } from "./common-js.js";
import { resolveAlias } from "./exports.js";

/** What is asked of a project here. */
export interface Checked {
  readonly ts: typeof ts;
  readonly checker: ts.TypeChecker;
}

/** An object whose members are those that a module exports, or that are listed with a function for each. */
export type ModuleValue = WholeModule | ListedMembers | FilledObject;

interface WholeModule {
  readonly kind: "module";
  readonly symbol: ts.Symbol;
  /** What stands under `default` is the module itself, and under other names nothing if "only". */
  readonly isDefault: boolean | "only";
}

/** `__export(all, { f: () => f })`, as esbuild and Rolldown write it. */
interface ListedMembers {
  readonly kind: "listed";
  readonly list: ts.ObjectLiteralExpression;
}

/** `var lib = {}; lib.f = …; return lib;` in the function around a module. */
interface FilledObject {
  readonly kind: "filled";
  readonly symbol: ts.Symbol;
}

/** The symbol of a module, of whichever kind; undefined for a script. */
export function moduleSymbol(checker: ts.TypeChecker, file: ts.SourceFile): ts.Symbol | undefined {
  // The binder makes one for CommonJS modules too, of which the checker does not tell.
  return checker.getSymbolAtLocation(file) ?? (file as { readonly symbol?: ts.Symbol }).symbol;
}

/** The module that an expression of JavaScript gives; null for anything else. */
export function moduleOf(project: Checked, value: ts.Expression): ModuleValue | null {
  const { ts: tsc, checker } = project;
  const node = bare(tsc, value);
  if (isExports(node)) {
    const symbol = moduleSymbol(checker, node.getSourceFile());
    return symbol === undefined ? null : { kind: "module", symbol, isDefault: false };
  }
  if (tsc.isIdentifier(node)) {
    const symbol = checker.getSymbolAtLocation(node);
    return symbol === undefined ? null : moduleInVariable(project, symbol);
  }
  if (tsc.isPropertyAccessExpression(node) || tsc.isElementAccessExpression(node)) {
    const member = requiredMember(project, node);
    if (member === null) return null;
    return isModuleValue(member) ? member : exportedModule(project, member);
  }
  if (!tsc.isCallExpression(node)) return null;
  const [argument] = node.arguments;
  const name = calledName(tsc, node);
  if (argument === undefined || name === null) return null;
  if (name === "require" && tsc.isStringLiteral(argument)) {
    const symbol = checker.getSymbolAtLocation(argument);
    return symbol === undefined ? null : { kind: "module", symbol, isDefault: false };
  }
  if (name === "__exportAll" && tsc.isObjectLiteralExpression(argument))
    return { kind: "listed", list: argument };
  const wrapper = wrappers.get(name);
  const inner = wrapper === undefined ? null : moduleOf(project, argument);
  if (wrapper === undefined || inner?.kind !== "module" || isCompiled(project, inner.symbol)) return inner;
  return { ...inner, isDefault: wrapper === "default" ? "only" : true };
}

/** The module that an export is: `exports.vec = require("./vec")`, by way of a variable and of helpers too. */
export function exportedModule(project: Checked, symbol: ts.Symbol): ModuleValue | null {
  const exported = exportedByAssignment(project, symbol);
  if (exported?.kind === "expression") return moduleOf(project, exported.expression);
  return moduleInVariable(project, exported?.kind === "symbol" ? exported.symbol : symbol);
}

/** What `lib.f` and `lib["f"]` are, where `lib` is a module; null for anything else. */
export function requiredMember(
  project: Checked,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): ts.Symbol | ModuleValue | null {
  const { ts: tsc } = project;
  const name = tsc.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
  if (!tsc.isIdentifier(name) && !tsc.isStringLiteral(name)) return null;
  const base = moduleOf(project, node.expression);
  return base === null ? null : memberOfModule(project, base, name.text);
}

/** What compilers put around `require` where the source says `import x` or `import * as x`. */
const wrappers: ReadonlyMap<string, "default" | "whole"> = new Map([
  ["_interopRequireDefault", "default"],
  ["_interop_require_default", "default"],
  ["__importDefault", "default"],
  ["_interopDefaultLegacy", "default"],
  ["_interopRequireWildcard", "whole"],
  ["_interop_require_wildcard", "whole"],
  ["__importStar", "whole"],
  ["__toESM", "whole"],
]);

/** `f` of `f(x)`, `lib.f(x)` and `(0, lib.f)(x)`. */
function calledName(tsc: typeof ts, node: ts.CallExpression): string | null {
  let callee = bare(tsc, node.expression);
  if (tsc.isBinaryExpression(callee) && callee.operatorToken.kind === tsc.SyntaxKind.CommaToken)
    callee = bare(tsc, callee.right);
  if (tsc.isPropertyAccessExpression(callee)) return callee.name.text;
  return tsc.isIdentifier(callee) ? callee.text : null;
}

/** It was written with `import` and `export`, so that its default is what it calls so. */
function isCompiled({ ts: tsc }: Checked, module: ts.Symbol): boolean {
  const file = module.declarations?.find((each) => tsc.isSourceFile(each));
  if (file === undefined || (file.flags & tsc.NodeFlags.JavaScriptFile) === 0) return true;
  // Some let the default be all that `require` gives.
  if (/\bmodule\.exports\s*=\s*exports(?:\.default|\["default"\])/u.test(file.text)) return false;
  return /\b__esModule\b|__toCommonJS\(|^\s*export\s/mu.test(file.text);
}

/** Of a variable that is given a module where it is declared, and nothing else. */
export function moduleInVariable(project: Checked, symbol: ts.Symbol): ModuleValue | null {
  const { ts: tsc, checker } = project;
  const isRequired = symbol.declarations?.every((each) => tsc.isVariableDeclaration(each)) === true;
  const [imported] = symbol.declarations ?? [];
  if (imported !== undefined && tsc.isNamespaceImport(imported)) {
    const { moduleSpecifier } = imported.parent.parent;
    const module = checker.getSymbolAtLocation(moduleSpecifier);
    return module === undefined ? null : { kind: "module", symbol: module, isDefault: false };
  }
  if ((symbol.flags & tsc.SymbolFlags.Alias) !== 0 && !isRequired) {
    const aliased = checker.getAliasedSymbol(symbol);
    const isModule = (aliased.flags & tsc.SymbolFlags.ValueModule) !== 0;
    return isModule ? { kind: "module", symbol: aliased, isDefault: false } : null;
  }
  const [declaration, ...others] = symbol.declarations ?? [];
  if (declaration === undefined || others.length > 0 || !tsc.isVariableDeclaration(declaration)) return null;
  if ((declaration.flags & tsc.NodeFlags.JavaScriptFile) === 0) return null;
  const { initializer, name } = declaration;
  const file = declaration.getSourceFile();
  if (initializer === undefined || isAssignedAgain(tsc, file, name.getText())) return null;
  if (isExportsObject(tsc, declaration)) {
    const own = moduleSymbol(checker, file);
    return own === undefined ? null : { kind: "module", symbol: own, isDefault: false };
  }
  if (isFilledInFactory(tsc, declaration)) return { kind: "filled", symbol };
  return moduleOf(project, initializer) ?? listedOf(tsc, file, name.getText(), initializer);
}

/** `const lib = {}; lib.f = …; module.exports = lib;`. */
export function isExportsObject(
  tsc: typeof ts,
  { name, initializer, parent }: ts.VariableDeclaration,
): boolean {
  if (initializer === undefined || !tsc.isObjectLiteralExpression(initializer)) return false;
  const isEmpty = tsc.isIdentifier(name) && initializer.properties.length === 0;
  return isEmpty && parent.parent.parent === name.getSourceFile() && isExported(name);
}

/** `module.exports = lib;`. */
function isExported(name: ts.Node): boolean {
  const text = name.getText().replaceAll("$", "\\$");
  return new RegExp(`\\bmodule\\.exports\\s*=\\s*${text}\\s*(?:;|$)`, "mu").test(name.getSourceFile().text);
}

/** An object of the function around a module, which that fills and gives. */
export function isFilledInFactory(
  tsc: typeof ts,
  { name, initializer, parent }: ts.VariableDeclaration,
): boolean {
  const isEmpty = initializer !== undefined && tsc.isObjectLiteralExpression(initializer);
  if (!isEmpty || initializer.properties.length > 0) return false;
  const body = factoryAround(tsc, name)?.body;
  if (body === undefined || !tsc.isBlock(body) || parent.parent.parent !== body) return false;
  const last = body.statements.at(-1);
  const isReturned = last !== undefined && tsc.isReturnStatement(last);
  return (isReturned && last.expression?.getText() === name.getText()) || isExported(name);
}

function isAssignedAgain(tsc: typeof ts, file: ts.SourceFile, name: string): boolean {
  const visit = (node: ts.Node): boolean =>
    (tsc.isBinaryExpression(node) &&
      node.operatorToken.kind === tsc.SyntaxKind.EqualsToken &&
      node.left.getText() === name) ||
    tsc.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(file);
}

/** `var all = {}; __export(all, { f: () => f });`. */
function listedOf(
  tsc: typeof ts,
  file: ts.SourceFile,
  name: string,
  initializer: ts.Expression,
): ListedMembers | null {
  if (!tsc.isObjectLiteralExpression(initializer) || initializer.properties.length > 0) return null;
  for (const call of callsIn(tsc, file)) {
    const [target, list] = call.arguments;
    if (calledName(tsc, call) !== "__export" || target?.getText() !== name) continue;
    if (list !== undefined && tsc.isObjectLiteralExpression(list)) return { kind: "listed", list };
  }
  return null;
}

/** The calls that are statements of a file. */
function callsIn(tsc: typeof ts, file: ts.SourceFile): readonly ts.CallExpression[] {
  return file.statements.flatMap((statement) =>
    tsc.isExpressionStatement(statement) && tsc.isCallExpression(statement.expression)
      ? [statement.expression]
      : [],
  );
}

export function isModuleValue(member: ts.Symbol | ModuleValue): member is ModuleValue {
  return "kind" in member;
}

/** What a module has under a name: a symbol, or a module again. */
export function memberOfModule(
  project: Checked,
  value: ModuleValue,
  name: string,
): ts.Symbol | ModuleValue | null {
  if (value.kind === "module" && name === "default" && value.isDefault !== false)
    return { ...value, isDefault: false };
  if (value.kind === "module" && value.isDefault === "only") return null;
  return membersOf(project, value).get(name) ?? null;
}

/** All that it has. */
export function membersOf(project: Checked, value: ModuleValue): ReadonlyMap<string, ts.Symbol> {
  switch (value.kind) {
    case "module":
      return exportsOfModule(project, value.symbol);
    case "listed":
      return listedMembers(project, value);
    case "filled": {
      const type = project.checker.getTypeOfSymbol(value.symbol);
      return new Map(project.checker.getPropertiesOfType(type).map((each) => [each.name, each]));
    }
  }
}

function listedMembers(
  { ts: tsc, checker }: Checked,
  { list }: ListedMembers,
): ReadonlyMap<string, ts.Symbol> {
  const found = new Map<string, ts.Symbol>();
  for (const property of list.properties) {
    const symbol = tsc.isPropertyAssignment(property)
      ? checker.getSymbolAtLocation(property.name)
      : undefined;
    if (symbol !== undefined) found.set(symbol.name, symbol);
  }
  return found;
}

/** What a module consists of, by `module.exports = f`; null for one with names only. */
export function wholeOf(project: Checked, module: ts.Symbol): ts.Symbol | null {
  return exportsOfModule(project, module).get("export=") ?? null;
}

/** What a module exports, by its names; `export=` for what it consists of. */
export function exportsOfModule(
  project: Checked,
  module: ts.Symbol,
  seen: Set<ts.Symbol> = new Set(),
): ReadonlyMap<string, ts.Symbol> {
  const found = new Map<string, ts.Symbol>();
  if (seen.has(module)) return found;
  seen.add(module);
  const { ts: tsc, checker } = project;
  const file = module.declarations?.find((each) => tsc.isSourceFile(each));
  const isCommonJs = file !== undefined && (file.flags & tsc.NodeFlags.JavaScriptFile) !== 0;
  const listed = isCommonJs ? listedExports(project, file) : null;
  for (const [name, symbol] of listed ?? []) found.set(name, symbol);
  const add = (name: string, symbol: ts.Symbol): void => {
    if (!found.has(name)) found.set(name, symbol);
  };
  if (listed === null) {
    for (const each of checker.getExportsOfModule(module)) add(each.name, each);
    const whole = module.exports?.get("export=" as ts.__String);
    if (whole !== undefined) {
      const assigned = resolveAlias(tsc, checker, whole);
      const own = module.exports?.get("default" as ts.__String);
      if (own !== undefined) add("default", own);
      add("export=", assigned);
      // `module.exports = { f, g }`.
      for (const each of checker.getPropertiesOfType(checker.getTypeOfSymbol(assigned))) add(each.name, each);
    }
  }
  for (const other of isCommonJs ? exportedWhole(project, file) : []) {
    const members =
      other.kind === "module" ? exportsOfModule(project, other.symbol, seen) : membersOf(project, other);
    for (const [name, symbol] of members) if (name !== "default" && name !== "export=") add(name, symbol);
  }
  return found;
}

/** `__export(all, { … }); module.exports = __toCommonJS(all);`. */
function listedExports(project: Checked, file: ts.SourceFile): ReadonlyMap<string, ts.Symbol> | null {
  const name = /^module\.exports = __toCommonJS\((\w+)\);/mu.exec(file.text)?.[1];
  if (name === undefined) return null;
  const list = file.statements
    .filter((each) => project.ts.isVariableStatement(each))
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .find((each) => each.name.getText() === name);
  const symbol = list === undefined ? undefined : project.checker.getSymbolAtLocation(list.name);
  const value = symbol === undefined ? null : moduleInVariable(project, symbol);
  return value?.kind === "listed" ? listedMembers(project, value) : null;
}

/** The modules all of whose exports a module has too: `__exportStar(require("./m"), exports)` and the like. */
function exportedWhole(project: Checked, file: ts.SourceFile): readonly ModuleValue[] {
  const { ts: tsc } = project;
  return callsIn(tsc, file).flatMap((call): readonly ModuleValue[] => {
    const [first, second, ...others] = call.arguments;
    const name = calledName(tsc, call);
    if (first === undefined) return [];
    const given = (node: ts.Expression | undefined): readonly ModuleValue[] => {
      const value = node === undefined ? null : moduleOf(project, node);
      return value === null ? [] : [value];
    };
    switch (name) {
      case "__exportStar":
      case "_export_star":
        return given(first);
      case "__reExport":
        return given(second);
      case "assign":
        return isExports(first) ? [second, ...others].flatMap(given) : [];
      case "forEach": {
        // `Object.keys(m).forEach(function (key) { … exports … m[key] … });`
        const keys = tsc.isPropertyAccessExpression(call.expression) ? call.expression.expression : null;
        const isKeys = keys !== null && tsc.isCallExpression(keys) && calledName(tsc, keys) === "keys";
        const of = isKeys ? keys.arguments[0] : undefined;
        const copies = of !== undefined && first.getText().includes(`${of.getText()}[`);
        return copies && /\bexports\b/u.test(first.getText()) ? given(of) : [];
      }
      default:
        return [];
    }
  });
}

function isExports(node: ts.Node): boolean {
  return /^(?:module\.)?exports$/u.test(node.getText());
}
