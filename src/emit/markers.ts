/** The `(k)` behind a line: which of the user's lines it is, or is the gradient of. */
import { atomsOf } from "../ir/visit.js";
import type { Atom, Instr, Statement, Store, Value } from "../ir/types.js";
import type { Folding } from "./fold.js";

export class Markers {
  readonly #folding: Folding;
  /** Numbers of the forward lines, in the order in which they are written. */
  readonly #numbers = new Map<number, number>();
  /** For statements that have no line of their own: the number of the line that they are written in. */
  readonly #hosts = new Map<number, number>();

  constructor(folding: Folding) {
    this.#folding = folding;
  }

  /** The comment behind the line that binds `out`. */
  comment(out: Value, instr: Instr): string {
    const statements =
      out.sweep === "backward"
        ? this.#backwardStatements(out, instr)
        : out.statement === null
          ? []
          : [out.statement];
    const comment = this.marker(statements, out.sweep, out.statement);
    if (out.sweep === "forward" && out.statement !== null) this.#cover(atomsOf(instr), out.statement);
    return comment;
  }

  /** The comment behind a line that stores or pushes `value`. */
  storing(value: Atom, { statement, sweep }: Pick<Store, "statement" | "sweep">): string {
    const comment = this.marker(statement === null ? [] : [statement], sweep, null);
    if (sweep === "forward" && statement !== null) this.#cover([value], statement);
    return comment;
  }

  /** What is written into the line of `statement` goes by its number, unless it has a line somewhere else. */
  #cover(atoms: readonly Atom[], statement: Statement): void {
    const number = this.#numbers.get(statement.id);
    if (number === undefined) return;
    for (const atom of atoms) {
      if (atom.kind === "literal" || !this.#folding.folded.has(atom.id)) continue;
      if (atom.statement !== null && !this.#hosts.has(atom.statement.id))
        this.#hosts.set(atom.statement.id, number);
      const made = this.#folding.instrOf.get(atom.id);
      if (made !== undefined) this.#cover(atomsOf(made), statement);
    }
  }

  /** A line that collects the gradient of several lines names them all. */
  #backwardStatements(out: Value, instr: Instr): readonly Statement[] {
    const found = new Map<number, Statement>();
    const visit = (value: Value, made: Instr | undefined): void => {
      if (value.sweep === "backward" && value.statement !== null)
        found.set(value.statement.id, value.statement);
      if (made === undefined) return;
      const inner =
        made.kind === "alloc" && made.init.kind === "object" ? made.init.entries.map((e) => e.value) : [];
      const elements = made.kind === "alloc" && made.init.kind === "elements" ? made.init.elements : [];
      for (const atom of [...inner, ...elements]) {
        if (atom.kind === "value" && this.#folding.folded.has(atom.id))
          visit(atom, this.#folding.instrOf.get(atom.id));
      }
    };
    visit(out, instr);
    return [...found.values()].sort((a, b) => a.id - b.id);
  }

  marker(statements: readonly Statement[], sweep: "forward" | "backward", user: Statement | null): string {
    const marks = statements.flatMap((statement) => {
      const known = this.#numbers.get(statement.id);
      if (known !== undefined) return [known];
      if (sweep === "backward") return this.#hosts.get(statement.id) ?? [];
      const number = this.#numbers.size + 1;
      this.#numbers.set(statement.id, number);
      return [number];
    });
    const words = sweep === "forward" && user?.comment != null ? [user.comment] : [];
    const numbers = [...new Set(marks)].map((number) => `(${String(number)})`);
    const text = [...numbers, ...words].join(" ");
    return text === "" ? "" : ` // ${text}`;
  }
}
