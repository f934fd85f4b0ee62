/** The part of the verifier that knows types: may this atom stand where that type or shape is expected? */
import { elementShape } from "./places.js";
import { printType } from "./print.js";
import { type KeyedShape, isKeyed, isHoles, isObjectKey } from "./shapes.js";
import type {
  Alloc,
  Apply,
  Atom,
  Init,
  Instr,
  Loop,
  LoopHead,
  MemoryShape,
  Place,
  Shape,
  Type,
  Value,
} from "./types.js";

export type Fail = (message: string) => never;

/** Checks the types of what an instruction reads and binds, not those of its blocks. */
export function checkInstrTypes(instr: Instr, fail: Fail): void {
  switch (instr.kind) {
    case "apply":
      checkApply(instr, fail);
      return;
    case "load": {
      const shape = checkPlace(instr.place, fail);
      if (!holds(shape, instr.out)) fail(`a load of ${shape.kind} gives ${printType(instr.out.type)}`);
      return;
    }
    case "store": {
      const shape = checkPlace(instr.place, fail);
      if (!checkShape(instr.value, shape))
        fail(`a store of ${describe(instr.value)} to a cell of ${shape.kind}`);
      return;
    }
    case "alloc":
      checkAlloc(instr, fail);
      return;
    case "push": {
      const element = arrayElement(instr.ref, fail);
      if (!checkShape(instr.value, element))
        fail(`${describe(instr.value)} is pushed to ${describe(instr.ref)}`);
      return;
    }
    case "pop": {
      const element = arrayElement(instr.ref, fail);
      if (!holds(element, instr.out)) fail(`a pop of ${element.kind} gives ${printType(instr.out.type)}`);
      return;
    }
    case "foreign":
      if (instr.callee.text.length !== instr.args.length + 1)
        fail(`a call of \`${instr.callee.text.join("…")}\` with ${String(instr.args.length)} arguments`);
      return;
    case "loop":
      checkLoop(instr, fail);
      return;
    case "if":
    case "guard":
      if (instr.test.type.kind !== "bool")
        fail(`the condition of a ${instr.kind} is ${describe(instr.test)}`);
      return;
    case "call":
      if (instr.outs.length > 1 && instr.fields?.length !== instr.outs.length) fail("results without names");
      return;
    case "lambda":
      return;
    case "order":
      if (instr.of.type.kind !== "ref" || instr.of.type.shape.kind === "object")
        fail(`the indices of ${describe(instr.of)}`);
      return;
  }
}

function checkLoop({ head, carried, body }: Loop, fail: Fail): void {
  for (const { init, param, out } of carried) {
    if (!fits(init, param.type)) fail(`${describe(init)} begins ${describe(param)}`);
    if (!typeFits(param.type, out.type)) fail(`${describe(param)} ends as ${describe(out)}`);
  }
  if (body.end.kind === "yield") {
    const [again] = body.end.values;
    if (again?.type.kind !== "bool") fail("a loop does not tell whether it goes on");
  }
  if (head.kind === "while") {
    const { end } = head.test;
    if (end.kind !== "yield" || end.values.length !== 1 || end.values[0]?.type.kind !== "bool")
      fail("the test of a loop is not one boolean");
  }
  if (head.kind === "counted") checkCounted(head, fail);
}

function checkCounted(
  { index, from, to, step, comparison }: Extract<LoopHead, { kind: "counted" }>,
  fail: Fail,
): void {
  for (const atom of [index, from, to])
    if (atom.type.kind !== "int" && atom.type.kind !== "real") fail(`${describe(atom)} counts`);
  const isUp = comparison === "<" || comparison === "<=";
  if (!Number.isInteger(step) || step === 0 || step > 0 !== isUp)
    fail(`a step of ${String(step)} under \`${comparison}\``);
}

function arrayElement(ref: Value, fail: Fail): Shape {
  const { type } = ref;
  if (type.kind !== "ref" || type.shape.kind !== "array") fail(`${describe(ref)} does not grow`);
  return type.shape.element;
}

/** Whether the atom may be bound to a value of this type: an int is a real too, anything is its own maybe. */
export function fits(atom: Atom, type: Type): boolean {
  // Literal numbers are typed real however they are used; a literal carries no derivative.
  if (atom.kind === "literal" && typeof atom.value === "number" && type.kind === "int") return true;
  return typeFits(atom.type, type);
}

/** Whether the atom may be stored in a cell of this shape, or returned as one. */
export function checkShape(atom: Atom, shape: Shape): boolean {
  switch (shape.kind) {
    case "opaque":
      return true;
    case "maybe":
      if (atom.type.kind === "maybe")
        return (
          checkTypeShape(atom.type.type, shape.shape) ||
          (shape.other !== undefined && checkTypeShape(atom.type.type, shape.other))
        );
      return (
        atom.type.kind === "nothing" ||
        (shape.other !== undefined && checkShape(atom, shape.other)) ||
        checkShape(atom, shape.shape)
      );
    case "int":
      return fits(atom, shape);
    default:
      return checkTypeShape(atom.type, shape);
  }
}

function checkApply({ op, args, out }: Apply, fail: Fail): void {
  if (op.arity !== null && op.arity !== args.length) {
    fail(`\`${op.name}\` has ${String(args.length)} arguments instead of ${String(op.arity)}`);
  }
  if (op.result === "same") {
    checkSame({ op, args, out }, fail);
    return;
  }
  const wrong = op.partials === null ? undefined : args.find(({ type }) => !isPlain(type));
  if (wrong !== undefined) fail(`\`${op.name}\` has the argument ${describe(wrong)}`);
  // Whole numbers stay whole under arithmetic; a real that becomes an int would lose its derivative unseen.
  const whole = out.type.kind === "int" && op.result === "real" && args.every((arg) => !isReal(arg));
  const weaker = out.type.kind === "real" && op.result === "int";
  if (out.type.kind !== op.result && !whole && !weaker) {
    fail(`\`${op.name}\` makes ${op.result}, not ${printType(out.type)}`);
  }
}

/** `select`, `copy` and the like: the result is one of the arguments. A condition comes first. */
function checkSame({ op, args, out }: Pick<Apply, "op" | "args" | "out">, fail: Fail): void {
  const choices = args.length > 1 ? args.slice(1) : args;
  const test = args.length > 1 ? args[0] : undefined;
  if (test !== undefined && test.type.kind !== "bool") fail(`\`${op.name}\` tests ${describe(test)}`);
  for (const atom of choices) {
    const inner = atom.type.kind === "maybe" && op.spelling.kind === "nonNull" ? atom.type : null;
    const taken =
      inner === null ? [atom.type] : [inner.type, ...(inner.other === undefined ? [] : [inner.other])];
    if (!fits(atom, out.type) && !taken.some((type) => typeFits(type, out.type))) {
      fail(`\`${op.name}\` makes ${printType(out.type)} of ${describe(atom)}`);
    }
  }
}

function checkPlace({ ref, step }: Place, fail: Fail): Shape {
  const { type } = ref;
  if (type.kind !== "ref") fail(`${describe(ref)} is used as a reference`);
  if (step.kind === "field") {
    if (type.shape.kind === "array" && step.name === "length") return { kind: "int" };
    const field = type.shape.kind === "object" ? fieldShape(type.shape, step.name) : undefined;
    return field ?? fail(`no field \`${step.name}\` in ${printType(type)}`);
  }
  const isAsked = step.asks !== undefined && type.shape.kind === "object";
  if (isAsked && step.index.type.kind === "string") return { kind: "bool" };
  const isKey = isKeyed(type.shape) && isKeyOf(type.shape, step.index);
  if (step.index.type.kind !== "int" && step.index.type.kind !== "real" && !isKey) {
    fail(`${describe(step.index)} is used as an index`);
  }
  if (step.asks !== undefined) {
    if (!isKeyed(type.shape)) fail(`${describe(ref)} is asked for a key`);
    return { kind: "bool" };
  }
  return (
    elementShape(type.shape, step.index) ?? fail(`no element ${describe(step.index)} in ${printType(type)}`)
  );
}

function isKeyOf({ key }: KeyedShape, { type }: Atom): boolean {
  return isObjectKey(key) ? type.kind === "ref" : type.kind === "string";
}

function fieldShape(shape: Extract<MemoryShape, { kind: "object" }>, name: string): Shape | undefined {
  return shape.fields.find((field) => field.name === name)?.shape;
}

function checkAlloc({ out, init }: Alloc, fail: Fail): void {
  if (init.kind === "clone") {
    if (!typeFits(init.of.type, out.type)) fail(`a clone of ${describe(init.of)} is ${describe(out)}`);
    return;
  }
  if (init.kind === "closed") {
    const of = init.of.type.kind === "maybe" ? init.of.type.type : init.of.type;
    if (of.kind !== "ref") fail(`what ${describe(init.of)} is, closed`);
    return;
  }
  if (out.type.kind !== "ref") fail(`an allocation is bound to ${describe(out)}`);
  const { shape } = out.type;
  if (init.kind === "zeros") {
    const like = init.like.type.kind === "maybe" ? init.like.type.type : init.like.type;
    if (like.kind !== "ref") fail(`zeros like ${describe(init.like)}`);
    return;
  }
  if (init.kind === "object" && isKeyed(shape)) {
    for (const { name, value } of init.entries)
      if (!checkShape(value, shape.element)) fail(`${describe(value)} is element \`${name}\``);
    return;
  }
  if (init.kind === "object") {
    if (shape.kind !== "object") fail(`an object literal is bound to ${describe(out)}`);
    for (const { name, value } of init.entries) {
      const field = fieldShape(shape, name);
      if (field === undefined || !checkShape(value, field)) fail(`${describe(value)} is field \`${name}\``);
    }
    return;
  }
  if (shape.kind === "object") fail(`an array literal is bound to ${describe(out)}`);
  if (init.kind !== "elements") {
    checkArray(shape, init, fail);
    return;
  }
  if (shape.kind === "tuple" && shape.elements.length !== init.elements.length) {
    fail(`${String(init.elements.length)} elements make ${describe(out)}`);
  }
  init.elements.forEach((value, i) => {
    const element = shape.kind === "array" ? shape.element : shape.elements[i];
    if (element === undefined || !checkShape(value, element))
      fail(`${describe(value)} is element ${String(i)}`);
  });
}

function checkArray(shape: MemoryShape, init: Init, fail: Fail): void {
  if (shape.kind !== "array") fail(`an array is bound to a ${shape.kind}`);
  switch (init.kind) {
    case "filled":
      if (!isCount(init.length)) fail(`an array of ${describe(init.length)} elements`);
      if (!isHoles(init.value, shape.element) && !checkShape(init.value, shape.element))
        fail(`an array full of ${describe(init.value)}`);
      return;
    case "slice":
    case "view": {
      const { type } = init.of;
      if (type.kind !== "ref" || type.shape.kind === "object") fail(`a ${init.kind} of ${describe(init.of)}`);
      for (const bound of [init.from, init.to])
        if (bound !== null && !isCount(bound)) fail(`a ${init.kind} bounded by ${describe(bound)}`);
      return;
    }
    case "tape":
      if (init.capacity !== null && !isCount(init.capacity)) fail(`a tape of ${describe(init.capacity)}`);
      return;
    case "listing":
      if (shape.storage !== "Array") fail("a listing is no plain array");
      return;
    default:
      return;
  }
}

function isCount(atom: Atom): boolean {
  return atom.type.kind === "int" || atom.type.kind === "real";
}

/** Whether a load from a cell of this shape may give this type. */
function holds(shape: Shape, { type, sweep }: Value): boolean {
  if (shape.kind === "opaque") return false;
  if (shape.kind === "maybe") return type.kind === "maybe" && checkTypeShape(type.type, shape.shape);
  // A real cell read as an int would lose its derivative unseen; an int may be used as a real.
  if (shape.kind === "real") return type.kind === "real" || (type.kind === "int" && sweep === "backward");
  return checkTypeShape(type, shape) || (shape.kind === "int" && type.kind === "real");
}

function checkTypeShape(type: Type, shape: Exclude<Shape, { kind: "maybe" }>): boolean {
  switch (shape.kind) {
    case "object":
    case "tuple":
    case "array":
      return type.kind === "ref" && type.shape.kind === shape.kind;
    case "knot":
      return type.kind === "ref" && type.shape.kind === "object";
    case "real":
      return type.kind === "real" || type.kind === "int";
    case "opaque":
      return true;
    default:
      return type.kind === shape.kind;
  }
}

function typeFits(from: Type, to: Type): boolean {
  if (to.kind === "maybe") {
    const part = from.kind === "maybe" ? from.type : from;
    const isOther = to.other !== undefined && typeFits(part, to.other);
    return part.kind === "nothing" || isOther || typeFits(part, to.type);
  }
  if (to.kind === "ref") return from.kind === "ref" && from.shape.kind === to.shape.kind;
  return from.kind === to.kind || (to.kind === "real" && from.kind === "int");
}

/** A scalar that arithmetic takes. */
function isPlain(type: Type): boolean {
  return type.kind === "real" || type.kind === "int" || type.kind === "bool";
}

function isReal(atom: Atom): boolean {
  return atom.kind === "value" && atom.type.kind === "real";
}

function describe(atom: Atom): string {
  return atom.kind === "literal" ? `\`${atom.spelling}\`` : `%${String(atom.id)} (${printType(atom.type)})`;
}
