/** Records, maps and sets: which keys there are. */
import type { Scalar } from "../ir/op.js";
import type { OpEntry } from "./entry.js";
import { infix, predicate } from "./op.js";
import { execFrom, patternFrom } from "./patterns.js";

/** `"name" in object`. */
export const hasField: OpEntry = predicate("in", 2, (name, object) => String(name) in fieldsOf(object), {
  spelling: infix("in"),
});

export const objectKeys: OpEntry = listing("Object.keys", (object) => Object.keys(fieldsOf(object)), {
  spelling: { kind: "call", callee: "Object.keys" },
});

export const mapKeys: OpEntry = listing("keys", (map) => [...mapOf(map).keys()], {
  spelling: { kind: "spread", suffix: ".keys()" },
});

export const characters: OpEntry = listing("characters", (text) => Array.from(String(text)), {
  spelling: { kind: "spread", suffix: "" },
});

export const split: OpEntry = listing(
  "split",
  (text, by, limit) => String(text).split(patternFrom(by), limit === undefined ? undefined : Number(limit)),
  { spelling: { kind: "method", name: "split" } },
);

/** What a pattern has found, or nothing. */
export const patternMatch: OpEntry = listing(
  "match",
  (text, by) => String(text).match(patternFrom(by)) ?? [],
  {
    spelling: { kind: "method", name: "match", otherwise: "[]" },
  },
);

/** The same of a pattern that remembers where its last call has ended. */
export const matchFrom: OpEntry = listing("exec", (by, from, text) => execFrom(by, from, text) ?? [], {
  spelling: { kind: "exec", suffix: " ?? []" },
});

/** Every match, with its groups. */
export const allMatches: OpEntry = listing(
  "matchAll",
  (text, by) => [...String(text).matchAll(new RegExp(patternFrom(by)))].map((match) => Array.from(match)),
  { spelling: { kind: "method", name: "matchAll", spreads: true } },
);

/** What an array is made by. */
function listing(
  name: string,
  evaluate: (...args: readonly Scalar[]) => readonly unknown[],
  traits: Parameters<typeof predicate>[3],
): OpEntry {
  // Only as the maker of an allocation, whose memory is no scalar.
  return predicate(name, null, (...args) => evaluate(...args) as unknown as Scalar, {
    result: "same",
    ...traits,
  });
}

/** The interpreter hands objects on as they are. */
function fieldsOf(object: unknown): object {
  return typeof object === "object" && object !== null ? object : {};
}

function mapOf(object: unknown): ReadonlyMap<unknown, unknown> | ReadonlySet<unknown> {
  return object instanceof Map || object instanceof Set ? object : new Map<unknown, unknown>();
}
