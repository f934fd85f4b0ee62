/**
 * Functions in fields of unions, of families, and of types that contain themselves. Such a type is one thing wherever it
 * is met, so what its objects hold is noted by its name, rather than by what makes one of them; the emitted file has a
 * type of its own for it.
 */
import type { ts } from "ts-morph";
import { nameOfShape } from "../../ir/shapes.js";
import type { Field, Shape, Variant } from "../../ir/types.js";
import type { FunctionRecords } from "../functions/function-records.js";
import { sameShape } from "../memory.js";
import type { FrontendProject } from "../project/project.js";
import type { Emitted } from "../value-names.js";
import { holdsFunctions, isUntold, keptShape } from "./function-shapes.js";
import { orNothing } from "./joined-types.js";
import { nameFor } from "./named-types.js";
import { shapeOf } from "./shapes.js";

export class KeptFields {
  readonly #emitted: Emitted;
  readonly #owner: string;
  readonly #records: FunctionRecords;
  /** By the name of the type and that of the field. */
  readonly #fields = new Map<string, Map<string, Shape>>();
  readonly #wanted = new Set<string>();
  /** What the types are called in the source, by what they are called in the emitted file. */
  readonly #originals = new Map<string, string>();
  /** The names of types of which the caller has objects. */
  #outside: ReadonlySet<string> = new Set();
  #project: FrontendProject;

  /** How often anything was learnt. */
  changes = 0;

  constructor(records: FunctionRecords, emitted: Emitted, owner: string) {
    this.#records = records;
    this.#emitted = emitted;
    this.#project = emitted.project;
    this.#owner = owner;
  }

  /** A new attempt. Gives the project in which types have the fields that are known by now. */
  begin(project: FrontendProject, outside: ReadonlySet<string>): FrontendProject {
    this.#outside = outside;
    this.#project =
      this.#fields.size === 0
        ? project
        : { ...project, kept: this, shapes: new Map(), publicShapes: new Map(), heldShapes: new Map() };
    return this.#project;
  }

  /** Notes that the field holds something of the shape; false where that is nothing new, or not possible. */
  learn(type: string, field: string, shape: Shape, cell: Shape | null = null): boolean {
    const name = this.#originals.get(type) ?? type;
    const isOpen = nameOfShape(shape) === null && isUntold(shape);
    const fields = this.#fields.get(name) ?? new Map<string, Shape>();
    const known = fields.get(field);
    // Nothing, until it is given a function.
    const isLate = shape.kind === "nothing" && known !== undefined && holdsFunctions(known);
    const isNew =
      holdsFunctions(shape) || isOpen || isLate || cell?.kind === "opaque" || isLooser(shape, cell);
    if (this.#outside.has(name) || !isNew) return false;
    const before = known === undefined ? null : this.#records.current(known);
    if (before !== null && this.#records.meet(before, shape)) return true;
    const joined = before === null ? shape : keptShape(before, shape);
    if (joined === null || (before !== null && sameShape(joined, before))) return false;
    this.#fields.set(name, fields.set(field, joined));
    this.changes++;
    return true;
  }

  /** What is known of the field; null where that is nothing. */
  known(type: string, field: string): Shape | null {
    return this.#fields.get(this.#originals.get(type) ?? type)?.get(field) ?? null;
  }

  /** Functions in the field of any object of the type are to lie in memory. */
  want(type: string, field: string): void {
    const key = `${this.#originals.get(type) ?? type} ${field}`;
    if (this.#wanted.has(key)) return;
    this.#wanted.add(key);
    this.changes++;
  }

  isWanted(type: string, field: string): boolean {
    return this.#wanted.has(`${this.#originals.get(type) ?? type} ${field}`);
  }

  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /** What the type is called; for each function that is differentiated, it is one of its own. */
  nameOf(name: string): string {
    if (!this.#fields.has(name)) return name;
    const { project, sourceFile } = this.#emitted;
    const wanted = project.named.types.has(name) ? `${name}Data` : name;
    const own = nameFor(`${this.#owner} ${name}`, wanted, sourceFile, project);
    this.#originals.set(own, name);
    return own;
  }

  /** The names of types that only the emitted file has. */
  names(): readonly string[] {
    return [...this.#fields.keys()].map((name) => this.nameOf(name));
  }

  /** The field of an object of the type. */
  fieldOf(type: string, { name, shape, ...rest }: Field, isOptional: boolean): Field {
    const known = this.#fields.get(type)?.get(name);
    if (known === undefined || !(isUntold(shape) || isLooser(known, shape))) return { name, shape, ...rest };
    const now = this.#records.current(known);
    const whole = shape.kind === "opaque" ? now : (keptShape(shape, now) ?? shape);
    return { name, shape: isOptional && whole.kind !== "opaque" ? orNothing(whole) : whole, ...rest };
  }

  /** The shape of a named type as it is in this attempt. */
  current(shape: Shape): Shape {
    const name = nameOfShape(shape);
    if (this.#fields.size === 0 || name === null) return shape;
    const original = this.#originals.get(name) ?? name;
    const family = [...this.#project.families.values()].find((each) => each.name === original);
    const type = family?.root ?? this.#project.named.types.get(original);
    const found = type === undefined ? shape : shapeOf(type, this.#emitted.sourceFile, this.#project);
    const bare = found.kind === "maybe" ? found.shape : found;
    return bare.kind === "object" || bare.kind === "knot" ? bare : shape;
  }
}

/** Something in the one may be missing that is there in the other: a field that options have given. */
function isLooser(shape: Shape, cell: Shape | null): boolean {
  if (cell === null) return false;
  if (shape.kind === "object" && cell.kind === "object" && nameOfShape(shape) === null)
    return shape.fields.some(({ name, shape: held }) => {
      const own = cell.fields.find((field) => field.name === name)?.shape;
      if (own === undefined) return false;
      return (held.kind === "maybe" && own.kind === held.shape.kind) || isLooser(held, own);
    });
  return shape.kind === "array" && cell.kind === "array" && isLooser(shape.element, cell.element);
}

/** A named type with what is known of the functions in its objects; `types` are those of its variants. */
export function withKeptFields(
  name: string,
  variants: readonly Variant[],
  types: readonly ts.Type[],
  { kept, checker, named, ts: tsc }: FrontendProject,
): { readonly name: string; readonly variants: readonly Variant[] } {
  if (kept?.has(name) !== true) return { name, variants };
  const own = kept.nameOf(name);
  const isOptional = (type: ts.Type | undefined, field: string): boolean => {
    const property = type === undefined ? undefined : checker.getPropertyOfType(type, field);
    if (property === undefined) return false;
    const held = checker.getTypeOfSymbol(property);
    // What a type parameter stands for is learnt with what may be missing of it.
    if ((held.flags & tsc.TypeFlags.TypeParameter) !== 0) return false;
    return (property.flags & tsc.SymbolFlags.Optional) !== 0 || checker.getNonNullableType(held) !== held;
  };
  return {
    name: own,
    variants: variants.map((variant, i) => ({
      // The emitted file cannot call it by a name that is the user's.
      name: named.types.has(name) ? `${own}.${variant.name}` : variant.name,
      fields: variant.fields.map((field) => kept.fieldOf(name, field, isOptional(types[i], field.name))),
      // The emitted file makes all objects itself, with the values of the enum's members.
      test: variant.test.kind === "tag" ? { ...variant.test, isEnum: false } : variant.test,
    })),
  };
}
