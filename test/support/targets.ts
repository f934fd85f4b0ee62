/** Reads off a source file what its `@grad` functions are called and asked for, independently of the compiler. */
import ts from "typescript";
import type { TargetInfo } from "./subject.js";

export function targetsOf(path: string, text: string): TargetInfo[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  return source.statements.flatMap((statement) => {
    if (ts.isClassDeclaration(statement)) return methodsOf(statement);
    const tag = ts.getJSDocTags(statement).find(({ tagName }) => tagName.text === "grad");
    const found = tag && declaration(statement);
    return found ? [infoOf(found, tag)] : [];
  });
}

/** A method takes its instance first. */
function methodsOf(node: ts.ClassDeclaration): TargetInfo[] {
  const owner = node.name?.text ?? "";
  return node.members.flatMap((member) => {
    const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === "grad");
    if (!tag || !ts.isMethodDeclaration(member)) return [];
    const name = member.name.getText();
    const isStatic = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
    const info = infoOf({ name: `${owner}_${name}`, parameters: member.parameters }, tag);
    const method = { class: owner, name, isStatic };
    if (isStatic) return [{ ...info, method }];
    const plain = owner.charAt(0).toLowerCase() + owner.slice(1);
    const instance = info.parameters.includes(plain) ? `${plain}2` : plain;
    const wrt = info.wrt?.map((each) => (each === "this" ? instance : each)) ?? null;
    const parameters = [instance, ...info.parameters];
    return [{ ...info, method, wrt, parameters, defaults: [null, ...info.defaults] }];
  });
}

function infoOf(found: Found, tag: ts.JSDocTag): TargetInfo {
  const parameters = found.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : null));
  const defaults = found.parameters.map(({ initializer }) =>
    initializer ? { value: literal(initializer) } : null,
  );
  const hasRest = found.parameters.some(({ dotDotDotToken }) => dotDotDotToken !== undefined);
  const wrt = wrtOf(ts.getTextOfJSDocComment(tag.comment) ?? "");
  return { name: found.name, parameters, defaults, wrt, ...(hasRest ? { hasRest } : {}) };
}

interface Found {
  readonly name: string;
  readonly parameters: readonly ts.ParameterDeclaration[];
}

function declaration(statement: ts.Statement): Found | null {
  if (ts.isFunctionDeclaration(statement) && statement.name) {
    return { name: statement.name.text, parameters: statement.parameters };
  }
  if (!ts.isVariableStatement(statement)) return null;
  const variable = statement.declarationList.declarations[0];
  const init = variable?.initializer;
  if (!variable || !init || !ts.isIdentifier(variable.name)) return null;
  if (!ts.isArrowFunction(init) && !ts.isFunctionExpression(init)) return null;
  return { name: variable.name.text, parameters: init.parameters };
}

function literal(node: ts.Expression): number | undefined {
  return ts.isNumericLiteral(node) ? Number(node.text) : undefined;
}

function wrtOf(comment: string): string[] | null {
  const names = /^\s*wrt\s+([\w$]+(?:\s*,\s*[\w$]+)*)/.exec(comment)?.[1];
  return names === undefined ? null : names.split(",").map((name) => name.trim());
}
