/** Where source files say `@gradOf`, and which function each tag names. */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Span } from "../../ir/types.js";
import { resolveAlias } from "../project/exports.js";
import type { FrontendProject } from "../project/project.js";
import { isFunctionValue, unwrap } from "./targets.js";

/** A function tagged `@gradOf`, with the function that it is the derivative of. */
export interface TaggedRule {
  readonly node: ts.SignatureDeclaration;
  readonly name: ts.Identifier;
  readonly symbol: ts.Symbol;
  /** The names of the tag, as they are written: `solve`, or `linalg.solve` in parts. */
  readonly callee: readonly [string, ...string[]];
  /** What the first of them stands for in the file of the rule, imports not looked through. */
  readonly head: ts.Symbol;
  readonly primal: ts.Symbol;
  readonly at: Span;
}

/** The rules of a file, in order; what cannot be read is reported. */
export function taggedRules(
  project: FrontendProject,
  file: ts.SourceFile,
  diagnostics: Diagnostics,
): readonly TaggedRule[] {
  if (!file.text.includes("@gradOf")) return [];
  return file.statements.flatMap((statement) => {
    const { jsDoc = [] } = statement as { readonly jsDoc?: readonly ts.JSDoc[] };
    const tags = jsDoc.flatMap(({ tags = [] }) => tags.filter(({ tagName }) => tagName.text === "gradOf"));
    return tags.flatMap((tag) => readRule(project, statement, tag, diagnostics) ?? []);
  });
}

function readRule(
  project: FrontendProject,
  statement: ts.Statement,
  tag: ts.JSDocTag,
  diagnostics: Diagnostics,
): TaggedRule | null {
  const found = declaredFunction(project, statement);
  const fail = (problem: string, at: ts.Node | Span): null => {
    diagnostics.report("ruleTag", at, { problem });
    return null;
  };
  if (found === null) return fail("it stands on something other than an exported function", tag.tagName);
  const names = namesBehind(tag);
  if (names === null) return fail("the name of one function is expected behind it", tag.tagName);
  const head = project.checker.resolveName(names.parts[0], tag, project.ts.SymbolFlags.Value, false);
  if (head === undefined) return fail(`\`${names.parts[0]}\` is not declared or imported here`, names.span);
  const primal = memberOf(project, head, names.parts.slice(1));
  const last = names.parts.join(".");
  if (primal === null || typeOf(project, primal, statement).getCallSignatures().length === 0)
    return fail(`\`${last}\` is not a function`, names.span);
  if (primal === found.symbol) return fail("it names the function that it stands on", names.span);
  return { ...found, callee: names.parts, head, primal, at: names.span };
}

function typeOf({ checker }: FrontendProject, symbol: ts.Symbol, at: ts.Node): ts.Type {
  return checker.getTypeOfSymbolAtLocation(symbol, at);
}

/** The exported function that a statement declares; null for anything else. */
function declaredFunction(
  { ts, checker }: FrontendProject,
  statement: ts.Statement,
): Pick<TaggedRule, "node" | "name" | "symbol"> | null {
  const declaration = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations[0]
    : statement;
  if (declaration === undefined) return null;
  const value =
    ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined
      ? unwrap(ts, declaration.initializer)
      : declaration;
  if (!ts.isFunctionDeclaration(value) && !isFunctionValue(ts, value)) return null;
  const { name } = declaration as { readonly name?: ts.Node };
  if (name === undefined || !ts.isIdentifier(name)) return null;
  const symbol = checker.getSymbolAtLocation(name);
  return symbol === undefined ? null : { node: value, name, symbol };
}

interface Names {
  readonly parts: readonly [string, ...string[]];
  readonly span: Span;
}

/** The names behind the tag, up to the end of the line. */
function namesBehind(tag: ts.JSDocTag): Names | null {
  const source = tag.getSourceFile();
  const from = tag.tagName.end;
  const rest = /^[^\r\n]*/u.exec(source.text.slice(from))?.[0].replace(/\*\/.*$/u, "") ?? "";
  const text = rest.trim();
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u.test(text))
    return null;
  const [first, ...others] = text.split(".");
  if (first === undefined) return null;
  const start = from + rest.indexOf(text);
  return { parts: [first, ...others], span: { file: source.fileName, start, end: start + text.length } };
}

/** `linalg.solve`, imports looked through. */
function memberOf(
  { ts, checker }: FrontendProject,
  head: ts.Symbol,
  names: readonly string[],
): ts.Symbol | null {
  let at: ts.Symbol = resolveAlias(ts, checker, head);
  for (const name of names) {
    const member = checker.getExportsOfModule(at).find((each) => each.name === name);
    if (member === undefined) return null;
    at = resolveAlias(ts, checker, member);
  }
  return at;
}
