/** What a function is behind a conditional whose arms disagree on it. */
import { boolean, whole } from "../../ir/builder.js";
import type { Atom, Literal, Value } from "../../ir/types.js";
import { ownMethod } from "../classes/class-members.js";
import { type Context, unset } from "../context.js";
import { isComputed } from "../expressions/getters.js";
import { insteadOf, isFollowed, mayBeNone, sameStatic } from "./functions.js";
import { cellShape } from "../memory.js";
import { stringLiteral, undefinedLiteral } from "../names.js";
import { functionsIn, isUntold } from "../types/function-shapes.js";
import { ownFunction } from "./callable-objects.js";
import { type Bound, type Choice, type List, type Static, type Unknown, isAtom } from "../scope.js";
import { isRef } from "../values.js";

interface Meeting {
  readonly test: Atom;
  /** That the test fails. */
  readonly negated: () => Atom;
  /** Behind the conditional. */
  readonly depth: number;
  /** Has the arms yield two atoms. */
  readonly meet: (a: Bound, b: Bound) => Bound;
  /** It is an array that has no elements. */
  readonly isEmpty: (array: Atom) => boolean;
  /** It was made in the arm, so that it is not there behind the conditional. */
  readonly isOfArm: (value: Value, isFirst: boolean) => boolean;
  /** The same condition outside of its arm; null where it cannot be had there. */
  readonly again: (key: Atom, isFirst: boolean) => Atom | null;
}

const unknown: Unknown = { kind: "unknown", untold: null };

/** What stands for `a` or `b`, of which one at least is no atom. */
export function meetFunctions(a: Bound, b: Bound, meeting: Meeting): Bound {
  if (a === unset && isAtom(b)) return unknown;
  if (a === unset) return lifted(b, false, meeting, null);
  if (b === unset) return lifted(a, true, meeting, null);
  if (isAtom(a)) return b.kind === "list" ? besides(a, b, false, meeting) : optional(b, a, false, meeting);
  if (isAtom(b)) return a.kind === "list" ? besides(b, a, true, meeting) : optional(a, b, true, meeting);
  if (a.kind === "unknown") return a;
  if (b.kind === "unknown") return b;
  if (sameStatic(a, b)) return a;
  if (a.kind === "list" && b.kind === "list") return meetLists(a, b, meeting);
  if (!isFollowed(a) || !isFollowed(b)) return unknown;
  const [first, second] = [certain(a), certain(b)];
  if (first !== null && second !== null && (first.key ?? second.key) !== null)
    return ifAny(first, second, meeting);
  const one = absorbed(a, b, true, meeting) ?? absorbed(b, a, false, meeting);
  if (one !== null) return one;
  return {
    kind: "choice",
    key: meeting.test,
    cases: [{ when: boolean(true), then: callable(lifted(a, true, meeting, null)) }],
    otherwise: callable(lifted(b, false, meeting, null)),
    depth: meeting.depth,
  };
}

/** Lists of different lengths have elements that are there on one path only, behind those that are the same on both. */
function meetLists(a: List, b: List, meeting: Meeting): Bound {
  if (a.elements.length === b.elements.length) {
    const elements = a.elements.map((one, i) => meeting.meet(one, b.elements[i] ?? unset));
    return { kind: "list", elements };
  }
  const differs = a.elements.findIndex((one, i) => !sameStatic(one, b.elements[i] ?? unset));
  const count = differs < 0 ? Math.min(a.elements.length, b.elements.length) : differs;
  const elements = [
    ...a.elements.slice(0, count),
    ...onlyThere(a.elements.slice(count), true, meeting),
    ...onlyThere(b.elements.slice(count), false, meeting),
  ];
  const node = a.node ?? b.node;
  return { kind: "list", elements, ...(node === undefined ? {} : { node }) };
}

/** A list on one path, and an array on the other that has nothing in it. */
function besides(array: Atom, list: List, isFirst: boolean, meeting: Meeting): Bound {
  return meeting.isEmpty(array) ? { ...list, elements: onlyThere(list.elements, isFirst, meeting) } : unknown;
}

function onlyThere(elements: readonly Bound[], isFirst: boolean, meeting: Meeting): readonly Bound[] {
  return elements.map((each): Bound => {
    const { value, when } = each.kind === "perhaps" ? each : { value: each, when: boolean(true) };
    const none = boolean(false);
    const there = isFirst ? meeting.meet(when, none) : meeting.meet(none, when);
    return isAtom(there)
      ? { kind: "perhaps", value: liftedPart(value, isFirst, meeting), when: there }
      : unknown;
  });
}

/** A function, or a value of another kind. */
function optional(function_: Bound, other: Atom, isFirst: boolean, meeting: Meeting): Bound {
  if (!isFollowed(function_) || mayBeCalled(other)) return unknown;
  if (mayBeNone(function_)) {
    const none: Certain = { key: boolean(false), then: null, none: other };
    const found = certain(function_);
    return found === null
      ? unknown
      : ifAny(...(isFirst ? ([found, none] as const) : ([none, found] as const)), meeting);
  }
  const instead = liftedPart(other, !isFirst, meeting);
  if (!isAtom(instead)) return unknown;
  return {
    kind: "choice",
    key: isFirst ? meeting.test : meeting.negated(),
    cases: [{ when: boolean(true), then: callable(lifted(function_, isFirst, meeting, null)) }],
    otherwise: null,
    depth: meeting.depth,
    ...(instead === undefinedLiteral ? {} : { none: instead }),
  };
}

/** It may be a function that lies in memory, or have one. */
function mayBeCalled({ type }: Atom): boolean {
  const inner = type.kind === "maybe" ? type.type : type;
  if (inner.kind !== "ref") return false;
  return (
    isUntold(inner.shape) || functionsIn(inner.shape) !== null || cellShape(inner.shape, ownFunction) !== null
  );
}

/** Two functions of which one may not be there: whether there is any, which it is then, and what there is else. */
function ifAny(first: Certain, second: Certain, meeting: Meeting): Bound {
  const key = meeting.meet(first.key ?? boolean(true), second.key ?? boolean(true));
  const then = meetFunctions(first.then ?? unset, second.then ?? unset, meeting);
  const none = metInstead(first.none, second.none, meeting);
  if (!isAtom(key) || isAtom(then) || !isAtom(none)) return unknown;
  return {
    kind: "choice",
    key,
    cases: [{ when: boolean(true), then }],
    otherwise: null,
    depth: meeting.depth,
    ...(none === undefinedLiteral ? {} : { none }),
  };
}

/** What there is in place of a function, where one of them may always be there. */
function metInstead(a: Atom | null, b: Atom | null, meeting: Meeting): Bound {
  if (a !== null && b !== null) return meeting.meet(a, b);
  return liftedPart(a ?? b ?? undefinedLiteral, a !== null, meeting);
}

interface Certain {
  /** Where it is not there for certain: whether it is. */
  readonly key: Atom | null;
  readonly then: Static | null;
  /** What there is else. */
  readonly none: Atom | null;
}

function certain(bound: Static): Certain | null {
  if (bound.kind !== "choice" || !mayBeNone(bound)) return { key: null, then: bound, none: null };
  const [only, ...more] = bound.cases;
  const isPlain = bound.otherwise === null && more.length === 0 && only?.when.type.kind === "bool";
  if (only === undefined || !isPlain || mayBeNone(only.then) || bound.elsewhere !== undefined) return null;
  return { key: bound.key, then: only.then, none: insteadOf(bound) };
}

function callable(bound: Bound): Static {
  return isAtom(bound) ? unknown : bound;
}

/** A choice that has the other arm's function among its own: its key says so there. */
function absorbed(choice: Static, other: Static, isFirst: boolean, meeting: Meeting): Bound | null {
  if (choice.kind !== "choice" || choice.depth <= meeting.depth) return null;
  const [only, ...more] = choice.cases;
  if (only === undefined || more.length > 0 || only.when.type.kind !== "bool" || choice.otherwise === null)
    return null;
  if (sameStatic(choice.otherwise, other)) return lifted(choice, isFirst, meeting, boolean(false));
  return sameStatic(only.then, other) ? lifted(choice, isFirst, meeting, boolean(true)) : null;
}

/** The same behind the conditional: keys made in its arm are yielded. */
function lifted(bound: Bound, isFirst: boolean, meeting: Meeting, elsewhere: Literal | null): Bound {
  if (isAtom(bound)) return bound;
  const inner = (each: Static): Static => callable(lifted(each, isFirst, meeting, null));
  switch (bound.kind) {
    case "choice":
      return bound.depth <= meeting.depth ? bound : liftedChoice(bound, isFirst, meeting, elsewhere, inner);
    case "partial": {
      const args = bound.args.map((arg) => liftedPart(arg, isFirst, meeting));
      return { ...bound, callee: inner(bound.callee), args };
    }
    case "list":
      return { ...bound, elements: bound.elements.map((each) => liftedPart(each, isFirst, meeting)) };
    case "map":
      return { ...bound, entries: new Map([...bound.entries].map(([key, each]) => [key, inner(each)])) };
    case "perhaps": {
      const when = liftedPart(bound.when, isFirst, meeting);
      return isAtom(when) ? { ...bound, value: liftedPart(bound.value, isFirst, meeting), when } : unknown;
    }
    case "kept": {
      const record = liftedPart(bound.record, isFirst, meeting);
      return record.kind === "value" ? { ...bound, record } : unknown;
    }
    case "held": {
      const object = liftedPart(bound.object, isFirst, meeting);
      return object.kind === "value" ? { ...bound, object } : unknown;
    }
    case "closure":
      return bound.self?.kind === "value"
        ? { ...bound, self: liftedPart(bound.self, isFirst, meeting) }
        : bound;
    default:
      return bound;
  }
}

function liftedPart(part: Bound, isFirst: boolean, meeting: Meeting): Bound {
  if (part.kind === "literal" || !isAtom(part)) return lifted(part, isFirst, meeting, null);
  if (!meeting.isOfArm(part, isFirst)) return part;
  return isFirst ? meeting.meet(part, unset) : meeting.meet(unset, part);
}

function liftedChoice(
  choice: Choice,
  isFirst: boolean,
  meeting: Meeting,
  elsewhere: Literal | null,
  inner: (each: Static) => Static,
): Bound {
  const other = elsewhere ?? blankKey(choice.key);
  const yielded = (): Bound => (isFirst ? meeting.meet(choice.key, other) : meeting.meet(other, choice.key));
  const key = (elsewhere === null ? meeting.again(choice.key, isFirst) : null) ?? yielded();
  if (!isAtom(key)) return unknown;
  return {
    ...choice,
    key,
    cases: choice.cases.map(({ when, then }) => ({ when, then: inner(then) })),
    otherwise: choice.otherwise === null ? null : inner(choice.otherwise),
    depth: meeting.depth,
    ...liftedInstead(choice, isFirst, meeting),
  };
}

function liftedInstead({ none }: Choice, isFirst: boolean, meeting: Meeting): Pick<Choice, "none"> {
  const instead = none === undefined ? undefined : liftedPart(none, isFirst, meeting);
  return instead !== undefined && isAtom(instead) ? { none: instead } : {};
}

function blankKey(key: Atom): Literal {
  if (key.type.kind === "bool") return boolean(false);
  return key.type.kind === "string" ? stringLiteral("") : whole(0);
}

/** What an object has in place of a function that it was made without; an instance has it from its class. */
export function lacking(cx: Context, atom: Atom, name: string, other: Static | undefined): Bound {
  const { type } = atom;
  if (atom.kind === "value" && cx.unit.classes.has(atom.id)) return ownMethod(cx, atom, name) ?? unknown;
  if (type.kind !== "ref" || type.shape.kind !== "object") return unknown;
  const field = type.shape.fields.find((each) => each.name === name);
  if (other !== undefined && isComputed(cx, other) && isRef(atom))
    return { kind: "held", object: atom, field: name, of: null };
  return field === undefined || field.shape.kind === "nothing" ? undefinedLiteral : unknown;
}
