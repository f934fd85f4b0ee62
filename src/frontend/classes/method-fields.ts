/** Fields of classes that are methods but for how they are written: `mul = (o: C): C => …`. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";
import { descendants } from "./descendants.js";

export type MethodFunction = ts.ArrowFunction | ts.FunctionExpression;

/** The function that the field of every instance holds, from the start and for good; null for any other member. */
export function methodField(member: ts.Declaration, project: FrontendProject): MethodFunction | null {
  const { ts } = project;
  if (!ts.isPropertyDeclaration(member) || !ts.isClassLike(member.parent)) return null;
  const { initializer, name } = member;
  if (ts.isComputedPropertyName(name)) return null;
  if ((ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0) return null;
  if (initializer === undefined) return givenByConstructor(member.parent, name.text, project);
  if (!ts.isArrowFunction(initializer) && !ts.isFunctionExpression(initializer)) return null;
  return isAssigned(name.text, project) ? null : initializer;
}

/** The statement gives a field such a function, which is a method then. */
export function givesMethod(statement: ts.Statement, project: FrontendProject): boolean {
  const { ts } = project;
  const given = givenFunction(statement, project);
  const owner = ts.findAncestor(statement, (each) => ts.isClassLike(each));
  const field = owner?.members.find(
    (each) => ts.isPropertyDeclaration(each) && each.name.getText() === given?.name,
  );
  return given !== null && field !== undefined && methodField(field, project) === given.node;
}

/** True for an arrow function whose `this` is what it is called on, as that is always the one around it. */
export function isMethodArrow({ parent }: ts.ArrowFunction, project: FrontendProject): boolean {
  const { ts } = project;
  if (ts.isPropertyDeclaration(parent)) return true;
  return (
    ts.isBinaryExpression(parent) &&
    ts.isExpressionStatement(parent.parent) &&
    givesMethod(parent.parent, project)
  );
}

/** `this.name = () => …` in the constructor, of a function that sees nothing of the constructor but `this`. */
function givenByConstructor(
  { members }: ts.ClassLikeDeclaration,
  name: string,
  project: FrontendProject,
): MethodFunction | null {
  const { ts } = project;
  const own = members
    .filter((each) => ts.isConstructorDeclaration(each))
    .find(({ body }) => body !== undefined);
  if (own === undefined) return null;
  const given = (own.body?.statements ?? []).flatMap((each) => {
    const found = givenFunction(each, project);
    return found?.name === name ? [found.node] : [];
  });
  const [only] = given;
  if (only === undefined || isAssignedLater(name, project) || seesLocals(only, own, project)) return null;
  return only;
}

function givenFunction(
  statement: ts.Statement,
  { ts }: FrontendProject,
): { readonly name: string; readonly node: ts.ArrowFunction } | null {
  const whole = ts.isExpressionStatement(statement) ? statement.expression : null;
  if (whole === null || !ts.isBinaryExpression(whole)) return null;
  const { left, operatorToken, right } = whole;
  const isPlain = operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isPropertyAccessExpression(left);
  if (!isPlain || left.expression.kind !== ts.SyntaxKind.ThisKeyword || !ts.isArrowFunction(right))
    return null;
  return { name: left.name.text, node: right };
}

function seesLocals(node: ts.Node, around: ts.Node, { ts, checker }: FrontendProject): boolean {
  const isLocal = ({ pos, end }: ts.Node): boolean =>
    pos >= around.pos && end <= around.end && !(pos >= node.pos && end <= node.end);
  return [...descendants(ts, node)].some((each) => {
    // `this.k` may be declared as a parameter.
    const isField = ts.isPropertyAccessExpression(each.parent) && each.parent.name === each;
    const symbol = ts.isIdentifier(each) && !isField ? checker.getSymbolAtLocation(each) : undefined;
    return (symbol?.declarations ?? []).some(
      (one) => one.getSourceFile() === node.getSourceFile() && isLocal(one),
    );
  });
}

/** True if some code of the project may assign a field of that name. */
export function isAssigned(name: string, project: FrontendProject): boolean {
  return mayBeAssigned(name, project, "never");
}

/** The same, other than by constructors that give their instances such a function. */
function isAssignedLater(name: string, project: FrontendProject): boolean {
  return mayBeAssigned(name, project, "in constructors");
}

function mayBeAssigned(
  name: string,
  project: FrontendProject,
  otherwise: "never" | "in constructors",
): boolean {
  const { facts, program } = project;
  const key = `assigns ${name}, ${otherwise}`;
  const known = facts.get(key);
  if (known !== undefined) return known;
  const assignment = new RegExp(`\\.\\s*${name.replaceAll("$", String.raw`\$`)}\\s*=[^=>]`, "gu");
  const found = program.getSourceFiles().some((file) => {
    const times = file.isDeclarationFile ? 0 : (file.text.match(assignment)?.length ?? 0);
    const isComputed = !file.isDeclarationFile && file.text.includes(`["${name}"]`);
    if (times === 0 || otherwise === "never") return times > 0 || isComputed;
    return isComputed || times > constructorsGiving(name, file, project);
  });
  facts.set(key, found);
  return found;
}

function constructorsGiving(name: string, file: ts.SourceFile, project: FrontendProject): number {
  const { ts } = project;
  return [...descendants(ts, file)].filter(
    (each) =>
      ts.isExpressionStatement(each) &&
      ts.isConstructorDeclaration(each.parent.parent) &&
      givenFunction(each, project)?.name === name,
  ).length;
}
