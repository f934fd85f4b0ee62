/** The calls of the macros in a module, with the functions that they are given. */
import type { ts } from "ts-morph";
import { type Diagnostics, excerpt } from "../../diagnostics/collector.js";
import { resolveAlias } from "../project/exports.js";
import { type MacroName, type MacroUses, macroUses } from "./macro-uses.js";
import type { FrontendProject } from "../project/project.js";
import { shapeOf } from "../types/shapes.js";
import type { WrtName } from "./tag.js";
import { checkTarget } from "./target-checks.js";
import { type Target, type TargetNode, isFunctionValue, namesIn, unwrap } from "./targets.js";

export interface MacroCall {
  readonly name: MacroName;
  readonly node: ts.CallExpression;
  readonly target: Target;
  /** The positions asked for, in the order of the call; null for all parameters with numbers. */
  readonly positions: readonly number[] | null;
}

export interface Macros {
  readonly uses: MacroUses;
  /** One for each call, in order; null for one with errors. */
  readonly calls: readonly (MacroCall | null)[];
}

/** Finds the macros of a module. A use that cannot be compiled is reported. */
export function findMacros(
  project: FrontendProject,
  sourceFile: ts.SourceFile,
  diagnostics: Diagnostics,
): Macros {
  const uses = macroUses(project.ts, project.checker, sourceFile);
  for (const node of uses.others) diagnostics.report("macroNotCalled", node, { code: excerpt(node) });
  const calls = uses.calls.map(({ name, node }) => readCall(project, name, node, diagnostics));
  return { uses, calls };
}

/** The places of calls in another text of the same module, if there are as many. */
export function locateMacros({ ts }: Pick<FrontendProject, "ts">, path: string, text: string): MacroUses {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const options: ts.CompilerOptions = { noLib: true, noResolve: true, types: [], allowJs: true };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([path], options, {
    ...host,
    getSourceFile: (name) => (name === path ? file : undefined),
  });
  return macroUses(ts, program.getTypeChecker(), file);
}

function readCall(
  project: FrontendProject,
  name: MacroName,
  node: ts.CallExpression,
  diagnostics: Diagnostics,
): MacroCall | null {
  const before = diagnostics.errorCount;
  const [argument, at] = node.arguments;
  const found = argument === undefined ? null : functionOf(project, argument);
  if (found === null) {
    diagnostics.report("macroArgument", argument ?? node, {
      macro: name,
      code: excerpt(argument ?? node),
    });
    return null;
  }
  const positions = at === undefined ? null : readPositions(project, name, at, found.node, diagnostics);
  const wrt = positions?.map((position) => wrtName(project, found.node, position, at ?? node)) ?? null;
  if (positions === null) refuseEnums(project, name, found.node, node, diagnostics);
  if (diagnostics.errorCount > before) return null;
  const target: Target = {
    ...found,
    owner: null,
    sourceFile: found.node.getSourceFile(),
    exported: false,
    wrt,
  };
  checkTarget(project, target, diagnostics);
  return diagnostics.errorCount > before ? null : { name, node, target, positions };
}

type Found = Pick<Target, "name" | "node" | "declaration">;

/** The one function that an expression stands for; null if that is not certain. */
function functionOf(
  project: FrontendProject,
  expression: ts.Expression,
  seen: readonly ts.Node[] = [],
): Found | null {
  const { ts, checker } = project;
  const value = unwrap(ts, expression);
  if (isFunctionValue(ts, value))
    return { name: value.name?.getText() ?? "f", node: value, declaration: value };
  if (!ts.isIdentifier(value) && !ts.isPropertyAccessExpression(value)) return null;
  const symbol = checker.getSymbolAtLocation(value);
  const declarations = symbol === undefined ? [] : (resolveAlias(ts, checker, symbol).declarations ?? []);
  const [declaration, ...others] = declarations;
  if (declaration === undefined || others.length > 0) return null;
  if (ts.isFunctionDeclaration(declaration)) {
    if (declaration.body === undefined) return null;
    return { name: declaration.name?.text ?? "f", node: declaration as TargetNode, declaration };
  }
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  if (!ts.isVariableDeclaration(declaration) || !isConst || declaration.initializer === undefined)
    return null;
  if (!ts.isIdentifier(declaration.name) || seen.includes(declaration)) return null;
  const found = functionOf(project, declaration.initializer, [...seen, declaration]);
  // `const g = f` is still `f`; a function without a name goes by that of its variable.
  return found?.node === unwrap(ts, declaration.initializer)
    ? { name: declaration.name.text, node: found.node, declaration }
    : found;
}

/** The numbers of `[0, 2]`. */
function readPositions(
  { ts }: FrontendProject,
  macro: MacroName,
  at: ts.Expression,
  { parameters }: TargetNode,
  diagnostics: Diagnostics,
): readonly number[] {
  const list = unwrap(ts, at);
  const elements = ts.isArrayLiteralExpression(list) ? list.elements : [];
  if (elements.length === 0) {
    diagnostics.report("macroPositions", at, { macro, problem: `\`${excerpt(at)}\` is no list of numbers` });
  }
  return elements.map((element) => {
    const position = ts.isNumericLiteral(element) ? Number(element.text) : NaN;
    if (parameters[position] === undefined) {
      const problem = `there is no parameter at \`${excerpt(element)}\``;
      diagnostics.report("macroPositions", element, { macro, problem });
    } else if (parameters[position].dotDotDotToken !== undefined) {
      // By its type, the position is that of one argument.
      const problem = `the parameter at \`${excerpt(element)}\` is a rest parameter`;
      diagnostics.report("macroPositions", element, { macro, problem });
    }
    return position;
  });
}

/** A position as the name that a tag would give behind `wrt`. */
function wrtName(
  { ts }: FrontendProject,
  { parameters }: TargetNode,
  position: number,
  at: ts.Node,
): WrtName {
  const parameter = parameters[position];
  const [name] = parameter === undefined ? [] : namesIn(ts, parameter.name);
  const list = ts.isArrayLiteralExpression(at) ? at.elements : [];
  const element = list.find((each) => ts.isNumericLiteral(each) && Number(each.text) === position) ?? at;
  const span = { file: at.getSourceFile().fileName, start: element.getStart(), end: element.getEnd() };
  return { name: name ?? "", span };
}

/** In the macro's type an enum cannot be told from a number, so the gradients would not be where their types say. */
function refuseEnums(
  project: FrontendProject,
  macro: MacroName,
  { parameters }: TargetNode,
  at: ts.Node,
  diagnostics: Diagnostics,
): void {
  for (const parameter of parameters) {
    const shape = shapeOf(project.checker.getTypeAtLocation(parameter), parameter, project);
    const isEnum = shape.kind === "int" || (shape.kind === "maybe" && shape.shape.kind === "int");
    if (isEnum) diagnostics.report("macroEnum", at, { macro, name: parameter.name.getText() });
  }
}
