/** What to do instead, where that depends on what there is no rule for. */

const anyWayAround =
  "Rewrite it with arithmetic, `Math` functions, conditionals, object literals and calls of your own functions.";

const waysAround: readonly (readonly [RegExp, string])[] = [
  [/^class in .* does not know/u, "Export the class, so that the gradient's file can import it."],
  [/^function in .* does not know/u, "Export the function, so that the gradient's file can import it."],
  [
    /in a (?:`throw`|call of the console)/u,
    "Leave it out there, or compute a number, a string or a boolean of it before.",
  ],
  [/kept to be gone through once/u, "Make an array of it where it is asked for: `[...map.keys()]`."],
  [/may have holes/u, "Use `push`, fill it first (`new Array(n).fill(0)`), or keep the elements in a map."],
  [/second use/u, "Call the generator once more, or collect what it gives in an array first."],
  [/getter or setter/u, "Write it as a method, or as a getter of a class."],
  [
    /^key that is an object|^change of an object in a set/u,
    "Note what changes in a map of your own, `marks.set(node, mark)`, rather than in the objects.",
  ],
  [/^map or a set of what is not/u, "Make a map or a set for each kind of key, or give the keys names."],
  [
    /\bmap\b|\bkeys\b|lack some of them/u,
    "Give it keys that are known: write them in a literal, or in an array.",
  ],
];

/** In place of an expression. */
export function wayAround(what: string): string {
  return waysAround.find(([said]) => said.test(what))?.[1] ?? anyWayAround;
}

/** In place of a class that is not one of the project's. */
export function classAdvice(what: string): string {
  return / of the package `[^`]*`$/u.test(what)
    ? "Put what is computed with it into a function of your own that takes and gives numbers, arrays or plain objects, and give the derivative of that by hand: `/** @gradOf NAME */`."
    : "Use classes that are declared at the top level of a module, or plain objects.";
}
