/** Values of several kinds, which the IR has in boxes: the box is the value itself. */
import { boxCell, isBoxType, kindInCell } from "../ir/boxes.js";
import type { Apply, Atom, Load, Value } from "../ir/types.js";
import { narrow } from "../ops/scalar.js";
import { type Code, binary, cast, conditional, literalCode, prefix } from "./code.js";
import type { Folding } from "./fold.js";
import type { Known } from "./narrowing.js";
import type { TypeTexts } from "./types.js";

/** How the parts of an expression are written. */
export interface BoxWriter {
  readonly atom: (atom: Atom) => Code;
  readonly types: TypeTexts;
  readonly folding: Folding;
  /** The tests around have shown that the box holds what is in the cell, and TypeScript follows them. */
  readonly isTold: (box: Value, cell: string) => boolean;
}

/** The load of a cell of a box that is written where its value is used; null for anything else. */
export function boxLoad(atom: Atom | undefined, { instrOf, folded }: Folding): Load | null {
  if (atom?.kind !== "value" || !folded.has(atom.id)) return null;
  const instr = instrOf.get(atom.id);
  return instr?.kind === "load" && kindInCell(instr.place) !== null ? instr : null;
}

/** `typeof x === "number"` for whether there is anything in a cell, and `x` for what is there; null for other operations. */
export function writeOnBox({ op, args, out }: Apply, writer: BoxWriter): Code | null {
  const load = boxLoad(args[0], writer.folding);
  const kind = load === null ? null : kindInCell(load.place);
  if (load === null || kind === null) return null;
  const { ref } = load.place;
  const { spelling } = op;
  if (spelling.kind === "binary" && spelling.right === "undefined")
    return binary(
      spelling.operator === "!==" ? "===" : "!==",
      typeofText(writer.atom(tested(ref, writer.folding))),
      quoted(kind),
    );
  if (spelling.kind !== "nonNull") return null;
  const value = writer.atom(ref);
  return writer.isTold(ref, boxCell(kind)) ? value : cast(value, writer.types.value(out.type));
}

/** What may be missing is tested as it is. */
function tested(box: Value, { folded, instrOf }: Folding): Atom {
  const instr = folded.has(box.id) ? instrOf.get(box.id) : undefined;
  return (instr?.kind === "apply" && instr.op === narrow ? instr.args[0] : null) ?? box;
}

/** What is in the cell, or nothing. */
export function writeBoxCell(value: Code, kind: string): Code {
  return conditional(binary("===", typeofText(value), quoted(kind)), value, literalCode("undefined"));
}

function typeofText(value: Code): Code {
  return prefix("typeof ", value);
}

function quoted(kind: string): Code {
  return literalCode(JSON.stringify(kind));
}

/** After a test whether there is anything in a cell of a box. */
export function withBoxKind(known: Known, { place: { ref, step } }: Load, isThere: boolean): Known {
  const bare = ref.type.kind === "maybe" ? ref.type.type : ref.type;
  if (step.kind !== "field" || !isBoxType(ref.type) || bare.kind !== "ref" || bare.shape.kind !== "object")
    return known;
  const all = known.variants.get(ref.id) ?? new Set(bare.shape.fields.map(({ name }) => name));
  const left = [...all].filter((name) => (name === step.name) === isThere);
  return { ...known, variants: new Map(known.variants).set(ref.id, new Set(left)) };
}
