/** Blocks as lines of TypeScript, with the markers that tie each backward line to its forward line. */
import { outsOf } from "../ir/visit.js";
import type { Atom, Block, Foreign, End, Guard, Instr, Value, ValueId } from "../ir/types.js";
import { needsTypeOfChoice } from "./annotations.js";
import { type BodyContext, usersNames } from "./body.js";
import { wordedParams } from "./callees.js";
import { CallWriter } from "./calls.js";
import { isNarrow } from "./compared.js";
import { isGiven } from "./given.js";
import { isCircular } from "./circular.js";
import { ConditionalWriter } from "./conditionals.js";
import { Expressions } from "./expressions.js";
import type { FunctionKind, Host } from "./host.js";
import { type Line, type Origin, lineOf, originOf, unknownOrigin } from "./line.js";
import { writeLoop } from "./loops.js";
import { writeOrder } from "./orders.js";
import { isFused, reverses } from "./sweeps.js";
import { MemoryWriter, compoundOperators } from "./memory.js";
import { Markers } from "./markers.js";
import { Names } from "./names.js";
import { shapeOfType } from "../ir/shapes.js";
import { lacksTags } from "./tags.js";
import { asResult } from "./result-words.js";
import { wordFor } from "./words.js";
import { keyText } from "./keys.js";

export interface Body {
  /** The lines between the braces of the function. */
  readonly lines: readonly Line[];
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
  readonly #lines: Line[] = [];
  readonly #memory: MemoryWriter;
  readonly #conditionals: ConditionalWriter;
  readonly #calls: CallWriter;
  readonly #host: Host;
  #sweep: "forward" | "backward" | null = null;
  #isQuiet = false;

  constructor(context: BodyContext) {
    this.#context = context;
    this.#markers = new Markers(context.folding);
    this.#names = new Names(usersNames(context), context.outerNames);
    this.#expressions = new Expressions({
      folding: context.folding,
      nameOf: (value) => this.#nameOf(value),
      isReassigned: (id) => context.variables.isReassigned(context.variables.of(id)),
      uncheckedIndexedAccess: context.uncheckedIndexedAccess,
      types: context.types,
      params: context.func.params,
      worded: wordedParams(context.func, context.role === "gradient", context.callees),
      words: context.words,
      callees: context.callees,
      topOf: (ref) => this.#memory.topOf(ref),
    });
    this.#host = this.#makeHost();
    this.#memory = new MemoryWriter(this.#host);
    this.#conditionals = new ConditionalWriter(this.#host);
    this.#calls = new CallWriter(this.#host);
  }

  #makeHost(): Host {
    return {
      context: this.#context,
      expressions: this.#expressions,
      markers: this.#markers,
      bind: (out, instr) => {
        this.#bind(out, instr);
      },
      sweep: () => this.#sweep,
      setSweep: (sweep) => {
        this.#sweep = sweep;
        this.#isQuiet = false;
      },
      restoreSweep: (sweep) => {
        this.#sweep = sweep;
      },
      heading: (sweep) => {
        this.#heading(sweep);
      },
      line: (text, origin) => {
        this.#line(text, origin);
      },
      scope: (write, inside) => {
        this.#scope(write, inside);
      },
      instr: (instr) => {
        this.#instr(instr);
      },
      instrs: (instrs) => {
        this.#instrs(instrs);
      },
      block: (block) => {
        this.#block(block);
      },
      end: (end) => {
        this.#end(end);
      },
      yields: (instr, values, except) => {
        this.#conditionals.yields(instr, values, except);
      },
      declare: (value) => this.#declare(value),
      declareIndex: (value) => this.#declareIndex(value),
      temporary: (name) => this.#names.declare(`next_${name}`, false),
      made: (name) => this.#names.declare(name, false),
      nameOf: (value) => this.#nameOf(value),
      isDeclared: (value) => this.#variableNames.has(this.#context.variables.of(value.id)),
      isFolded: (value) => this.#isFolded(value),
      isWrittenInPlace: (instr) => this.#isWrittenInPlace(instr),
      isSame: (atom, to) => this.#isSame(atom, to),
      assignment: (to, atom) => this.#assigning(to, atom),
    };
  }

  run(): Body {
    const { func, variables } = this.#context;
    const parameters = func.params.map((param) => {
      const name = param.isLeftOut === true ? param.name : this.#names.declare(param.name, true);
      this.#variableNames.set(variables.of(param.value.id), name);
      return name;
    });
    this.#block(func.body);
    return { lines: this.#lines, parameters };
  }

  #block(block: Block): void {
    this.#instrs(block.instrs);
    this.#end(block.end);
  }

  #instrs(instrs: readonly Instr[]): void {
    const fused = instrs.findLastIndex(isFused);
    const wasQuiet = this.#isQuiet;
    instrs.forEach((instr, index) => {
      // The sweeps alternate within a fused loop, and nothing before it is a sweep of its own.
      this.#isQuiet = wasQuiet || index < fused;
      this.#instr(instr);
      if (index === fused) this.#sweep = "forward";
    });
  }

  #instr(instr: Instr): void {
    switch (instr.kind) {
      case "apply":
      case "load":
        if (!this.#isFolded(instr.out)) this.#bind(instr.out, instr);
        return;
      case "pop":
        this.#memory.pop(instr);
        return;
      case "push":
        this.#memory.push(instr);
        return;
      case "foreign":
        this.#call(instr);
        return;
      case "loop":
        writeLoop(this.#host, instr);
        return;
      case "alloc":
        if (!this.#isFolded(instr.out)) this.#memory.allocate(instr);
        return;
      case "store":
        this.#memory.store(instr);
        return;
      case "guard":
        this.#guard(instr);
        return;
      case "if":
        this.#conditionals.write(instr);
        return;
      case "call":
        if (!this.#isWrittenInPlace(instr)) this.#calls.call(instr);
        return;
      case "order":
        writeOrder(this.#host, instr);
        return;
      case "lambda":
        return;
    }
  }

  #bind(out: Value, instr: Instr): void {
    this.#heading(out.sweep);
    const { variables } = this.#context;
    const root = variables.of(out.id);
    const known = this.#variableNames.get(root);
    if (known !== undefined && this.#isCopyOf(instr, root)) return;
    const origin = this.#markers.binding(out, instr);
    if (known !== undefined) {
      this.#line(`${this.#assignment(known, root, instr)};`, origin);
      return;
    }
    const { text } = this.#expressions.instr(instr);
    const name = this.#declare(out);
    const { compared, literalHolders, types } = this.#context;
    const isConstant = !variables.isReassigned(root);
    const isUntyped =
      text === "undefined" ||
      (isConstant && isNarrow(instr, compared.get(root))) ||
      (instr.kind === "if" && needsTypeOfChoice(instr, out.type, this.#context.folding)) ||
      (literalHolders.has(root) && isGiven(out, this.#context.folding)) ||
      isCircular(out, instr, this.#context.folding, variables);
    const annotation = isUntyped ? `: ${types.value(out.type)}` : "";
    this.#line(`${isConstant ? "const" : "let"} ${name}${annotation} = ${text};`, origin);
  }

  /** `x = x`: two values that share the variable. */
  #isCopyOf(instr: Instr, root: ValueId): boolean {
    if (instr.kind !== "apply" || instr.op.spelling.kind !== "identity") return false;
    const [source] = instr.args;
    return (
      source?.kind === "value" && !this.#isFolded(source) && this.#context.variables.of(source.id) === root
    );
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

  #call(instr: Foreign): void {
    if (instr.out !== null && this.#isFolded(instr.out)) return;
    if (instr.out !== null && this.#context.folding.isRead(instr.out.id)) {
      this.#bind(instr.out, instr);
      return;
    }
    this.#heading(instr.sweep);
    this.#line(`${this.#expressions.instr(instr).text};`, this.#markers.calling(instr));
  }

  #guard(instr: Guard): void {
    const before = this.#sweep;
    const wasQuiet = this.#isQuiet;
    this.#isQuiet ||= !reverses(instr.body);
    this.#line(`if (${this.#expressions.condition(instr.test).text}) {`, originOf(instr.statement));
    this.#scope(() => {
      this.#expressions.under(instr.test, true, () => {
        this.#block(instr.body);
      });
    });
    this.#line("}");
    this.#expressions.learn(instr.test, false);
    this.#sweep = before;
    this.#isQuiet = wasQuiet;
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
      case "foreign":
        return instr.out !== null && this.#isFolded(instr.out);
      case "store":
      case "push":
      case "pop":
      case "loop":
      case "guard":
      case "order":
        return false;
      case "call":
        return instr.outs.some((out) => this.#isFolded(out));
      case "lambda":
        return true;
    }
  }

  #isSame(atom: Atom, out: Value): boolean {
    const { variables } = this.#context;
    return atom.kind === "value" && !this.#isFolded(atom) && variables.of(atom.id) === variables.of(out.id);
  }

  #assigning(out: Value, atom: Atom): { readonly text: string; readonly origin: Origin } {
    const name = this.#nameOf(out);
    const made =
      atom.kind === "value" && this.#isFolded(atom) ? this.#context.folding.instrOf.get(atom.id) : undefined;
    if (made === undefined || atom.kind !== "value" || lacksTags(atom, shapeOfType(out.type)))
      return {
        text: `${name} = ${this.#expressions.as(atom, shapeOfType(out.type)).text}`,
        origin: unknownOrigin,
      };
    const text = this.#assignment(name, this.#context.variables.of(out.id), made);
    return { text, origin: this.#markers.binding(atom, made) };
  }

  #end(end: End): void {
    switch (end.kind) {
      case "yield":
        return;
      case "throw": {
        const parts = end.text.map((part) =>
          typeof part === "string" ? part : this.#expressions.atom(part).text,
        );
        this.#line(`throw ${parts.join("")};`, originOf(end.statement));
        return;
      }
      case "return": {
        if (this.#context.role === "plain") {
          const [atom] = end.values;
          const text =
            atom === undefined ? "" : ` ${asResult(this.#expressions.atom(atom), atom, this.#context).text}`;
          this.#line(`return${text};`, originOf(end.statement));
          return;
        }
        if (this.#calls.returned(end)) return;
        const fields = this.#context.func.results.map((result, index) => {
          const atom = end.values[index];
          const text = atom === undefined ? "0" : this.#expressions.atom(atom).text;
          return text === result.name ? text : `${keyText(result.name)}: ${text}`;
        });
        this.#line(`return { ${fields.join(", ")} };`, originOf(end.statement));
      }
    }
  }

  #scope(write: () => void, inside?: FunctionKind): void {
    this.#names.enter();
    const outer = new Set(this.#variableNames.keys());
    this.#expressions.within(write, inside);
    for (const id of this.#variableNames.keys()) if (!outer.has(id)) this.#variableNames.delete(id);
    this.#names.leave();
  }

  #declareIndex(value: Value): string {
    const { hint } = value;
    const name = hint?.declared === true ? this.#names.declare(hint.text, true) : this.#names.declareIndex();
    this.#variableNames.set(this.#context.variables.of(value.id), name);
    return name;
  }

  #declare(value: Value): string {
    const { variables, wantedName } = this.#context;
    const isUsers = (value.hint?.declared === true && value.sweep === "forward") || this.#isAgain(value);
    const name = this.#names.declare(wantedName(value) ?? wordFor(this.#context, value) ?? "t", isUsers);
    this.#variableNames.set(variables.of(value.id), name);
    return name;
  }

  /** A variable of the user's, computed again: its name may come again where it is not in sight. */
  #isAgain({ again }: Value): boolean {
    const source = again === undefined ? undefined : this.#context.folding.instrOf.get(again);
    return source !== undefined && outsOf(source).some((out) => out.hint?.declared === true);
  }

  #nameOf(value: Value): string {
    return this.#variableNames.get(this.#context.variables.of(value.id)) ?? `unbound_${String(value.id)}`;
  }

  #isFolded(value: Value): boolean {
    return this.#context.folding.folded.has(value.id);
  }

  #heading(sweep: "forward" | "backward"): void {
    if (this.#isQuiet || this.#sweep === sweep || this.#context.role !== "gradient") return;
    if (sweep === "backward") {
      if (this.#lines.length > 0) this.#line("");
      this.#line("// backward");
    } else if (this.#sweep === null) {
      this.#line("// forward");
    }
    this.#sweep = sweep;
  }

  #line(text: string, origin: Origin = unknownOrigin): void {
    this.#lines.push(lineOf(text, origin));
  }
}
