/** TSAD2xxx: no derivative can exist, or the tag says something impossible. */
import { entriesOf } from "./entry.js";

const invalid = entriesOf("invalid");

export const invalidEntries = {
  resultNotNumber: invalid(
    "TSAD2001",
    "Result that is not a number",
    { name: "label", type: "string" },
    ({ name, type }) =>
      `\`${name}\` returns \`${type}\`, but only a function that returns \`number\` has a gradient.`,
    ({ name }) => `Return one number from \`${name}\` on every path.`,
  ),
  noNumericParameter: invalid(
    "TSAD2002",
    "No parameter to differentiate",
    { name: "constant" },
    ({ name }) =>
      `\`${name}\` has no parameter that holds numbers, so there is nothing to differentiate it by.`,
    () => "Give it a parameter that is a number, or an object, tuple or array of numbers, or remove the tag.",
  ),
  unknownWrt: invalid(
    "TSAD2003",
    "`wrt` names something that is not a parameter",
    { wrt: "z", name: "loss", known: "`x`, `y`" },
    ({ wrt, name, known }) => `\`${wrt}\` is not a parameter of \`${name}\`, whose parameters are ${known}.`,
    ({ wrt }) => `Name a parameter behind \`wrt\`, or make \`${wrt}\` one.`,
  ),
  wrtWithoutNumbers: invalid(
    "TSAD2004",
    "`wrt` names a parameter that holds no numbers",
    { wrt: "mode", type: "string" },
    ({ wrt, type }) =>
      `\`${wrt}\` has the type \`${type}\`, which holds no numbers, so there is no derivative by it.`,
    ({ wrt }) => `Leave \`${wrt}\` out of \`wrt\`.`,
  ),
  functionWrt: invalid(
    "TSAD2005",
    "`wrt` names a function",
    { wrt: "f" },
    ({ wrt }) => `\`${wrt}\` is a function, and there is no derivative by a function.`,
    ({ wrt }) => `Leave \`${wrt}\` out of \`wrt\`, and name the numbers that it depends on.`,
  ),
  notAFunction: invalid(
    "TSAD2006",
    "`@grad` on something that is not a function",
    { what: "an interface" },
    ({ what }) => `\`@grad\` stands on ${what}, but only a function has a gradient.`,
    () => "Put the tag on a function declaration, or on a `const` whose value is a function.",
  ),
  tagGrammar: invalid(
    "TSAD2007",
    "`@grad` tag that cannot be read",
    { text: "with x", problem: "`wrt` is expected here" },
    ({ text, problem }) => `\`@grad ${text}\` cannot be read: ${problem}.`,
    () =>
      "Write `@grad`, or `@grad wrt a, b` with the names of parameters; start other text on a line of its own.",
  ),
  duplicateWrt: invalid(
    "TSAD2008",
    "`wrt` names a parameter twice",
    { wrt: "x" },
    ({ wrt }) => `\`${wrt}\` is named twice behind \`wrt\`.`,
    ({ wrt }) => `Name \`${wrt}\` once.`,
  ),
  missingReturn: invalid(
    "TSAD2009",
    "Path without a result",
    { name: "loss" },
    ({ name }) =>
      `\`${name}\` may return no number (\`undefined\` or nothing), and then it has no value to differentiate.`,
    () => "End every path with `return` and a number, or with `throw`.",
  ),
  noBody: invalid(
    "TSAD2010",
    "Function without a body",
    { name: "erf" },
    ({ name }) => `\`${name}\` is only declared: it has no body to differentiate.`,
    () => "Put the tag on the function that has the body.",
  ),
  anonymousTarget: invalid(
    "TSAD2011",
    "Function without a name",
    {},
    () => "This function has no name, and the name of its gradient is made from it.",
    () => "Give the function a name.",
  ),
  duplicateTag: invalid(
    "TSAD2012",
    "Two `@grad` tags on one function",
    { name: "loss" },
    ({ name }) => `\`${name}\` has more than one \`@grad\` tag, and it is not clear which one counts.`,
    () => "Keep one tag, with all parameters behind its `wrt`.",
  ),
  macroArgument: invalid(
    "TSAD2013",
    "Macro on a function that is not known",
    { macro: "grad", code: "losses[kind]" },
    ({ macro, code }) =>
      `\`${macro}\` is compiled, but which function \`${code}\` is, is known only when the program runs.`,
    ({ macro }) =>
      `Give \`${macro}\` the function itself, or the name of one that is declared with a body by \`function\` or \`const\`.`,
  ),
  macroNotCalled: invalid(
    "TSAD2014",
    "Macro that is not called",
    { code: "grad" },
    ({ code }) =>
      `\`${code}\` is used as a value, but the macros of tsad exist only while compiling: a call of them is replaced by the gradient.`,
    () => 'Import the macro from "tsad" where it is needed, and call it by its name: `grad(loss)`.',
  ),
  macroPositions: invalid(
    "TSAD2015",
    "Macro with positions that cannot be read",
    { macro: "grad", problem: "there is no parameter at `4`" },
    ({ macro, problem }) =>
      `Which parameters \`${macro}\` is to differentiate by is not known while compiling: ${problem}.`,
    ({ macro }) =>
      `Write the positions of parameters as a list of numbers, counted from 0: \`${macro}(loss, [0, 2])\`.`,
  ),
  macroEnum: invalid(
    "TSAD2016",
    "Macro on a function with an enum",
    { macro: "grad", name: "mode" },
    ({ name }) => `The parameter \`${name}\` is an enum, and there is no derivative by it.`,
    ({ macro }) => `Give the positions of the other parameters: \`${macro}(loss, [0, 2])\`.`,
  ),
  ruleTag: invalid(
    "TSAD2030",
    "`@gradOf` tag that cannot be used",
    { problem: "`solve` is not declared or imported here" },
    ({ problem }) => `This \`@gradOf\` cannot be used: ${problem}.`,
    () =>
      "Write `/** @gradOf solve */` above an exported function, with the name of a function that its file declares or imports.",
  ),
  ruleMismatch: invalid(
    "TSAD2031",
    "Derivative by hand that does not fit its function",
    {
      rule: "solve_pullback",
      callee: "solve",
      problem: "it returns `dc`, which is the cotangent of no parameter",
    },
    ({ rule, callee, problem }) => `\`${rule}\` cannot be the derivative of \`${callee}\`: ${problem}.`,
    ({ callee }) =>
      `Take the parameters of \`${callee}\`, its result and the cotangent of that, and return an object with one field \`d\` + name, of the parameter's shape, for each parameter that is not constant.`,
  ),
  ruleTwice: invalid(
    "TSAD2032",
    "Two derivatives by hand for one function",
    { callee: "solve", other: "solve_pullback" },
    ({ callee, other }) => `\`${callee}\` has a derivative by hand already: \`${other}\`.`,
    () => "Keep one of the two.",
  ),
  macroMoved: invalid(
    "TSAD2017",
    "Macro in code that was changed",
    {},
    () => "Another plugin has changed this module so much that its calls of the macros are no longer found.",
    () => "Put the plugin of tsad before the others.",
  ),
};
