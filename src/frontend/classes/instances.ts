/**
 * `new C(…)`: the constructor is inlined. While it does nothing but give fields their values, these are variables; then
 * the instance is allocated with all of them at once. Code that needs the object itself makes it earlier.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import { suggested } from "../../ir/builder.js";
import type { Atom, Hint, InstanceOf, ObjectShape } from "../../ir/types.js";
import { chosenClass } from "./chosen-classes.js";
import { propertyOf } from "../../ir/variant-cells.js";
import { leaveAlways } from "../functions/calls.js";
import { lowerOpenArguments, takenByParameters } from "../functions/open-arguments.js";
import { classType } from "./class-index.js";
import { type ClassNode, baseOf, isStaticMember, refuseDecorators } from "./classes.js";
import { type Context, type Frame, noJumps, onStatement, poison, refuse, unset } from "../context.js";
import { type Outcome, andThen, fell } from "../control/control.js";
import {
  errorOf,
  initializeError,
  isCosmetic,
  isLibraryError,
  libraryErrorOf,
  newLibraryError,
} from "./errors.js";
import { noteHeld, withArgumentClasses } from "./known-classes.js";
import { lowerElements } from "../arrays/elements.js";
import { lowerExpression } from "../expressions/expressions.js";
import { constructedPattern, patternValue } from "../expressions/text-patterns.js";
import { bodyOf, hasRoom, inlineBody, parameterSymbol, valueParameters } from "../functions/inline.js";
import { allocateInstance } from "../expressions/literals.js";
import { isMixinClass } from "./mixins.js";
import { enterModuleMixins, scopeOfClass } from "./local-classes.js";
import { storeCell } from "../memory.js";
import { givesMethod, methodField } from "./method-fields.js";
import { needsObject } from "./object-uses.js";
import { isOfLibrary, lowerSymbol, stringLiteral, symbolOf, undefinedLiteral } from "../names.js";
import { packageOf } from "../functions/package-calls.js";
import type { Access } from "../expressions/properties.js";
import { fieldsOf, isOpen, withoutValue } from "./instance-fields.js";
import { isFormatMade } from "../expressions/written-texts.js";
import { realInstance } from "./real-instances.js";
import { constructed } from "./recursive-constructors.js";
import { type Bound, type Class, type Closure, type Draft, Scope, type Variable } from "../scope.js";
import { cellName, shapeOf } from "../types/shapes.js";
import { lowerSequence } from "../control/statements.js";
import { checkerWith, typesOfClass } from "../project/type-arguments.js";
import { atomOf, isRef } from "../values.js";

/** Lowers `new C(…)` for a class of the project. */
export function lowerNew(cx: Context, node: ts.NewExpression, hint: Hint | null): Bound {
  const pattern = constructedPattern(cx, node);
  if (pattern !== null) return patternValue(cx, pattern, node, hint);
  if (isFormatMade(cx, node)) return { kind: "builtin", name: excerpt(node) };
  const callee = lowerExpression(cx, node.expression);
  if (callee === poison) return poison;
  if (callee.kind === "builtin" && isLibraryError(callee)) return newLibraryError(cx, callee.name, node);
  const only = callee.kind === "class" ? callee : null;
  if (only !== null) refuseAllDecorators(cx, only.node);
  const known = only === null ? null : constructorOf(cx, only.node);
  const parameters = known?.parameters ?? [];
  const hints = (i: number): Hint | null => {
    const name = valueParameters(cx, parameters)[i]?.name;
    return only !== null && name !== undefined && cx.ts.isIdentifier(name)
      ? suggested(`${prefixOf(only.node)}${name.text}`)
      : null;
  };
  const args =
    lowerOpenArguments(cx, known === null ? null : takenByParameters(cx, known), node, hints) ??
    lowerElements(cx, node.arguments ?? [], hints);
  if (args === null) return poison;
  const make = (chosen: Class, own: Hint | null): Bound => {
    if (chosen !== only) refuseAllDecorators(cx, chosen.node);
    return constructed(cx, chosen.node, args, node, own);
  };
  return chosenClass(cx, callee, node, make, hint) ?? notAClass(cx, node);
}

function notAClass(cx: Context, node: ts.NewExpression): Bound {
  if (cx.unit.records.hasRefused) return poison;
  const symbol = symbolOf(cx, node.expression);
  const file =
    symbol === null || isOfLibrary(cx, symbol) ? undefined : symbol.declarations?.[0]?.getSourceFile();
  const from =
    file === undefined || cx.unit.project.isOwn(file) ? "" : ` of the package \`${packageOf(file)}\``;
  return refuse(cx, "classMember", node, { what: `\`${excerpt(node)}\`${from}` });
}

/** The instance, its constructor written out. */
export function newInstance(
  cx: Context,
  of: ClassNode,
  args: readonly Bound[],
  node: ts.NewExpression,
  hint: Hint | null,
): Bound {
  if (!hasRoom(cx, node, of.name?.text ?? "class")) return poison;
  const inside = withArgumentClasses(cx, args, node.arguments ?? []);
  const draft: Draft = {
    kind: "draft",
    node,
    class: of,
    hint,
    type: typeOfInstance(cx, of, node),
    cells: new Map(),
    made: null,
    variable: { name: "self", hint: suggested("self"), depth: null },
  };
  const owner = hint?.text ?? uncapitalized(of.name?.text ?? "instance");
  for (const { name } of fieldsOf(cx, draft)) {
    const variable: Variable = { name, hint: suggested(`${owner}_${name.replace(/^_/u, "")}`), depth: null };
    draft.cells.set(name, variable);
    cx.unit.environment.set(variable, unset);
  }
  if (!construct(inside, of, args, draft)) return poison;
  const library = libraryErrorOf(cx, of);
  if (library !== null) return errorOf(cx, draft, library);
  const isWhole = draft.made === null;
  const made = materialize(cx, draft);
  if (isWhole && isRef(made)) noteHeld(inside, made, draft.type, valuesOf(cx, draft));
  return made;
}

/** With its type arguments, where the class is named; of a class that is a value, `new ctor(k)`, that of the class. */
function typeOfInstance(cx: Context, of: ClassNode, node: ts.NewExpression): ts.Type {
  const type = cx.checker.getTypeAtLocation(node);
  const { symbol } = classType(type, cx.unit.project) as Partial<ts.Type>;
  if (symbol?.declarations?.includes(of) === true) return type;
  const own = cx.checker.getTypeAtLocation(of);
  // An expression is of the type of the class itself.
  return own.getConstructSignatures()[0]?.getReturnType() ?? own;
}

/** What the fields hold that have been given a value. */
function valuesOf(cx: Context, { cells }: Draft): ReadonlyMap<string, Bound> {
  return new Map(
    [...cells].flatMap(([name, variable]): (readonly [string, Bound])[] => {
      const bound = cx.unit.environment.get(variable);
      return bound === undefined ? [] : [[name, bound]];
    }),
  );
}

/** Those of fields, of the class and of what it extends. */
function refuseAllDecorators(cx: Context, start: ClassNode): void {
  for (
    let node: ClassNode | "unknown" | null = start;
    node !== null && node !== "unknown";
    node = baseOf(cx, node)
  ) {
    if (node !== start) refuseDecorators(cx, node);
    for (const member of node.members) if (cx.ts.isPropertyDeclaration(member)) refuseDecorators(cx, member);
  }
}

/** `this`: the object of a method, or the class in a static one. */
export function lowerThis(cx: Context, node: ts.Node): Bound {
  return receiverOf(cx, cx.scope) ?? refuse(cx, "classMember", node, { what: "`this`" });
}

/** `new.target` in a constructor: the class that is made an instance of; null elsewhere. */
export function newTarget({ ts: tsc, scope }: Context, node: ts.MetaProperty): Class | null {
  const around = tsc.findAncestor(
    node,
    (each) => (tsc.isFunctionLike(each) && !tsc.isArrowFunction(each)) || tsc.isPropertyDeclaration(each),
  );
  const isInConstructor = around !== undefined && tsc.isConstructorDeclaration(around);
  const isNew = node.keywordToken === tsc.SyntaxKind.NewKeyword;
  return isNew && isInConstructor && scope.self?.kind === "draft"
    ? { kind: "class", node: scope.self.class }
    : null;
}

/** What `this` means in a scope, as the function that is being lowered has it; null where it means nothing. */
export function receiverOf(cx: Context, { self, selfVariable }: Scope): Bound | null {
  if (self === null) return null;
  const held = selfVariable === null ? undefined : cx.unit.environment.get(selfVariable);
  if (held !== undefined) return held;
  return self.kind === "draft" ? (self.made ?? self) : self;
}

/** `this.x` while the object is not made yet. */
export function draftField(cx: Context, draft: Draft, node: Access): Bound {
  const variable = draftVariable(cx, draft, node);
  if (variable === null)
    return refuse(cx, "classMember", node, { what: `\`${excerpt(node)}\` in a constructor` });
  const bound = cx.unit.environment.get(variable);
  return bound === undefined || bound === unset ? undefinedLiteral : bound;
}

/** The variable for a field of an object that is not made yet. */
export function draftVariable(cx: Context, draft: Draft, node: Access): Variable | null {
  if (!cx.ts.isPropertyAccessExpression(node)) return null;
  return draft.cells.get(cellName(node.name.text)) ?? null;
}

/** Runs the constructor of a class, those that it extends included; false where it is refused. */
function construct(cx: Context, node: ClassNode, args: readonly Bound[], draft: Draft): boolean {
  enterModuleMixins(cx, node);
  const base = baseOf(cx, node);
  const library = base === "unknown" ? libraryErrorOf(cx, node) : null;
  if (base === "unknown" && library === null) {
    refuse(cx, "classMember", draft.node, {
      what: `\`${excerpt(draft.node)}\`, whose base class ${isMixinClass(node, cx.unit.project) ? "is another one at each call of a mixin" : "has no source"},`,
    });
    return false;
  }
  const own = constructorOf(cx, node);
  if (own === null) {
    if (library !== null) initializeError(cx, draft, library, args);
    else if (base !== null && base !== "unknown" && !construct(cx, base, args, draft)) return false;
    initialize(cx, node, null, draft);
    return true;
  }
  const name = uncapitalized(node.name?.text ?? "instance");
  const closure: Closure = {
    kind: "closure",
    node: own,
    scope: scopeOfClass(cx, node),
    name,
    prefix: prefixOf(node),
    self: draft,
  };
  const body = bodyOf(cx, closure, draft.node);
  if (body === null || !cx.ts.isBlock(body)) return false;
  inlineBody(
    cx,
    closure,
    args,
    draft.node,
    null,
    (end) => {
      leaveAlways(cx, end);
    },
    (inner) => {
      if (base === null) initialize(inner, node, own, draft);
      return lowerConstructor(inner, node, own, body.statements, 0, draft);
    },
  );
  return true;
}

function lowerConstructor(
  cx: Context,
  node: ClassNode,
  own: ts.ConstructorDeclaration,
  statements: readonly ts.Statement[],
  from: number,
  draft: Draft,
): Outcome {
  const statement = statements[from];
  if (statement === undefined) return fell;
  const rest = (): Outcome => lowerConstructor(cx, node, own, statements, from + 1, draft);
  const base = superCall(cx, statement);
  if (base !== null) {
    const here = onStatement(cx, statement);
    const args = lowerElements(here, base.arguments, () => null);
    if (args === null || !constructBase(here, node, args, draft)) return fell;
    initialize(cx, node, own, draft);
    return rest();
  }
  if (isCosmetic(statement, libraryErrorOf(cx, node) !== null)) return rest();
  if (givesMethod(statement, cx.unit.project)) return rest();
  if (draft.made === null && needsObject(cx, statement, isOpen(cx, draft))) materialize(cx, draft);
  if (draft.made !== null) return lowerSequence(cx, statements, from, null);
  return andThen(cx, statement, lowerSequence(cx, [statement], 0, null), rest);
}

function constructBase(cx: Context, node: ClassNode, args: readonly Bound[], draft: Draft): boolean {
  const base = baseOf(cx, node);
  if (base !== "unknown") return base !== null && construct(cx, base, args, draft);
  const library = libraryErrorOf(cx, node);
  if (library !== null) initializeError(cx, draft, library, args);
  return library !== null;
}

function superCall(cx: Context, statement: ts.Statement): ts.CallExpression | null {
  if (!cx.ts.isExpressionStatement(statement) || !cx.ts.isCallExpression(statement.expression)) return null;
  return statement.expression.expression.kind === cx.ts.SyntaxKind.SuperKeyword ? statement.expression : null;
}

/** Parameter properties and the initializers of fields. */
function initialize(cx: Context, node: ClassNode, own: ts.ConstructorDeclaration | null, draft: Draft): void {
  for (const parameter of own?.parameters ?? []) {
    if (!cx.ts.isParameterPropertyDeclaration(parameter, parameter.parent)) continue;
    const symbol = parameterSymbol(cx, parameter);
    if (symbol !== undefined) setField(cx, draft, symbol.name, lowerSymbol(cx, symbol, parameter), parameter);
  }
  for (const member of node.members) {
    if (!cx.ts.isPropertyDeclaration(member) || isStaticMember(cx, member)) continue;
    const { initializer, name } = member;
    if (initializer === undefined || cx.ts.isComputedPropertyName(name)) continue;
    if (methodField(member, cx.unit.project) !== null) continue;
    const isOfObject = !cx.ts.isFunctionLike(initializer) && needsObject(cx, initializer, isOpen(cx, draft));
    if (draft.made === null && isOfObject) materialize(cx, draft);
    const frame: Frame = { ...cx.frame, returns: { kind: "none" } };
    const types = typesOfClass(cx, node, draft.type);
    const scope = new Scope(scopeOfClass(cx, node), draft, types);
    const checker = checkerWith(cx.unit.project.checker, types);
    const here: Context = { ...cx, checker, frame, scope, ...noJumps };
    const text = cellName(name.text);
    const bound = lowerExpression(here, initializer, draft.cells.get(text)?.hint ?? null);
    setField(cx, draft, text, bound, initializer);
  }
}

function setField(cx: Context, draft: Draft, name: string, bound: Bound, node: ts.Node): void {
  const { made } = draft;
  const variable = draft.cells.get(name);
  if (made === null) {
    if (variable !== undefined) cx.unit.environment.set(variable, bound);
  } else if (isRef(made)) storeCell(cx, made, name, atomOf(cx, bound, node), node);
}

/** Allocates the instance with what its fields hold now. */
function materialize(cx: Context, draft: Draft): Atom {
  if (draft.made !== null) return draft.made;
  const cells = new Map<string, Bound>();
  const fields = fieldsOf(cx, draft);
  const { tag, shape, instance } = ofFamily(
    cx,
    draft,
    fields.map(({ name }) => name),
  );
  for (const field of fields) {
    const variable = draft.cells.get(field.name);
    const bound = variable === undefined ? undefined : cx.unit.environment.get(variable);
    const isGiven = bound !== undefined && bound !== unset;
    cells.set(field.name, isGiven ? bound : withoutValue(cx, draft, field, shape));
  }
  const all = new Map([...tag, ...cells]);
  draft.made = [...all.values()].includes(poison)
    ? poison
    : allocateInstance(cx, draft.node, all, fieldTypes(cx, draft), shape, draft.hint, instance);
  if (isRef(draft.made)) {
    cx.unit.classes.set(draft.made.id, draft.class);
    cx.unit.instances.set(draft.made.type.region, draft.class);
  }
  cx.unit.environment.set(draft.variable, draft.made);
  return draft.made;
}

interface OfFamily {
  /** The cell that says which class it is. */
  readonly tag: ReadonlyMap<string, Bound>;
  readonly shape: ObjectShape | null;
  /** Where there are others of the family from outside, which `instanceof` tells. */
  readonly instance: InstanceOf | null;
}

/** The shape of instances of the class where it has to be told from others. */
function ofFamily(cx: Context, { class: node, node: at, type }: Draft, fields: readonly string[]): OfFamily {
  const { project, dispatch } = cx.unit;
  dispatch.making.add(node);
  const family = project.families.get(node);
  const member = family?.members.find((each) => each.node === node);
  if (family === undefined || member === undefined) {
    // What contains its like is of the shape that its name stands for.
    const own = shapeOf(type, at, project);
    const shape = own.kind === "object" && own.named !== undefined ? own : null;
    return { tag: new Map(), shape, instance: null };
  }
  const whole = shapeOf(member.type, at, project);
  const variant =
    whole.kind === "object" ? whole.named?.variants.find((each) => each.name === member.name) : undefined;
  const known = variant?.fields.map((field) => propertyOf(field.name));
  // What a field of a generic class holds is not always known.
  const isOpen = known !== undefined && fields.some((name) => !known.includes(name));
  const shape = whole.kind === "object" && !isOpen ? whole : null;
  if (family.tag !== null)
    return { tag: new Map([[family.tag, stringLiteral(member.word)]]), shape, instance: null };
  if (member.value !== null)
    return { tag: new Map(), shape, instance: realInstance(cx, node, member.value, fields) };
  refuse(cx, "hiddenClass", at, { name: member.word, code: excerpt(at) });
  return { tag: new Map(), shape, instance: null };
}

function fieldTypes(cx: Context, draft: Draft): ReadonlyMap<string, ts.Type> {
  return new Map(fieldsOf(cx, draft).map(({ name, type }) => [name, type]));
}

/** The constructor with a body. */
export function constructorOf(cx: Context, node: ClassNode): ts.ConstructorDeclaration | null {
  const own = node.members.filter((each) => cx.ts.isConstructorDeclaration(each));
  return own.find(({ body }) => body !== undefined) ?? null;
}

function prefixOf(node: ClassNode): string {
  return `${uncapitalized(node.name?.text ?? "instance")}_`;
}

function uncapitalized(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
