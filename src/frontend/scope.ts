/** Names and what they stand for: a `Scope` says which variable a symbol means at a place in the source. */
import type { ts } from "ts-morph";
import type { Atom, Hint, ImportedName, Literal, Value, Shape } from "../ir/types.js";
import type { Environment } from "./environment.js";
import type { Kind } from "./classes/class-index.js";
import type { Filling } from "./control/lazy-variables.js";
import type { KeptText, Variation } from "./functions/function-texts.js";
import type { UserRule } from "./targets/rules.js";

/** One binding of one activation: a function that is inlined twice has its variables twice. */
export interface Variable {
  readonly name: string;
  /** What values assigned to it are called. */
  readonly hint: Hint | null;
  /** For variables of the compiler: in layers above this one, values get no name. */
  readonly depth: number | null;
  /** For those that hold nothing at first: what they may hold. */
  readonly shape?: Shape;
  /** What the type parameters in its own type stand for. */
  readonly types?: TypeArguments;
  readonly symbol?: ts.Symbol;
  /** The function whose result it holds. */
  readonly resultOf?: ts.Node;
  /** Of one that holds functions as what stands for them in memory: its symbol, or the function whose result it is. */
  readonly keeps?: object;
  /** What it holds lies in an object, which functions in memory refer to as well. */
  readonly isShared?: true;
  /** Of a module or a class, which is given its value once: where. */
  readonly filling?: Filling;
  /** Of a function that has run when its module was made: it keeps its value from call to call. */
  readonly isKept?: true;
}

/** What an expression gives: an atom of the IR, or something known while compiling only. */
export type Bound = Atom | Static;

export type Static =
  | Closure
  | Ruled
  | Class
  | Draft
  | ErrorValue
  | Builtin
  | Namespace
  | Partially
  | Choice
  | Kept
  | Held
  | List
  | Perhaps
  | FunctionMap
  | Generated
  | Unknown;

/** A function of the user with the variables that it sees. */
export interface Closure {
  readonly kind: "closure";
  readonly node: ts.FunctionLikeDeclaration;
  readonly scope: Scope;
  /** Null for a function without a name. */
  readonly name: string | null;
  /** In front of the names of its locals: `distance_`. */
  readonly prefix: string;
  /** What `this` is in its body, for a method. */
  readonly self?: Bound;
  /** For one that lies in memory, `self` is its record, and these are the variables of its body for what is in that. */
  readonly seen?: ReadonlyMap<string, Variable>;
  /** It stands for all of these: `self` is the record of one of them. */
  readonly dispatches?: readonly Variation[];
  /** It is a constructor, which is called to give an instance of the class. */
  readonly constructs?: { readonly class: ts.ClassLikeDeclaration; readonly node: ts.NewExpression };
  /** What the code around has given it under its own name, before all of it becomes an object. */
  readonly fields?: { readonly owner: ts.Symbol; readonly cells: ReadonlyMap<string, Bound> };
  /** The classes that it may be of, where the call knows more than the method. */
  readonly selfClasses?: readonly Kind[];
}

/** It is called with a record as its `self`, from which its body reads what it sees, or which function it is. */
export function isOfRecord({ seen, dispatches }: Closure): boolean {
  return seen !== undefined || dispatches !== undefined;
}

/** A function with a derivative that the user has given. */
export interface Ruled {
  readonly kind: "ruled";
  readonly rule: UserRule;
}

/** A class of the user: constructed, or asked for its static members. */
export interface Class {
  readonly kind: "class";
  readonly node: ts.ClassLikeDeclaration;
}

/** An instance while its constructor runs: its fields are collected until it is allocated with all of them at once. */
export interface Draft {
  readonly kind: "draft";
  readonly node: ts.NewExpression;
  readonly class: ts.ClassLikeDeclaration;
  readonly hint: Hint | null;
  /** That of the instance, with its type arguments. */
  readonly type: ts.Type;
  readonly cells: Map<string, Variable>;
  /** The instance, once it is allocated. */
  made: Atom | null;
  /** What functions that see `this` find the instance by. */
  readonly variable: Variable;
}

/** What an error is. */
export interface ErrorKind {
  /** Null for one of the library itself. */
  readonly class: ts.ClassLikeDeclaration | null;
  /** The class of the library that it is of, in the end. */
  readonly library: string;
  /** What it calls itself, where that is no cell of its own. */
  readonly name?: string;
}

/** An error that was made and has not left the function. */
export interface ErrorValue extends ErrorKind {
  readonly kind: "error";
  readonly cells: ReadonlyMap<string, Variable>;
  /** Of one that was caught: the text that throws it again, with variables for the values in it. */
  readonly again: ErrorText | null;
}

export interface ErrorText {
  readonly text: readonly (string | Variable)[];
  readonly imports: readonly ImportedName[];
}

/** A function of the library, by its full name: `Math.exp`. */
export interface Builtin {
  readonly kind: "builtin";
  readonly name: string;
}

/** An object of the library whose members are known by name: `Math`. */
export interface Namespace {
  readonly kind: "namespace";
  readonly name: string;
}

/** A function with its first arguments: `f.bind(null, 2)`. */
export interface Partially {
  readonly kind: "partial";
  readonly callee: Static;
  readonly args: readonly Bound[];
}

/** One of several functions: the key says which. */
export interface Choice {
  readonly kind: "choice";
  /** A condition, an index, or a name. */
  readonly key: Atom;
  /** For a condition, the one case is that it holds. */
  readonly cases: readonly { readonly when: Literal; readonly then: Static }[];
  /** Null where there is no function then. */
  readonly otherwise: Static | null;
  /** What there is instead, if it is not `undefined`: `null`, `false`, or a value of another kind. */
  readonly none?: Atom;
  /** What the exception says that a call throws then, where it is not that of JavaScript. */
  readonly elsewhere?: string;
  /** The depth of the environment at which it was made: behind that layer, the key is not known. */
  readonly depth: number;
}

/** A function that lies in memory, as a record of what it sees. */
export interface Kept {
  readonly kind: "kept";
  readonly record: Value;
  readonly text: KeptText;
}

/**
 * A function in a field of an object that is read where it is called: other objects that may be there lack the field. Or
 * whatever is in a field, where others have a getter.
 */
export interface Held {
  readonly kind: "held";
  readonly object: Value;
  readonly field: string;
  /** What the object is; null beside a getter. */
  readonly of: Kind | null;
}

/** An array of functions, or of objects that hold functions; never written to. */
export interface List {
  readonly kind: "list";
  readonly elements: readonly Bound[];
  /** The expression that made it. */
  readonly node?: ts.Node;
}

/** An element of a list, or an argument, that is there only where a condition holds. */
export interface Perhaps {
  readonly kind: "perhaps";
  readonly value: Bound;
  readonly when: Atom;
}

/** `new Map([["+", add], …])`: a map of functions, with the keys that are written out; never written to. */
export interface FunctionMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string | number, Static>;
}

/** What a call of a generator gives, or an iterator of an array: values that can be gone through once. */
export interface Generated {
  readonly kind: "generated";
  readonly of: GeneratorCall | HandIterator | Value;
  /** What gave it. */
  readonly node: ts.Node;
  /** The depth of the environment at which it was made. */
  readonly depth: number;
  readonly use: { isUsed: boolean };
}

/** An iterator that is written by hand. */
export interface HandIterator {
  readonly kind: "iterator";
  readonly next: Closure;
}

export interface GeneratorCall {
  readonly kind: "call";
  readonly closure: Closure;
  readonly args: readonly Bound[];
}

/** A value that cannot be followed; an error only where it is used. */
export interface Unknown {
  readonly kind: "unknown";
  /** A type that is not looked into, and why; null for a function that depends on what happens. */
  readonly untold: { readonly type: string; readonly reason: string } | null;
  /** The parameter that it is: it may be named, though not looked into. */
  readonly given?: Value;
  /** The field of that object that it was read of. */
  readonly field?: string;
  /** Where it is missing, nothing is done. */
  readonly orNothing?: true;
  /** The regular expression that it is. */
  readonly pattern?: Literal;
}

export function isAtom(bound: Bound): bound is Atom {
  return bound.kind === "value" || bound.kind === "literal";
}

/** Type parameters, and the types that they stand for in code that is written out. */
export type TypeArguments = ReadonlyMap<ts.Type, ts.Type>;

const noTypes: TypeArguments = new Map();

/** Block scopes, innermost first. */
export class Scope {
  readonly outer: Scope | null;
  readonly #variables = new Map<ts.Symbol, Variable>();
  readonly #self: Bound | null | undefined;
  readonly #selfVariable: Variable = { name: "self", hint: { text: "self", declared: false }, depth: null };
  readonly types: TypeArguments;

  /**
   * `self` is what `this` means in it: null where it means nothing, left out where it is as outside. `types` are those
   * of the scope outside, and more.
   */
  constructor(outer: Scope | null, self?: Bound | null, types: TypeArguments = outer?.types ?? noTypes) {
    this.outer = outer;
    this.#self = self;
    this.types = types;
  }

  /** What `this` means. */
  get self(): Bound | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.outer) {
      if (scope.#self !== undefined) return scope.#self;
    }
    return null;
  }

  /** The variable that holds what `this` means where that is a value: functions that are called find it as any other. */
  get selfVariable(): Variable | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.outer) {
      if (scope.#self === undefined) continue;
      return scope.#self?.kind === "draft" ? scope.#self.variable : scope.#selfVariable;
    }
    return null;
  }

  declare(symbol: ts.Symbol, variable: Variable): void {
    this.#variables.set(symbol, variable);
  }

  /** The variable declared in this very scope. */
  own(symbol: ts.Symbol): Variable | null {
    return this.#variables.get(symbol) ?? null;
  }

  /** Those declared in this very scope. */
  variables(): Iterable<Variable> {
    return this.#variables.values();
  }

  lookup(symbol: ts.Symbol): Variable | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.outer) {
      const variable = scope.#variables.get(symbol);
      if (variable !== undefined) return variable;
    }
    return null;
  }
}

/** A scope in which `this` means something of its own. */
export function scopeWithThis(
  environment: Environment,
  outer: Scope,
  self: Bound | null | undefined,
  types: TypeArguments = outer.types,
): Scope {
  const scope = new Scope(outer, self, types);
  const { selfVariable } = scope;
  if (self?.kind === "value" && selfVariable !== null) environment.set(selfVariable, self);
  return scope;
}
