/**
 * Helpers that one target would write out again and again, and at length: `matVec` with its loops, at eight places. What
 * each call comes to is seen where it is written out; from the next attempt on, those that are worth a function of the
 * emitted file are called.
 */
import type { Context } from "../context.js";
import { type Bound, type Closure, isAtom } from "../scope.js";
import type { Type } from "../../ir/types.js";
import { keyOf } from "./circles.js";
import type { CompanionFunction, PendingCall } from "./companions.js";
import { returnsKnown } from "./companion-lowering.js";
import { dependsOnValues } from "./known-parts.js";
import { isNumeric } from "../values.js";

/** A call that was written out. */
interface Expansion {
  readonly key: string;
  readonly around: Expansion | null;
  /** Nothing keeps it from being a call. */
  readonly mayBeCalled: boolean;
  hasLoop: boolean;
  /** It takes and gives numbers alone. */
  isScalar: boolean;
  /** How much code it came to, in lines of the gradient, about. */
  lines: number;
}

/** With its reverse and its tape a loop comes to so many lines; and so many values to one. */
const linesOfLoop = 8;
const valuesInLine = 4;

/** What a function of its own takes: its head, what it returns; and each call of it. */
const linesOfFunction = 12;
const linesOfCall = 3;

/** From here on a function of its own is worth it. */
const leastCalls = 3;
const leastSaved = 24;

/** The same for one that sees memory from outside: that has to be made, handed over and have a shadow. */
const leastSavedOfMemory = 60;

/** And for one without a loop, `erfc`: a call makes a closure. Each of its numbers has a line in the reverse sweep, too. */
const leastSavedOfScalars = 60;
const sweepsOfScalars = 2;

/** And for one without a loop that is given objects: those are scalars where it is written out. */
const leastSavedOfObjects = 120;

/** What is written out in an attempt, and what is called instead. */
export class Repeats {
  /** With the lines that are saved. */
  readonly #called = new Map<string, number>();
  readonly #kept = new Set<string>();
  readonly #keys = new WeakMap<Closure, string>();
  #expansions: Expansion[] = [];
  #around: Expansion | null = null;

  /** How much has been learnt. */
  get changes(): number {
    return this.#called.size + this.#kept.size;
  }

  /** True for a function that is called from now on. */
  isCalled(cx: Context, closure: Closure, args: readonly Bound[]): boolean {
    if (this.#called.size === 0) return false;
    const key = keyOfCall(cx, closure, args);
    if (key === null || !this.#called.has(key) || this.#kept.has(key)) return false;
    this.#keys.set(closure, key);
    return true;
  }

  /** Notes what it comes to that a call is written out, which `expand` does. */
  written(cx: Context, closure: Closure, args: readonly Bound[], expand: () => Bound): Bound {
    const { builder } = cx.unit;
    const before = builder.made;
    const around = this.#around;
    const key = keyOfCall(cx, closure, args);
    const expansion: Expansion = {
      ...{ key: key ?? "", around, hasLoop: false, isScalar: false, lines: 0 },
      mayBeCalled: key !== null && returnsKnown(cx, closure.node),
    };
    this.#expansions.push(expansion);
    this.#around = expansion;
    try {
      const result = expand();
      expansion.isScalar = [...args, result].every(isNumber);
      return result;
    } finally {
      this.#around = around;
      const { values, loops } = builder.made;
      expansion.hasLoop = loops > before.loops;
      expansion.lines = (loops - before.loops) * linesOfLoop + (values - before.values) / valuesInLine;
    }
  }

  /** Begins an attempt. */
  begin(): void {
    this.#expansions = [];
    this.#around = null;
  }

  /**
   * Learns from an attempt: of those that are worth it, the one that saves most, and so on with what is left. What
   * turns out to see memory from outside, and saves little, is written out after all. So is what comes to several
   * functions, each for few calls. False where there is nothing new.
   */
  learn(calls: readonly PendingCall[]): boolean {
    const before = this.changes;
    const times = new Map<string, { calls: number; readonly versions: Set<CompanionFunction> }>();
    for (const { callee } of calls) {
      const key = this.#keys.get(callee.closure);
      if (key === undefined) continue;
      const known = times.get(key) ?? { calls: 0, versions: new Set() };
      known.calls++;
      known.versions.add(callee);
      times.set(key, known);
    }
    for (const [key, { calls: count, versions }] of times) {
      const isLittle = (this.#called.get(key) ?? 0) < leastSavedOfMemory && [...versions].some(seesMemory);
      if (count < leastCalls * versions.size || isLittle) this.#kept.add(key);
    }
    for (let best = this.#best(); best !== null; best = this.#best()) this.#called.set(best.key, best.saved);
    return this.changes > before;
  }

  #best(): { readonly key: string; readonly saved: number } | null {
    const places = new Map<string, Expansion[]>();
    for (const each of this.#remaining()) {
      const known = places.get(each.key);
      if (known === undefined) places.set(each.key, [each]);
      else known.push(each);
    }
    let best: { readonly key: string; readonly saved: number } | null = null;
    for (const [key, all] of places) {
      if (this.#called.has(key) || this.#kept.has(key) || all.length < leastCalls) continue;
      if (!all.every((each) => each.mayBeCalled)) continue;
      const lines = all.reduce(
        (sum, { lines: own, hasLoop }) => sum + own * (hasLoop ? 1 : sweepsOfScalars),
        0,
      );
      const saved = lines * (1 - 1 / all.length) - linesOfFunction - linesOfCall * all.length;
      const least = Math.max(...all.map(leastSavedOf));
      if (saved >= Math.max(least, best?.saved ?? 0)) best = { key, saved };
    }
    return best;
  }

  /** What is still written out: of what lies in a function that is called, once. */
  #remaining(): readonly Expansion[] {
    const first = new Map<string, Expansion>();
    const isLeft = new Map<Expansion, boolean>();
    return this.#expansions.filter((each) => {
      const { around, key } = each;
      let left = around === null || isLeft.get(around) === true;
      if (left && this.#called.has(key) && !this.#kept.has(key)) {
        left = !first.has(key);
        if (left) first.set(key, each);
      }
      isLeft.set(each, left);
      return left;
    });
  }
}

function leastSavedOf({ hasLoop, isScalar }: Expansion): number {
  if (hasLoop) return leastSaved;
  return isScalar ? leastSavedOfScalars : leastSavedOfObjects;
}

function isNumber(bound: Bound): boolean {
  return isAtom(bound) && isNumeric(bound.type);
}

/** From outside, or assigns a variable there. */
function seesMemory({ captured, boxes }: CompanionFunction): boolean {
  return boxes.size > 0 || [...captured.values()].some(({ type }) => isRef(type));
}

function isRef(type: Type): boolean {
  return type.kind === "maybe" ? isRef(type.type) : type.kind === "ref";
}

/** The function, and those that it is given; null where one of these is not known. */
function keyOfCall(cx: Context, closure: Closure, args: readonly Bound[]): string | null {
  const { self } = closure;
  if (self !== undefined && !isAtom(self)) return null;
  const parts = args.map((arg): string | null => {
    if (isAtom(arg)) return "";
    if (arg.kind === "builtin") return arg.name;
    return arg.kind !== "closure" || dependsOnValues(arg) || arg.self !== undefined ? null : keyOf(cx, arg);
  });
  return parts.includes(null)
    ? null
    : [keyOf(cx, closure), ...parts.filter((part) => part !== "")].join("\n");
}
