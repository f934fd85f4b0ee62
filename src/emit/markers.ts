/** The `(k)` behind a line: which of the user's lines it is, or is the gradient of. */
import { atomsOf } from "../ir/visit.js";
import type { Atom, Call, Foreign, Instr, Statement, Store, Value } from "../ir/types.js";
import type { Folding } from "./fold.js";
import type { Origin } from "./line.js";

export class Markers {
  readonly #folding: Folding;
  /** Numbers of the forward lines, in the order in which they are written. */
  readonly #numbers = new Map<number, number>();
  /** For statements that have no line of their own: the line that they are written in. */
  readonly #hosts = new Map<number, NumberedLine>();

  constructor(folding: Folding) {
    this.#folding = folding;
  }

  /** The comment behind the line that binds `out`, and what it stands for. */
  binding(out: Value, instr: Instr): Origin {
    const statements =
      out.sweep === "backward"
        ? this.#backwardStatements(out, instr)
        : out.statement === null
          ? []
          : [out.statement];
    const origin = this.marker(statements, out.sweep, out.statement);
    if (out.sweep === "forward" && out.statement !== null) this.#cover(atomsOf(instr), out.statement);
    return origin;
  }

  /** The comment behind a line that stores or pushes `value`. */
  storing(value: Atom, { statement, sweep }: Pick<Store, "statement" | "sweep">): Origin {
    const origin = this.marker(statement === null ? [] : [statement], sweep, null);
    if (sweep === "forward" && statement !== null) this.#cover([value], statement);
    return origin;
  }

  /** The comment behind a call. */
  calling({ args, statement, sweep }: Pick<Call | Foreign, "args" | "statement" | "sweep">): Origin {
    const origin = this.marker(statement === null ? [] : [statement], sweep, statement);
    if (sweep === "forward" && statement !== null) this.#cover(args, statement);
    return origin;
  }

  /** What is written into the line of `statement` goes by its number, unless it has a line somewhere else. */
  #cover(atoms: readonly Atom[], statement: Statement): void {
    const number = this.#numbers.get(statement.id);
    if (number === undefined) return;
    // A sum of thousands of terms is nested as deep.
    const pending = [...atoms].reverse();
    for (let atom = pending.pop(); atom !== undefined; atom = pending.pop()) {
      if (atom.kind === "literal" || !this.#folding.folded.has(atom.id)) continue;
      if (atom.statement !== null && !this.#hosts.has(atom.statement.id))
        this.#hosts.set(atom.statement.id, { number, statement });
      const made = this.#folding.instrOf.get(atom.id);
      if (made !== undefined) pending.push(...atomsOf(made).toReversed());
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

  marker(statements: readonly Statement[], sweep: "forward" | "backward", user: Statement | null): Origin {
    const marks = new Map<number, Statement>();
    for (const statement of statements) {
      const line = this.#lineOf(statement, sweep);
      if (line !== null) marks.set(line.number, line.statement);
    }
    const words = sweep === "forward" && user?.comment != null ? [user.comment] : [];
    const numbers = [...marks.keys()].map((number) => `(${String(number)})`);
    const marked = [...marks.values()];
    return {
      comment: [...numbers, ...words].join(" "),
      marked,
      statement: marked[0] ?? statements[0] ?? null,
    };
  }

  /** The numbered line of a statement; a forward line is given a number. */
  #lineOf(statement: Statement, sweep: "forward" | "backward"): NumberedLine | null {
    const known = this.#numbers.get(statement.id);
    if (known !== undefined) return { number: known, statement };
    if (sweep === "backward") return this.#hosts.get(statement.id) ?? null;
    const number = this.#numbers.size + 1;
    this.#numbers.set(statement.id, number);
    return { number, statement };
  }
}

interface NumberedLine {
  readonly number: number;
  /** That of the forward line. */
  readonly statement: Statement;
}
