/**
 * Functions in memory. What is put into an array or a field that is not known while compiling is a record of what the
 * function sees, with a tag where it may be one of several functions. Which functions may be in one place, and what they
 * see, is found while all is lowered; then it is lowered once more, with records of these shapes.
 */
import type { ts } from "ts-morph";
import type { Field, ObjectShape, Shape } from "../../ir/types.js";
import { functionsIn, holdsKnot, keptShape } from "../types/function-shapes.js";
import { KeptFields } from "../types/kept-fields.js";
import { capitalized, nameFor } from "../types/named-types.js";
import type { Closure, Scope, TypeArguments, Variable } from "../scope.js";
import { sameShape } from "../memory.js";
import { type CalledScope, type KeptText, type Slot, type Variation, sameTypes } from "./function-texts.js";
import { shapeOfFamily } from "./record-shapes.js";
import { apartFrom, tagFor, wordsFor } from "./record-names.js";
import type { FrontendProject } from "../project/project.js";
import type { Emitted } from "../value-names.js";

/** What is known of a text in one attempt. */
interface Seen {
  readonly closure: Closure;
  /** The variables that are there wherever it is called. */
  readonly fixed: Map<Slot, Variable>;
  /** The scope of its body where it is called rather than written out. */
  called: CalledScope | null;
}

interface Family {
  readonly shape: ObjectShape;
  readonly variations: readonly Variation[];
}

export class FunctionRecords {
  readonly #emitted: Emitted;
  readonly #owner: string;
  readonly #texts: KeptText[] = [];
  /** Of texts that may be in one place, the first. */
  readonly #firsts: number[] = [];
  /** The shapes of functions in variables that go round a loop. */
  readonly #variables = new Map<object, Shape | null>();
  /** Fields of objects, and arrays, that are functions in memory, by the expressions that make them. */
  readonly #members = new Map<ts.Node, Set<string>>();
  readonly #madeFirst = new Set<ts.Node>();
  readonly #families = new Map<number, Family | null>();
  readonly #knots = new Set<number>();
  readonly #recursive = new Set<KeptText>();
  readonly #shared = new Set<ts.Symbol>();
  /** What the types of records are called, by their texts. */
  readonly #names = new Map<number, { readonly wanted: string; readonly text: string }>();
  #seen = new Map<KeptText, Seen>();
  #dispatchScopes = new Map<number, Scope>();

  /** What holds the records of functions of which there is one only, where these are compared. */
  readonly once = new Map<KeptText, Variable>();

  /** A function could not be kept in this attempt: what is not known of others may come from that. */
  hasRefused = false;

  /** How often anything was learnt. */
  changes = 0;

  /** Functions in fields of types that have names. */
  readonly fields: KeptFields;

  constructor(emitted: Emitted, owner: string) {
    this.fields = new KeptFields(this, emitted, owner);
    this.#emitted = emitted;
    this.#owner = owner;
  }

  /** A new attempt: what has been learnt holds from now on. */
  begin(project: FrontendProject, outside: ReadonlySet<string>): FrontendProject {
    const own = this.fields.begin(project, outside);
    this.#families.clear();
    this.#seen = new Map();
    this.once.clear();
    this.#dispatchScopes = new Map();
    this.hasRefused = false;
    for (const { index } of this.#texts) this.#familyOf(index);
    return own;
  }

  /** The text, and whether it is known since before this attempt. */
  text(
    key: object | string,
    types: TypeArguments,
    given: Pick<KeptText, "name" | "owner" | "typeName" | "plain" | "error">,
  ): { readonly text: KeptText; readonly isKnown: boolean } {
    const known = this.find(key, types);
    if (known !== null) return { text: known, isKnown: this.#families.has(this.#first(known.index)) };
    const index = this.#texts.length;
    const cells = new Map<Slot, Field>();
    const text: KeptText = {
      index,
      key,
      types,
      ...given,
      cells,
      statics: new Map(),
      several: new Set<Slot>(),
      isApart: false,
      isIdentified: false,
    };
    this.#texts.push(text);
    this.#firsts.push(index);
    this.changes++;
    return { text, isKnown: false };
  }

  /** The text, if a function of it was ever put into memory. */
  find(key: object | string, types: TypeArguments): KeptText | null {
    return this.#texts.find((each) => each.key === key && sameTypes(each.types, types)) ?? null;
  }

  /** The record of a text. */
  recordOf({ index }: KeptText): { readonly shape: ObjectShape; readonly variation: Variation } | null {
    const family = this.#families.get(this.#first(index));
    const variation = family?.variations.find(({ text }) => text.index === index);
    return family == null || variation === undefined ? null : { shape: family.shape, variation };
  }

  /** The functions that what has the shape may be. */
  variations(shape: Shape): readonly Variation[] {
    const id = functionsIn(shape);
    return id === null ? [] : (this.#families.get(this.#first(id))?.variations ?? []);
  }

  /** It is called within itself. */
  noteRecursion(text: KeptText): void {
    if (this.#recursive.has(text)) return;
    this.#recursive.add(text);
    this.changes++;
  }

  /** Functions of the shape may see their like. */
  isKnotted(shape: Shape): boolean {
    const id = functionsIn(shape);
    return id !== null && this.#knots.has(this.#first(id));
  }

  /** Where the function is that calls those of the shape: one for all its calls. */
  dispatchScope(shape: Shape, make: () => Scope): Scope {
    const first = this.#first(functionsIn(shape) ?? 0);
    const known = this.#dispatchScopes.get(first) ?? make();
    this.#dispatchScopes.set(first, known);
    return known;
  }

  /** It may see one of its like and call that, which may see another, and so on. */
  isEndless(text: KeptText): boolean {
    if (!this.#recursive.has(text)) return false;
    const first = this.#first(text.index);
    const cells = this.#knots.has(first) ? (this.recordOf(text)?.variation.cells ?? []) : [];
    return [...cells].some(([, { shape }]) => holdsKnot(shape, first));
  }

  /** Notes that the text sees something of the shape; false where that cannot be one with what is known. */
  learn(text: KeptText, slot: Slot, name: string, shape: Shape): boolean {
    const known = text.cells.get(slot);
    if (known === undefined) {
      const taken = new Set([...text.cells.values()].map((each) => each.name));
      let own = name;
      for (let count = 2; taken.has(own); count++) own = `${name}${String(count)}`;
      text.cells.set(slot, { name: own, shape });
      this.changes++;
      return true;
    }
    const before = this.current(known.shape);
    if (this.meet(before, shape)) return true;
    const joined = keptShape(before, shape);
    if (joined === null) return false;
    if (sameShape(joined, before)) return true;
    text.cells.set(slot, { ...known, shape: joined });
    this.changes++;
    return true;
  }

  /** There are several of what the text sees, or it is not there where the function is called. */
  setApart(text: KeptText, slot: Slot | null): void {
    if (slot === null) text.isApart = true;
    else text.several.add(slot);
    this.changes++;
  }

  identify(text: KeptText): void {
    text.isIdentified = true;
    this.changes++;
  }

  /** Notes where the text was met first; gives what is known of it in this attempt. */
  see(text: KeptText, closure: Closure): Seen {
    const known = this.#seen.get(text) ?? { closure, fixed: new Map(), called: null };
    this.#seen.set(text, known);
    return known;
  }

  seen(text: KeptText): Seen | null {
    return this.#seen.get(text) ?? null;
  }

  /** What is in one place may be one or the other; true where that is news. */
  meet(a: Shape, b: Shape): boolean {
    const [one, other] = [functionsIn(a), functionsIn(b)];
    if (one !== null && other !== null) return this.#merge(one, other);
    if (a.kind === "maybe" || b.kind === "maybe")
      return this.meet(a.kind === "maybe" ? a.shape : a, b.kind === "maybe" ? b.shape : b);
    if (a.kind === "array" && b.kind === "array") return this.meet(a.element, b.element);
    if (a.kind === "tuple" && b.kind === "tuple")
      return a.elements.map((each, i) => this.meet(each, b.elements[i] ?? each)).includes(true);
    if (a.kind !== "object" || b.kind !== "object") return false;
    const found = a.fields.map(({ name, shape }) => {
      const cell = b.fields.find((field) => field.name === name);
      return cell !== undefined && this.meet(shape, cell.shape);
    });
    return found.includes(true);
  }

  /** The variable is to lie in memory, since a function in memory shares it with the code around. */
  share(variable: ts.Symbol): void {
    if (this.#shared.has(variable)) return;
    this.#shared.add(variable);
    this.changes++;
  }

  isShared(variable: ts.Symbol): boolean {
    return this.#shared.has(variable);
  }

  /** The variable is to hold functions as what stands for them in memory. */
  keepVariable(variable: object): void {
    if (this.#variables.has(variable)) return;
    this.#variables.set(variable, null);
    this.changes++;
  }

  isKeptVariable(variable: object): boolean {
    return this.#variables.has(variable);
  }

  /** What such a variable may hold; null where that is not known yet. */
  variableShape(variable: object): Shape | null {
    const shape = this.#variables.get(variable) ?? null;
    return shape === null ? null : this.current(shape);
  }

  learnVariable(variable: object, shape: Shape): void {
    const known = this.variableShape(variable);
    if (known !== null && this.meet(known, shape)) return;
    const joined = known === null ? shape : keptShape(known, shape);
    if (joined === null || (known !== null && sameShape(joined, known))) return;
    this.#variables.set(variable, joined);
    this.changes++;
  }

  /** The instance is to be made before the functions that see it, which are put into its fields then. */
  makeFirst(node: ts.Node): void {
    if (this.#madeFirst.has(node)) return;
    this.#madeFirst.add(node);
    this.changes++;
  }

  isMadeFirst(node: ts.Node): boolean {
    return this.#madeFirst.has(node);
  }

  /** The functions that are the field of the object made by `node`, or the elements of the array, lie in memory. */
  keepMember(node: ts.Node, name: string): void {
    const known = this.#members.get(node) ?? new Set();
    if (known.has(name)) return;
    this.#members.set(node, known.add(name));
    this.changes++;
  }

  isKeptMember(node: ts.Node, name: string): boolean {
    return this.#members.get(node)?.has(name) === true;
  }

  /** The shape with all that is known by now of the functions in it. */
  current<S extends Shape>(shape: S): S {
    return this.#refreshed(shape) as S;
  }

  #refreshed(shape: Shape): Shape {
    const id = functionsIn(shape);
    if (id !== null && shape.kind !== "maybe")
      return this.#familyOf(this.#first(id)) ?? this.#knotOf(this.#first(id));
    switch (shape.kind) {
      case "maybe": {
        const inner = this.#refreshed(shape.shape);
        return inner.kind === "maybe" || inner === shape.shape ? shape : { ...shape, shape: inner };
      }
      case "array":
        return { ...shape, element: this.#refreshed(shape.element) };
      case "tuple":
        return { ...shape, elements: shape.elements.map((each) => this.#refreshed(each)) };
      case "object":
        if (shape.named !== undefined) return this.fields.current(shape);
        return {
          ...shape,
          fields: shape.fields.map((field) => ({ ...field, shape: this.#refreshed(field.shape) })),
        };
      case "knot":
        return this.fields.current(shape);
      default:
        return shape;
    }
  }

  #first(index: number): number {
    return this.#firsts[index] ?? index;
  }

  #merge(a: number, b: number): boolean {
    const [one, other] = [this.#first(a), this.#first(b)];
    if (one === other) return false;
    const [first, second] = [Math.min(one, other), Math.max(one, other)];
    this.#firsts.forEach((each, i) => {
      if (each === second) this.#firsts[i] = first;
    });
    this.changes++;
    return true;
  }

  /** The shape of the family; null while it is being made. */
  #familyOf(index: number): ObjectShape | null {
    const first = this.#first(index);
    const known = this.#families.get(first);
    if (known !== undefined) return known?.shape ?? null;
    this.#families.set(first, null);
    const texts = this.#texts.filter((each) => this.#first(each.index) === first);
    const cells = texts.map(
      (text) =>
        new Map(
          [...text.cells].map(([slot, field]) => [slot, { ...field, shape: this.#refreshed(field.shape) }]),
        ),
    );
    const words = texts.length === 1 ? [null] : wordsFor(texts);
    const tag = tagFor(cells);
    const variations = texts.map((text, i): Variation => {
      const own = cells[i] ?? new Map<Slot, Field>();
      return { text, word: words[i] ?? null, tag, cells: apartFrom(cells, own, words[i] ?? "") };
    });
    const isKnotted = this.#knots.has(first);
    const shape = shapeOfFamily(first, variations, isKnotted, () => this.#nameOf(first));
    this.#families.set(first, { shape, variations });
    return shape;
  }

  /** A function that sees one of its like. */
  #knotOf(first: number): Shape {
    this.#knots.add(first);
    const unfold = (): ObjectShape => this.#families.get(first)?.shape ?? { kind: "object", fields: [] };
    return { kind: "knot", name: this.#nameOf(first), unfold, functions: first };
  }

  #nameOf(first: number): string {
    const texts = this.#texts.filter((each) => this.#first(each.index) === first);
    const names = new Set(texts.flatMap(({ key, name }) => (typeof key === "string" ? [] : [name])));
    const [name = null] = names;
    const own = names.size === 1 && name !== null ? capitalized(name) : kindOf(texts);
    const typeName = texts.find((each) => each.typeName !== null)?.typeName ?? null;
    const wanted = typeName === null ? own : `${typeName}Record`;
    // Families that have become one keep the name that one of them had.
    const known = texts.map(({ index }) => this.#names.get(index)).find((each) => each?.wanted === wanted);
    const { project, sourceFile } = this.#emitted;
    const text =
      known?.text ?? nameFor(`${this.#owner} ${String(first)} ${wanted}`, wanted, sourceFile, project);
    for (const { index } of texts) this.#names.set(index, { wanted, text });
    return text;
  }
}

/** What functions of different names are called, or classes. */
function kindOf(texts: readonly KeptText[]): string {
  if (texts.every(({ error }) => error !== undefined)) return "Failure";
  return texts.every(({ plain }) => plain?.kind === "class") ? "Class" : "Callback";
}
