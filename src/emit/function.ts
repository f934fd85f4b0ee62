/** One gradient function as TypeScript text, not yet formatted. */
import { forEachInstr } from "../ir/visit.js";
import type { Func, Span, Value, ValueId } from "../ir/types.js";
import { type Line, plainLines } from "./line.js";
import { valuesOf } from "./file.js";
import { planFolding } from "./fold.js";
import { writeBody } from "./statements.js";
import { keyText, typeText } from "./types.js";
import { assignVariables } from "./variables.js";

/** What the function's head says; the frontend's signature has these. */
export interface Head {
  /** Name of the primal function. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** The declaration of the primal function. */
  readonly span: Span;
  readonly uncheckedIndexedAccess: boolean;
}

export function writeFunction(func: Func, head: Head): readonly Line[] {
  const folding = planFolding(func);
  const paramNames = new Map(func.params.map((param) => [param.value.id, param.name]));
  const ownName = (value: Value): string | null =>
    paramNames.get(value.id) ??
    (value.hint?.declared === true ? null : folding.resultNames.get(value.id)) ??
    value.hint?.text ??
    null;
  const loopNames = nameLoopOuts(func, ownName);
  const wantedName = (value: Value): string | null => loopNames.get(value.id) ?? ownName(value);
  const variables = assignVariables(func, folding, wantedName);
  const body = writeBody({
    func,
    folding,
    variables,
    wantedName,
    outerNames: [func.name, ...valuesOf([func]).map(({ name, alias }) => alias ?? name)],
    uncheckedIndexedAccess: head.uncheckedIndexedAccess,
    hasOneStack: countStacks(func) === 1,
  });
  const parameters = head.parameters.map((text, index) => {
    const before = func.params[index]?.name ?? "";
    const after = body.parameters[index] ?? before;
    return text.startsWith(before) ? `${after}${text.slice(before.length)}` : text;
  });
  const wrt = func.params.filter((param) => param.wrt).map((param) => param.name);
  const fields = func.results.map((result) => `${keyText(result.name)}: ${typeText(result.shape)}`);
  const opening = [
    `/** Gradient of \`${head.name}\` with respect to ${wrt.join(", ")}. */`,
    `export function ${func.name}(${parameters.join(", ")}): { ${fields.join("; ")} } {`,
  ].join("\n");
  return [...plainLines(opening, head.span), ...body.lines, ...plainLines("}")];
}

function countStacks(func: Func): number {
  let count = 0;
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "alloc" || instr.init.kind !== "tape") return;
    if (instr.init.access === "stack" && instr.init.capacity !== null) count++;
  });
  return count;
}

/** What leaves a loop has the name that it has inside. */
function nameLoopOuts(func: Func, nameOf: (value: Value) => string | null): ReadonlyMap<ValueId, string> {
  const names = new Map<ValueId, string>();
  forEachInstr(func.body, (instr) => {
    if (instr.kind !== "loop") return;
    for (const { param, out } of instr.carried) {
      const name = nameOf(param) ?? nameOf(out);
      if (name === null) continue;
      names.set(param.id, name);
      names.set(out.id, name);
    }
  });
  return names;
}
