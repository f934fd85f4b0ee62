/** What calls do with a value that leads to a constant: methods that are called on it, and functions that it is handed to. */
import type { ts } from "ts-morph";
import type { Context } from "../context.js";
import { mutators } from "../control/written.js";
import type { Following } from "./following.js";
import { type Lead, anyStep, copied, entering, resultStep, stepInto, wrapped } from "./lead.js";
import { mentionsIn } from "./mentions.js";

type Access = ts.PropertyAccessExpression | ts.ElementAccessExpression;
type Call = ts.CallExpression | ts.NewExpression;

const resizers: ReadonlySet<string> = new Set(["push", "pop", "shift", "unshift", "splice"]);
const elementMethods: ReadonlySet<string> = new Set([
  "at",
  "find",
  "findLast",
  "get",
  "pop",
  "shift",
  "next",
]);
/** What they give comes from the function that they are handed. */
const mappers: ReadonlySet<string> = new Set(["map", "flatMap", "reduce", "reduceRight", "forEach"]);
const inserters: ReadonlySet<string> = new Set(["push", "unshift", "splice", "fill", "set", "add"]);
const joiners: ReadonlySet<string> = new Set(["concat", "with", "toSpliced"]);

/** Follows a member that is called, or a getter or setter that is used; false for an ordinary field. */
export function calledOn(
  following: Following,
  cx: Context,
  access: Access,
  lead: Lead,
  use: "get" | "set",
): boolean {
  const { ts: tsc } = cx;
  const { checker } = cx.unit.project;
  const { parent } = access;
  const symbol = checker.getSymbolAtLocation(
    tsc.isPropertyAccessExpression(access) ? access.name : access.argumentExpression,
  );
  const isCall = tsc.isCallExpression(parent) && parent.expression === access;
  if (!isCall) {
    const accessors = (symbol?.declarations ?? []).filter((each): each is ts.AccessorDeclaration =>
      use === "set" ? tsc.isSetAccessorDeclaration(each) : tsc.isGetAccessorDeclaration(each),
    );
    for (const each of accessors.flatMap((own) => membersLike(cx, own)))
      following.self(each, entering(lead, access, each));
    return accessors.length > 0 && accessors.every((each) => !each.getSourceFile().isDeclarationFile);
  }
  const name = tsc.isPropertyAccessExpression(access) ? access.name.text : anyStep;
  // A function of an object, or one that gives it.
  following.value(access, lead.path.length > 0 ? stepInto(lead, name) : null);
  if (lead.path[0] === resultStep) {
    if (name === "call" || name === "apply") following.value(parent, stepInto(lead, resultStep));
    if (name === "bind") following.value(parent, lead);
    return true;
  }
  if (isOfLibrary(cx, parent)) libraryMethod(following, cx, parent, name, lead);
  else for (const each of calleesOf(cx, parent)) following.self(each, entering(lead, parent, each));
  return true;
}

function libraryMethod(
  following: Following,
  cx: Context,
  call: ts.CallExpression,
  name: string,
  lead: Lead,
): void {
  const element = stepInto(lead, anyStep);
  const isOwn = lead.path.length === 0;
  if (isOwn && (mutators.has(name) || /^set[A-Z]/u.test(name))) {
    following.write(lead.cell ?? anyStep, resizers.has(name), inserters.has(name) ? call.arguments : []);
    if (!elementMethods.has(name)) following.value(call, lead);
  }
  for (const each of call.arguments) {
    const callback = functionIn(following, cx, each);
    callback?.parameters.forEach((parameter, i) => {
      following.binding(parameter.name, element);
      if (i > 0) following.binding(parameter.name, lead);
    });
  }
  if (mappers.has(name)) return;
  if (name === "subarray") following.value(call, lead);
  else if (elementMethods.has(name)) following.value(call, element);
  else following.value(call, name === "entries" ? wrapped(wrapped(element, anyStep), anyStep) : copied(lead));
}

/** It is the argument at `node` of a call, or among those that a spread stands for. */
export function argumentOf(following: Following, cx: Context, call: Call, node: ts.Node, lead: Lead): void {
  const { ts: tsc } = cx;
  const index = (call.arguments ?? []).findIndex((each) => each === node);
  if (index < 0) return;
  if (isOfLibrary(cx, call)) {
    libraryArgument(following, cx, call, index, lead);
    return;
  }
  for (const callee of calleesOf(cx, call)) {
    const own = entering(lead, call, callee);
    callee.parameters.forEach((parameter, i) => {
      const isRest = parameter.dotDotDotToken !== undefined;
      if (i !== index && !(tsc.isSpreadElement(node) && i > index) && !(isRest && i < index)) return;
      const given = isRest ? wrapped(own, anyStep) : own;
      following.binding(parameter.name, given);
      if (!tsc.isIdentifier(parameter.name) || !tsc.isParameterPropertyDeclaration(parameter, callee)) return;
      for (const each of cx.unit.project.checker.getSymbolsOfParameterPropertyDeclaration(
        parameter,
        parameter.name.text,
      ))
        following.field(each, { ...own, entered: null });
    });
  }
}

function libraryArgument(following: Following, cx: Context, call: Call, index: number, lead: Lead): void {
  const { ts: tsc } = cx;
  const { expression } = call;
  const text = expression.getText();
  const element = stepInto(lead, anyStep);
  const given = call.arguments?.[index];
  // A function that gives it.
  if (lead.path[0] === resultStep && given !== undefined) {
    const result = stepInto(lead, resultStep);
    const name = tsc.isPropertyAccessExpression(expression) ? expression.name.text : "";
    if (name !== "map" && name !== "from") following.value(call, result);
    if (!name.startsWith("reduce")) following.value(call, wrapped(result, anyStep));
    return;
  }
  if (/\.(?:call|apply|bind)$/u.test(text)) {
    boundArgument(following, cx, call, index, lead);
    return;
  }
  if (/^(?:JSON|console)\.|^structuredClone$/u.test(text)) return;
  if (/^(?:Object\.(?:assign|definePropert|setPrototypeOf)|Reflect\.(?:set|delete))/u.test(text)) {
    if (index === 0 && lead.path.length === 0)
      following.write(lead.cell ?? anyStep, false, call.arguments?.slice(1));
    if (index > 0 && call.arguments?.[0] !== undefined) following.contain(call.arguments[0], copied(lead));
    following.value(call, index === 0 ? lead : copied(lead));
    return;
  }
  if (text === "Object.values") following.value(call, wrapped(element, anyStep));
  else if (text === "Object.entries") following.value(call, wrapped(wrapped(element, anyStep), anyStep));
  else if (text === "Object.fromEntries" || /groupBy$/u.test(text))
    following.value(call, wrapped(element === null ? null : stepInto(element, anyStep), anyStep));
  else if (tsc.isNewExpression(call)) {
    // Of a list of keys and values, or of what lies in it; or a view of the same buffer.
    const isView = /ArrayBuffer/u.test(typeTextOf(cx, given));
    following.value(call, isView ? lead : copied(lead));
    following.value(call, wrapped(element === null ? null : stepInto(element, anyStep), anyStep));
  } else if (tsc.isPropertyAccessExpression(expression) && inserters.has(expression.name.text))
    following.contain(expression.expression, wrapped(lead, anyStep));
  else if (tsc.isPropertyAccessExpression(expression) && joiners.has(expression.name.text)) {
    following.value(call, wrapped(lead, anyStep));
    following.value(call, copied(lead));
  } else following.value(call, /^Array\./u.test(text) ? copied(lead) : lead);
  for (const each of call.arguments ?? []) {
    const callback = each === given ? null : functionIn(following, cx, each);
    for (const { name } of callback?.parameters ?? []) following.binding(name, element);
  }
}

/** `f.call(self, a, b)`. */
function boundArgument(following: Following, cx: Context, call: Call, index: number, lead: Lead): void {
  const access = call.expression as ts.PropertyAccessExpression;
  const callee = functionIn(following, cx, access.expression);
  if (callee === null) return;
  const own = entering(lead, call, callee);
  if (index === 0) following.self(callee, own);
  else if (access.name.text === "apply")
    for (const { name } of callee.parameters) following.binding(name, stepInto(own, anyStep));
  else for (const { name } of callee.parameters.slice(index - 1, index)) following.binding(name, own);
}

function typeTextOf({ unit: { project } }: Context, node: ts.Node | undefined): string {
  return node === undefined ? "" : project.checker.typeToString(project.checker.getTypeAtLocation(node));
}

/** The function that an argument is, written there or named. */
function functionIn(
  following: Following,
  { ts: tsc }: Context,
  node: ts.Node,
): ts.SignatureDeclaration | null {
  if (tsc.isArrowFunction(node) || tsc.isFunctionExpression(node)) return node;
  if (!tsc.isIdentifier(node) && !tsc.isPropertyAccessExpression(node)) return null;
  const declared = following.symbol(tsc.isIdentifier(node) ? node : node.name)?.valueDeclaration;
  const made =
    declared !== undefined && tsc.isVariableDeclaration(declared) ? declared.initializer : declared;
  return made !== undefined && tsc.isFunctionLike(made) ? made : null;
}

function isOfLibrary({ unit: { project } }: Context, call: Call): boolean {
  const declaration = project.checker.getResolvedSignature(call)?.declaration;
  return declaration?.getSourceFile().isDeclarationFile === true;
}

/** All functions that a call may be one of. */
function calleesOf(cx: Context, call: Call): readonly ts.FunctionLikeDeclaration[] {
  const { ts: tsc } = cx;
  const { checker } = cx.unit.project;
  const declaration = checker.getResolvedSignature(call)?.declaration;
  if (declaration !== undefined && hasBody(tsc, declaration)) return membersLike(cx, declaration);
  const implementation = declaration === undefined ? [] : overloadsOf(cx, declaration);
  if (implementation.length > 0) return implementation.flatMap((each) => membersLike(cx, each));
  const { expression } = call;
  if (declaration === undefined || tsc.isNewExpression(call)) return [];
  const isMember = tsc.isMethodSignature(declaration) || tsc.isMethodDeclaration(declaration);
  const access = tsc.isPropertyAccessExpression(expression) ? expression : null;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(expression));
  const accepts = (wanted: ts.Type, given: ts.Node): boolean =>
    checker.isTypeAssignableTo(checker.getTypeAtLocation(given), wanted);
  // Any that would do.
  return mentionsIn(cx).functions.filter((each) => {
    if (tsc.isConstructorDeclaration(each) || tsc.isAccessor(each)) return false;
    if (isMember && access !== null && nameOf(each) !== access.name.text) return false;
    if (each.parameters.length > call.arguments.length) return false;
    const owner = tsc.isClassLike(each.parent) ? each.parent : null;
    if (access !== null && owner !== null && !accepts(checker.getTypeAtLocation(access.expression), owner))
      return false;
    return isMember || accepts(type, each);
  });
}

/** The implementation of what is declared for several kinds of arguments. */
function overloadsOf(
  { ts: tsc, unit: { project } }: Context,
  declaration: ts.Declaration | ts.JSDocSignature,
): readonly ts.FunctionLikeDeclaration[] {
  const name = "name" in declaration ? (declaration.name as ts.Node | undefined) : undefined;
  const symbol = name === undefined ? undefined : project.checker.getSymbolAtLocation(name);
  return (symbol?.declarations ?? []).filter((each): each is ts.FunctionDeclaration => hasBody(tsc, each));
}

/** The name of a method, or of the field that the function is in. */
function nameOf({ name, parent }: ts.FunctionLikeDeclaration): string | null {
  const holder = parent as { readonly name?: ts.Node };
  return (name ?? holder.name)?.getText() ?? null;
}

/** The member, and those of its name of classes that extend or implement its own. */
function membersLike(cx: Context, member: ts.FunctionLikeDeclaration): readonly ts.FunctionLikeDeclaration[] {
  const { ts: tsc } = cx;
  const { project } = cx.unit;
  const { parent } = member;
  if (!tsc.isClassLike(parent) || member.name === undefined) return [member];
  const name = member.name.getText();
  const below = (owner: ts.Declaration): readonly ts.FunctionLikeDeclaration[] =>
    project.classes
      .below(owner, project)
      .flatMap((each) => [
        ...each.members.filter(
          (own): own is ts.MethodDeclaration => own.name?.getText() === name && hasBody(tsc, own),
        ),
        ...below(each),
      ]);
  return [member, ...below(parent)];
}

function hasBody(tsc: Context["ts"], node: ts.Node): node is ts.FunctionLikeDeclaration {
  return tsc.isFunctionLike(node) && "body" in node && node.body !== undefined;
}
