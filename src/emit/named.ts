/**
 * Types that have a name: how the emitted file calls them, and what it has to declare for them. A gradient that is of the
 * user's own type is called so; for any other a type is declared. Zeros of such a type are made by a function.
 */
import { opened } from "../ir/boxes.js";
import { tagsOf } from "../ir/gradient-shapes.js";
import { unfolded } from "../ir/shapes.js";
import type { Field, ImportedName, NamedType, ObjectShape, Shape, Variant } from "../ir/types.js";
import { accessText, keyText } from "./keys.js";
import { type ClosingWriter, asNamed, closingLines } from "./closings.js";
import { type CopyWriter, copyLines } from "./copies.js";
import { TypeTexts } from "./types.js";
import { type VariantLine, linesByVariant } from "./variant-lines.js";

/** How the emitted file can name a type of the user's, and what it needs for that. */
export interface SpelledType {
  readonly text: string;
  /** The emitted file declares a type of this name itself. */
  readonly isOwn?: true;
  readonly imports: readonly {
    readonly from: string;
    readonly name: string;
    readonly alias: string | null;
  }[];
  readonly declarations: readonly { readonly name: string; readonly text: string }[];
}

/** What the file has to import and to declare for a function. */
export interface Needs extends Pick<SpelledType, "imports" | "declarations"> {
  /** Classes, for tests. */
  readonly values: readonly ImportedName[];
  /** Functions. */
  readonly helpers: readonly { readonly name: string; readonly text: string }[];
  readonly constants: readonly { readonly name: string; readonly text: string }[];
}

export class NamedWriter {
  readonly #spelled: ReadonlyMap<string, SpelledType>;
  /** Names of types that the file has from elsewhere. */
  readonly #taken: ReadonlySet<string>;
  readonly #isCompared: boolean;
  readonly #uncheckedIndexedAccess: boolean;
  readonly #types: TypeTexts;
  readonly #used = new Set<SpelledType>();
  /** Types to declare, by name; null while the text is being made. */
  readonly #declared = new Map<string, string | null>();
  readonly #values = new Set<ImportedName>();
  /** Functions to declare. */
  readonly #helpers = new Map<string, string | null>();

  /** Without spellings, types are only written to be compared. */
  constructor(
    spelled: ReadonlyMap<string, SpelledType> | null,
    taken: ReadonlySet<string> = new Set(),
    uncheckedIndexedAccess = false,
  ) {
    this.#taken = taken;
    this.#uncheckedIndexedAccess = uncheckedIndexedAccess;
    this.#isCompared = spelled === null;
    this.#spelled = spelled ?? new Map<string, SpelledType>();
    this.#types = new TypeTexts(this);
  }

  get types(): TypeTexts {
    return this.#types;
  }

  /** The imports and declarations that the names need that were written. */
  needs(): Needs {
    const used = [...this.#used];
    return {
      imports: used.flatMap(({ imports }) => imports),
      declarations: [...used.flatMap(({ declarations }) => declarations), ...listed(this.#declared)],
      values: [...this.#values],
      helpers: listed(this.#helpers),
      constants: [],
    };
  }

  /** The name of the shape's type. */
  typeText({ fields, named }: ObjectShape): string {
    if (named === undefined) return this.#types.fields(fields);
    const users = this.#usersText(named);
    return users ?? this.#declareType(named);
  }

  /** The class, or the enum, of that name. */
  ownerText(name: string): string | null {
    return this.#isCompared ? name : this.#spell(name);
  }

  /** The type of some of the kinds of objects. */
  variantsText(named: NamedType, variants: readonly Variant[]): string {
    const isUsers = named.gradientOf === null || named.isPlain;
    const isNamed = variants.every(
      ({ name }) => isName(this.#spelled.get(name)?.text ?? "") && this.#spelled.get(name)?.isOwn !== true,
    );
    if (isUsers && isNamed) return variants.map(({ name }) => this.#spell(name)).join(" | ");
    const [first] = variants;
    const whole = this.#usersText(named) ?? this.#declareType(named);
    const tags = variants.flatMap(({ test }) => (test.kind === "tag" && !test.isEnum ? test.values : []));
    if (variants.every(({ test }) => test.kind === "instance"))
      return variants.map((variant) => this.#instanceText(variant, named)).join(" | ");
    if (first?.test.kind !== "tag" || tags.length === 0 || !isName(whole))
      return variants.map(({ fields }) => this.#types.fields(fields, named.isTuple)).join(" | ");
    const values = tags.map((value) => JSON.stringify(value)).join(" | ");
    const { field } = first.test;
    return `Extract<${whole}, { ${named.isTuple === true ? field : keyText(field)}: ${values} }>`;
  }

  /** The type of what belongs to an instance of one class. */
  #instanceText({ name, fields }: Variant, { gradientOf, isOpened }: NamedType): string {
    if (gradientOf === null) return this.#spell(name) ?? this.#types.fields(fields);
    const own = this.#free(`${name}${isOpened === true ? "Cotangent" : "Gradient"}`);
    const text = `${commentOn(name, isOpened)}interface ${own} ${this.#types.fields(fields)}`;
    if (!this.#declared.has(own)) this.#declared.set(own, text);
    return this.#declared.get(own) === text ? own : this.#types.fields(fields);
  }

  /** A value in a literal: a member of an enum is no literal to TypeScript. */
  fieldValue(named: NamedType, field: string, text: string, value: unknown): string {
    if (typeof value !== "string") return text;
    const variant = named.variants.find(
      ({ test }) => test.kind === "tag" && test.field === field && test.values.some((each) => each === value),
    );
    if (variant?.test.kind === "tag")
      return variant.test.isEnum ? `${text} as ${this.#tagText(variant, field)}` : text;
    const owners = named.variants.filter(({ fields }) => fields.some((each) => isOfStringEnum(each, field)));
    if (owners.length === 0 || this.#usersText(named) === null) return text;
    const owner = this.variantsText(named, owners);
    return `${text} as ${isName(owner) || owners.length === 1 ? owner : `(${owner})`}[${JSON.stringify(field)}]`;
  }

  /** The name of the function that makes zeros like an object of type `primal`. */
  zeros({ named }: ObjectShape, primal: ObjectShape): string {
    if (named === undefined || primal.named === undefined) return "";
    const name = `zerosLike${primal.named.name}`;
    if (this.#helpers.has(name)) return name;
    this.#helpers.set(name, null);
    this.#helpers.set(name, this.#zerosFunction(name, named, primal, primal.named));
    return name;
  }

  /** The name of the function that finds an object that is listed twice. */
  twice(): string {
    const name = "holdsTwice";
    const test = "objects.some((each) => Object(each) === each && known.size === known.add(each).size)";
    const lines = ["const known = new Set<unknown>(others);", `return ${test};`];
    const head = `${name}(objects: readonly unknown[], others: readonly unknown[] = []): boolean`;
    this.#helpers.set(name, functionText(head, lines));
    return name;
  }

  /** The name of the function that copies objects of the type. */
  copies(shape: Shape): string {
    const whole = unfolded(shape);
    if (whole.kind !== "object" || whole.named === undefined) return "";
    const name = `copyOf${whole.named.name}`;
    if (this.#helpers.has(name)) return name;
    this.#helpers.set(name, null);
    this.#helpers.set(name, this.#copyFunction(name, whole, whole.named));
    return name;
  }

  /** What expressions that close shadows need. */
  get closings(): ClosingWriter {
    return {
      shape: (shape) => this.#types.shape(shape),
      entriesType: (shape) => this.#types.entriesType(shape),
      closingFunction: (shape, primal) => this.#closes(shape, primal),
      variant: (shadow, named, variant) => `${shadow} as ${this.variantsText(named, [variant])}`,
      uncheckedIndexedAccess: this.#uncheckedIndexedAccess,
    };
  }

  /** The name of the function that closes shadows of objects of the type. */
  #closes(shape: Shape, primal: Shape): string {
    const [gradient, own] = [asNamed(shape), asNamed(primal)];
    if (gradient === null || own === null) return "";
    const name = `gradientOf${own.named.name}`;
    if (this.#helpers.has(name)) return name;
    this.#helpers.set(name, null);
    const like = parameterName(own.named.name);
    const open = opened(gradient);
    const names = { shadow: `d${own.named.name}`, like };
    const lines = closingLines(gradient.named, open.named, own.named, names, this.closings);
    this.#importTests(own.named.variants.map((variant) => ({ variant })));
    const head = `${name}(${names.shadow}: ${this.typeText(open)}, ${like}: ${this.typeText(own)})`;
    this.#helpers.set(name, functionText(`${head}: ${this.typeText(gradient)}`, lines));
    return name;
  }

  #usersText(named: NamedType): string | null {
    if (named.gradientOf === null) return this.#spell(named.name) ?? this.#classesText(named);
    return named.isPlain ? this.#spell(named.gradientOf) : null;
  }

  /** The classes of instances that have a base in common which the file cannot name. */
  #classesText({ variants }: NamedType): string | null {
    if (!variants.every(({ test }) => test.kind === "instance")) return null;
    const names = variants.map(({ name }) => this.#spell(name));
    return names.every((name) => name !== null) ? names.join(" | ") : null;
  }

  #spell(name: string): string | null {
    const spelled = this.#spelled.get(name);
    if (spelled === undefined || spelled.isOwn === true) return null;
    this.#used.add(spelled);
    return spelled.text;
  }

  /** The name, or with a number behind it where the file has a type of that name from elsewhere. */
  #free(name: string): string {
    let candidate = name;
    for (let count = 2; this.#taken.has(candidate); count++) candidate = `${name}${String(count)}`;
    return candidate;
  }

  #declareType(named: NamedType): string {
    // What has nothing but numbers and what tells its kinds apart is like its own gradient.
    const original = named.isPlain ? named.gradientOf : null;
    const whole = original ?? named.name;
    const own = this.#spelled.get(whole);
    const isNew = own?.isOwn === true || (original === null && named.gradientOf !== null);
    const wanted = own?.isOwn === true ? own.text : whole;
    const name = isNew ? this.#free(wanted) : wanted;
    if (this.#declared.has(name)) return name;
    this.#declared.set(name, null);
    const members = named.variants.map((variant) =>
      variant.test.kind === "instance" && named.gradientOf !== null
        ? this.#instanceText(variant, named)
        : this.#literalText(variant, named),
    );
    const [only, ...more] = members;
    const text =
      more.length === 0 && only?.startsWith("{") === true
        ? `interface ${name} ${only}`
        : `type ${name} = ${members.join(" | ")};`;
    const { gradientOf, isOpened } = named;
    const comment = original !== null || gradientOf === null ? "export " : commentOn(gradientOf, isOpened);
    this.#declared.set(name, `${comment}${text}`);
    return name;
  }

  /** The type of a variant, written out with its tag. */
  #literalText(variant: Variant, { gradientOf, isTuple }: NamedType): string {
    const { test } = variant;
    // What is not looked into is in no object that is made here.
    const fields = variant.fields.filter((field) =>
      isTuple === true ? field.name !== "length" : field.shape.kind !== "opaque",
    );
    const cells = fields.map(({ name, shape }) => {
      const isTag = test.kind === "tag" && test.field === name;
      if (!isTag && gradientOf === null && isTuple !== true) return this.#types.field({ name, shape });
      const type = isTag ? this.#tagText(variant, test.field) : this.#types.shape(shape);
      if (isTuple === true) return type;
      return `${keyText(name)}: ${type}`;
    });
    return isTuple === true ? `[${cells.join(", ")}]` : `{ ${cells.join("; ")} }`;
  }

  #tagText({ name, test }: Variant, field: string): string {
    if (test.kind !== "tag") return "unknown";
    const users = test.isEnum ? this.#spell(name) : null;
    return users === null
      ? test.values.map((value) => JSON.stringify(value)).join(" | ")
      : `${isName(users) ? users : `(${users})`}[${JSON.stringify(field)}]`;
  }

  #zerosFunction(name: string, gradient: NamedType, primal: ObjectShape, named: NamedType): string {
    const like = parameterName(named.name);
    const lines = gradient.variants.map((variant, i): VariantLine => {
      const source = named.variants[i] ?? variant;
      const cells = this.#zerosOf(variant, like, { kind: "object", fields: source.fields }, tagsOf(named));
      return { variant, text: literalOf(named, cells) };
    });
    const from = this.typeText(primal);
    const to = this.typeText({ kind: "object", fields: [], named: gradient });
    this.#importTests(lines);
    return functionText(`${name}(${like}: ${from}): ${to}`, linesByVariant(named, lines, like));
  }

  #copyFunction(name: string, shape: ObjectShape, named: NamedType): string {
    const of = parameterName(named.name);
    const writer: CopyWriter = {
      shape: (each) => this.#types.shape(each),
      copyFunction: (each) => this.copies(each),
      isShared: () => false,
    };
    const lines = copyLines(named, of, writer);
    if (lines.length > 1) this.#importTests(named.variants.map((variant) => ({ variant })));
    const type = this.typeText(shape);
    return functionText(`${name}(${of}: ${type}): ${type}`, lines);
  }

  #importTests(lines: readonly Pick<VariantLine, "variant">[]): void {
    for (const { variant } of lines)
      if (variant.test.kind === "instance") for (const each of variant.test.imports) this.#values.add(each);
  }

  #zerosOf(
    { fields, test }: Variant,
    like: string,
    primal: Shape,
    tags: ReadonlySet<string>,
  ): readonly Cell[] {
    return fields.map((field) => {
      if (!tags.has(field.name))
        return { name: field.name, text: this.#types.zeroField(field, like, primal, false) };
      const [value, ...more] = test.kind === "tag" ? test.values : [];
      const isOne = value !== undefined && more.length === 0 && test.kind === "tag" && !test.isEnum;
      return { name: field.name, text: isOne ? JSON.stringify(value) : accessText(like, field.name) };
    });
  }
}

interface Cell {
  readonly name: string;
  readonly text: string;
}

function literalOf({ isTuple }: NamedType, cells: readonly Cell[]): string {
  if (isTuple === true) {
    const elements = cells.filter(({ name }) => name !== "length");
    return `[${elements.map(({ text }) => text).join(", ")}]`;
  }
  return cells.length === 0
    ? "{}"
    : `{ ${cells.map(({ name, text }) => `${keyText(name)}: ${text}`).join(", ")} }`;
}

function isOfStringEnum({ name, shape }: Field, wanted: string): boolean {
  const bare = shape.kind === "maybe" ? shape.shape : shape;
  return name === wanted && bare.kind === "string" && bare.isEnum === true;
}

function listed(texts: ReadonlyMap<string, string | null>): Needs["helpers"] {
  return [...texts].flatMap(([name, text]) => (text === null ? [] : [{ name, text }]));
}

function isName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$.]*(?:<.*>)?$/u.test(text);
}

/** What stands before the type of a gradient, or of a shadow, of which others need not know. */
function commentOn(name: string, isOpened?: true): string {
  return isOpened === true
    ? `/** Cotangent of a \`${name}\`. */\n`
    : `/** Gradient with respect to a \`${name}\`. */\nexport `;
}

function functionText(head: string, body: readonly string[]): string {
  return [`function ${head} {`, ...body, "}"].join("\n");
}

/** `Shape` to `shape`. */
function parameterName(type: string): string {
  const name = type.slice(0, 1).toLowerCase() + type.slice(1);
  return reserved.has(name) ? "of" : name;
}

const reserved: ReadonlySet<string> = new Set([
  "class",
  "function",
  "default",
  "case",
  "if",
  "else",
  "for",
  "while",
  "do",
  "var",
  "let",
  "const",
  "new",
  "delete",
  "in",
  "with",
  "this",
  "null",
  "true",
  "false",
  "return",
  "switch",
  "throw",
  "try",
  "void",
  "enum",
  "export",
  "import",
  "super",
]);
