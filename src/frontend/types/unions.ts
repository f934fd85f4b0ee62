/**
 * Unions of objects: one shape with the fields of all members, and what tells the members apart. TypeScript has made sure
 * that a field is only read where the object has it.
 */
import type { ts } from "ts-morph";
import { holdsInstances } from "../targets/instance-types.js";
import type { Field, ObjectShape, Variant, VariantTest } from "../../ir/types.js";
import { exportedName } from "../project/exports.js";
import type { Family } from "./families.js";
import { byPlace, capitalized, isMapped, isOfClass, nameOfType } from "./named-types.js";
import type { FrontendProject } from "../project/project.js";
import { withKeptFields } from "./kept-fields.js";
import { mergedVariants } from "./variant-cells.js";

export interface Member {
  readonly type: ts.Type;
  readonly shape: ObjectShape;
}

/** The shape of a union; or what keeps it from having one. */
export function variantsShape(
  type: ts.Type,
  members: readonly Member[],
  isOfTuples: boolean,
  { at, project }: { readonly at: ts.Node; readonly project: FrontendProject },
): ObjectShape | string {
  const found = tagTests(members, at, project) ?? ownTests(members, at, project);
  if (found === null)
    return `a union whose members have no ${isOfTuples ? "element" : "field"} that tells them apart`;
  const isEnum = found.some((test) => test.kind === "tag" && test.isEnum);
  const isHidden =
    isEnum &&
    !hasExportedTags(members, found, project) &&
    !members.every((each) => isExported(each, project));
  // Where the emitted file makes all objects itself, they have the values of the enum's members.
  if (isHidden && project.shapes === project.publicShapes)
    return "a union whose members are told apart by an enum that is not exported";
  const tests = isHidden
    ? found.map((test) => (test.kind === "tag" ? { ...test, isEnum: false } : test))
    : found;
  const variants = members.map((member, i): Variant => {
    const test = tests[i] ?? { kind: "rest" };
    const name = nameOfType(member.type, wordOf(test, i), project);
    const fields = member.shape.fields.map((field) => asTag(field, test));
    return { name, fields, test, ...(isOfClass(member.type, project) ? { isInstance: true } : {}) };
  });
  const ownName = nameOfType(type, variants.map((each) => each.name).join("Or"), project);
  const own = withKeptFields(
    ownName,
    variants,
    members.map((member) => member.type),
    project,
  );
  // What is kept as of a wider union is not what its field says.
  const isPlain =
    project.wider.size === 0 &&
    members.every((member) =>
      isOfTuples ? isPlainTuple(member.type, project) : isPlainType(member.type, project),
    );
  const merged = mergedVariants(own.variants);
  return {
    kind: "object",
    fields: merged.fields,
    named: {
      name: own.name,
      variants: merged.variants,
      isPlain,
      ...(isOfTuples ? { isTuple: true } : {}),
      gradientOf: null,
    },
  };
}

/** The shape of the instances of a family; `fields` are those of its classes, in order. */
export function instancesShape(
  { name, root, tag, members }: Family,
  fields: readonly (readonly Field[])[],
  project: FrontendProject,
): ObjectShape {
  const variants = members.map((member, i): Variant => {
    const own = fields[i] ?? [];
    if (tag === null) {
      const { text, imports } = member.value ?? { text: member.word, imports: [] };
      return { name: member.name, fields: own, test: { kind: "instance", text, imports } };
    }
    const test = { kind: "tag", field: tag, values: [member.word], isEnum: false } as const;
    return { name: member.name, fields: [{ name: tag, shape: { kind: "string" } }, ...own], test };
  });
  const whole = withKeptFields(
    name,
    variants,
    members.map((member) => member.type),
    project,
  );
  const merged = mergedVariants(whole.variants);
  const variantsHeld =
    tag === null ? merged.variants : merged.variants.map((each) => asHeld(each, merged.fields));
  const named = { name: whole.name, variants: variantsHeld, isPlain: tag !== null, gradientOf: null };
  const declared =
    tag === null && !root.isUnion()
      ? { declared: root.getProperties().map((property) => property.name) }
      : {};
  return { kind: "object", fields: merged.fields, named: { ...named, ...declared } };
}

/** Options that one class has none of, `{}`, are kept as the others have them, with nothing in their fields. */
function asHeld(variant: Variant, cells: readonly Field[]): Variant {
  const fields = variant.fields.map((field) => {
    const cell = cells.find(({ name }) => name === field.name)?.shape;
    const isEmpty = field.shape.kind === "object" && field.shape.fields.length === 0;
    return isEmpty && cell !== undefined ? { ...field, shape: cell } : field;
  });
  return { ...variant, fields };
}

/** The tag of a variant is no quantity. */
function asTag(field: Field, test: VariantTest): Field {
  const isTag = test.kind === "tag" && test.field === field.name && field.shape.kind === "real";
  return isTag ? { ...field, shape: { kind: "int" } } : field;
}

/** The emitted file can name the member, and the type of its tag by that. */
function isExported({ type }: Member, project: FrontendProject): boolean {
  const own = type.symbol as ts.Symbol | undefined;
  const symbol = type.aliasSymbol ?? own;
  const [declaration] = symbol?.declarations ?? [];
  if (symbol === undefined || declaration === undefined || (type.aliasTypeArguments ?? []).length > 0)
    return false;
  return exportedName(project, declaration.getSourceFile(), symbol) !== null;
}

/** The emitted file can name the enum. */
function hasExportedTags(
  members: readonly Member[],
  tests: readonly VariantTest[],
  { ts, checker }: FrontendProject,
): boolean {
  return members.every(({ type }, i) => {
    const test = tests[i];
    const property = test?.kind === "tag" ? checker.getPropertyOfType(type, test.field) : undefined;
    const symbol = property === undefined ? undefined : checker.getTypeOfSymbol(property).symbol;
    return symbol?.declarations?.every((declaration) => {
      const whole = ts.isEnumMember(declaration) ? declaration.parent : declaration;
      return (ts.getCombinedModifierFlags(whole) & ts.ModifierFlags.Export) !== 0;
    });
  });
}

function wordOf(test: VariantTest, index: number): string {
  switch (test.kind) {
    case "tag":
      return capitalized(
        /^[\p{ID_Start}]/u.test(String(test.values[0]))
          ? String(test.values[0])
          : `${test.field}_${String(test.values[0])}`,
      );
    case "own":
      return `With${capitalized(test.field)}`;
    case "instance":
    case "rest":
      return `Variant${String(index)}`;
  }
}

/** By a field of literal types, each value of which belongs to one member. */
function tagTests(
  members: readonly Member[],
  at: ts.Node,
  project: FrontendProject,
): readonly VariantTest[] | null {
  const [first] = members;
  for (const { name } of first?.shape.fields ?? []) {
    const values = members.map((member) => literalValues(member.type, name, at, project));
    if (!values.every((each) => each !== null)) continue;
    const all = values.flat();
    if (new Set(all).size !== all.length) continue;
    const isEnum = members.some(({ type }) => isEnumField(type, name, at, project));
    return values.map((each) => ({ kind: "tag", field: name, values: each, isEnum }));
  }
  return null;
}

function isEnumField(type: ts.Type, name: string, at: ts.Node, { ts, checker }: FrontendProject): boolean {
  const property = checker.getPropertyOfType(type, name);
  if (property === undefined) return false;
  return (checker.getTypeOfSymbolAtLocation(property, at).flags & ts.TypeFlags.EnumLike) !== 0;
}

function literalValues(
  type: ts.Type,
  name: string,
  at: ts.Node,
  { ts, checker }: FrontendProject,
): readonly (string | number | boolean)[] | null {
  const property = checker.getPropertyOfType(type, name);
  if (property === undefined || (property.flags & ts.SymbolFlags.Optional) !== 0) return null;
  const whole = checker.getTypeOfSymbolAtLocation(property, at);
  const values = (whole.isUnion() ? asWritten(whole, property) : [whole]).map((each) => {
    if (each.isStringLiteral() || each.isNumberLiteral()) return each.value;
    return (each.flags & ts.TypeFlags.BooleanLiteral) !== 0 ? checker.typeToString(each) === "true" : null;
  });
  return values.every((value) => value !== null) ? values : null;
}

/** Literals in the order of the source: that of TypeScript depends on what else it has seen. */
function asWritten({ types, aliasSymbol }: ts.UnionType, property: ts.Symbol): readonly ts.Type[] {
  const [declaration] = (aliasSymbol ?? property).declarations ?? [];
  const text = declaration?.getText() ?? "";
  const wordOfType = (type: ts.Type): string => (type.isStringLiteral() ? type.value : "");
  const placeOf = (type: ts.Type): number =>
    Math.max(...[`"${wordOfType(type)}"`, `'${wordOfType(type)}'`].map((word) => text.indexOf(word)));
  return types.toSorted(
    (a, b) =>
      placeOf(a) - placeOf(b) ||
      byPlace(a.symbol, b.symbol) ||
      (wordOfType(a) < wordOfType(b) ? -1 : Number(wordOfType(a) > wordOfType(b))),
  );
}

/** By a field that no other member has. One may be left that has none. */
function ownTests(
  members: readonly Member[],
  at: ts.Node,
  { ts, checker }: FrontendProject,
): readonly VariantTest[] | null {
  const isRequired = ({ type }: Member, name: string): boolean => {
    const property = checker.getPropertyOfType(type, name);
    if (property === undefined || (property.flags & ts.SymbolFlags.Optional) !== 0) return false;
    return (checker.getTypeOfSymbolAtLocation(property, at).flags & ts.TypeFlags.Undefined) === 0;
  };
  const tests = members.map((member): VariantTest => {
    const own = member.shape.fields.find(
      ({ name }) =>
        isRequired(member, name) &&
        members.every(
          (other) => other === member || checker.getPropertyOfType(other.type, name) === undefined,
        ),
    );
    return own === undefined ? { kind: "rest" } : { kind: "own", field: own.name };
  });
  return tests.filter(({ kind }) => kind === "rest").length > 1 ? null : tests;
}

/** Its fields are declared as such, none of them optional or readonly, and no instances lie in them, which have methods. */
export function isPlainType(type: ts.Type, project: FrontendProject): boolean {
  const { ts, checker } = project;
  const { Optional, Method, Accessor } = ts.SymbolFlags;
  return checker
    .getPropertiesOfType(type)
    .every(
      (field) =>
        (field.flags & (Optional | Method | Accessor)) === 0 &&
        !holdsInstances(checker.getTypeOfSymbol(field), project) &&
        isPlainField(field.declarations ?? []),
    );

  function isPlainField(declarations: readonly ts.Declaration[]): boolean {
    return (
      declarations.length > 0 &&
      declarations.every(
        (each) =>
          ts.isPropertySignature(each) &&
          (ts.getCombinedModifierFlags(each) & ts.ModifierFlags.Readonly) === 0 &&
          !isMapped(type, { ts }),
      )
    );
  }
}

/** None of its elements is optional or readonly. */
function isPlainTuple(type: ts.Type, { ts, checker }: FrontendProject): boolean {
  if (!checker.isTupleType(type)) return false;
  const { elementFlags, readonly } = (type as ts.TupleTypeReference).target;
  return !readonly && elementFlags.every((flags) => (flags & ts.ElementFlags.Required) !== 0);
}
