/** Memory that is made, as expressions: literals, copies, arrays of a length, zeros. */
import { isIndexName } from "../support/index-names.js";
import { closedRecord } from "../ir/closed-records.js";
import type { Op } from "../ir/op.js";
import { shapeOfCell } from "../ir/places.js";
import { isBox } from "../ir/boxes.js";
import { isSeveral } from "../ir/containers.js";
import { isLengthOf, tagsOf } from "../ir/gradient-shapes.js";
import { isKeyed, isMixed, namedType, shapeOfType } from "../ir/shapes.js";
import type { Alloc, Atom, Entry, InstanceOf, Shape, Value } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import { isFlat } from "./copies.js";
import { type Code, cast, precedence, primary, suffixed, wrap } from "./code.js";
import { elementShape } from "./tags.js";
import { closedKeys, isAsserted } from "./closed-records.js";
import type { KeyWords } from "./key-words.js";
import { keyText } from "./keys.js";
import { type TypeTexts, memoryText } from "./types.js";

/** How the parts of an allocation are written. */
export interface AllocationWriter {
  readonly types: TypeTexts;
  readonly atom: (atom: Atom) => Code;
  /** For a cell of the shape. */
  readonly as: (atom: Atom, wanted: Shape | null) => Code;
  readonly spell: (op: Op, args: readonly Atom[]) => Code;
  readonly words: KeyWords;
}

export function writeAllocation({ init, out }: Alloc, writer: AllocationWriter): Code {
  switch (init.kind) {
    case "object":
      return init.instance === undefined
        ? writeObject(writer, out, init.entries)
        : writeInstance(writer, out, init.entries, init.instance);
    case "elements":
      return writeElements(writer, out, init.elements);
    case "filled":
      return writeFilled(writer, out, init.length, init.value);
    case "slice":
      return writeSlice(writer, out, init);
    case "view":
      return writeView(writer, out, init);
    case "listing":
      return writeListing(writer, out, init.op, init.args);
    case "clone": {
      const shape = shapeOfType(out.type);
      const original = writer.atom(init.of);
      // What is made in this place is a copy already, but for the memory in it.
      if (isFlat(shape) && /^\{(?! \.\.\.)/u.test(original.text)) return original;
      const text = writer.types.clone(
        shapeOfType(init.of.type),
        wrap(original, precedence.member),
        init.shared,
      );
      return { text, precedence: shape.kind === "maybe" ? precedence.and : precedence.member };
    }
    case "tape": {
      const isTyped = out.type.kind === "ref" && out.type.shape.kind === "array" && init.capacity !== null;
      return primary(isTyped ? `new Float64Array(${writer.atom(init.capacity).text})` : "[]");
    }
    case "closed": {
      const like = wrap(writer.atom(init.like), precedence.member);
      const shadow = wrap(writer.atom(init.of), precedence.member);
      const text = writer.types.closed(shapeOfType(out.type), shadow, like, shapeOfType(init.like.type));
      return { text, precedence: precedence.conditional };
    }
    case "zeros": {
      invariant(out.type.kind === "ref", "emit", "an allocation that is no reference");
      const { type } = init.like;
      const whole = wrap(writer.atom(init.like), precedence.member);
      const like = isMixed(type) ? memoryText(whole) : whole;
      const inner = type.kind === "maybe" ? type.type : type;
      const primal = inner.kind === "ref" ? inner.shape : out.type.shape;
      return {
        text: writer.types.zeros(out.type.shape, like, primal, type.kind === "maybe"),
        precedence: precedence.member,
      };
    }
  }
}

function writeListing(writer: AllocationWriter, out: Value, op: Op, args: readonly Atom[]): Code {
  const list = writer.spell(op, args);
  const [source] = args;
  const record = source === undefined ? null : closedRecord(source);
  if (source === undefined || record === null) return list;
  return closedKeys(list, wrap(writer.atom(source), precedence.member), record, out.type);
}

/** TypeScript need not know here that it is a typed array. */
function writeView(
  writer: AllocationWriter,
  out: Value,
  { of, from, to }: Extract<Alloc["init"], { kind: "view" }>,
): Code {
  if (of.type.kind !== "ref" || !isSeveral(of.type.shape)) return callOf(writer, of, "subarray", [from, to]);
  const bounds = [from, to].flatMap((atom) => (atom === null ? [] : [writer.atom(atom).text]));
  const typed = `(${writer.atom(of).text} as ${writer.types.shape(shapeOfType(out.type))})`;
  return suffixed(primary(typed), `.subarray(${bounds.join(", ")})`);
}

function callOf(writer: AllocationWriter, ref: Value, method: string, args: readonly (Atom | null)[]): Code {
  const texts = args.flatMap((atom) => (atom === null ? [] : [writer.atom(atom).text]));
  return suffixed(writer.atom(ref), `.${method}(${texts.join(", ")})`);
}

function writeElements(writer: AllocationWriter, out: Value, elements: readonly Atom[]): Code {
  const list = primary(
    `[${elements.map((atom, i) => writer.as(atom, elementShape(out, i)).text).join(", ")}]`,
  );
  return writer.words.isConstant(out) ? cast(list, "const") : list;
}

function writeFilled(writer: AllocationWriter, out: Value, length: Atom, value: Atom): Code {
  invariant(out.type.kind === "ref" && out.type.shape.kind === "array", "emit", "a filled object");
  const { shape } = out.type;
  const size = writer.atom(length).text;
  const fill = writer.atom(value).text;
  if (shape.storage !== "Array") {
    const made = `new ${shape.storage}(${size})`;
    const isZero = value.kind === "literal" && Object.is(value.value, 0);
    return primary(isZero ? made : `${made}.fill(${fill})`);
  }
  const made = `new Array<${writer.types.shape(shape.element)}>(${size})`;
  const isHoles = value.type.kind === "nothing" && shape.element.kind !== "maybe";
  return primary(isHoles ? made : `${made}.fill(${fill})`);
}

/** A copy of the whole, or of a part, perhaps in other storage. */
function writeSlice(
  writer: AllocationWriter,
  out: Value,
  { of, from, to }: Extract<Alloc["init"], { kind: "slice" }>,
): Code {
  const [made, source] = [storageOf(out), storageOf(of)];
  if (made === source) {
    const isWhole = to === null && (from === null || (from.kind === "literal" && from.value === 0));
    // What is made in this place is a copy already.
    const whole = isWhole ? writer.atom(of) : null;
    if (whole?.text.startsWith("[") === true && whole.precedence === precedence.primary) return whole;
    return callOf(writer, of, "slice", isWhole ? [] : [from ?? zero, to]);
  }
  const part =
    from === null && to === null ? writer.atom(of) : callOf(writer, of, "slice", [from ?? zero, to]);
  if (made !== "Array") return primary(`new ${made}(${part.text})`);
  return primary(source === "tuple" ? `[...${wrap(part, precedence.member)}]` : `Array.from(${part.text})`);
}

function writeObject(writer: AllocationWriter, out: Value, entries: readonly Entry[]): Code {
  const shape = out.type.kind === "ref" ? out.type.shape : null;
  if (shape !== null && isBox(shape)) {
    const held = entries.find(({ value }) => value.type.kind !== "nothing");
    return held === undefined ? primary("undefined") : writer.as(held.value, null);
  }
  const named = shape === null ? null : namedType(shape);
  if (named?.isTuple === true) {
    const elements = entries.filter((entry) => !isLengthOf(named, entry));
    return primary(`[${elements.map((entry) => valueText(writer, out, entry)).join(", ")}]`);
  }
  if (shape === null || !isKeyed(shape) || shape.storage === "Record") {
    const literal = primary(
      `{ ${entries.map((entry) => entryText(writer, out, entry, entries)).join(", ")} }`,
    );
    const isWhole = shape === null || !isAsserted(shape, entries);
    return isWhole ? literal : cast(literal, writer.types.shape(shape));
  }
  // `ReadonlyMap` and `ReadonlySet` are types only.
  const { isReadonly, ...kept } = shape;
  const made = writer.types.shape(isReadonly === true ? kept : shape);
  if (entries.length === 0) return primary(`new ${made}()`);
  const pairs = entries.map(({ name, value }) => {
    const key = shape.key === "number" ? name : JSON.stringify(name);
    return `[${key}, ${writer.atom(value).text}]`;
  });
  return primary(`new ${made}([${pairs.join(", ")}])`);
}

/** The constructor is called where it only takes the fields; what else it did has been done. */
function writeInstance(
  writer: AllocationWriter,
  out: Value,
  entries: readonly Entry[],
  { text, parameters }: InstanceOf,
): Code {
  if (parameters === null) {
    const made = `Object.create(${text}.prototype)`;
    return primary(`Object.assign(${made}, ${writeObject(writer, out, entries).text})`);
  }
  const args = parameters.map((name) => {
    const entry = entries.find((each) => each.name === name);
    return entry === undefined ? "undefined" : writer.atom(entry.value).text;
  });
  return primary(`new ${text}(${args.join(", ")})`);
}

function entryText(
  writer: AllocationWriter,
  out: Value,
  entry: Entry,
  entries: readonly Entry[] = [],
): string {
  const key = keyText(entry.name);
  const words = entry.value.kind === "value" ? wordsOfTag(out, entry.name, entries) : "";
  const text = words === "" ? valueText(writer, out, entry) : cast(writer.atom(entry.value), words).text;
  return text === key && !isIndexName(key) ? text : `${key}: ${text}`;
}

function valueText(writer: AllocationWriter, out: Value, { name, value }: Entry): string {
  const { type } = out;
  const plain = writer.atom(value).text;
  const isTag = value.kind === "literal" && type.kind === "ref" && type.shape.kind === "object";
  const written = isTag ? writer.types.entry(type.shape, name, plain, value.value) : plain;
  return written === plain ? writer.as(value, shapeOfCell(out, { kind: "field", name })).text : written;
}

/**
 * What a field may be that tells the kinds of a union apart, where only the call knows which kind is made: the words of
 * those kinds that have just these fields. Empty for other fields.
 */
function wordsOfTag({ type }: Value, field: string, entries: readonly Entry[]): string {
  const named = type.kind === "ref" ? namedType(type.shape) : null;
  if (named === null || !tagsOf(named).has(field)) return "";
  return named.variants
    .filter(
      ({ fields }) =>
        entries.every(({ name }) => fields.some((each) => each.name === name)) &&
        fields.every(
          ({ name, shape }) => shape.kind === "maybe" || entries.some((each) => each.name === name),
        ),
    )
    .flatMap(({ test }) => (test.kind === "tag" && test.field === field && !test.isEnum ? test.values : []))
    .map((word) => JSON.stringify(word))
    .join(" | ");
}

const zero: Atom = { kind: "literal", type: { kind: "int" }, value: 0, spelling: "0" };

function storageOf(ref: Value): string {
  const type = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  if (type.kind !== "ref") return "Array";
  return type.shape.kind === "array" ? type.shape.storage : type.shape.kind;
}
