/** The `(k)` behind a line: which of the user's lines it is, or is the gradient of. */
import type { Instr, Statement, Value } from "../ir/types.js";
import type { Folding } from "./fold.js";
import type { Origin } from "./line.js";

export class Markers {
  readonly #folding: Folding;
  /** Numbers of the forward lines, in the order in which they are written. */
  readonly #numbers = new Map<number, number>();

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
    return this.marker(statements, out.sweep, out.statement);
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
    const marked: Statement[] = [];
    const marks = statements.flatMap((statement) => {
      const known = this.#numbers.get(statement.id);
      if (known === undefined && sweep === "backward") return [];
      const number = known ?? this.#numbers.size + 1;
      this.#numbers.set(statement.id, number);
      marked.push(statement);
      return [`(${String(number)})`];
    });
    const words = sweep === "forward" && user?.comment != null ? [user.comment] : [];
    return { comment: [...marks, ...words].join(" "), marked, statement: marked[0] ?? statements[0] ?? null };
  }
}
