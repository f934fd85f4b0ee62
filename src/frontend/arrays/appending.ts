/**
 * Stores right behind the end of an array, `stack[n++] = x`. Where other code changes the length by `push` and `pop`, such a
 * store has to be a `push` too, for the reverse sweep to take it back: in the next attempt it asks whether it is one.
 */
import type { ts } from "ts-morph";
import { whole } from "../../ir/builder.js";
import { isLength, regionOf } from "../../ir/places.js";
import type { Atom, Block, Call, Instr, Loop, RegionId } from "../../ir/types.js";
import { forEachInstr } from "../../ir/visit.js";
import * as ops from "../../ops/scalar.js";
import { type Context, type Unit, poison } from "../context.js";
import { Forms, boundAt } from "../control/forms.js";
import { branch } from "../control/join.js";
import { mayBeAbsent } from "../expressions/mixed.js";
import { type Key, loadLength, storeCell } from "../memory.js";
import { symbolOf, undefinedLiteral } from "../names.js";
import { resizers } from "../control/written.js";
import { unwrapped } from "../syntax.js";
import { type RefValue, apply } from "../values.js";
import { pushElement } from "./array-growth.js";

/** A store of the user's by index. */
interface ElementStore {
  readonly region: RegionId;
  readonly index: Atom;
  readonly node: ts.Node;
}

/** What is said of the ends of arrays in a function. */
export interface ArrayEnds {
  readonly stores: ElementStore[];
  /** Arrays that the source makes longer, or shorter. */
  readonly resized: { readonly region: RegionId; readonly isLonger: boolean }[];
}

/** Notes that the source changes how long the array is. */
export function noteResizing({ unit }: Context, { type: { region } }: RefValue, name: string): void {
  if (resizers.has(name)) unit.arrayEnds.resized.push({ region, isLonger: name === "push" });
}

/** `ref[key] = value`, where `place` is what the source has on the left. */
export function storeElement(
  cx: Context,
  ref: RefValue,
  key: Key,
  value: Atom,
  place: ts.Node,
  node: ts.Node,
): void {
  const { shape, region } = ref.type;
  const { arrayEnds, appending } = cx.unit;
  const isPlain = shape.kind === "array" && shape.storage === "Array" && typeof key !== "string";
  const store = (): void => {
    storeCell(cx, ref, key, value, node);
  };
  if (!isPlain) {
    store();
    return;
  }
  const index = typeof key === "number" ? whole(key) : key;
  if (!isThere(cx, place)) arrayEnds.stores.push({ region, index, node: place });
  if (!appending.has(place)) {
    store();
    return;
  }
  const append = (): void => {
    noteResizing(cx, ref, "push");
    pushElement(cx, ref, value, node);
  };
  if (isAtOwnLength(cx, place)) {
    append();
    return;
  }
  const isEnd = apply(cx, ops.eq, [index, loadLength(cx, ref, node)], node);
  const done = (write: () => void) => () => {
    write();
    return undefinedLiteral;
  };
  if (value !== poison) branch(cx, node, isEnd, done(append), done(store), null);
}

/** It has been read for `xs[i] += x`, or was found: `const i = xs.indexOf(x)`. */
function isThere(cx: Context, access: ts.Node): boolean {
  const { ts: tsc } = cx;
  const { parent } = access;
  if (tsc.isPrefixUnaryExpression(parent) || tsc.isPostfixUnaryExpression(parent)) return true;
  if (tsc.isBinaryExpression(parent) && !/^(?:\?\?|\|\||&&)?=$/u.test(parent.operatorToken.getText()))
    return true;
  const index = tsc.isElementAccessExpression(access) ? unwrapped(tsc, access.argumentExpression) : null;
  const declaration = index === null ? undefined : symbolOf(cx, index)?.valueDeclaration;
  const made =
    declaration !== undefined && tsc.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return made !== undefined && /\.(?:lastIndexOf|indexOf|findIndex|findLastIndex)\(/u.test(made.getText());
}

/** `xs[xs.length]`, where nothing that is assigned can change the length before. */
function isAtOwnLength({ ts: tsc }: Context, access: ts.Node): boolean {
  if (!tsc.isElementAccessExpression(access) || !tsc.isBinaryExpression(access.parent)) return false;
  const index = unwrapped(tsc, access.argumentExpression);
  const isLengthOf =
    tsc.isPropertyAccessExpression(index) &&
    index.name.text === "length" &&
    index.expression.getText() === access.expression.getText();
  return isLengthOf && !/[()]/u.test(`${access.expression.getText()}${access.parent.right.getText()}`);
}

/** Finds the stores that may append to what is made longer or shorter elsewhere, or lie behind the end in any case. */
export function learnAppends(
  functions: readonly { readonly unit: Unit; readonly body: Block }[],
  appending: Set<ts.Node>,
): void {
  for (const { unit, body } of functions) {
    if (unit.arrayEnds.stores.length === 0) continue;
    const others = functions.some((each) => each.unit !== unit && each.unit.arrayEnds.resized.length > 0);
    const ends = new Ends(unit, body, others);
    for (const store of unit.arrayEnds.stores) if (ends.mayAppend(store)) appending.add(store.node);
  }
}

/** How long arrays are, and where they are stored to. */
class Ends {
  readonly #canonical: (region: RegionId) => RegionId;
  readonly #forms: Forms;
  readonly #resized = new Set<RegionId>();
  /** Of those, what is made shorter. */
  readonly #shortened = new Set<RegionId>();
  /** Loops that fill an array by one `push` in each iteration. */
  readonly #filling = new Map<RegionId, Loop[]>();
  /** Elements that are read without a question before anything is stored there: they are there. */
  readonly #read = new Set<string>();
  readonly #stored = new Set<string>();

  /** `others`: functions that are called resize, too. */
  constructor({ regions, entry, arrayEnds }: Unit, body: Block, others: boolean) {
    this.#canonical = (region) => regions.canonical(region);
    for (const { region, isLonger } of arrayEnds.resized) {
      this.#resized.add(this.#canonical(region));
      if (!isLonger) this.#shortened.add(this.#canonical(region));
    }
    this.#forms = new Forms([entry, body.instrs], this.#canonical);
    forEachInstr(body, (instr) => {
      if (instr.kind === "call" && others) this.#noteCall(instr);
      else this.#note(instr);
    });
  }

  mayAppend({ region, index }: ElementStore): boolean {
    const at = this.#canonical(region);
    if (!this.#resized.has(at) && !this.#isBehindEnd(at, index)) return false;
    if (!this.#shortened.has(at) && this.#isFilled(at, index)) return false;
    return !this.#read.has(this.#cell(at, index)) && !this.#isInside(at, index);
  }

  #note(instr: Instr): void {
    if (instr.kind === "loop") this.#noteFilling(instr);
    if ((instr.kind !== "load" && instr.kind !== "store") || instr.place.step.kind !== "index") return;
    const region = regionOf(instr.place.ref);
    if (region === null) return;
    const cell = this.#cell(this.#canonical(region), instr.place.step.index);
    if (instr.kind === "store") this.#stored.add(cell);
    else if (!this.#stored.has(cell) && !mayBeAbsent(instr.out.type)) this.#read.add(cell);
  }

  #noteCall({ resizes }: Call): void {
    for (const region of resizes) this.#resized.add(this.#canonical(region));
  }

  #noteFilling(loop: Loop): void {
    for (const instr of loop.body.instrs) {
      const region = instr.kind === "push" ? regionOf(instr.ref) : null;
      if (region === null) continue;
      const at = this.#canonical(region);
      this.#filling.set(at, [...(this.#filling.get(at) ?? []), loop]);
    }
  }

  #cell(region: RegionId, index: Atom): string {
    return `${String(region)} ${boundAt(this.#forms, index).text}`;
  }

  /** `xs[n + i]`, where `n` is the length. */
  #isBehindEnd(region: RegionId, index: Atom): boolean {
    const { of, offset } = this.#forms.split(index);
    if (this.#isLengthOf(region, of)) return offset > 0;
    return this.#forms.terms(of).some((term) => {
      const part = this.#forms.split(term);
      return this.#isLengthOf(region, part.of) && part.offset >= 0;
    });
  }

  /** The index of a loop that ends with the array, or something before its end. */
  #isInside(region: RegionId, index: Atom): boolean {
    const { of, offset } = this.#forms.split(index);
    if (this.#isLengthOf(region, of)) return offset < 0;
    const range = of.kind === "value" ? this.#forms.rangeAt(of) : null;
    if (range === null || offset > 0) return false;
    const end = this.#forms.split(range.step > 0 ? range.to : range.from);
    const least = range.step > 0 && range.comparison === "<" ? 0 : -1;
    return this.#isLengthOf(region, end.of) && end.offset <= least;
  }

  /** A loop has made as many elements. */
  #isFilled(region: RegionId, index: Atom): boolean {
    const loops = this.#filling.get(region) ?? [];
    if (this.#forms.literal(index) !== null) return loops.length > 0;
    const point = boundAt(this.#forms, index);
    return loops.some((loop) => {
      const range = this.#forms.rangeOf(loop);
      if (range === null || range.step < 0) return false;
      const end = boundAt(this.#forms, range.to);
      return range.comparison === "<" ? this.#forms.isBelow(point, end) : this.#forms.isAtMost(point, end);
    });
  }

  #isLengthOf(region: RegionId, atom: Atom): boolean {
    const place = atom.kind === "value" ? this.#forms.placeOf(atom) : null;
    const of = place === null || !isLength(place) ? null : regionOf(place.ref);
    return of !== null && this.#canonical(of) === region;
  }
}
