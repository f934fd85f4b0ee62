/** What lasts for a whole function, as its lowering begins. */
import type { ts } from "ts-morph";
import { Builder } from "../../ir/builder.js";
import type { Statement } from "../../ir/types.js";
import type { Unit } from "../context.js";
import type { FunctionRecords } from "../functions/function-records.js";
import type { Repeats } from "../functions/repeats.js";
import type { OpenedParameters } from "../functions/opened-parameters.js";
import { Regions } from "../types/regions.js";
import { Environment, type Outside } from "../environment.js";
import { Scope } from "../scope.js";
import type { Widenings } from "../types/widening.js";

/** What all attempts have in common. */
export interface Given
  extends Pick<Unit, "project" | "diagnostics" | "rules" | "emitted" | "dispatch">, OpenedParameters {
  /** Helpers that are called rather than written out many times. */
  readonly repeats: Repeats;
  /** Closures that turn out to come back to themselves. */
  readonly circular: Set<string>;
  /** Reads that turn out to be tested for absence. */
  readonly doubted: Set<ts.Node>;
  /** Methods that turn out to pass over holes. */
  readonly skipping: Set<ts.Node>;
  /** Stores by index that turn out to append. */
  readonly appending: Set<ts.Node>;
  /** What memory has to hold beyond what it is made for. */
  readonly widenings: Widenings;
  /** Literals that have to make objects with just the fields that they have, and where these are asked. */
  readonly exact: Set<ts.Node>;
  /** Functions in memory. */
  readonly records: FunctionRecords;
  /** Maps and sets of objects that turn out to be listed. */
  readonly listedKeys: Set<string>;
}

/** How much has been learnt of memory that is made, and of closures. */
export function changesIn(
  given: Pick<Given, "widenings" | "records" | "circular" | "repeats" | "skipping" | "appending" | "exact">,
): number {
  const { widenings, records, circular, repeats, skipping, appending, exact } = given;
  const nodes = skipping.size + appending.size + exact.size;
  return widenings.changes + records.changes + circular.size + repeats.changes + nodes;
}

/** How much has been learnt of the shapes of types. */
export function recastIn(given: Pick<Given, "records" | "project" | "listedKeys">): number {
  const { records, project, listedKeys } = given;
  const { dictionaries, alike, wider } = project;
  return records.fields.changes + dictionaries.size + alike.size + wider.size + listedKeys.size;
}

/** The unit of a target. */
export function makeUnit({ fractional, nullable, circular, ...given }: Given): Unit {
  let statements = 0;
  let expansions = 0;
  const shared: Omit<Unit, keyof Own> = {
    ...given,
    globals: new Scope(null),
    classScopes: new Map(),
    constants: [],
    counters: [],
    notes: { computed: new Set(), reads: new Map() },
    counterReads: new Set(),
    emptyings: [],
    made: [],
    stops: [],
    told: new Set(),
    refusedCalls: new Map(),
    pending: new Set(),
    jumps: new WeakMap(),
    assignments: new WeakMap(),
    recursive: new WeakMap(),
    sizes: new WeakMap(),
    named: new WeakMap(),
    constructors: new WeakMap(),
    program: {
      functions: [],
      calls: [],
      open: new Set(),
      fractional,
      nullable,
      circular,
      births: new WeakMap(),
      failures: new Map(),
      tries: new Map(),
    },
    expansions: { next: () => ++expansions },
    statement: (own): Statement => ({ id: statements++, ...own }),
    root: () => root,
    companionUnit: (outside) => ({ ...shared, ...ownOf(outside) }),
  };
  const root: Unit = { ...shared, ...ownOf(null) };
  return root;
}

/** What each function has for itself. */
type Own = Pick<
  Unit,
  | "builder"
  | "environment"
  | "regions"
  | "entry"
  | "known"
  | "lengths"
  | "holes"
  | "holeTests"
  | "passings"
  | "arrayEnds"
  | "full"
  | "narrowed"
  | "reads"
  | "opened"
  | "absenceTests"
  | "makers"
  | "cloned"
  | "comparisons"
  | "keyUses"
  | "standIns"
  | "listings"
  | "keyLists"
  | "matches"
  | "fieldOrders"
  | "copiedOrders"
  | "restArrays"
  | "indexTexts"
  | "searched"
  | "members"
  | "receivers"
  | "unknownMembers"
  | "missingFields"
  | "unmade"
  | "setters"
  | "openWrites"
  | "loopDepths"
  | "openings"
  | "given"
  | "presences"
  | "absent"
  | "chosen"
  | "held"
  | "foundIn"
  | "fieldAsks"
  | "askedObjects"
  | "madeObjects"
  | "classes"
  | "instances"
  | "declaredInstances"
  | "literals"
  | "allowed"
  | "heldClasses"
  | "boxes"
>;

function ownOf(outside: Outside | null): Own {
  const builder = new Builder();
  return {
    builder,
    environment: new Environment(outside),
    regions: new Regions(builder),
    entry: [],
    known: new Map(),
    lengths: new Map(),
    holes: new Set(),
    indexTexts: new Map(),
    searched: new Map(),
    holeTests: [],
    passings: [],
    arrayEnds: { stores: [], resized: [] },
    full: new Set(),
    narrowed: new Map(),
    reads: new Map(),
    opened: new Set(),
    absenceTests: [],
    makers: new Map(),
    cloned: [],
    comparisons: [],
    keyUses: [],
    standIns: [],
    listings: [],
    keyLists: [],
    matches: new Map(),
    fieldOrders: [],
    copiedOrders: [],
    restArrays: new Set(),
    members: new Map(),
    receivers: new Map(),
    unknownMembers: [],
    missingFields: [],
    unmade: [],
    setters: new Map(),
    openWrites: [],
    loopDepths: [],
    openings: [],
    given: new Set(),
    presences: { areAsked: false, mayBeAsked: true },
    absent: new Map(),
    chosen: new Map(),
    held: new Map(),
    foundIn: new Map(),
    fieldAsks: [],
    askedObjects: { asks: [], made: new Map() },
    madeObjects: new Map(),
    classes: new Map(),
    instances: new Map(),
    declaredInstances: [],
    literals: new Map(),
    allowed: new Map(),
    heldClasses: new Map(),
    boxes: new Map(),
  };
}
