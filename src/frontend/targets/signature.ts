/** The head of a target's gradient: its parameters as text, and the types that they mention. */
import { posix } from "node:path";
import type { ts } from "ts-morph";
import { spanOf } from "../context.js";
import type { TargetParam } from "./parameters.js";
import { holdsOwnForm } from "../types/listed-keys.js";
import { holdsFunctions } from "../types/function-shapes.js";
import type { FrontendProject } from "../project/project.js";
import { forEachInstr, outsOf, withCallees } from "../../ir/visit.js";
import type { Func, Type, Value } from "../../ir/types.js";
import { isBox, isBoxType } from "../../ir/boxes.js";
import { isMixed, mayBeNull, nameOfShape, namesInShape } from "../../ir/shapes.js";
import { privateFieldIn } from "../../ir/privacy.js";
import { type CompanionFunction, parametersOf } from "../functions/companions.js";
import { isInstance, withoutThis } from "../types/named-types.js";
import { publicShapeOf, shapeOf } from "../types/shapes.js";
import type {
  CompanionHead,
  LiteralType,
  LoweredTarget,
  Signature,
  SpelledType,
  TypeDeclaration,
  WordKind,
} from "./target.js";
import type { Target } from "./targets.js";
import type { TypeNames } from "../types/type-names.js";
import { readonlyLike } from "../types/readonly-like.js";
import { typeNamesInUse } from "./type-names-in-use.js";
import { namesOfCircles } from "../types/circles.js";
import { annotationText, keptText, spelledText, typeText } from "../types/type-text.js";
import { holdsInstances, isOfTypeParameters } from "./instance-types.js";
import { type NameText, memoryTypeText } from "../types/shape-text.js";

export { type TargetParam, reportWithoutNumbers, targetParams } from "./parameters.js";

/** What the emitted function's head says. `folder` is where the emitted file will be, by default beside the source. */
export function signatureOf(
  target: Target,
  params: readonly TargetParam[],
  project: FrontendProject,
  folder: string = posix.dirname(target.sourceFile.fileName),
  functions: readonly CompanionFunction[] = [],
  func: Func | null = null,
): { readonly signature: Signature; readonly companions: LoweredTarget["companions"] } {
  const { sourceFile, name } = target;
  const scope: TypeNames = { project, sourceFile, folder, imports: new Map(), declarations: new Map() };
  const parameters = params.map((param, index) => parameterText(param, params.slice(index + 1), scope));
  const classesMade = func === null ? new Set<string>() : classesMadeIn(func, project);
  const companions = new Map(
    functions.map(
      (each) => [each.name, headOf(each, func?.callees?.get(each.name), scope, classesMade)] as const,
    ),
  );
  const signature: Signature = {
    name,
    span: spanOf(target.declaration.name ?? target.node),
    parameters,
    imports: [...scope.imports.values()],
    declarations: declarationsOf(scope),
    types: func === null ? new Map() : spelledTypes(func, target, project, folder, classesMade),
    typeNames: typeNamesInUse(sourceFile, scope.imports.values(), project),
    uncheckedIndexedAccess: project.compilerOptions.noUncheckedIndexedAccess === true,
  };
  return { signature, companions };
}

function headOf(
  companion: CompanionFunction,
  lowered: Func | undefined,
  scope: TypeNames,
  classesMade: ReadonlySet<string>,
): CompanionHead {
  const { closure, params, result, unit } = companion;
  const { node } = closure;
  const isOurs = isEmitted(unit.project);
  const nameText: NameText = (name) => {
    const type = classesMade.has(name) ? undefined : unit.project.named.types.get(name);
    return type === undefined ? null : spelledText(type, node, scope);
  };
  const made = (whole: Type, use: "taken" | "returned" = "taken"): string | null => {
    const type = whole.kind === "maybe" ? whole.type : whole;
    if (isOurs(type)) return null;
    // What cannot be named is declared where the file is written.
    const names = type.kind === "ref" ? namesInShape(type.shape) : new Set<string>();
    if (type.kind === "ref" && nameOfShape(type.shape) !== null) return null;
    if ([...names].some((name) => unit.project.named.types.has(name) && nameText(name) === null)) return null;
    return memoryTypeText(whole, unit.regions, nameText, use);
  };
  const isGeneric = isOfTypeParameters(companion);
  // What nobody has declared, or cannot be said in those words, is `readonly` as all that flows together with it.
  const madeFor = ({ type }: Value, index: number): string | null => {
    const known = lowered?.params[index]?.value.type;
    return made(known === undefined ? type : readonlyLike(type, known));
  };
  const own = params.map(({ name, value, node: parameter }, index) => {
    if (isOurs(value.type)) return null;
    const isKnown = unit.classes.has(value.id) || unit.members.has(value.id);
    const type =
      parameter === null ||
      isGeneric ||
      isKnown ||
      isMadeHere(value.type, parameter, scope.project) ||
      isOpen(scope.project, parameter) ||
      isOneOfKinds(value.type, parameter, scope.project)
        ? madeFor(value, index)
        : (keptText(parameter.type, scope.project.checker.getTypeAtLocation(parameter), parameter, scope) ??
          madeFor(value, index));
    if (type === null) return null;
    const isOptional =
      parameter?.questionToken !== undefined ||
      parameter?.initializer !== undefined ||
      (parameter !== null && unit.doubted.has(parameter));
    if (!isOptional) return `${name}: ${type}`;
    return `${name}: ${orUndefined(mayBeNull(value.type) ? orNull(type) : type)}`;
  });
  const hidden = parametersOf(companion)
    .slice(params.length)
    .map(({ name, value }, i) => {
      const type = madeFor(value, params.length + i);
      return type === null ? null : `${name}: ${type}`;
    });
  const returns =
    result === null || isOurs(result) ? null : resultText(companion, scope, () => made(result, "returned"));
  const literals = params.map(({ node: parameter }, index) =>
    parameter === null || own[index] === null ? null : literalType(parameter, scope),
  );
  const resultWords = returns === null ? null : wordsOfResult(companion, scope.project);
  return { parameters: [...own, ...hidden], literals, result: returns, resultWords, span: spanOf(node) };
}

/** Of a result that may be one of some numbers or words, and is written as it is declared. */
function wordsOfResult(companion: CompanionFunction, { checker, ts }: FrontendProject): WordKind | null {
  const signature = checker.getSignatureFromDeclaration(companion.closure.node);
  if (signature === undefined || isOfTypeParameters(companion)) return null;
  return wordKind(checker.getNonNullableType(checker.getReturnTypeOfSignature(signature)), ts);
}

/** The type of a parameter that may be one of some numbers or words; null for any other. */
function literalType(parameter: ts.ParameterDeclaration, scope: TypeNames): LiteralType | null {
  const { checker, ts } = scope.project;
  const type = checker.getTypeAtLocation(parameter);
  const inner = checker.getNonNullableType(type);
  const kind = wordKind(inner, ts);
  if (kind === null) return null;
  const text =
    parameter.type === undefined ? typeText(type, parameter, scope) : annotationText(parameter.type, scope);
  return { text, present: inner === type ? text : typeText(inner, parameter, scope), kind };
}

function wordKind(type: ts.Type, { TypeFlags }: FrontendProject["ts"]): WordKind | null {
  const { NumberLiteral, StringLiteral, TemplateLiteral, Enum, EnumLike } = TypeFlags;
  const members = type.isUnion() ? type.types : [type];
  const isOf = (flags: number): boolean => members.every((member) => (member.flags & flags) !== 0);
  if (!isOf(NumberLiteral | StringLiteral | TemplateLiteral | Enum)) return null;
  return isOf(EnumLike) && isOf(StringLiteral) ? "enum" : "literal";
}

/** Says of a type whether only the emitted file has it. */
function isEmitted(project: FrontendProject): (type: Type) => boolean {
  const { families, kept } = project;
  const ours = new Set([...families.values()].filter(({ tag }) => tag !== null).map(({ name }) => name));
  for (const name of [...(kept?.names() ?? []), ...namesOfCircles(project)]) ours.add(name);
  return (type) => {
    const inner = type.kind === "maybe" ? type.type : type;
    if (inner.kind !== "ref") return false;
    if (holdsOwnForm(inner.shape)) return true;
    return holdsFunctions(inner.shape) || [...namesInShape(inner.shape)].some((name) => ours.has(name));
  };
}

/** Declared to be a number or an object, and here certainly the one or the other. */
function isOneOfKinds(type: Type, parameter: ts.ParameterDeclaration, project: FrontendProject): boolean {
  const declared = shapeOf(project.checker.getTypeAtLocation(parameter), parameter, project);
  if (declared.kind === "unsupported" || isMixed(type) || isBoxType(type)) return false;
  const shape = declared.kind === "maybe" ? declared.shape : declared;
  return isBox(shape) || (declared.kind === "maybe" && declared.other !== undefined);
}

/** As in JavaScript, or of different kinds: then the type is that of what it is given. */
function isOpen(project: FrontendProject, parameter: ts.ParameterDeclaration): boolean {
  return isOpenType(project.checker.getTypeAtLocation(parameter), parameter, project);
}

function isOpenType(type: ts.Type, at: ts.Node, project: FrontendProject): boolean {
  const [shape, outside] = [shapeOf(type, at, project), publicShapeOf(type, at, project)];
  if (shape.kind !== "unsupported") return outside.kind === "unsupported";
  return shape.cause === "untyped" || shape.cause === "union";
}

function resultText(
  companion: CompanionFunction,
  scope: TypeNames,
  made: () => string | null,
): string | null {
  const { node } = companion.closure;
  if (isOfTypeParameters(companion)) return made();
  const { checker } = scope.project;
  const signature = checker.getSignatureFromDeclaration(node);
  if (signature === undefined) return made();
  const type = checker.getReturnTypeOfSignature(signature);
  if (holdsInstances(type, scope.project)) return made();
  if (isOpenType(type, node, scope.project)) return made();
  // A function that is kept with others may be called in their place, which may give nothing.
  const isLooser = companion.raises === null && companion.result !== null && mayBeNull(companion.result);
  if (isLooser && checker.getNonNullableType(type) === type) return made();
  const kept = keptText(node.type, type, node, scope);
  if (kept === null) return made();
  return companion.raises !== null && companion.result?.kind === "maybe" ? orUndefined(kept) : kept;
}

/** Instances, of which nothing is read that only their class lets one read. */
function isMadeHere(type: Type, parameter: ts.ParameterDeclaration, project: FrontendProject): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  const isOpenly = inner.kind === "ref" && privateFieldIn(inner.shape) === null;
  return isOpenly && holdsInstances(project.checker.getTypeAtLocation(parameter), project);
}

function declarationsOf({ declarations }: TypeNames): readonly TypeDeclaration[] {
  return [...declarations.values()].filter((declaration) => declaration !== null);
}

/** The named types that the function deals with, each with what it alone needs. */
function spelledTypes(
  func: Func,
  { sourceFile, node }: Target,
  project: FrontendProject,
  folder: string,
  classesMade: ReadonlySet<string>,
): ReadonlyMap<string, SpelledType> {
  const found = [...namesIn(func)].flatMap((name): readonly (readonly [string, SpelledType])[] => {
    const type = project.named.types.get(name);
    if (classesMade.has(name))
      return [[name, { text: `${name}Data`, isOwn: true, imports: [], declarations: [] }]];
    const scope: TypeNames = { project, sourceFile, folder, imports: new Map(), declarations: new Map() };
    const text = type === undefined ? null : spelledText(type, node, scope);
    if (text === null) return [];
    return [[name, { text, imports: [...scope.imports.values()], declarations: declarationsOf(scope) }]];
  });
  return new Map(found);
}

/** The names of types and of their variants. */
function namesIn(func: Func): ReadonlySet<string> {
  const names = new Set<string>();
  const meet = ({ type }: Value): void => {
    const inner = type.kind === "maybe" ? type.type : type;
    if (inner.kind === "ref") namesInShape(inner.shape, names);
  };
  for (const each of withCallees(func)) {
    for (const { value } of each.params) meet(value);
    forEachInstr(each.body, (instr) => {
      for (const out of outsOf(instr)) meet(out);
    });
  }
  return names;
}

/**
 * Named types of objects that the function makes and that are not what the user has declared: instances, which have the
 * fields of their class and no methods, and what holds maps of a form of their own.
 */
function classesMadeIn(func: Func, project: FrontendProject): ReadonlySet<string> {
  const names = new Set<string>();
  for (const each of withCallees(func)) {
    forEachInstr(each.body, (instr) => {
      const isMade =
        instr.kind === "alloc" && instr.init.kind === "object" && instr.init.instance === undefined;
      const type = isMade ? instr.out.type : null;
      const name = type?.kind === "ref" ? nameOfShape(type.shape) : null;
      const made = name === null ? undefined : project.named.types.get(name);
      if (name === null || made === undefined) return;
      const isOwn = type?.kind === "ref" && holdsOwnForm(type.shape);
      if (isOwn || isInstance(withoutThis(made, project))) names.add(name);
    });
  }
  return names;
}

/** What is handed over may be `null`, which the declared type does not tell of. */
function orNull(type: string): string {
  if (/\bnull\b/u.test(type)) return type;
  return type.includes("=>") ? `(${type}) | null` : `${type} | null`;
}

function orUndefined(type: string): string {
  if (type.includes("=>")) return `(${type}) | undefined`;
  return type.endsWith("| undefined") ? type : `${type} | undefined`;
}

function parameterText(param: TargetParam, later: readonly TargetParam[], scope: TypeNames): string {
  const { name, node, optional, headDefault } = param;
  const type = parameterType(param, scope);
  if (!scope.project.ts.isClassDeclaration(node) && node.dotDotDotToken !== undefined)
    return `...${name}: ${type}`;
  if (headDefault !== null) return `${name}: ${type} = ${headDefault.getText()}`;
  if (!optional || scope.project.ts.isClassDeclaration(node)) return `${name}: ${type}`;
  // Only at the end may a parameter be left out.
  if (later.every((each) => each.optional)) return `${name}?: ${type}`;
  return `${name}: ${needsParentheses(scope.project.ts, node.type) ? `(${type})` : type} | undefined`;
}

function parameterType({ node }: TargetParam, scope: TypeNames): string {
  const { ts, checker } = scope.project;
  if (ts.isClassDeclaration(node)) return typeText(checker.getTypeAtLocation(node), node, scope);
  if (node.type !== undefined) return annotationText(node.type, scope);
  const type = checker.getTypeAtLocation(node);
  const isLeftOut = node.questionToken !== undefined || node.initializer !== undefined;
  return typeText(isLeftOut ? withoutUndefined(ts, checker, type) : type, node, scope);
}

/** `?` says it already. */
function withoutUndefined(ts: FrontendProject["ts"], checker: ts.TypeChecker, type: ts.Type): ts.Type {
  if (!type.isUnion() || type.types.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0)) return type;
  return checker.getNonNullableType(type);
}

function needsParentheses(ts: FrontendProject["ts"], type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  return ts.isFunctionTypeNode(type) || ts.isConstructorTypeNode(type) || ts.isConditionalTypeNode(type);
}
