/** What an entry of the catalog looks like. */
export type Kind = "unsupported" | "invalid" | "config" | "warning";

export type Args = Readonly<Record<string, string>>;

export interface Entry<A extends Args> {
  readonly code: `TSAD${number}`;
  readonly kind: Kind;
  /** For the documentation: what the code is about, in a few words. */
  readonly title: string;
  readonly example: A;
  /** What is wrong, and why. */
  readonly message: (args: A) => string;
  /** What to do instead. */
  readonly help: (args: A) => string;
}

/** Arguments are all strings, named as in the example: `{ callee: "erf" }` makes `{ callee: string }`. */
type ArgsLike<E extends Args> = { readonly [K in keyof E]: string };

/** Makes the entries of one kind. */
export function entriesOf(kind: Kind) {
  return <E extends Args>(
    code: `TSAD${number}`,
    title: string,
    example: E,
    message: (args: ArgsLike<E>) => string,
    help: (args: ArgsLike<E>) => string,
  ): Entry<ArgsLike<E>> => ({ code, kind, title, example, message, help });
}
