/** Places of memory, as what stands in a list of all that lies in them. */
import type { HeldList, HeldStep } from "../ir/op.js";
import { type Code, precedence, wrap } from "./code.js";
import { accessText } from "./keys.js";

/** What lies in the places that are written to, and then, where there is any, in the others. */
export function heldLists(
  lists: readonly HeldList[],
  argument: (index: number) => Code,
): readonly (readonly string[])[] {
  return [true, false]
    .map((isWritten) =>
      lists
        .filter((list) => list.isWritten === isWritten)
        .map(({ arg, steps }) => heldText(wrap(argument(arg), precedence.member), steps)),
    )
    .filter((parts) => parts.length > 0);
}

/** `b.c`, `...a`, `...links.flatMap((each) => [each.from])`. */
function heldText(of: string, [step, ...rest]: readonly HeldStep[]): string {
  if (step === undefined) return of;
  if (step.kind === "field") return heldText(fieldOf(of, step), rest);
  const cells = cellsOf(of, step);
  if (rest.length === 0) return `...${cells}`;
  const list = cells.startsWith("(") || !cells.endsWith(".values()") ? cells : `[...${cells}]`;
  const inner = heldText("each", rest);
  return `...${list}.${inner.startsWith("...") ? `flatMap((each) => [${inner}])` : `map((each) => ${inner})`}`;
}

function fieldOf(of: string, { name, isPrivate, mayLack }: Extract<HeldStep, { kind: "field" }>): string {
  if (!isPrivate && !mayLack) return accessText(of, name);
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  const dot = mayLack ? "?." : isName && !isPrivate ? "." : "";
  return isName && !isPrivate ? `${of}${dot}${name}` : `${of}${dot}[${JSON.stringify(name)}]`;
}

function cellsOf(of: string, step: Extract<HeldStep, { kind: "each" }>): string {
  const there = step.mayLack
    ? `(${of} ?? ${step.of === "Array" ? "[]" : step.of === "Map" ? "new Map()" : "{}"})`
    : of;
  if (step.of === "Record") return `Object.values(${there})`;
  return step.of === "Map" ? `${there}.values()` : there;
}
