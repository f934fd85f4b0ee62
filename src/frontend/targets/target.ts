/** What the frontend hands on for each `@grad` function. */
import type { Func, ImportedName, Span } from "../../ir/types.js";

/** A function to differentiate: its IR, and what its gradient's declaration must say. */
export interface LoweredTarget {
  readonly func: Func;
  readonly signature: Signature;
  /** The heads of the functions that it calls. */
  readonly companions: ReadonlyMap<string, CompanionHead>;
}

/** Literals are of the type, or it is an enum, of whose members TypeScript takes no literal for one. */
export type WordKind = "literal" | "enum";

/** A type of some numbers or words, as text. */
export interface LiteralType {
  readonly text: string;
  /** Without `null` and `undefined`. */
  readonly present: string;
  readonly kind: WordKind;
}

/** The head of a function that is called: its parameters and its result as TypeScript text. */
export interface CompanionHead {
  /** Null for one whose type only the emitted file has. */
  readonly parameters: readonly (string | null)[];
  /** The types of parameters that may be one of some numbers or words; null for others. */
  readonly literals: readonly (LiteralType | null)[];
  /** Null where it returns nothing, or what is of such a type. */
  readonly result: string | null;
  /** The result may be one of some numbers or words only, or nothing; null where it may be anything. */
  readonly resultWords: WordKind | null;
  readonly span: Span;
}

/** The head of the emitted function, in TypeScript text. */
export interface Signature {
  /** `f`; the emitted function is `f_grad`. */
  readonly name: string;
  /** What the function is declared by. */
  readonly span: Span;
  /** One per parameter, in order: `p: Point`, `k?: number`, `rest: number = 1`. Names agree with `func.params`. */
  readonly parameters: readonly string[];
  /** Types that the parameters' texts mention and the emitted file has to import. */
  readonly imports: readonly ImportNeed[];
  /** Declarations to copy into the emitted file because they are not exported: interfaces and type aliases. */
  readonly declarations: readonly TypeDeclaration[];
  /** How the emitted file can name the unions, and the types that contain themselves, that the function deals with. */
  readonly types: ReadonlyMap<string, SpelledType>;
  /** Names that types which the emitted file declares may not have. */
  readonly typeNames: ReadonlySet<string>;
  /** Result types in `noUncheckedIndexedAccess` projects need `!` behind element reads. */
  readonly uncheckedIndexedAccess: boolean;
}

export type ImportNeed = ImportedName;

/** A type's text, and what the emitted file needs for it. */
export interface SpelledType extends Pick<Signature, "imports" | "declarations"> {
  readonly text: string;
  /** The emitted file declares a type of this name itself. */
  readonly isOwn?: true;
}

export interface TypeDeclaration {
  readonly name: string;
  readonly text: string;
}
