/** Fields of classes that are methods but for how they are written: `mul = (o: C): C => …`. */
import type { ts } from "ts-morph";
import type { FrontendProject } from "../project/project.js";

export type MethodFunction = ts.ArrowFunction | ts.FunctionExpression;

/** The function that the field of every instance holds, from the start and for good; null for any other member. */
export function methodField(member: ts.Declaration, project: FrontendProject): MethodFunction | null {
  const { ts } = project;
  if (!ts.isPropertyDeclaration(member) || !ts.isClassLike(member.parent)) return null;
  const { initializer, name } = member;
  if (initializer === undefined || ts.isComputedPropertyName(name)) return null;
  if ((ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0) return null;
  if (!ts.isArrowFunction(initializer) && !ts.isFunctionExpression(initializer)) return null;
  return isAssigned(name.text, project) ? null : initializer;
}

/** True if some code of the project may assign a field of that name. */
export function isAssigned(name: string, { facts, program }: FrontendProject): boolean {
  const key = `assigns ${name}`;
  const known = facts.get(key);
  if (known !== undefined) return known;
  const assignment = new RegExp(`\\.\\s*${name.replace(/[$#]/gu, String.raw`\$&`)}\\s*=[^=>]`, "u");
  const found = program
    .getSourceFiles()
    .some(
      (file) => !file.isDeclarationFile && (assignment.test(file.text) || file.text.includes(`["${name}"]`)),
    );
  facts.set(key, found);
  return found;
}
