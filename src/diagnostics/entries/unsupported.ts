/** TSAD1xxx: valid TypeScript that tsad does not handle. */
import { classAdvice, wayAround } from "./advice.js";
import { entriesOf } from "./entry.js";

const unsupported = entriesOf("unsupported");

export const unsupportedEntries = {
  noSource: unsupported(
    "TSAD1001",
    "Call to a function without source",
    { callee: "erf" },
    ({ callee }) => `\`${callee}\` cannot be differentiated: only its declaration is known, not its source.`,
    ({ callee }) =>
      `Write \`${callee}\` in TypeScript, in this file or in a module of the project, so that it can be inlined, or give its derivative by hand: \`/** @gradOf ${callee} */\`.`,
  ),
  packageCode: unsupported(
    "TSAD1063",
    "Code of a package that is not handled",
    {
      callee: "median",
      from: "stats",
      problem: "`arr[i]` reads a property whose name is only known while running.",
    },
    ({ callee, from, problem }) =>
      `\`${callee}\` of \`${from}\` cannot be differentiated through: ${problem}`,
    ({ callee }) =>
      `Give its derivative by hand: \`/** @gradOf ${callee} */\`. Or write it in TypeScript, in a module of the project.`,
  ),
  unsupportedStatement: unsupported(
    "TSAD1002",
    "Statement that is not handled",
    { what: "debugger statement" },
    ({ what }) => `A ${what} cannot be differentiated: tsad has no rule for this kind of statement.`,
    () => "Rewrite it with declarations, assignments, `if`, `switch`, loops, `return` and `throw`.",
  ),
  unsupportedExpression: unsupported(
    "TSAD1003",
    "Expression that is not handled",
    { code: "/a+/", what: "regular expression" },
    ({ code, what }) =>
      `\`${code}\` cannot be differentiated: tsad has no rule for ${/^[aeio]/u.test(what) ? "an" : "a"} ${what}.`,
    ({ what }) => wayAround(what),
  ),
  unionField: unsupported(
    "TSAD1066",
    "Field of different kinds in a union",
    { code: "node.r", name: "r", type: "Node" },
    ({ code, name, type }) =>
      `\`${code}\` cannot be read here: \`${name}\` is not of the same kind in all members of \`${type}\`, and TypeScript does not know which member it is.`,
    ({ name }) => `Test first which member it is, and read \`${name}\` where TypeScript knows it.`,
  ),
  unsupportedOperator: unsupported(
    "TSAD1004",
    "Operator that is not handled",
    { operator: "in", code: '"x" in p' },
    ({ operator, code }) => `The operator \`${operator}\` in \`${code}\` is one that tsad has no rule for.`,
    () => "Use arithmetic (`+ - * / % **`), comparison or logical operators (`&& || ! ??`).",
  ),
  dynamicIndex: unsupported(
    "TSAD1006",
    "Index into cells of different kinds",
    { code: "w[i]" },
    ({ code }) =>
      `The index in \`${code}\` is none that can be followed: it is no whole number from 0, or the elements are of different kinds.`,
    () => "Use a literal index (`w[0]`), or an array whose elements are all of one type.",
  ),
  arrayMethod: unsupported(
    "TSAD1007",
    "Array method",
    { method: "map" },
    ({ method }) => `The array method \`${method}\` is not supported yet.`,
    () => "Write its work out in a loop.",
  ),
  recursion: unsupported(
    "TSAD1008",
    "Recursion",
    { name: "power", reason: "makes a new function for itself at each call" },
    ({ name, reason }) => `\`${name}\` calls itself, directly or through others, and ${reason}.`,
    ({ name }) => `Give \`${name}\` what it needs as parameters, and let it return what it has found.`,
  ),
  classMember: unsupported(
    "TSAD1009",
    "Class, `this` or `new`",
    { what: "`this`" },
    ({ what }) =>
      `${what} cannot be used in a differentiated function: its class is not one of the project's.`,
    ({ what }) => classAdvice(what),
  ),
  methodTarget: unsupported(
    "TSAD1010",
    "`@grad` on a member that is no method of a class",
    { name: "energy" },
    ({ name }) =>
      `\`${name}\` cannot be tagged \`@grad\`: of members, only methods of named classes at the top level of a module can.`,
    () => "Make it such a method, or a function that takes the object as its parameter.",
  ),
  asyncFunction: unsupported(
    "TSAD1012",
    "`async` or `await`",
    { name: "loss" },
    ({ name }) =>
      `\`${name}\` is asynchronous: a gradient is computed in one go, it cannot wait for a promise.`,
    () => "Await the data outside, and pass it to a synchronous function that is tagged `@grad`.",
  ),
  generator: unsupported(
    "TSAD1013",
    "Generator",
    { name: "steps" },
    ({ name }) =>
      `The values of \`${name}\` come one by one, which can only be followed where all of them are gone through at once.`,
    () =>
      "Go through what it gives by one `for…of`, `yield*`, a spread or `Array.from`, or return an array instead.",
  ),
  tryStatement: unsupported(
    "TSAD1014",
    "`try`",
    { what: "a jump out of a `finally`" },
    ({ what }) => `There is no rule for ${what}.`,
    () =>
      "Only what a `throw` of the source throws is followed, and a `try` in which nothing can be thrown. Test for the failing case with `if` before it happens, or catch the exception outside of the function.",
  ),
  dynamicAccess: unsupported(
    "TSAD1015",
    "Property whose name is computed",
    { code: "p[key]" },
    ({ code }) => `\`${code}\` reads a property whose name is only known while running.`,
    () => "Name the property (`p.x`), or choose between properties with a conditional.",
  ),
  evaluatedCode: unsupported(
    "TSAD1016",
    "`eval` and `new Function`",
    { code: 'eval("x * x")' },
    ({ code }) => `\`${code}\` runs code that does not exist until then, so it cannot be differentiated.`,
    () => "Write the code as an ordinary function.",
  ),
  unknownCallee: unsupported(
    "TSAD1017",
    "Call of a function that is not known",
    { code: "activation(x)" },
    ({ code }) =>
      `In \`${code}\`, it is not known which function is called, so there is no source to differentiate.`,
    () => "Call a declared function by its name, or pass one to a helper where it is called.",
  ),
  escapingFunction: unsupported(
    "TSAD1018",
    "Function used as a value",
    { name: "scale" },
    ({ name }) =>
      `The function \`${name}\` is stored or returned as a value, so its calls can no longer be followed.`,
    () => "Call it, or pass it directly as an argument to a function of yours.",
  ),
  outerAssignment: unsupported(
    "TSAD1019",
    "Assignment to a variable from outside",
    { name: "calls", owner: "", hidden: "" },
    ({ name, hidden }) =>
      hidden !== ""
        ? `\`${name}\` is declared outside of this function, in a class that is not exported: the gradient cannot assign it.`
        : `\`${name}\` is declared outside of this function: assigning it would be an effect that the gradient cannot undo.`,
    ({ name, owner, hidden }) => {
      const alone = `${hidden !== "" ? `Export \`${owner}\`, and write` : "Write"} \`${owner}.${name}++\`, or \`${owner}.${name} = …\` as a statement of its own;`;
      if (owner !== "") return `${alone} or pass the new value to the constructor.`;
      return `Return the new value of \`${name}\` instead, or make it a local variable; what only counts or notes can be a field of an exported object (\`export const stats = { ${name}: 0 }\`, then \`stats.${name}++\`), or a static field of an exported class.`;
    },
  ),
  untypedValue: unsupported(
    "TSAD1020",
    "Value of type `any` or `unknown`",
    { code: "config.rate", type: "any" },
    ({ code, type }) => `\`${code}\` has the type \`${type}\`, so it is not known whether it holds numbers.`,
    () => "Annotate it, or the value that it comes from, with its type.",
  ),
  unsupportedType: unsupported(
    "TSAD1021",
    "Type that is not handled",
    { code: "table", type: "Map<string, number>", reason: "`Map` is not an object of known fields" },
    ({ code, type, reason }) => `\`${code}\` has the type \`${type}\`, which is not supported: ${reason}.`,
    () => "Use numbers, booleans, strings, and objects, tuples and arrays of these.",
  ),
  generic: unsupported(
    "TSAD1022",
    "Generic function",
    { name: "loss" },
    ({ name }) => `\`${name}\` has type parameters, so the shape of its gradient is not known.`,
    () => "Write the types out that it is used with.",
  ),
  overloaded: unsupported(
    "TSAD1023",
    "Overloaded function",
    { name: "norm" },
    ({ name }) =>
      `\`${name}\` is overloaded: it has several signatures, and its gradient would need one for each.`,
    () => "Write one function for each signature.",
  ),
  restParameter: unsupported(
    "TSAD1024",
    "Rest parameter of a tuple type",
    { name: "xs" },
    ({ name }) => `The rest parameter \`${name}\` of the function to differentiate is of no array type.`,
    ({ name }) => `Write its elements out as parameters, or give it an array type: \`...${name}: number[]\`.`,
  ),
  spreadLength: unsupported(
    "TSAD1025",
    "Spread of unknown length",
    { code: "...xs" },
    ({ code }) => `How many values \`${code}\` stands for is not known from its type.`,
    () => "Spread a tuple or an array literal, or write the values out.",
  ),
  nestedTarget: unsupported(
    "TSAD1028",
    "`@grad` inside a function, a block or a namespace",
    { name: "inner", where: "another function" },
    ({ name, where }) =>
      `\`${name}\` is declared inside ${where}, so its gradient could not see what is there.`,
    () => "Move it to the top level of the module, and pass what it uses as parameters.",
  ),
  unsupportedPattern: unsupported(
    "TSAD1029",
    "Destructuring that is not handled",
    { code: "{ [key]: x }", reason: "the name of the property is computed" },
    ({ code, reason }) => `The pattern \`${code}\` is not supported: ${reason}.`,
    () => "Read the properties one by one.",
  ),
  unsupportedBuiltin: unsupported(
    "TSAD1030",
    "Built-in that is not handled",
    { name: "Date.parse" },
    ({ name }) => `\`${name}\` is a built-in that tsad has no rule for.`,
    ({ name }) => `Compute it outside and pass it as a parameter, or write what \`${name}\` does yourself.`,
  ),
  unsupportedAssignment: unsupported(
    "TSAD1031",
    "Assignment that is not handled",
    { code: "p.x = 1", reason: "`p` belongs to the caller" },
    ({ code, reason }) => `The assignment \`${code}\` is not supported: ${reason}.`,
    () => "Assign to local variables, and build new objects instead of changing given ones.",
  ),
  thisParameter: unsupported(
    "TSAD1032",
    "`this` parameter",
    { name: "energy" },
    ({ name }) => `\`${name}\` has a \`this\` parameter: functions that use \`this\` are not supported yet.`,
    () => "Make it an ordinary parameter.",
  ),
  mutableOuter: unsupported(
    "TSAD1034",
    "Variable from outside that changes",
    { name: "rate", shown: "" },
    ({ name, shown }) =>
      shown === ""
        ? `\`${name}\` is declared outside of the function and may change between calls.`
        : `\`${name}\` counts from call to call, and ${shown} depends on where it began.`,
    ({ name, shown }) =>
      shown === ""
        ? `Declare \`${name}\` with \`const\`, or pass it as a parameter.`
        : `Use what it counts as a key, or compare it, and nothing else; or make it a field of an exported object, or a static field of an exported class, which the gradient can count with. A generator of random numbers is best made in the function, of a seed that it is given: \`const random = generator(seed)\`.`,
  ),
  moduleState: unsupported(
    "TSAD1035",
    "Buffer that keeps its contents between calls",
    { name: "previous" },
    ({ name }) =>
      `\`${name}\` is declared outside of the function, and read before the call has written to it: what it holds is from elsewhere.`,
    ({ name }) =>
      `Write all that is read of \`${name}\` first, pass it as a parameter, or fill it where it is declared, or among the statements of its module. A cache may keep what does not depend on what is differentiated, where there was nothing under its key.`,
  ),
  localClass: unsupported(
    "TSAD1036",
    "Class inside of a function",
    { name: "Vec2", why: "assigns a variable from outside" },
    ({ name, why }) => `The class \`${name}\` is declared inside of a function, and ${why}.`,
    () => "Declare it at the top level of a module, and hand over to its constructor what it needs.",
  ),
  dynamicDispatch: unsupported(
    "TSAD1037",
    "Member that depends on the class of the instance",
    { name: "opening" },
    ({ name }) =>
      `Which \`${name}\` this is depends on the class of the instance, and the classes cannot be told apart here.`,
    ({ name }) =>
      `Let all classes that it may be of be classes of the project, each with a \`${name}\` of the same kind.`,
  ),
  literalInstance: unsupported(
    "TSAD1070",
    "Object literal among instances of classes",
    { name: "Curve", code: "{ discount }" },
    ({ name, code }) =>
      `\`${code}\` is a \`${name}\` among instances of classes that come from outside of the function or of other kinds: the literal cannot be told from these.`,
    ({ name }) => `Write the literal as a class, too: \`class Own implements ${name}\`.`,
  ),
  hiddenClass: unsupported(
    "TSAD1065",
    "Class that the emitted file cannot test for",
    { name: "Ball", code: "body.energy" },
    ({ name, code }) =>
      `\`${code}\` depends on whether the instance, which comes in from outside, is a \`${name}\`, and that class is not exported.`,
    ({ name }) => `Export the class: \`export class ${name}\`.`,
  ),
  fieldWithoutValue: unsupported(
    "TSAD1038",
    "Field without a value when the constructor needs the object",
    { name: "position" },
    ({ name }) =>
      `The field \`${name}\` has no value yet where the constructor first uses the object as a whole, so its shape is not known.`,
    ({ name }) => `Give \`${name}\` its value where it is declared, or first of all in the constructor.`,
  ),
  privateField: unsupported(
    "TSAD1039",
    "Private field of a parameter",
    { name: "stiffness" },
    ({ name }) =>
      `\`${name}\` is private, so the gradient, which is a function outside of the class, cannot read it.`,
    ({ name }) =>
      `Declare \`${name}\` as \`private\` rather than by a \`#\`, in a class that is exported, or make the instance inside of the function.`,
  ),
  ruleArgument: unsupported(
    "TSAD1060",
    "Argument that a function with a derivative by hand cannot be given",
    { callee: "solve", code: "f", what: "is a function, or not known by its value" },
    ({ callee, code, what }) =>
      `\`${code}\` ${what}, and cannot be handed to \`${callee}\`, which has its derivative by hand.`,
    ({ callee }) =>
      `Hand \`${callee}\` numbers, strings, booleans, and objects and arrays of them; what it calls can be written into it.`,
  ),
  notExported: unsupported(
    "TSAD1061",
    "Name that the gradient's file cannot import",
    { name: "solve", file: "solve.ts" },
    ({ name, file }) =>
      `The gradient has to use \`${name}\`, but its file, which is another one, cannot import it from \`${file}\`.`,
    ({ name }) => `Declare \`${name}\` at the top level of a module, and export it.`,
  ),
  stopChanged: unsupported(
    "TSAD1062",
    "`stopGradient` of something that changes afterwards",
    {},
    () =>
      "What `stopGradient` is given here is written to afterwards, and it would not be clear which of the values are constant.",
    () =>
      "Make a copy that is not written to (`stopGradient([...xs])`), or stop the gradient of the numbers.",
  ),
  untypedAbsence: unsupported(
    "TSAD1067",
    "Test of something that is missing against its type",
    { code: "p.x === undefined", read: "xs[9]" },
    ({ code, read }) =>
      `\`${code}\` asks whether something is there that \`${read}\` may not have found, and on its way here its type has lost that.`,
    () => "Give it a type with `undefined` all the way: `number | undefined`, or `x?: number`.",
  ),
  fieldOrder: unsupported(
    "TSAD1068",
    "List of fields in an order that is not known",
    { code: "Object.values(p)" },
    ({ code }) =>
      `\`${code}\` gives the fields in the order in which the object was made, which is not known here and may matter for the result.`,
    () =>
      "Name the fields in the order that is meant (`[p.a, p.b]`), or sort the keys: `Object.keys(p).sort()`.",
  ),
  keptVariable: unsupported(
    "TSAD1069",
    "Variable of a function that is kept",
    { name: "scale" },
    ({ name }) =>
      `This function is kept and called later, and \`${name}\`, which it sees, may have changed by then.`,
    ({ name }) => `Declare a \`const\` for it where the function is made: \`const own = ${name};\`.`,
  ),
  tooLarge: unsupported(
    "TSAD1040",
    "Function that becomes too large",
    { name: "step" },
    ({ name }) =>
      `\`${name}\` makes the function too large, or too deeply nested, to be differentiated: calls are written out.`,
    () => "Call fewer helpers inside each other, or split the function.",
  ),
};
