/** What generated programs do beyond arithmetic, loops and plain memory: one file for each. */
import type { Choices } from "./choices.js";
import { sharing } from "./copies.js";
import { labelled } from "./exits.js";
import { generic, genericValue } from "./generics.js";
import { keyed } from "./keyed.js";
import { kept, keptValue } from "./kept-closures.js";
import type { Made } from "./memory.js";
import { configuredValue, optional } from "./options.js";
import { attempted } from "./results.js";
import type { Scope } from "./scope.js";
import { united, unionNumber } from "./unions.js";

/** A statement. */
export function feature(choices: Choices, scope: Scope): Made {
  const make = choices.pick([
    keyed,
    united,
    optional,
    kept,
    sharing,
    attempted,
    generic,
    labelled,
    united,
    keyed,
  ]);
  return make(choices, scope);
}

/** A number within bounds. */
export function featureValue(choices: Choices, scope: Scope): string | null {
  const make = choices.pick([unionNumber, genericValue, keptValue, configuredValue]);
  return make(choices, scope);
}
