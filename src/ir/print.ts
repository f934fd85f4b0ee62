/** A compact dump of the IR, the same for the same function. Statement ids follow `;`. */
import { isKeyed } from "./shapes.js";
import type { Scalar } from "./op.js";
import type {
  Atom,
  Block,
  Call,
  End,
  Func,
  Hint,
  Init,
  Instr,
  Loop,
  LoopHead,
  Place,
  Shape,
  Type,
  Value,
} from "./types.js";

/** The function as text. */
export function print(func: Func): string {
  return [...(func.callees?.values() ?? []), func].map(printFunc).join("\n");
}

function printFunc(func: Func): string {
  const params = func.params.map(({ value, name, wrt }) => `${wrt ? "wrt " : ""}${name} ${binding(value)}`);
  const results = func.results.map(({ name, shape }) => `${name}: ${printShape(shape)}`);
  const lines: string[] = [];
  printBlock(func.body, "  ", lines);
  return `func ${func.name}(${params.join(", ")}) -> (${results.join(", ")})\n${lines.join("\n")}\n`;
}

/** A type as the dump shows it: `real`, `ref#3 { x: real }`, `maybe int`. */
export function printType(type: Type): string {
  switch (type.kind) {
    case "ref":
      return `ref#${String(type.region)} ${printShape(type.shape)}`;
    case "maybe":
      return `maybe ${printType(type.type)}${type.other === undefined ? "" : ` or ${type.other.kind}`}`;
    default:
      return type.kind;
  }
}

export function printShape(shape: Shape): string {
  switch (shape.kind) {
    case "knot":
      return shape.name;
    case "object":
      if (shape.named !== undefined) return shape.named.name;
      return `{ ${shape.fields.map(({ name, shape: field }) => `${name}: ${printShape(field)}`).join(", ")} }`;
    case "tuple":
      return `[${shape.elements.map(printShape).join(", ")}]`;
    case "array":
      if (isKeyed(shape)) return `${shape.storage} of ${printShape(shape.element)}`;
      return shape.storage === "Array" ? `${printShape(shape.element)}[]` : shape.storage;
    case "maybe":
      return `maybe ${printShape(shape.shape)}${shape.other === undefined ? "" : ` or ${shape.other.kind}`}`;
    default:
      return shape.kind;
  }
}

function printBlock(block: Block, indent: string, lines: string[]): void {
  for (const instr of block.instrs) printInstr(instr, indent, lines);
  lines.push(indent + printEnd(block.end));
}

function printInstr(instr: Instr, indent: string, lines: string[]): void {
  const inner = `${indent}  `;
  switch (instr.kind) {
    case "apply":
      lines.push(
        `${indent}${definition(instr.out)} = ${instr.op.name}${list(instr.args)}${origin(instr.out)}`,
      );
      return;
    case "load":
      lines.push(`${indent}${definition(instr.out)} = load ${printPlace(instr.place)}${origin(instr.out)}`);
      return;
    case "store":
      lines.push(`${indent}store ${printPlace(instr.place)} = ${printAtom(instr.value)}${origin(instr)}`);
      return;
    case "alloc":
      lines.push(`${indent}${definition(instr.out)} = alloc ${printInit(instr.init)}${origin(instr.out)}`);
      return;
    case "push":
      lines.push(`${indent}push ${printAtom(instr.ref)}, ${printAtom(instr.value)}${origin(instr)}`);
      return;
    case "pop":
      lines.push(`${indent}${definition(instr.out)} = pop ${printAtom(instr.ref)}${origin(instr.out)}`);
      return;
    case "foreign": {
      const out = instr.out === null ? "" : `${definition(instr.out)} = `;
      lines.push(`${indent}${out}call ${instr.callee.text.join("…")}${list(instr.args)}${origin(instr)}`);
      return;
    }
    case "loop":
      printLoop(instr, indent, lines);
      return;
    case "if": {
      const outs = instr.outs.map(definition).join(", ");
      lines.push(`${indent}${outs}${outs && " = "}if ${printAtom(instr.test)}${origin(instr)}`);
      printBlock(instr.consequent, inner, lines);
      lines.push(`${indent}else`);
      printBlock(instr.alternate, inner, lines);
      return;
    }
    case "guard":
      lines.push(`${indent}guard ${printAtom(instr.test)}${origin(instr)}`);
      printBlock(instr.body, inner, lines);
      return;
    case "call":
      printCall(instr, indent, lines);
      return;
    case "order": {
      const params = instr.params.map(definition).join(", ");
      lines.push(
        `${indent}${definition(instr.out)} = order of ${printAtom(instr.of)} by (${params})${origin(instr.out)}`,
      );
      printBlock(instr.body, inner, lines);
      return;
    }
    case "lambda":
      lines.push(`${indent}${definition(instr.out)} = lambda (${instr.params.map(definition).join(", ")})`);
      printBlock(instr.body, inner, lines);
      return;
  }
}

function printCall(call: Call, indent: string, lines: string[]): void {
  const { callee, args, outs, writes } = call;
  const name = callee.kind === "function" ? callee.name : printAtom(callee.of);
  const effect =
    writes.length === 0 ? "" : ` writes ${writes.map((region) => `#${String(region)}`).join(", ")}`;
  const bound = outs.map(definition).join(", ");
  lines.push(`${indent}${bound}${bound && " = "}call ${name}${list(args)}${effect}${origin(call)}`);
}

function printLoop(loop: Loop, indent: string, lines: string[]): void {
  const inner = `${indent}  `;
  const { head, carried, body } = loop;
  const outs = carried.map(({ out }) => definition(out)).join(", ");
  const params = carried.map(({ param, init }) => `${definition(param)} = ${printAtom(init)}`).join(", ");
  lines.push(`${indent}${outs}${outs && " = "}loop ${printHead(head)}(${params})${origin(loop)}`);
  if (head.kind === "while") {
    printBlock(head.test, inner, lines);
    lines.push(`${indent}do`);
  }
  printBlock(body, inner, lines);
}

function printHead(head: LoopHead): string {
  if (head.kind !== "counted") return `${head.kind} `;
  const range = `${printAtom(head.from)}; ${head.comparison} ${printAtom(head.to)}; ${String(head.step)}`;
  return `counted ${definition(head.index)} from ${range} `;
}

function printEnd(end: End): string {
  if (end.kind === "yield") return `yield ${end.values.map(printAtom).join(", ")}`.trimEnd();
  if (end.kind === "return") return `return ${end.values.map(printAtom).join(", ")}`.trimEnd() + origin(end);
  const text = end.text.map((part) => (typeof part === "string" ? part : `\${${printAtom(part)}}`)).join("");
  return `throw ${text}${origin(end)}`;
}

function printPlace({ ref, step }: Place): string {
  if (step.kind === "field") return `${printAtom(ref)}.${step.name}`;
  return `${printAtom(ref)}[${printAtom(step.index)}]${step.asks === undefined ? "" : "?"}`;
}

function printInit(init: Init): string {
  switch (init.kind) {
    case "object":
      return `${init.instance === undefined ? "" : `${init.instance.text} `}{ ${init.entries.map(({ name, value }) => `${name}: ${printAtom(value)}`).join(", ")} }`;
    case "elements":
      return `[${init.elements.map(printAtom).join(", ")}]`;
    case "filled":
      return `filled ${printAtom(init.length)} with ${printAtom(init.value)}`;
    case "slice":
    case "view": {
      const bounds = [init.from, init.to].map((atom) => (atom === null ? "" : printAtom(atom)));
      return `${init.kind} ${printAtom(init.of)}[${bounds.join(":")}]`;
    }
    case "listing":
      return `${init.op.name}${list(init.args)}`;
    case "clone":
      return `clone ${printAtom(init.of)}`;
    case "tape":
      return `${init.access === "stack" ? "tape" : "indexed tape"}${init.capacity === null ? "" : ` ${printAtom(init.capacity)}`}`;
    case "zeros":
      return `zeros ${printAtom(init.like)}`;
    case "closed":
      return `closed ${printAtom(init.of)} like ${printAtom(init.like)}`;
  }
}

function printAtom(atom: Atom): string {
  return atom.kind === "value" ? `%${String(atom.id)}` : literal(atom.value, atom.spelling);
}

/** The spelling, with the value where the spelling alone does not tell it. */
function literal(value: Scalar, spelling: string): string {
  const plain =
    typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
  return spelling === plain ? plain : `${spelling}=${plain}`;
}

function list(atoms: readonly Atom[]): string {
  return `(${atoms.map(printAtom).join(", ")})`;
}

/** `%3: real` without a hint, `%3 "dx": real` with one; `?` marks a mere suggestion. */
function definition(value: Value): string {
  return binding(value) + (value.sweep === "backward" ? " back" : "");
}

function binding(value: Value): string {
  return `%${String(value.id)}${printHint(value.hint)}: ${printType(value.type)}`;
}

function printHint(hint: Hint | null): string {
  if (hint === null) return "";
  return ` "${hint.text}${hint.declared ? "" : "?"}"`;
}

function origin({ statement }: { readonly statement: Value["statement"] }): string {
  return statement === null ? "" : ` ; ${String(statement.id)}`;
}
