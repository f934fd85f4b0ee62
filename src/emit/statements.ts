/** Blocks as lines of TypeScript, with the markers that tie each backward line to its forward line. */
import type { Alloc, Atom, Block, End, Func, Guard, If, Instr, Store, Value, ValueId } from "../ir/types.js";
import { add, div, mul, sub } from "../ops/scalar.js";
import { wordFor } from "../ops/words.js";
import { prefix } from "./code.js";
import { Expressions } from "./expressions.js";
import type { Folding } from "./fold.js";
import { Markers } from "./markers.js";
import { Names } from "./names.js";
import { keyText, needsAnnotation, typeText, valueTypeText } from "./types.js";
import type { Variables } from "./variables.js";

export interface BodyContext {
  readonly func: Func;
  readonly folding: Folding;
  readonly variables: Variables;
  readonly wantedName: (value: Value) => string | null;
  /** Names that may not be used for variables: imported values, the function's own name. */
  readonly outerNames: Iterable<string>;
  readonly uncheckedIndexedAccess: boolean;
}

export interface Body {
  /** The lines between the braces of the function. */
  readonly lines: readonly string[];
  /** The parameters' names: one that hides a global which the code needs is renamed. */
  readonly parameters: readonly string[];
}

export function writeBody(context: BodyContext): Body {
  return new BodyWriter(context).run();
}

class BodyWriter {
  readonly #context: BodyContext;
  readonly #names: Names;
  readonly #variableNames = new Map<ValueId, string>();
  readonly #expressions: Expressions;
  readonly #markers: Markers;
  readonly #lines: string[] = [];
  #sweep: "forward" | "backward" | null = null;

  constructor(context: BodyContext) {
    this.#context = context;
    this.#markers = new Markers(context.folding);
    this.#names = new Names(usersNames(context), context.outerNames);
    this.#expressions = new Expressions({
      folding: context.folding,
      nameOf: (value) => this.#nameOf(value),
      uncheckedIndexedAccess: context.uncheckedIndexedAccess,
    });
  }

  run(): Body {
    const { func, variables } = this.#context;
    const parameters = func.params.map((param) => {
      const name = this.#names.declare(param.name, true);
      this.#variableNames.set(variables.of(param.value.id), name);
      return name;
    });
    this.#block(func.body);
    return { lines: this.#lines, parameters };
  }

  #block(block: Block): void {
    for (const instr of block.instrs) this.#instr(instr);
    this.#end(block.end);
  }

  #instr(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
      case "load":
        if (!this.#isFolded(instr.out)) this.#bind(instr.out, instr);
        return;
      case "alloc":
        if (!this.#isFolded(instr.out)) this.#allocate(instr);
        return;
      case "store":
        this.#store(instr);
        return;
      case "guard":
        this.#guard(instr);
        return;
      case "if":
        this.#if(instr);
        return;
    }
  }

  #bind(out: Value, instr: Instr): void {
    this.#heading(out.sweep);
    const { variables } = this.#context;
    const root = variables.of(out.id);
    const known = this.#variableNames.get(root);
    const comment = this.#markers.comment(out, instr);
    if (known !== undefined) {
      this.#line(`${this.#assignment(known, root, instr)};${comment}`);
      return;
    }
    const { text } = this.#expressions.instr(instr);
    const name = this.#declare(out);
    const isUndefinedLiteral = text === "undefined";
    const annotation = isUndefinedLiteral ? `: ${valueTypeText(out.type)}` : "";
    this.#line(`${variables.isReassigned(root) ? "let" : "const"} ${name}${annotation} = ${text};${comment}`);
  }

  /** `x = x + e` is written `x += e`. */
  #assignment(name: string, root: ValueId, instr: Instr): string {
    if (instr.kind === "apply") {
      const [first, second] = instr.args;
      const operator = compoundOperators.get(instr.op);
      const isSelf =
        first?.kind === "value" && !this.#isFolded(first) && this.#context.variables.of(first.id) === root;
      if (operator !== undefined && isSelf && second !== undefined) {
        return `${name} ${operator} ${this.#expressions.atom(second).text}`;
      }
    }
    return `${name} = ${this.#expressions.instr(instr).text}`;
  }

  #allocate(instr: Alloc): void {
    const { out } = instr;
    this.#heading(out.sweep);
    const { text } = this.#expressions.instr(instr);
    const name = this.#declare(out);
    const shape = out.type.kind === "ref" ? out.type.shape : null;
    const isAnnotated = shape !== null && instr.init.kind !== "zeros" && needsAnnotation(shape);
    const type = isAnnotated ? `: ${typeText(shape)}` : "";
    this.#line(`const ${name}${type} = ${text};${this.#markers.comment(out, instr)}`);
  }

  #store(instr: Store): void {
    this.#heading(instr.sweep);
    const comment = this.#markers.marker(
      instr.statement === null ? [] : [instr.statement],
      instr.sweep,
      null,
    );
    const target = this.#expressions.place(instr.place, true).text;
    const sum = instr.value.kind === "value" ? this.#context.folding.instrOf.get(instr.value.id) : undefined;
    const read = this.#expressions.place(instr.place, false).text;
    if (instr.value.kind === "value" && this.#isFolded(instr.value) && sum?.kind === "apply") {
      const operator = compoundOperators.get(sum.op);
      const [first, second] = sum.args;
      if (operator !== undefined && first !== undefined && second !== undefined) {
        if (this.#expressions.atom(first).text === read) {
          this.#line(`${read} ${operator} ${this.#expressions.atom(second).text};${comment}`);
          return;
        }
      }
    }
    this.#line(`${target} = ${this.#expressions.atom(instr.value).text};${comment}`);
  }

  #guard(instr: Guard): void {
    const before = this.#sweep;
    this.#line(`if (${this.#expressions.atom(instr.test).text}) {`);
    this.#scope(() => {
      this.#expressions.under(instr.test, true, () => {
        this.#block(instr.body);
      });
    });
    this.#line("}");
    this.#sweep = before;
  }

  #if(instr: If): void {
    const { folding, variables } = this.#context;
    const [only] = instr.outs;
    if (folding.conditionals.has(instr) && only !== undefined) {
      if (!this.#isFolded(only)) this.#bind(only, instr);
      return;
    }
    this.#heading(instr.outs[0]?.sweep ?? firstSweep(instr));
    const initial = this.#initialArm(instr);
    for (const [index, out] of instr.outs.entries()) {
      const root = variables.of(out.id);
      if (this.#variableNames.has(root)) continue;
      const first = initial === null ? undefined : yieldOf(instr[initial], index);
      const value = first === undefined ? null : this.#expressions.atom(first).text;
      const type = value === null ? `: ${valueTypeText(out.type)}` : "";
      this.#line(`let ${this.#declare(out)}${type}${value === null ? "" : ` = ${value}`};`);
    }
    const test = this.#expressions.atom(instr.test);
    if (initial === "consequent") {
      this.#line(`if (${prefix("!", test).text}) {`);
      this.#arm(instr, "alternate");
    } else {
      this.#line(`if (${test.text}) {`);
      this.#arm(instr, "consequent");
      if (initial === null && !this.#isEmptyArm(instr, "alternate")) {
        this.#line("} else {");
        this.#arm(instr, "alternate");
      }
    }
    this.#line("}");
  }

  /** The arm that only says what the variables are before the other one changes them. */
  #initialArm(instr: If): "consequent" | "alternate" | null {
    for (const side of ["alternate", "consequent"] as const) {
      const { instrs, end } = instr[side];
      if (end.kind !== "yield" || !instrs.every((inner) => this.#isWrittenInPlace(inner))) continue;
      const plain = instr.outs.every((out, index) => {
        const atom = end.values[index];
        if (atom === undefined) return false;
        const declared = this.#variableNames.has(this.#context.variables.of(out.id));
        return declared ? this.#isSame(atom, out) : isPlain(atom);
      });
      if (plain) return side;
    }
    return null;
  }

  #isWrittenInPlace(instr: Instr): boolean {
    switch (instr.kind) {
      case "apply":
      case "load":
      case "alloc":
        return this.#isFolded(instr.out);
      case "if":
        return (
          this.#context.folding.conditionals.has(instr) && instr.outs.every((out) => this.#isFolded(out))
        );
      case "store":
      case "guard":
        return false;
    }
  }

  #isEmptyArm(instr: If, side: "consequent" | "alternate"): boolean {
    const { instrs, end } = instr[side];
    if (end.kind !== "yield" || !instrs.every((inner) => this.#isWrittenInPlace(inner))) return false;
    return instr.outs.every((out, index) => {
      const atom = end.values[index];
      return atom !== undefined && this.#isSame(atom, out);
    });
  }

  #isSame(atom: Atom, out: Value): boolean {
    const { variables } = this.#context;
    return atom.kind === "value" && !this.#isFolded(atom) && variables.of(atom.id) === variables.of(out.id);
  }

  #arm(instr: If, side: "consequent" | "alternate"): void {
    const arm = instr[side];
    const before = this.#sweep;
    this.#scope(() => {
      this.#expressions.under(instr.test, side === "consequent", () => {
        for (const inner of arm.instrs) this.#instr(inner);
        if (arm.end.kind === "yield") this.#yields(instr, arm.end.values);
        else this.#end(arm.end);
      });
    });
    this.#sweep = before;
  }

  #yields(instr: If, values: readonly Atom[]): void {
    instr.outs.forEach((out, index) => {
      const atom = values[index];
      if (atom === undefined || this.#isSame(atom, out)) return;
      const name = this.#nameOf(out);
      const made =
        atom.kind === "value" && this.#isFolded(atom)
          ? this.#context.folding.instrOf.get(atom.id)
          : undefined;
      const root = this.#context.variables.of(out.id);
      const text =
        made === undefined
          ? `${name} = ${this.#expressions.atom(atom).text}`
          : this.#assignment(name, root, made);
      const comment = made === undefined || atom.kind !== "value" ? "" : this.#markers.comment(atom, made);
      this.#line(`${text};${comment}`);
    });
  }

  #end(end: End): void {
    switch (end.kind) {
      case "yield":
        return;
      case "throw": {
        const parts = end.text.map((part) =>
          typeof part === "string" ? part : this.#expressions.atom(part).text,
        );
        this.#line(`throw ${parts.join("")};`);
        return;
      }
      case "return": {
        const fields = this.#context.func.results.map((result, index) => {
          const atom = end.values[index];
          const text = atom === undefined ? "0" : this.#expressions.atom(atom).text;
          return text === result.name ? text : `${keyText(result.name)}: ${text}`;
        });
        this.#line(`return { ${fields.join(", ")} };`);
      }
    }
  }

  #scope(write: () => void): void {
    this.#names.enter();
    const outer = new Set(this.#variableNames.keys());
    write();
    for (const id of this.#variableNames.keys()) if (!outer.has(id)) this.#variableNames.delete(id);
    this.#names.leave();
  }

  #declare(value: Value): string {
    const { variables, wantedName } = this.#context;
    const isUsers = value.hint?.declared === true && value.sweep === "forward";
    const name = this.#names.declare(wantedName(value) ?? this.#madeUpName(value), isUsers);
    this.#variableNames.set(variables.of(value.id), name);
    return name;
  }

  #madeUpName(value: Value): string {
    const instr = this.#context.folding.instrOf.get(value.id);
    return (instr?.kind === "apply" ? wordFor(instr.op) : null) ?? "t";
  }

  #nameOf(value: Value): string {
    return this.#variableNames.get(this.#context.variables.of(value.id)) ?? `unbound_${String(value.id)}`;
  }

  #isFolded(value: Value): boolean {
    return this.#context.folding.folded.has(value.id);
  }

  #heading(sweep: "forward" | "backward"): void {
    if (this.#sweep === sweep) return;
    if (sweep === "backward") {
      if (this.#lines.length > 0) this.#line("");
      this.#line("// backward");
    } else if (this.#sweep === null) {
      this.#line("// forward");
    }
    this.#sweep = sweep;
  }

  #line(text: string): void {
    this.#lines.push(text);
  }
}

const compoundOperators: ReadonlyMap<unknown, string> = new Map([
  [add, "+="],
  [sub, "-="],
  [mul, "*="],
  [div, "/="],
]);

function isPlain(atom: Atom): boolean {
  return atom.kind === "literal";
}

function yieldOf(block: Block, index: number): Atom | undefined {
  return block.end.kind === "yield" ? block.end.values[index] : undefined;
}

function firstSweep(instr: If): "forward" | "backward" {
  const [first] = [...instr.consequent.instrs, ...instr.alternate.instrs];
  if (first === undefined || first.kind === "guard" || first.kind === "if") return "forward";
  return first.kind === "store" ? first.sweep : first.out.sweep;
}

/** Names of variables that the user declared, which come first. */
function usersNames({ func, folding }: BodyContext): ReadonlySet<string> {
  const names = new Set(func.params.map((param) => param.name));
  for (const instr of folding.instrOf.values()) {
    const outs = instr.kind === "if" ? instr.outs : "out" in instr ? [instr.out] : [];
    for (const out of outs) {
      if (out.sweep === "forward" && out.hint?.declared === true) names.add(out.hint.text);
    }
  }
  return names;
}
