/** The constants of an emitted file, which its functions share: each is declared ahead of them, once. */
import type { Func, Instr, Param, ValueId } from "../ir/types.js";
import { atomsOf } from "../ir/visit.js";
import { type OwnHead, type Written, writeConstant } from "./function.js";
import { textOf } from "./line.js";
import { isReserved, nextName } from "./names.js";
import type { Needs } from "./named.js";

export interface WrittenConstants {
  readonly names: readonly string[];
  readonly needs: readonly Needs[];
  /** The function, with the names in it that its constants have in the file. */
  readonly named: (func: Func) => Func;
}

/** `functions` are the gradient, whose constants they are, and those that it calls. */
export function writeConstants(
  functions: readonly Func[],
  head: OwnHead,
  written: Written,
): WrittenConstants {
  const [gradient] = functions;
  const taken = new Set(functions.flatMap(namesIn));
  const names = new Map<string, string>();
  const needs: Needs[] = [];
  const before: Param[] = [];
  for (const param of gradient?.params ?? []) {
    const instrs = (gradient?.constants ?? []).filter(({ out }) => out.id === param.value.id);
    if (param.isLeftOut !== true || instrs.length === 0) continue;
    const parts = withParts(instrs, gradient?.constants ?? [], before);
    for (let name = param.name; ; name = nextName(name)) {
      if (taken.has(name) || isReserved(name)) continue;
      const whole = { ...head, constants: [...names.values()] };
      const { lines, needs: own } = writeConstant({ name: "", ...declaring(parts, name, before) }, whole);
      const text = textOf(lines);
      const known = written.get(name);
      if (known !== undefined && known !== text) continue;
      written.set(name, text);
      taken.add(name);
      names.set(param.name, name);
      before.push({ ...param, name });
      needs.push({ ...own, constants: [{ name, text }] });
      break;
    }
  }
  const named = (param: Param): Param =>
    param.isLeftOut === true ? { ...param, name: names.get(param.name) ?? param.name } : param;
  return {
    names: [...names.values()],
    needs,
    named: (func) => ({ ...func, params: func.params.map(named) }),
  };
}

/** Names of parameters, which they keep, and of the functions themselves. */
function namesIn({ name, params }: Func): readonly string[] {
  return [name, ...params.flatMap((param) => (param.isLeftOut === true ? [] : [param.name]))];
}

/** What the constant consists of that has no name of its own, and the constant. */
function withParts(
  instrs: readonly Instr[],
  all: NonNullable<Func["constants"]>,
  before: readonly Param[],
): readonly Instr[] {
  const wanted = new Set<ValueId>(
    instrs.flatMap(atomsOf).flatMap((atom) => (atom.kind === "value" ? [atom.id] : [])),
  );
  for (const { value } of before) wanted.delete(value.id);
  const parts = all.filter(({ out }) => wanted.has(out.id));
  return parts.length === 0 ? instrs : [...withParts(parts, all, before), ...instrs];
}

/** A function that does nothing but declare the constant. */
function declaring(
  parts: readonly Instr[],
  name: string,
  before: readonly Param[],
): Pick<Func, "params" | "results" | "body"> {
  const instrs = parts.map((instr, index): Instr => {
    if (instr.kind !== "alloc" && instr.kind !== "apply") return instr;
    const hint = index === parts.length - 1 ? { text: name, declared: true } : instr.out.hint;
    return { ...instr, out: { ...instr.out, hint, statement: null } };
  });
  return { params: before, results: [], body: { instrs, end: { kind: "yield", values: [] } } };
}
