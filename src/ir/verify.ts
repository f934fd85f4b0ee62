/**
 * Checks that a function is well formed: values bound once and used only where bound, blocks that end as their owner
 * needs, numbers and types that fit. Linear in the size of the function.
 */
import { InternalError } from "../support/invariant.js";
import { checkInstrTypes, checkShape, fits } from "./verify-types.js";
import { printType } from "./print.js";
import type { Atom, Block, End, Func, Instr, Lambda, Loop, Order, Value, ValueId } from "./types.js";
import { atomsOf, blocksOf, endAtoms, outsOf, paramsOf, withCallees } from "./visit.js";

/** Throws an `InternalError` that names `stage` where `func` is ill formed. */
export function verify(func: Func, stage: string): void {
  for (const each of withCallees(func)) new Verifier(each, stage).run();
}

/** How the end of a block may look. */
type Ending =
  | { readonly kind: "leave" }
  | { readonly kind: "lambda" }
  | { readonly kind: "order" }
  | { readonly kind: "yield"; readonly outs: readonly Value[] }
  /** One boolean first: the test of a loop, or whether it goes on. */
  | { readonly kind: "loop"; readonly params: readonly Value[] };

class Verifier {
  readonly #func: Func;
  readonly #stage: string;
  readonly #bound = new Set<ValueId>();
  /** The values in scope. A use must agree with the type at the definition. */
  readonly #visible = new Map<ValueId, Value>();

  constructor(func: Func, stage: string) {
    this.#func = func;
    this.#stage = stage;
  }

  run(): void {
    for (const param of this.#func.params) this.#bind(param.value);
    this.#block(this.#func.body, { kind: "leave" });
  }

  #block(block: Block, ending: Ending): void {
    const outer: ValueId[] = [];
    for (const instr of block.instrs) {
      this.#instr(instr);
      for (const out of outsOf(instr)) {
        this.#bind(out);
        outer.push(out.id);
      }
    }
    this.#end(block.end, ending);
    for (const id of outer) this.#visible.delete(id);
  }

  #instr(instr: Instr): void {
    for (const atom of atomsOf(instr)) this.#use(atom);
    checkInstrTypes(instr, (message) => this.#fail(message));
    if (instr.kind === "loop") {
      this.#loop(instr);
      return;
    }
    if (instr.kind === "lambda" || instr.kind === "order") {
      this.#later(instr);
      return;
    }
    const ending: Ending = instr.kind === "if" ? { kind: "yield", outs: instr.outs } : { kind: "leave" };
    for (const block of blocksOf(instr)) this.#block(block, ending);
    if (instr.kind !== "if" || instr.outs.length === 0) return;
    const yields = blocksOf(instr).some((block) => block.end.kind === "yield");
    this.#require(yields, `no arm of the if yields ${named(instr.outs[0])}`);
  }

  #later({ kind, params, body }: Lambda | Order): void {
    for (const param of params) this.#bind(param);
    if (kind === "order") this.#require(body.instrs.every(isComparing), "a comparison has effects");
    this.#block(body, { kind });
    for (const { id } of params) this.#visible.delete(id);
  }

  #loop(loop: Loop): void {
    const params = paramsOf(loop);
    for (const param of params) this.#bind(param);
    if (loop.head.kind === "while") {
      this.#require(loop.head.test.instrs.every(isPure), "the test of a loop has effects");
      this.#block(loop.head.test, { kind: "loop", params: [] });
    }
    this.#block(loop.body, { kind: "loop", params: loop.carried.map(({ param }) => param) });
    for (const { id } of params) this.#visible.delete(id);
  }

  #end(end: End, ending: Ending): void {
    for (const atom of endAtoms(end)) this.#use(atom);
    if (end.kind === "throw") return;
    if (ending.kind === "loop") {
      this.#require(end.kind === "yield", "a loop ends in a return");
      this.#again(end.values, ending.params);
      return;
    }
    if (ending.kind === "lambda") {
      this.#require(end.kind === "yield", "a lambda ends in a return");
      return;
    }
    if (ending.kind === "order") {
      const isOne = end.kind === "yield" && end.values.length === 1;
      this.#require(isOne && isNumber(end.values[0]), "a comparison does not yield one number");
      return;
    }
    if (ending.kind === "leave") {
      this.#require(end.kind === "return", "a block that must leave the function ends in a yield");
      this.#return(end.values);
      return;
    }
    this.#require(end.kind === "yield", "an arm of an if ends in a return");
    const { outs } = ending;
    this.#require(
      end.values.length === outs.length,
      `an arm yields ${String(end.values.length)} values for ${String(outs.length)}`,
    );
    end.values.forEach((atom, i) => {
      const out = outs[i];
      if (out) this.#require(fits(atom, out.type), `${named(atom)} is yielded for ${named(out)}`);
    });
  }

  #again([, ...values]: readonly Atom[], params: readonly Value[]): void {
    this.#require(
      values.length === params.length,
      `a loop yields ${String(values.length)} values for ${String(params.length)}`,
    );
    values.forEach((atom, i) => {
      const param = params[i];
      if (param) this.#require(fits(atom, param.type), `${named(atom)} is yielded for ${named(param)}`);
    });
  }

  #return(values: readonly Atom[]): void {
    const { results } = this.#func;
    this.#require(
      values.length === results.length,
      `${String(values.length)} values are returned for ${String(results.length)} results`,
    );
    values.forEach((atom, i) => {
      const result = results[i];
      if (result)
        this.#require(checkShape(atom, result.shape), `${named(atom)} is returned as \`${result.name}\``);
    });
  }

  #bind(value: Value): void {
    this.#require(!this.#bound.has(value.id), `${named(value)} is bound twice`);
    this.#bound.add(value.id);
    this.#visible.set(value.id, value);
  }

  #use(atom: Atom): void {
    if (atom.kind === "literal") return;
    const definition = this.#visible.get(atom.id);
    if (definition === undefined) {
      const reason = this.#bound.has(atom.id) ? "outside of the block that binds it" : "before it is bound";
      this.#fail(`${named(atom)} is used ${reason}`);
    }
    this.#require(
      definition === atom || definition.type.kind === atom.type.kind,
      `${named(atom)} is used with a type other than that of ${named(definition)}`,
    );
  }

  #require(condition: boolean, message: string): asserts condition {
    if (!condition) this.#fail(message);
  }

  #fail(message: string): never {
    throw new InternalError(this.#stage, `\`${this.#func.name}\`: ${message}`);
  }
}

function isPure(instr: Instr): boolean {
  if (instr.kind === "store" || instr.kind === "push" || instr.kind === "pop") return false;
  if (instr.kind === "foreign") return false;
  if (instr.kind === "call" || instr.kind === "lambda") return false;
  if (instr.kind === "order") return true;
  if (instr.kind === "apply" && instr.op.impure) return false;
  return blocksOf(instr).every((block) => block.instrs.every(isPure));
}

/** Memory of its own may be written to in a comparison, and it may throw. */
function isComparing(instr: Instr): boolean {
  if (instr.kind === "guard") return instr.body.end.kind === "throw" && instr.body.instrs.every(isComparing);
  if (instr.kind === "store" || instr.kind === "push" || instr.kind === "pop") return true;
  if (blocksOf(instr).length > 0) return blocksOf(instr).every((block) => block.instrs.every(isComparing));
  return isPure(instr);
}

function isNumber(atom: Atom | undefined): boolean {
  return atom?.type.kind === "real" || atom?.type.kind === "int";
}

function named(atom: Atom | undefined): string {
  if (atom === undefined) return "nothing";
  if (atom.kind === "literal") return `\`${atom.spelling}\``;
  const hint = atom.hint === null ? "" : ` \`${atom.hint.text}\``;
  return `%${String(atom.id)}${hint} (${printType(atom.type)})`;
}
