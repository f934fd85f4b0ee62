/** Cells of memory: which one a place is, and what an instruction writes to. */
import { namedType } from "./shapes.js";
import type { Atom, Instr, MemoryShape, Place, RegionId, Shape, Step, Value } from "./types.js";

/** The region that a reference points into; null for what is none. */
export function regionOf(atom: Atom): RegionId | null {
  const type = atom.type.kind === "maybe" ? atom.type.type : atom.type;
  return type.kind === "ref" ? type.region : null;
}

/** The length of an array. */
export function isLength({ step }: Place): boolean {
  return step.kind === "field" && step.name === "length";
}

/** Whether there is anything under a key, rather than what. */
export function isPresence({ step }: Place): boolean {
  return step.kind === "index" && step.asks !== undefined;
}

/** Whether there is anything where the step leads: a record is asked for what is its own. */
export function asked({ type }: Value, step: Step): Step {
  if (step.kind !== "index") return step;
  const bare = type.kind === "maybe" ? type.type : type;
  const isRecord = bare.kind === "ref" && bare.shape.kind === "array" && bare.shape.storage === "Record";
  return { ...step, asks: isRecord ? "own" : "has" };
}

/** The same reference and the same field or index, as far as their text tells. */
export function isSamePlace(a: Place, b: Place): boolean {
  if (a.ref.id !== b.ref.id) return false;
  if (a.step.kind === "field") return b.step.kind === "field" && a.step.name === b.step.name;
  return b.step.kind === "index" && a.step.asks === b.step.asks && isSameAtom(a.step.index, b.step.index);
}

export function isSameAtom(a: Atom, b: Atom): boolean {
  if (a.kind === "value") return b.kind === "value" && a.id === b.id;
  return b.kind === "literal" && a.value === b.value;
}

/** The part of memory that a place lies in: the lengths of a region's arrays are apart from everything else in it. */
export function memoryOf(place: Place): string {
  const region = regionOf(place.ref);
  return isLength(place) ? lengthsOf(region) : String(region);
}

/** The reference through which the instruction itself writes, or makes an array longer or shorter. */
export function writtenRef(instr: Instr): Value | null {
  const isResize = instr.kind === "push" || instr.kind === "pop";
  return instr.kind === "store" ? instr.place.ref : isResize ? instr.ref : null;
}

/** The regions whose cells, or lengths, the instruction itself writes to. */
export function writtenRegions(instr: Instr): readonly RegionId[] {
  if (instr.kind === "call") return instr.writes;
  const ref = writtenRef(instr);
  const region = ref === null ? null : regionOf(ref);
  return region === null ? [] : [region];
}

/** The parts of memory that the instruction itself writes to; a store may make an array longer where it is `growing`. */
export function writesOf(instr: Instr, growing: ReadonlySet<RegionId>): readonly string[] {
  const written = writtenRegions(instr);
  const isResize = instr.kind === "push" || instr.kind === "pop";
  const resized =
    instr.kind === "call" ? instr.resizes : written.filter((each) => isResize || growing.has(each));
  return [...written.map(String), ...resized.map(lengthsOf)];
}

function lengthsOf(region: RegionId | null): string {
  return `${String(region)} length`;
}

/** What a cell of memory is like; null for one that the shape does not have. */
export function shapeOfCell(ref: Value, step: Step): Shape | null {
  const bare = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  const { shape } = bare.kind === "ref" ? bare : { shape: null };
  switch (shape?.kind) {
    case "object":
      return shape.fields.find(({ name }) => step.kind === "field" && name === step.name)?.shape ?? null;
    case "array":
      return shape.element;
    case "tuple":
      return step.kind === "index" ? (elementShape(shape, step.index) ?? null) : null;
    default:
      return null;
  }
}

/** What an element is like: those of a tuple are alike where only the call knows which it is. */
export function elementShape(shape: MemoryShape, index: Atom): Shape | undefined {
  if (shape.kind === "array") return shape.element;
  if (shape.kind === "object") return undefined;
  if (index.kind === "literal" && typeof index.value === "number") return shape.elements[index.value];
  return shape.elements[0];
}

/** Which element it is, and whether there is one, only the call knows. */
export function mayLieBeyond({ ref: { type }, step }: Place): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  if (inner.kind !== "ref" || step.kind !== "index") return false;
  return inner.shape.kind === "array" || (inner.shape.kind === "tuple" && step.index.kind === "value");
}

/** Only some of the objects of a union have the cell. */
export function isOfSomeVariants({ ref: { type }, step }: Place): boolean {
  if (type.kind !== "ref" || step.kind !== "field") return false;
  const variants = namedType(type.shape)?.variants ?? [];
  return !variants.every(({ fields }) => fields.some(({ name }) => name === step.name));
}
