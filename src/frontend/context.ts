/** What every part of the lowering is handed: where in the source it is, and what lasts for the whole function. */
import type { ts } from "ts-morph";
import type { ArrayEnds } from "./arrays/appending.js";
import type { Diagnostics } from "../diagnostics/collector.js";
import { excerpt } from "../diagnostics/collector.js";
import { type EntryArgs, type EntryName, catalog } from "../diagnostics/catalog.js";
import { type Builder, type Origin, nothing, number } from "../ir/builder.js";
import type { Scalar } from "../ir/op.js";
import type {
  Atom,
  Hint,
  Instr,
  Literal,
  MemoryShape,
  RegionId,
  Span,
  Statement,
  Type,
  Value,
  ValueId,
} from "../ir/types.js";
import type { DeclaredInstance } from "./classes/alike.js";
import type { ClassNode, Kind, LiteralNode } from "./classes/class-index.js";
import type { AbsenceTest, Read } from "./control/trust.js";
import type { Dispatch } from "./types/families.js";
import type { Ordered } from "./records/key-order.js";
import type { AssignedVariable } from "./control/loop-assigned.js";
import { callNotes, callOfPackage, refuseCall } from "./functions/package-calls.js";
import type { FrontendProject } from "./project/project.js";
import type { Outcome, Rest } from "./control/control.js";
import type { MadeObject } from "./records/made-fields.js";
import type { MissingField } from "./records/missing-fields.js";
import type { AskedObjects } from "./records/exact-objects.js";
import type { Choice, FieldAsk, Presence } from "./records/presence.js";
import type { Regions } from "./types/regions.js";
import type { Step } from "./functions/hand-iterators.js";
import type { Rules } from "./targets/rules.js";
import type { OpenWrite } from "./types/open-setters.js";
import type { Program } from "./functions/companions.js";
import type { Environment, Outside } from "./environment.js";
import type { Emptying } from "./control/emptied.js";
import type { ConstantMemory, MadeMemory } from "./control/module-memory.js";
import type { Bound, Closure, Scope, Static, Unknown, Variable } from "./scope.js";
import type { KeyList, Listing } from "./arrays/listings.js";
import type { Stop } from "./control/stops.js";
import type { Counter } from "./control/counters.js";
import type { FunctionRecords } from "./functions/function-records.js";
import type { Repeats } from "./functions/repeats.js";
import type { Maker, Widenings } from "./types/widening.js";
import type { Emitted } from "./value-names.js";
import type { RefValue } from "./values.js";
import type { Catching } from "./control/catching.js";
import type { Opening } from "./control/openings.js";
import type { Searched } from "./expressions/remembering-patterns.js";
import type { StandIn } from "./expressions/stand-ins.js";
import type { Comparison } from "./expressions/identity.js";
import type { KeyUse } from "./records/object-keys.js";
import type { Cloned } from "./records/structured-clone.js";

/** One per target function, and one per function that it calls. */
export interface Unit {
  readonly project: FrontendProject;
  readonly diagnostics: Diagnostics;
  readonly builder: Builder;
  readonly environment: Environment;
  readonly regions: Regions;
  /** The outermost scope, of all modules. */
  readonly globals: Scope;
  /** Module constants and copies of parameters, ahead of the body. */
  readonly entry: Instr[];
  /** Values whose number, string or boolean is known while compiling. */
  readonly known: Map<ValueId, Scalar>;
  /** Lengths of arrays written as literals. */
  readonly lengths: Map<ValueId, number>;
  /** Arrays made by `new Array(n)`, and where it is tested whether an element is there. */
  readonly holes: Set<RegionId>;
  /** Indices of arrays as text, which `for (const i in xs)` gives, and the numbers that they are. */
  readonly indexTexts: Map<ValueId, Atom>;
  /** What `structuredClone` copies. */
  readonly cloned: Cloned[];
  readonly comparisons: Comparison[];
  /** Objects that are keys, or are looked for among these. */
  readonly keyUses: KeyUse[];
  /** Maps and sets of objects that turn out to be listed. */
  readonly listedKeys: Set<string>;
  readonly standIns: StandIn[];
  readonly holeTests: { readonly region: RegionId; readonly node: ts.Node }[];
  /** Calls of methods that turn out to pass over holes: they ask of each element whether it is there. */
  readonly skipping: ReadonlySet<ts.Node>;
  /** Stores that turn out to append, by what stands on the left. */
  readonly appending: ReadonlySet<ts.Node>;
  readonly arrayEnds: ArrayEnds;
  /** Copies that hold `undefined` where what they were made of has holes. */
  readonly full: Set<RegionId>;
  /** Calls of methods that pass over holes, by the arrays. */
  readonly passings: { readonly region: RegionId; readonly name: string; readonly node: ts.Node }[];
  /** Values taken to be there because of a type, with the places, and what was read where there may be nothing. */
  readonly narrowed: Map<ValueId, ts.Node>;
  readonly reads: Map<ValueId, Read>;
  /** What doubted reads give. */
  readonly opened: Set<ValueId>;
  readonly absenceTests: AbsenceTest[];
  /** Reads that may find nothing, whatever TypeScript says. */
  readonly doubted: ReadonlySet<ts.Node>;
  /** Which expressions have made memory, and what it has to hold beyond what it was made for. */
  readonly makers: Map<RegionId, Maker>;
  readonly widenings: Widenings;
  /** Helpers that are called rather than written out many times. */
  readonly repeats: Repeats;
  /** What memory has to hold that was made on the other side of a call. */
  readonly unmade: { readonly region: RegionId; readonly shape: MemoryShape }[];
  /** Functions in memory. */
  readonly records: FunctionRecords;
  /** What stands for a function in memory, and the object whose field it was read from. */
  readonly receivers: Map<ValueId, RefValue>;
  /** Functions that were read from fields of objects of which it is not known which they are. */
  readonly unknownMembers: { readonly region: RegionId; readonly name: string }[];
  readonly missingFields: MissingField[];
  /** Lists of what is in records, maps and sets that the user's code goes through. */
  readonly listings: Listing[];
  /** Fields that are gone through where their order can matter, and those that are copied into other objects. */
  readonly fieldOrders: Ordered[];
  readonly copiedOrders: Ordered[];
  /** The patterns of which matches hold the groups, by their memory. */
  readonly matches: Map<RegionId, Literal>;
  /** Where matches were looked for. */
  readonly searched: Map<ValueId, Searched>;
  /** Lists of keys that are numbers. */
  readonly keyLists: KeyList[];
  /** Arrays that are handed over as all that a rest parameter takes. */
  readonly restArrays: Set<ValueId>;
  /** Functions kept in fields of object literals. */
  readonly members: Map<ValueId, ReadonlyMap<string, Static>>;
  /** Setters of object literals, by the objects. */
  readonly setters: Map<ValueId, ReadonlyMap<string, Static>>;
  readonly openWrites: OpenWrite[];
  /** What comes from the caller of the target and is not copied: objects that have just the fields they were made with. */
  readonly given: Set<ValueId>;
  /** Whether the function asks these which fields they have, and whether it may. */
  readonly presences: { areAsked: boolean; mayBeAsked: boolean };
  /** Fields that objects made here may lack. */
  readonly absent: Map<ValueId, ReadonlyMap<string, Presence>>;
  /** Objects that are one of two. */
  readonly chosen: Map<ValueId, Choice>;
  /** What objects were made with, by the names of their fields. */
  readonly held: Map<ValueId, ReadonlyMap<string, ValueId>>;
  /** What objects were read from that are still what they were made with. */
  readonly foundIn: Map<ValueId, readonly RegionId[]>;
  readonly fieldAsks: FieldAsk[];
  readonly askedObjects: AskedObjects;
  /** Literals that make objects with just the fields that they have, and where objects are asked rather than followed. */
  readonly exact: Set<ts.Node>;
  /** Fields that objects made here may lack, as assignments change it. */
  readonly madeObjects: Map<ValueId, MadeObject>;
  /** Variables from outside that the function assigns, with the objects in which they come. */
  readonly boxes: Map<Variable, Value>;
  /** Classes of instances, where they are certain. */
  readonly classes: Map<ValueId, Kind>;
  /** The classes of which instances were made, by their memory, and what was taken to be of a class as its type says. */
  readonly instances: Map<RegionId, ClassNode>;
  readonly declaredInstances: DeclaredInstance[];
  /** What object literals are declared to be that could lie among instances. */
  readonly literals: Map<ValueId, LiteralNode>;
  /** Those that the expression allows which gave the value. */
  readonly allowed: Map<ValueId, readonly Kind[]>;
  /** Those of what lies in fields of instances for good. */
  readonly heldClasses: Map<ValueId, ReadonlyMap<string, readonly Kind[]>>;
  readonly dispatch: Dispatch;
  /** What the classes that functions declare see. */
  readonly classScopes: Map<ts.ClassLikeDeclaration, Scope>;
  /** Module constants that hold memory, with the places where they are declared. */
  readonly constants: ConstantMemory[];
  /** What is noted outside: the places to which something computed goes, and where others are read. */
  readonly notes: { readonly computed: Set<string>; readonly reads: Map<string, ts.Node> };
  /** What counts from call to call, and where it is read. */
  readonly counters: Counter[];
  readonly counterReads: Set<ts.Node>;
  /** Where all that an array, a map or a set holds is taken out. */
  readonly emptyings: Emptying[];
  /** All memory that modules make beforehand. */
  readonly made: MadeMemory[];
  /** Declarations of modules whose initializers are being lowered, or are. */
  readonly pending: Set<ts.Node>;
  /** Parameters and variables from outside that cannot be used, once that was reported. */
  readonly told: Set<Unknown | ts.Symbol>;
  /** Calls of functions of packages that are refused, with the first problem of each. */
  readonly refusedCalls: Map<ts.Node, string>;
  /** The depths of the environment outside of the loops that are being lowered. */
  readonly loopDepths: number[];
  /** Facts about syntax, found once. */
  readonly jumps: WeakMap<ts.Node, Jumps>;
  readonly assignments: WeakMap<ts.Node, readonly AssignedVariable[]>;
  /** Functions that call themselves, and what the text of each function names. */
  readonly recursive: WeakMap<ts.Node, boolean>;
  readonly sizes: WeakMap<ts.Node, number>;
  readonly named: WeakMap<ts.Node, readonly ts.FunctionLikeDeclaration[]>;
  readonly constructors: WeakMap<ts.Node, readonly ts.FunctionLikeDeclaration[]>;
  /** What is called rather than inlined: one for the target and all of it. */
  readonly program: Program;
  /** The target's own, into whose entry the constants of modules go. */
  readonly root: () => Unit;
  /** For a function that is called from here; variables from outside are looked up in `outside`. */
  readonly companionUnit: (outside: Outside) => Unit;
  readonly expansions: Expansions;
  /** What has gone through `stopGradient`, apart from numbers. */
  readonly stops: Stop[];
  /** Derivatives that the user has given. */
  readonly rules: Rules;
  /** The file that the gradient goes to. */
  readonly emitted: Emitted;
  readonly statement: (own: Omit<Statement, "id">) => Statement;
  /** What runs only where nothing was thrown before it, innermost last. */
  readonly openings: Opening[];
}

/** Which jumps a statement contains that leave it. */
export interface Jumps {
  readonly returns: boolean;
  readonly breaks: boolean;
  readonly continues: boolean;
  /** To a label, which may be inside of it. */
  readonly labels: boolean;
  /** It gives values of a generator, and what is done with them may jump. */
  readonly yields: boolean;
}

/** Counts the calls that were inlined. */
export interface Expansions {
  next(): number;
}

/** A jump within the function: taken where the flag holds true. */
export interface Exit {
  readonly flag: Variable;
  /** Variables that hold what the jump takes along. */
  readonly carries: readonly Variable[];
  /** One of these that becomes true with the jump. */
  readonly raises: Variable | null;
  /** For one that a `throw` takes, maybe in the midst of an expression: where it arrives. */
  readonly caughtBy?: ts.Node;
}

/** Where the jumps of a loop go. */
export interface LoopJumps {
  readonly breaks: Exit;
  readonly continues: Exit;
}

/** Where jumps to a label go; what is no loop cannot be continued. */
export interface LabelJumps {
  readonly breaks: Exit;
  readonly continues: Exit | null;
}

/** What `yield` means. */
export interface Yielding {
  /** Lowers what is done with a value, which is made for a name, and behind it what is handed to it. */
  readonly take: (value: (hint: Hint | null) => Bound, jumps: LoopJumps, rest: Rest) => Outcome;
  /** Where `break` goes. */
  readonly breaks: Exit;
  /** Where the values are gone through, and the text that takes them. */
  readonly consumer: Context;
  readonly place: ts.Node;
  readonly text: ts.Node | null;
  /** The array that does nothing but take them all. */
  readonly collector: RefValue | null;
  /** That text may `continue` with the next value. */
  readonly mayContinue: boolean;
  /** It may jump further. */
  readonly mayLeave: boolean;
}

/** What `return` means. */
export type Return =
  /** Leaves the function that is lowered. */
  | { readonly kind: "leave" }
  /** Goes on behind the call that was inlined. */
  | {
      readonly kind: "exit";
      readonly exit: Exit;
      readonly result: Variable;
      readonly hint: Hint | null;
      /** The result is the number that the target gives. */
      readonly isTarget: boolean;
      /** It is a step of an iterator, which is taken apart. */
      readonly step?: Step;
    }
  /** Leaves a function that is called with a value of this type, or nothing. */
  | { readonly kind: "companion"; readonly result: Type | null }
  /** Outside of any function: an initializer of a module. */
  | { readonly kind: "none" };

/** An activation of a function, or of a module's top level. */
export interface Frame {
  /** Of code that runs when a module is made. */
  readonly isEntry?: true;
  readonly caller: Frame | null;
  /** The call that was inlined, and the function that it called. */
  readonly call: ts.Node | null;
  readonly closure: Closure | null;
  /** In front of the names of locals: `distance_`. */
  readonly prefix: string;
  readonly returns: Return;
}

export interface Context {
  readonly ts: FrontendProject["ts"];
  readonly checker: ts.TypeChecker;
  readonly unit: Unit;
  readonly frame: Frame;
  readonly scope: Scope;
  readonly statement: Statement | null;
  /** Where `break` goes. */
  readonly breaks: Exit | null;
  /** Where `continue` goes. */
  readonly continues: Exit | null;
  /** In a generator that is written out. */
  readonly yields: Yielding | null;
  /** What catches an exception, within the calls of a `try` as well. */
  readonly catches: Catching | null;
  /** Where jumps to labels go. */
  readonly labels: ReadonlyMap<string, LabelJumps>;
  /** The classes that objects may be of, where the code around has found that out. */
  readonly facts: ReadonlyMap<ValueId, readonly Kind[]>;
  /** What stands before a `?.` and is there. */
  readonly links: ReadonlyMap<ts.Node, Bound>;
}

/** At the start of a function, there is nothing to jump out of but itself, and no expression is under way. */
export const noJumps: Pick<Context, "breaks" | "continues" | "yields" | "labels" | "links"> = Object.freeze({
  breaks: null,
  continues: null,
  yields: null,
  labels: new Map<string, LabelJumps>(),
  links: new Map<ts.Node, Bound>(),
});

/** Stands for the value of an expression that was refused, so that the rest can be looked at too. */
export const poison: Literal = Object.freeze(number(NaN, "NaN"));

/** Holds the place of a value that is never read on this path. */
export const unset: Literal = Object.freeze({
  kind: "literal",
  type: nothing,
  value: undefined,
  spelling: "undefined",
} as const);

/** Reports an error and gives what to go on with. */
export function refuse<N extends EntryName>(cx: Context, name: N, at: ts.Node, args: EntryArgs<N>): Literal {
  // What cannot be called, or does not fit, because of that.
  const isAfter = ["unknownCallee", "unsupportedAssignment", "dynamicDispatch"].includes(name);
  if (isAfter && cx.unit.records.hasRefused) return poison;
  const call = callOfPackage(cx, at);
  if (call !== null) refuseCall(cx, call, at, catalog[name].message(args));
  else cx.unit.diagnostics.report(name, at, args, callNotes(cx));
  return poison;
}

/** Refuses an expression of a kind that has no rule. */
export function refuseExpression(cx: Context, node: ts.Node, what: string): Literal {
  return refuse(cx, "unsupportedExpression", node, { code: excerpt(node), what });
}

/** The origin of a value made for `node`. */
export function origin(cx: Context, node: ts.Node, hint: Hint | null = null): Origin {
  return { hint, statement: cx.statement, span: spanOf(node) };
}

export function spanOf(node: ts.Node): Span {
  const source = node.getSourceFile();
  return { file: source.fileName, start: node.getStart(source), end: node.getEnd() };
}

/** The context for a line of the user's code of its own. */
export function onStatement(cx: Context, node: ts.Node, commented: ts.Node = node): Context {
  const comment = trailingComment(cx, commented);
  const where = {
    ...(cx.frame.prefix === "" ? {} : { isInner: true as const }),
    ...(cx.frame.isEntry === true ? { isOfModule: true as const } : {}),
  };
  return { ...cx, statement: cx.unit.statement({ span: spanOf(node), comment, ...where }) };
}

export function inScope(cx: Context, scope: Scope): Context {
  return { ...cx, scope };
}

/** The comment behind a node on its line, unless it speaks to a tool. */
function trailingComment(cx: Context, node: ts.Node): string | null {
  const text = node.getSourceFile().text;
  const [range] = cx.ts.getTrailingCommentRanges(text, node.getEnd()) ?? [];
  if (range === undefined) return null;
  const inner = text.slice(range.pos, range.end).replace(/^\/\/+|^\/\*+|\*+\/$/gu, "");
  const comment = inner.replace(/\s+/gu, " ").trim();
  return comment === "" || /^(?:eslint|prettier|@ts-|c8|v8|istanbul|biome)/u.test(comment) ? null : comment;
}
