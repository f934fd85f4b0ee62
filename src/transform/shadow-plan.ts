/** What the forward sweep has to make of shadows, and what that is found from. */
import type { Atom, Call, Func, Param, RegionId, Store, Value, ValueId } from "../ir/types.js";
import type { Companion } from "./companions.js";
import type { ParameterFacts } from "./parameter-shadows.js";
import type { Definitions } from "../analysis/definitions.js";
import type { Activity } from "../analysis/activity.js";
import type { Stability } from "../analysis/stability.js";

export interface ShadowPlan {
  /** The function with the shadows that its forward sweep has to make. */
  readonly func: Func;
  /** Those shadows, by the reference that they belong to. */
  readonly made: ReadonlyMap<ValueId, Value>;
  /** Those of arrays inside of parameters, by the keys of their cells; for each parameter all or none. */
  readonly cells: ReadonlyMap<Param, ReadonlyMap<string, Value>>;
  /** What a shadow's cell referred to before a store of a reference, where that matters afterwards. */
  readonly replaced: ReadonlyMap<Store, Replaced>;
  /** True for a reference through which active cells can be reached. */
  readonly isShadowed: (ref: Atom) => boolean;
  /** Memory that stores may make longer. */
  readonly growing: ReadonlySet<RegionId>;
  /** The calls that have a reverse. */
  readonly calls: ReadonlyMap<Call, PlannedCall>;
}

/** What a cell of a shadow referred to. */
export interface Replaced {
  readonly before: Value;
  /** Whether there was such a key; null for cells that are there in any case. */
  readonly wasThere: Value | null;
}

/** A call of the forward part of a companion. */
export interface PlannedCall {
  readonly companion: Companion;
  /** What the user's function returns. */
  readonly out: Value | null;
  /** What takes the cotangent of that, and gives those of the arguments. */
  readonly backward: Value;
}

/** What is known of the primal function. */
export interface Facts extends ParameterFacts {
  readonly func: Func;
  readonly definitions: Definitions;
  readonly activity: Activity;
  readonly stability: Stability;
  /** Finds the companion that runs in place of a call; null where the call has no reverse. */
  readonly companionOf: (call: Call, isShadowed: (ref: Atom) => boolean) => Companion | null;
  /** Parameters whose shadows the caller hands over, by the parameter's value. */
  readonly given: ReadonlyMap<ValueId, Value>;
  /** Its callers see what it returns. */
  readonly isCompanion: boolean;
  /** The shadow of a copy becomes that of the original in the end: all has to be in its place again. */
  readonly restores: boolean;
}
