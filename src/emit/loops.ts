/**
 * Loops as `for`, `while` and `do`. Carried values are variables declared before the loop and assigned at the end of the
 * body; where the body's last `if` decides whether the loop goes on, its arms `break`.
 */
import { atomsOf, endAtoms, someInstr } from "../ir/visit.js";
import type { Atom, If, Instr, Loop, LoopHead, Value, ValueId } from "../ir/types.js";
import { isLoose, needsType } from "./annotations.js";
import type { Folding } from "./fold.js";
import { isTypedArray } from "./buffers.js";
import { type Assignment, sequence } from "./assignments.js";
import { binary, primary } from "./code.js";
import { isOneOfSeveral, shapeOfType } from "../ir/shapes.js";
import { narrow } from "../ops/scalar.js";
import { isGiven } from "./given.js";
import type { Host } from "./host.js";
import { originOf } from "./line.js";
import { isFused } from "./sweeps.js";
import { isLiteral } from "./forms.js";

export function writeLoop(host: Host, loop: Loop): void {
  const { head } = loop;
  const alternates = isFused(loop);
  if (!alternates) host.heading(loop.sweep);
  begin(host, loop);
  const closing = head.kind === "do" ? closingTest(host, loop) : null;
  host.scope(() => {
    if (alternates) host.setSweep(null);
    openLoop(host, loop, closing !== null);
    host.scope(() => {
      writeIteration(host, loop, closing !== null);
    });
    host.line(closing === null ? "}" : `} while (${closing()});`);
  });
  host.setSweep(loop.sweep);
}

/** What is carried gets its first value. */
function begin(host: Host, loop: Loop): void {
  const known: (readonly [Value, Atom])[] = [];
  for (const { param, init } of loop.carried) {
    if (host.isDeclared(param)) {
      known.push([param, init]);
      continue;
    }
    const { text } = host.expressions.as(init, shapeOfType(param.type));
    const { folding, foreign, literalHolders, variables } = host.context;
    const isForeign = (value: Value): boolean => foreign.buffers.has(variables.of(value.id));
    const isWide = init.kind === "value" && isTypedArray(init.type) && isForeign(init);
    const isTyped =
      (isForeign(param) && !isWide) ||
      needsType(param.type, init, text, folding) ||
      (foreign.fixed.has(variables.of(param.id)) && isMadeBare(host, init)) ||
      (literalHolders.has(variables.of(param.id)) && isGiven(init, folding));
    const type = isTyped ? host.context.types.value(param.type) : null;
    const isNarrowed =
      isReadLater(loop, param, init) || (isOfOneKind(param, init, folding) && !text.includes(" as "));
    const start = type !== null && isNarrowed ? ` = ${text} as ${type}` : null;
    const annotation = type === null ? "" : `: ${type}`;
    host.line(`let ${host.declare(param)}${start ?? `${annotation} = ${text}`};`);
  }
  assignAll(host, known);
}

/** Made by the function, and held by a variable without a type. */
function isMadeBare({ context: { folding }, expressions }: Host, init: Atom): boolean {
  const made = init.kind === "value" ? folding.instrOf.get(init.id) : undefined;
  if (made?.kind !== "alloc" || made.out.type.kind !== "ref") return false;
  return (
    folding.folded.has(made.out.id) ||
    !isLoose(made.init, made.out.type.shape, expressions.instr(made).text, folding)
  );
}

/**
 * An object that is missing at first and read in the loop: TypeScript would take it to be missing there as long as it
 * has not found what the loop assigns, which may depend on the object's own fields.
 */
function isReadLater({ body }: Loop, param: Value, { type }: Atom): boolean {
  if (type.kind !== "nothing" || param.type.kind !== "maybe" || param.type.type.kind !== "ref") return false;
  return someInstr(body, (instr) => instr.kind === "apply" && instr.op === narrow && instr.args[0] === param);
}

/** Made as one kind of object of several: TypeScript would take the others, which the loop assigns, not to be there. */
function isOfOneKind({ type }: Value, init: Atom, { instrOf }: Folding): boolean {
  if (type.kind !== "ref" || !isOneOfSeveral(type.shape) || init.kind !== "value") return false;
  return instrOf.get(init.id)?.kind === "alloc";
}

function openLoop(host: Host, { head, statement }: Loop, testsBehind: boolean): void {
  const origin = originOf(statement);
  if (head.kind === "counted") {
    host.line(countedHead(host, head), origin);
    return;
  }
  if (head.kind === "do") {
    host.line(testsBehind ? "do {" : "while (true) {", origin);
    return;
  }
  const [test] = endAtoms(head.test.end);
  if (test === undefined) return;
  if (head.test.instrs.every(host.isWrittenInPlace)) {
    host.line(`while (${host.expressions.condition(test).text}) {`, origin);
    return;
  }
  host.line("while (true) {", origin);
  for (const instr of head.test.instrs) host.instr(instr);
  host.line(`if (${host.expressions.negation(test).text}) { break; }`, origin);
}

function countedHead(host: Host, head: Extract<LoopHead, { kind: "counted" }>): string {
  const from = host.expressions.atom(head.from).text;
  const to = host.expressions.atom(head.to);
  const name = host.declareIndex(head.index);
  const size = Math.abs(head.step);
  const isUp = head.step > 0;
  const step = size === 1 ? (isUp ? "++" : "--") : ` ${isUp ? "+=" : "-="} ${String(size)}`;
  return `for (let ${name} = ${from}; ${binary(head.comparison, primary(name), to).text}; ${name}${step}) {`;
}

function writeIteration(host: Host, loop: Loop, testsBehind: boolean): void {
  const { body, carried, head } = loop;
  const [test] = head.kind === "while" ? endAtoms(head.test.end) : [];
  if (test !== undefined) host.expressions.learn(test, true);
  if (body.end.kind !== "yield") {
    host.block(body);
    return;
  }
  const [again, ...yields] = body.end.values;
  const next = (): void => {
    assignAll(
      host,
      carried.flatMap(({ param }, i) => {
        const atom = yields[i];
        return atom === undefined ? [] : [[param, atom] as const];
      }),
    );
  };
  if (again === undefined || testsBehind || isLiteral(again, true)) {
    host.instrs(body.instrs);
    next();
    return;
  }
  writeTail(host, body.instrs, again, next);
  if (!isLiteral(again, false)) next();
}

/** The last part of an iteration, where some ways end the loop: there, `leave` does what remains to be done. */
function writeTail(host: Host, instrs: readonly Instr[], again: Atom, leave: () => void): void {
  const last = instrs.at(-1);
  const index = last?.kind === "if" ? last.outs.findIndex((out) => out === again) : -1;
  if (last?.kind === "if" && index >= 0 && !host.context.folding.conditionals.has(last)) {
    host.instrs(instrs.slice(0, -1));
    writeBreakingIf(host, last, index, leave);
    return;
  }
  host.instrs(instrs);
  const always = isLiteral(again, false);
  if (!always) host.line(`if (${host.expressions.negation(again).text}) {`);
  leave();
  host.line("break;");
  if (!always) host.line("}");
}

function writeBreakingIf(host: Host, instr: If, index: number, leave: () => void): void {
  host.heading(instr.outs[index]?.sweep ?? "forward");
  instr.outs.forEach((out, i) => {
    if (i !== index && !host.isDeclared(out))
      host.line(`let ${host.declare(out)}: ${host.context.types.value(out.type)};`);
  });
  const test = host.expressions.condition(instr.test);
  const ends = (side: Side): boolean => {
    const { end } = instr[side];
    const atom = end.kind === "yield" ? end.values[index] : undefined;
    return end.kind === "throw" || (atom !== undefined && isLiteral(atom, false));
  };
  const first: Side = !ends("consequent") && ends("alternate") ? "alternate" : "consequent";
  const second: Side = first === "consequent" ? "alternate" : "consequent";
  host.line(
    `if (${first === "consequent" ? test.text : host.expressions.negation(instr.test).text}) {`,
    originOf(instr.statement),
  );
  host.scope(() => {
    writeBreakingArm(host, instr, first, index, leave);
  });
  if (ends(first)) {
    host.line("}");
    writeBreakingArm(host, instr, second, index, leave);
    return;
  }
  host.line("} else {");
  host.scope(() => {
    writeBreakingArm(host, instr, second, index, leave);
  });
  host.line("}");
}

type Side = "consequent" | "alternate";

function writeBreakingArm(host: Host, instr: If, side: Side, index: number, leave: () => void): void {
  const arm = instr[side];
  host.expressions.under(instr.test, side === "consequent", () => {
    if (arm.end.kind !== "yield") {
      host.block(arm);
      return;
    }
    const { values } = arm.end;
    const again = values[index];
    const yields = (): void => {
      host.yields(instr, values, index);
    };
    if (again === undefined || isLiteral(again, true)) {
      for (const inner of arm.instrs) host.instr(inner);
      yields();
      return;
    }
    writeTail(host, arm.instrs, again, () => {
      yields();
      leave();
    });
    if (!isLiteral(again, false)) yields();
  });
}

/** The test of `do … while (test)`, where it can be read behind the braces; null where it cannot. */
function closingTest(host: Host, loop: Loop): (() => string) | null {
  const { end, instrs } = loop.body;
  const [again, ...yields] = end.kind === "yield" ? end.values : [];
  const last = instrs.at(-1);
  if (again?.kind !== "value" || (last?.kind === "if" && last.outs.includes(again))) return null;
  const { variables } = host.context;
  const root = (value: Value): ValueId => variables.of(value.id);
  const readable = leavesOf(host, again).every((value) => {
    const at = loop.carried.findIndex(({ param }) => root(param) === root(value));
    const param = loop.carried[at]?.param;
    if (param === undefined) return host.isDeclared(value);
    return value !== param || yields[at] === param;
  });
  return readable ? () => host.expressions.atom(again).text : null;
}

/** The variables that an atom is written with. */
function leavesOf(host: Host, atom: Atom): readonly Value[] {
  if (atom.kind === "literal") return [];
  const { folded, instrOf } = host.context.folding;
  const instr = folded.has(atom.id) ? instrOf.get(atom.id) : undefined;
  if (instr === undefined) return [atom];
  const inner =
    instr.kind === "if"
      ? [instr.test, ...endAtoms(instr.consequent.end), ...endAtoms(instr.alternate.end)]
      : atomsOf(instr);
  return inner.flatMap((each) => leavesOf(host, each));
}

function assignAll(host: Host, pairs: readonly (readonly [Value, Atom])[]): void {
  const assignments = pairs.flatMap(([to, atom]): Assignment[] => {
    if (host.isSame(atom, to)) return [];
    const reads = new Set(leavesOf(host, atom).map((leaf) => host.nameOf(leaf)));
    const value = host.expressions.as(atom, shapeOfType(to.type)).text;
    const annotation = to.type.kind === "bool" ? ": boolean" : "";
    return [{ target: host.nameOf(to), value, annotation, reads, ...host.assignment(to, atom) }];
  });
  for (const [text, origin] of sequence(assignments, host.temporary)) host.line(text, origin);
}
