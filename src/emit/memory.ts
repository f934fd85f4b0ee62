/** Allocations, stores, and what grows and shrinks, as lines of TypeScript. */
import type { Alloc, Pop, Push, Store, Value, ValueId } from "../ir/types.js";
import { add, div, mul, sub } from "../ops/scalar.js";
import type { Host } from "./host.js";
import { needsAnnotation, typeText } from "./types.js";

/** Operators that an assignment can be combined with. */
export const compoundOperators: ReadonlyMap<unknown, string> = new Map([
  [add, "+="],
  [sub, "-="],
  [mul, "*="],
  [div, "/="],
]);

export class MemoryWriter {
  readonly #host: Host;
  /** For tapes that are made at once: the variable that counts what is on them. */
  readonly #tops = new Map<ValueId, string>();

  constructor(host: Host) {
    this.#host = host;
  }

  topOf(ref: Value): string | null {
    return this.#tops.get(ref.id) ?? null;
  }

  allocate(instr: Alloc): void {
    const { out } = instr;
    this.#host.heading(out.sweep);
    const { text } = this.#host.expressions.instr(instr);
    const known = this.#host.isDeclared(out) ? this.#host.nameOf(out) : undefined;
    if (known !== undefined) {
      this.#host.line(`${known} = ${text};`, this.#host.markers.binding(out, instr));
      return;
    }
    const name = this.#host.declare(out);
    const shape = out.type.kind === "ref" ? out.type.shape : null;
    const isLiteral = ["object", "elements", "clone", "zeros"].includes(instr.init.kind);
    const isAnnotated = shape !== null && ((isLiteral && needsAnnotation(shape)) || text === "[]");
    const type = isAnnotated ? `: ${typeText(shape)}` : "";
    const { variables } = this.#host.context;
    const keyword = variables.isReassigned(variables.of(out.id)) ? "let" : "const";
    this.#host.line(`${keyword} ${name}${type} = ${text};`, this.#host.markers.binding(out, instr));
    if (instr.init.kind !== "tape" || instr.init.capacity === null || instr.init.access !== "stack") return;
    const top = this.#host.made(this.#host.context.hasOneStack ? "top" : topName(name));
    this.#tops.set(out.id, top);
    this.#host.line(`let ${top} = 0;`);
  }

  push(instr: Push): void {
    this.#host.heading(instr.sweep);
    const statements = instr.statement === null ? [] : [instr.statement];
    const origin = this.#host.markers.marker(statements, instr.sweep, null);
    const ref = this.#host.expressions.atom(instr.ref).text;
    const value = this.#host.expressions.atom(instr.value).text;
    const top = this.#tops.get(instr.ref.id);
    const text = top === undefined ? `${ref}.push(${value})` : `${ref}[${top}++] = ${value}`;
    this.#host.line(`${text};`, origin);
  }

  pop(instr: Pop): void {
    if (this.#host.context.folding.isRead(instr.out.id)) {
      this.#host.bind(instr.out, instr);
      return;
    }
    this.#host.heading(instr.out.sweep);
    const top = this.#tops.get(instr.ref.id);
    this.#host.line(
      top === undefined ? `${this.#host.expressions.atom(instr.ref).text}.pop();` : `${top}--;`,
    );
  }

  store(instr: Store): void {
    this.#host.heading(instr.sweep);
    const origin = this.#host.markers.marker(
      instr.statement === null ? [] : [instr.statement],
      instr.sweep,
      null,
    );
    const target = this.#host.expressions.place(instr.place, true).text;
    const sum =
      instr.value.kind === "value" ? this.#host.context.folding.instrOf.get(instr.value.id) : undefined;
    const read = this.#host.expressions.place(instr.place, false).text;
    if (
      instr.value.kind === "value" &&
      this.#host.context.folding.folded.has(instr.value.id) &&
      sum?.kind === "apply"
    ) {
      const operator = compoundOperators.get(sum.op);
      const [first, second] = sum.args;
      if (operator !== undefined && first !== undefined && second !== undefined) {
        if (this.#host.expressions.atom(first).text === read) {
          this.#host.line(`${read} ${operator} ${this.#host.expressions.atom(second).text};`, origin);
          return;
        }
      }
    }
    this.#host.line(`${target} = ${this.#host.expressions.atom(instr.value).text};`, origin);
  }
}

/** `x_tape` → `x_top`, `tape2` → `top2`. */
function topName(tape: string): string {
  return tape.replace(/_?tape(?=\d*$)/, (word) => word.replace("tape", "top"));
}
