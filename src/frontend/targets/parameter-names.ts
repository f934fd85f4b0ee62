/** The names of a target's parameters: of those that are destructured, and of the instance that a method takes. */
import type { ts } from "ts-morph";
import { descendants } from "../classes/descendants.js";
import type { FrontendProject } from "../project/project.js";
import type { TargetNode } from "./targets.js";

/** What the instance that a method's gradient takes first is called: `spring` for a `Spring`. */
export function instanceName(ts: FrontendProject["ts"], owner: ts.ClassDeclaration, method: ts.Node): string {
  return freeName(uncapitalized(owner.name?.text ?? "instance"), identifiersIn(ts, method), ts);
}

function identifiersIn(ts: FrontendProject["ts"], node: ts.Node): Set<string> {
  const texts = new Set<string>();
  for (const each of descendants(ts, node)) {
    const isProperty = ts.isPropertyAccessExpression(each.parent) && each.parent.name === each;
    if (ts.isIdentifier(each) && !isProperty) texts.add(each.text);
  }
  return texts;
}

/** Each parameter's name; one for a destructured parameter is made from its type's, and clashes with no other. */
export function parameterNames(node: TargetNode, project: FrontendProject): readonly string[] {
  const { ts } = project;
  const taken = new Set<string>();
  if (node.parameters.some(({ name }) => !ts.isIdentifier(name))) {
    for (const each of descendants(ts, node)) if (ts.isIdentifier(each)) taken.add(each.text);
  }
  return node.parameters.map((parameter) => {
    if (ts.isIdentifier(parameter.name)) return parameter.name.text;
    const name = freeName(uncapitalized(typeName(parameter, project) ?? "arg"), taken, ts);
    taken.add(name);
    return name;
  });
}

function freeName(wanted: string, taken: ReadonlySet<string>, ts: FrontendProject["ts"]): string {
  let name = wanted;
  for (let count = 2; taken.has(name) || isReserved(name, ts); count += 1) name = `${wanted}${String(count)}`;
  return name;
}

function isReserved(name: string, ts: FrontendProject["ts"]): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, name);
  return scanner.scan() !== ts.SyntaxKind.Identifier || name === "arguments" || name === "eval";
}

/** The name of an annotated interface or alias: of `Point` in `Readonly<Point>` too. */
function typeName(
  { type }: ts.ParameterDeclaration,
  { ts, checker, program }: FrontendProject,
): string | null {
  const nameOf = (node: ts.TypeNode | undefined): string | null => {
    if (node === undefined || !ts.isTypeReferenceNode(node)) return null;
    const { typeName: entity, typeArguments = [] } = node;
    const [declaration] = checker.getSymbolAtLocation(entity)?.declarations ?? [];
    const isLibrary =
      declaration !== undefined && program.isSourceFileDefaultLibrary(declaration.getSourceFile());
    if (isLibrary) return nameOf(typeArguments[0]);
    return ts.isIdentifier(entity) ? entity.text : entity.right.text;
  };
  return nameOf(type);
}

/** `Point` to `point`, `XYPoint` to `xyPoint`. */
function uncapitalized(name: string): string {
  return name.replace(/^(?:\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}+)/u, (capitals) => capitals.toLowerCase());
}
