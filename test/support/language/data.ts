/** Rows of `docs/language.md`: functions' signatures, expressions, and what holds values. */
import type { Section } from "./row.js";

export const dataSections: readonly Section[] = [
  {
    heading: "Functions that can be tagged",
    about:
      "`/** @grad */` differentiates by every parameter that holds numbers, `/** @grad wrt w, b */` by those named.",
    rows: [
      {
        construct: "Declarations, arrow functions, function expressions",
        how: "The gradient is a function declaration of the same parameters, `f_grad`, with the value and one cotangent for each parameter.",
        shown: [
          ["language/function-forms", "const anonymous = function"],
          ["language/local-targets", "@grad */\nfunction"],
        ],
      },
      {
        construct: "Methods of classes with a name, static ones, those of subclasses; `wrt this`",
        how: "A function that takes the instance first: `Arm_miss_grad(arm, x, y)`. Its cotangent has the fields that hold numbers.",
        shown: [
          ["functions/methods", "@grad wrt this"],
          ["functions/methods", "static blend"],
          ["functions/methods", "super.cost(x, 0)"],
        ],
      },
      {
        construct: "`wrt` with names of parameters",
        how: "Only what depends on them is reversed; the others are read as constants.",
        shown: [["language/wrt", "@grad wrt"]],
      },
      {
        construct: "Several targets in one file",
        how: "Each has a gradient of its own; helpers are inlined into each.",
        shown: [["language/several-targets", "@grad"]],
      },
      {
        construct: "Default and optional parameters",
        how: "The gradient has the same defaults. Where a default was taken, its cotangent flows on into what it was computed from.",
        shown: [
          ["language/default-parameters", "y: number = 2 * x"],
          ["language/optional-parameters", "?: number"],
        ],
      },
      {
        construct: "Rest parameters",
        how: "Like an array: the gradient takes the same arguments and returns one array of cotangents.",
        shown: [["language/rest-parameters", "...rest: number[]"]],
      },
      {
        construct: "Destructured parameters",
        how: "The gradient takes the object under a name of its own and returns one object of cotangents.",
        shown: [["programs/destructured-params", "phase = 0 }: Wave"]],
      },
      {
        construct: "Parameters that the function assigns to or mutates",
        how: "Works on a copy of what is changed: arguments are left as they were found. Instances stay instances.",
        shown: [
          ["language/reassigned-parameter", "x = x / scale"],
          ["mutation/mutated-parameter", "x[i] += "],
          ["mutation/copied-structures", "rates[name] = "],
          ["mutation/copied-structures", "particles.set(7"],
          ["mutation/copied-structures", "shape.r *= k"],
          ["mutation/copied-structures", "body.step(dt)"],
          ["mutation/copied-structures", "head.next = "],
        ],
      },
    ],
  },
  {
    heading: "Types of parameters",
    about:
      "The gradient of a parameter has the parameter's own shape; what holds no numbers is left out of its type.",
    rows: [
      {
        construct: "`number`",
        how: "A cotangent: `dx`.",
        shown: [["language/arithmetic", "a: number"]],
      },
      {
        construct: "Object types, interfaces, type aliases, generic ones with their arguments",
        how: "An object of the cotangents of its fields.",
        shown: [
          ["language/interfaces", "extends Named"],
          ["language/object-parameter", "a: Point"],
          ["language/nested-object", "from: { x: number; y: number }"],
          ["language/type-aliases", "type "],
        ],
      },
      {
        construct: "Tuples, fixed and `readonly`",
        how: "A tuple of cotangents.",
        shown: [
          ["language/tuple", "type Vec3 = [number, number, number]"],
          ["language/readonly", "readonly b: readonly [number, number]"],
        ],
      },
      {
        construct: "`number[]`, `number[][]`, `Float64Array`, `Float32Array`",
        how: "An array of zeros of the same length, which the reverse sweep adds to in place.",
        shown: [
          ["arrays/parameters", "x: readonly number[]"],
          ["arrays/rows", "A: number[][]"],
          ["arrays/typed-arrays", "x: Float64Array"],
          ["arrays/float32", "Float32Array"],
        ],
      },
      {
        construct: "`number[] | Float32Array`, `ArrayLike<number>`, `[number, number] | Float64Array`",
        how: "The cotangent is kept as the argument is. Where that may be `ArrayLike<number>`, or an array of whole numbers, it is a `number[]`. What is stored is rounded where the array is a `Float32Array`.",
        shown: [
          ["arrays/containers", "input: Float32Array | number[]"],
          ["arrays/containers", "ArrayLike<number>"],
          ["arrays/containers", "a instanceof Float64Array"],
        ],
      },
      {
        construct: "Arrays of objects, objects of arrays",
        how: "The same nesting of cotangents.",
        shown: [
          ["arrays/array-of-objects", "ps: Particle[]"],
          ["arrays/objects-of-arrays", "layers: { W: number[][]; b: number[] }[]"],
        ],
      },
      {
        construct: "Optional and nullable fields",
        how: "The cotangent of what is missing is 0, or an empty array.",
        shown: [
          ["language/optional-fields", "?: number"],
          ["arrays/optional-array", "extra?: number[]"],
        ],
      },
      {
        construct: "Instances of the project's classes",
        how: "An object of the cotangents of the fields that hold numbers; methods and getters are left out.",
        shown: [["classes/parameters", "a: Vec2"]],
      },
      {
        construct: "Unions of objects, told apart by a field of literals, members of enums or booleans",
        how: "Which one it is steers, as in the function; the cotangent has the fields of the one that was given, under a type of its own. An enum need not be exported where the members are, or where the function makes all of them.",
        shown: [
          ["data/shapes", 'kind: "circle"'],
          ["data/enums", "type: Curve.Linear"],
          ["data/variant-fields", 'type: "let"; name: string; value: Expr'],
          ["data/hidden-enums", "k: K.A"],
        ],
      },
      {
        construct:
          "Unions of objects told apart by the fields that they have, and of tuples told apart by an element or by their length",
        how: "As unions that have a field of literals. A test that the code around has answered already is decided.",
        shown: [
          ["data/present-fields", '"points" in shape'],
          ["data/optional-in-union", '"leak" in layer'],
          ["data/tuple-unions", "switch (c[0])"],
          ["data/tuple-unions", "step.length === 2"],
          ["data/told-already", 's.kind === "cube"'],
        ],
      },
      {
        construct:
          'Numbers or words in one type (`number | "auto"`, `(string | number)[]`), and memory or words',
        how: "`typeof` and comparisons steer, as in the function. The cotangent is that of the number, 0 where there is none.",
        shown: [
          ["data/mixed-values", 'number | "auto"'],
          ["data/missing-kinds", "keys.every((key) => entity[key] !== undefined)"],
          ["data/words-or-variants", 'mode: "off" | Mode'],
          ["classes/words-or-instances", 'm: "none" | Model'],
        ],
      },
      {
        construct:
          "A number or an object, an array or a tuple, also an object or an array: `number | number[]`, `number | Complex`, `LatLng | [number, number]`",
        how: "The cotangent is of the kind that was given. Locals, lists that are made here and results may change their kind.",
        shown: [
          ["data/number-or-object", "scale: number | number[]"],
          ["data/number-or-object", "number | Complex"],
          ["data/number-or-object-in-arrays", "rows: Item[][]"],
          ["data/mixed-parts", "pad: number | [number, number]"],
          ["data/mixed-trees", "gap: number | number[]"],
          ["data/object-or-array", "export type LatLng = LatLngLiteral | LatLngTuple;"],
          ["data/insets", "export type Inset = number | [number, number] |"],
        ],
      },
      {
        construct: "Options that the function makes, spread over defaults",
        how: 'Where only the call knows which fields an object has, it is made with just these and asked: `"gain" in options ? options.gain! : 2`.',
        shown: [
          ["data/asked-objects", "{ ...defaults, ...parse(text, x) }"],
          ["data/asked-objects", "options: Options = {}"],
        ],
      },
      {
        construct: "Types that contain themselves: trees, chains",
        how: "The gradient has the same form, as deep as the argument.",
        shown: [
          ["data/trees", "children: TreeNode[]"],
          ["data/trees", "readonly next: Joint | null"],
          ["data/narrower-parts", "holes?: readonly Polygon[]"],
          ["data/recursion", "left: Expression"],
        ],
      },
      {
        construct:
          "Instances, and objects that the function makes, in circles: half-edges, rings (`next!: HalfEdge`, `next: Knot = this`)",
        how: "Fields that are set when the others are there hold nothing at first; the shadows make the same circle.",
        shown: [
          ["recursion/closed-circles", "next!: HalfEdge"],
          ["recursion/closed-circles", "next: Knot = this"],
          ["data/circles", "side.next = sides[(i + 1) % sides.length];"],
        ],
      },
      {
        construct: "Records with any names, `Map`s and `Set`s, as parameters and constants",
        how: "A record or a map of the cotangents, under the same keys; a set steers.",
        shown: [
          ["data/records", "weights[word] ?? 0"],
          ["data/records", "rows: { [name: string]: number[] }"],
          ["data/maps", "values: Map<string, number>"],
          ["data/maps", "active: ReadonlySet<number>"],
        ],
      },
      {
        construct: "`Set`s, and maps of indices, that the function makes",
        how: "They steer; what they said is recorded where it matters.",
        shown: [
          ["data/sets", "new Set<string>()"],
          ["data/sets", "new Map(names.map("],
        ],
      },
      {
        construct: "Maps and records that the function writes to",
        how: "Beside each lies one of cotangents, under the same keys; taking off is written as well.",
        shown: [
          ["data/accumulators", "totals.set("],
          ["data/accumulators", "share[word] ="],
          ["data/accumulators", "last.delete("],
          ["data/map-objects", "new Map<string, Body>()"],
          ["data/memo", "known.set("],
          ["data/pattern-keys", "Partial<Record<Freedom, number>>"],
        ],
      },
      {
        construct:
          "Objects of known fields that are used as dictionaries: `Partial<Record<K, T>>`, `{ [S in Slot]?: T }`, optional fields that all hold the same",
        how: "As records, with the keys and in the order that the object has when the function runs. The cotangent has all of the fields.",
        shown: [
          ["data/dictionaries", "for (const k in w)"],
          ["data/dictionaries", "delete m[k];"],
          ["data/dictionaries", "out[k] = (out[k] ?? 0)"],
          ["data/dictionaries", "Object.entries(w).map("],
          ["data/dictionary-fields", "this.gear[slot] = item"],
          ["data/dictionary-fields", "Object.values(q.gear)"],
          ["data/field-orders", "{ b: x, ...p }"],
        ],
      },
      {
        construct: "Patches: an object that is given some of its fields, and spread over another",
        how: "Which fields it has by then is a condition.",
        shown: [
          ["data/patches", "if (c) patch.x = d * 2;"],
          ["data/patches", "cur = { ...cur, ...change }"],
        ],
      },
      {
        construct: "One of several maps or sets that a key chooses; the functions of a map as an array",
        how: "A conditional over the names; the functions one after the other.",
        shown: [
          ["data/chosen-maps", "all[which].has("],
          ["data/chosen-maps", "[...responses.values()]"],
        ],
      },
      {
        construct: "`Set`s of objects, `WeakSet`s",
        how: "Objects are told by their identity. Where a set is listed, a map of cotangents lies beside it, under the same objects; that is the gradient of a set that is a parameter, too.",
        shown: [
          ["data/object-sets", "new Set<Part>()"],
          ["data/object-sets", "on.delete(part)"],
          ["data/object-sets", "parts: ReadonlySet<Part>"],
          ["data/object-sets", "new WeakSet<Body>()"],
          ["recursion/visited", "visited.has(value)"],
          ["classes/instances-as-keys", "readonly leaves = new Set<Branch>()"],
        ],
      },
      {
        construct: "Maps with objects as keys, `WeakMap`s",
        how: "Beside each lies one of cotangents, under the same objects. Where the objects are listed, what lies under them is an entry with the object and its value.",
        shown: [
          ["data/object-maps", "distance.get(place)!"],
          ["data/object-maps", "of weights.keys()"],
          ["data/object-maps", "new Map<Item, Item[]>()"],
          ["data/object-maps", "new WeakMap<Item, number>()"],
          ["recursion/visited", "known.get(job)"],
          ["classes/instances-as-keys", "class Graph<T extends object>"],
        ],
      },
      {
        construct: "Lists of keys that are numbers",
        how: "Where the keys are only indices, tested or looked up; as numbers they would have lost their derivatives, which is refused.",
        shown: [
          ["data/number-keys", "new Map<number, { v: number }>()"],
          ["data/number-keys", "[...deg.keys()].sort("],
        ],
      },
      {
        construct:
          "`Object.fromEntries`, `new Map` of pairs, of another map; `Object.values` and the like as lists",
        how: "As the loops over their keys that they stand for.",
        shown: [
          ["data/from-entries", "Object.fromEntries("],
          ["data/from-entries", "new Map(parts.map("],
          ["data/listings", "Object.values(prices)"],
          ["data/listings", "[...values.values()]"],
          ["data/listings", "values.forEach("],
        ],
      },
      {
        construct: "Strings, booleans, enums, unions of literals",
        how: "Never differentiated; they steer.",
        shown: [
          ["language/tag-fields", "kind"],
          ["programs/enum-mode", "mode: Mode"],
          ["programs/strings", "name: string"],
          ["data/strings", "spec.toLowerCase().trim()"],
          ["data/text-patterns", "s.match(/\\d+|x/g)"],
          ["data/patterns-handed-over", "many(regex("],
          ["data/text-values", "new Set(text)"],
          ["data/text-values", "Math.round(n).toString(2)"],
        ],
      },
      {
        construct:
          'Instances in texts: `` `${z}` ``, `"" + z`, `String(z)`, also in what is thrown or logged',
        how: "The text is what their `toString` returns.",
        shown: [
          ["classes/texts", "${this} over ${other}"],
          ["classes/texts", "String(e)"],
          ["classes/texts", '"not finite: " + this'],
        ],
      },
      {
        construct: "Regular expressions in tables, in fields, and made by `new RegExp` of constant text",
        how: "Which pattern it is is known while compiling: what goes over a table is written out for each.",
        shown: [
          ["data/pattern-tables", "for (const [re, kind] of rules)"],
          ["data/pattern-tables", "new RegExp("],
        ],
      },
      {
        construct: "Regular expressions with `g` or `y`, `lastIndex`, and `index` of a match",
        how: "The pattern is an object with the index where its last call has ended; each call is given that index.",
        shown: [
          ["language/remembering-patterns", "NUM.lastIndex = pos"],
          ["language/remembering-patterns", "m.index"],
        ],
      },
      {
        construct: "Enums as objects: `Object.keys(Kind)`, `Object.values(Kind)`, `for (const k in Kind)`",
        how: "The object that the enum is at run time, whose fields are known.",
        shown: [["language/enum-objects", "Object.values(Kind)"]],
      },
      {
        construct: "Functions that are compared, looked for, keys of maps and in sets",
        how: "What stands for a function in memory is made once, where the function is made; of functions of which there is one only, the name is compared.",
        shown: [
          ["functions/compared", "l.act === relu"],
          ["functions/listeners-off", "this.handlers.indexOf(fn)"],
          ["functions/function-keys", "new Set<Fn>()"],
        ],
      },
      {
        construct:
          "Caches and tables of modules that are filled once, and variables that are set when they are first asked for",
        how: "Made afresh by each call, as what is kept does not depend on what is differentiated.",
        shown: [
          ["modules/caches", "cache.set(n, v)"],
          ["modules/memos", "_facts ??="],
          ["modules/singletons", "Tariff.instance = new Tariff(1.5)"],
          ["modules/singletons", "scratch = { weight: 1.5, buffer"],
        ],
      },
      {
        construct: "Numbers parsed out of text",
        how: "`match`, `matchAll`, `exec` (also in `while ((m = re.exec(s)) !== null)` with a pattern of its own), groups and their names, `split` and `join`. The numbers are constants.",
        shown: [
          ["data/text-parsing", "match.slice(1).map((part) => parseInt(part, 16) / 255)"],
          ["data/text-parsing", "const { year, month } = match.groups!;"],
          ["data/text-parsing", "of path.matchAll("],
          ["data/text-parsing", "while ((match = term.exec(formula)) !== null) {"],
          ["data/text-parsing", '[i, j].join(",")'],
        ],
      },
    ],
  },
  {
    heading: "Expressions",
    about:
      "Each operation and its formula is in [ops.md](ops.md), with what holds at kinks and singular points.",
    rows: [
      {
        construct: "Arithmetic, `Math.*`, `Number.*` constants",
        how: "By the operation's partials. Results are used again: `exp`, `sqrt`, `tanh` and the sigmoid are not computed twice.",
        shown: [
          ["language/arithmetic", "a ** b"],
          ["language/math-unary", "Math.acosh(x)"],
          ["language/math-binary", "Math.atan2"],
          ["language/math-variadic", "Math.max(a, b, c)"],
          ["language/sigmoid", "1 / (1 + Math.exp(-x))"],
        ],
      },
      {
        construct: "Assignment to variables, `+=` and the like, `++`",
        how: "Each assignment is a value of its own; the variable comes back in the emitted code where lifetimes allow.",
        shown: [
          ["language/compound-assignment", "a **= 2"],
          ["language/increment", "a++ * x"],
          ["language/swap", "[a, b] = [b, a]"],
        ],
      },
      {
        construct: "`c ? a : b`, `&&`, `||`, `??`",
        how: "The arm that was taken gets the cotangent; the other one contributes nothing.",
        shown: [
          ["language/ternary", "x > y ? x * x : y"],
          ["language/logical", "(x || 2)"],
          ["language/nullish", "scale ?? 2"],
        ],
      },
      {
        construct: "Comparisons, rounding, bits, whole numbers",
        how: "Derivative 0; a warning where that loses the derivative of something differentiated.",
        shown: [
          ["language/math-rounding", "Math.floor(x)"],
          ["loops/bits-and-indices", "bit <<= 1"],
        ],
      },
      {
        construct: "`as`, `satisfies`, `x!`, type arguments",
        how: "Taken away; the emitted code has its own where it needs one.",
        shown: [
          ["language/assertions", "satisfies {"],
          ["arrays/non-null", "x[i]!"],
        ],
      },
      {
        construct: "Object and array literals, spreads",
        how: "Split into the values of their cells where their shape is known, and then differentiated as such.",
        shown: [
          ["language/object-local", "const p = { x, y: y * 2"],
          ["language/spread", "{ ...base, ...style }"],
          ["arrays/literal-types", "[[], []]"],
        ],
      },
      {
        construct: "Spreads of what may not be there: `...(on && { k })`, `...(o ?? {})`, `...(c ? p : {})`",
        how: "Each field is what is spread where it is there, else what stands before. Fields that an object may lack are asked for by `in`.",
        shown: [
          ["data/optional-spreads", "...(t.l && { l: t.l * 3 })"],
          ["data/optional-spreads", "...(o ?? {})"],
          ["data/optional-spreads", "...(c ? o : null)"],
        ],
      },
      {
        construct: "`{ ...p, ...patch }` with a `Partial` of what is there",
        how: "A field of the patch that is there is taken to hold a value, as TypeScript has it, unless that is tested later.",
        shown: [
          ["language/spread-patch", "{ ...player, ...patch }"],
          ["language/spread-patch", "{ ...defaults, ...each }"],
        ],
      },
      {
        construct:
          "Names that are computed, `{ ...state, [what]: state[what] + by }`, where the type of the name lists them",
        how: "Each of these fields is the value or what was there, by a test of the name.",
        shown: [
          ["data/computed-properties", "[action.what]: state[action.what] + action.by"],
          ["data/computed-properties", "const s: Partial<Goods> = { [k]: x };"],
        ],
      },
      {
        construct: "Defaults below the options of the caller, also through helpers and constructors",
        how: "Which fields the object has is asked of the caller's own, and known of what is made here.",
        shown: [
          ["data/spread-defaults", "const q = { a: 1, b: 2, ...o };"],
          ["data/spread-defaults", "this.m = { ...STEEL, ...m };"],
        ],
      },
      {
        construct: "Options that may be empty, `new Descent()`, `{}` beside options of other classes",
        how: "What is certainly absent decides its default while compiling.",
        shown: [["data/empty-options", "options: Options = {}"]],
      },
      {
        construct: "Spreads of discriminated unions, `{ ...buff, turns: buff.turns - 1 }`",
        how: "Copied kind by kind. What stands behind the spread is written out for each kind.",
        shown: [
          ["language/spread-union", "{ ...buff, turns: buff.turns - 1 }"],
          ["language/spread-union", "const copy = { ...buff };"],
        ],
      },
      {
        construct: "`Result`, `Option`, `Either`: a failure of one handed on as one of another",
        how: "What TypeScript has found it to be is copied; neither may be changed then.",
        shown: [
          ["language/results", "if (!r.ok) return r;"],
          ["data/results-of-one-kind", "(error: string): Err"],
          ["classes/generic-options", "class Some<T> extends Option<T>"],
        ],
      },
      {
        construct:
          'Words beside objects that contain both, `type Tree = "leaf" | { left: Tree; right: Tree }`',
        how: "As types that contain themselves; in the gradient the words stand where they do in the value.",
        shown: [
          ["recursion/words-among-trees", '"leaf" | { value: number; left: Tree; right: Tree }'],
          ["recursion/words-among-trees", "parts: Ease[]"],
        ],
      },
      {
        construct:
          "Keys of records that only the call knows in a pattern, `const { [id]: removed, ...rest } = record`",
        how: "A read under the key, and a copy of the record without it.",
        shown: [
          ["data/computed-patterns", "[id]: gone"],
          ["recursion/reducer", "...entities } = state.entities"],
        ],
      },
      {
        construct: "Tuples of children that may be missing, `[Node | null, Node | null]`",
        how: "As fields of optional objects; the shadow of a child is made with it.",
        shown: [
          ["recursion/tuples-of-children", "children: [Quad | null, Quad | null, Quad | null, Quad | null]"],
          ["recursion/tuples-of-children", "t.kids[side] = put(t.kids[side], key, val);"],
        ],
      },
      {
        construct: "Tuples of several lengths in one union",
        how: "Told apart by their lengths, and read as arrays where any of them may be.",
        shown: [["arrays/tuples-of-lengths", "for (const k of kernel)"]],
      },
      {
        construct:
          "Tuples with a rest, or with elements that may be left out, `[string, ...number[]]`, `[number, Options?]`",
        how: "An array of all that its elements may be, and so is the cotangent. What a pattern leaves of one kind is an array of that.",
        shown: [
          ["arrays/tuples-with-rest", "for (const [name, ...args] of commands) {"],
          ["arrays/tuples-with-rest", "const [center, ...radii] = whole;"],
          ["arrays/tuples-with-rest", "damped(...args)"],
        ],
      },
      {
        construct: "Arrays with holes, `if (!groups[k]) groups[k] = []`",
        how: "Methods and `for…in` pass over the holes.",
        shown: [
          ["arrays/passed-over-holes", "if (!groups[item.kind]) groups[item.kind] = [];"],
          ["arrays/passed-over-holes", "return sums.reduce((a, b) => a * b + 1)"],
        ],
      },
      {
        construct: "Tuples where arrays are expected, `cond ? pair : xs`",
        how: "Copied into an array. Neither the tuple nor the array may be changed then.",
        shown: [
          ["language/tuples-as-arrays", "let xs: readonly number[] = x;"],
          ["language/tuples-as-arrays", "cond ? pair : [x, x * x, pair[0] * x]"],
        ],
      },
      {
        construct: "`Object.entries`, `values`, `keys` and `for…in` of objects that may lack fields",
        how: "Each field where `in` finds it. Where the order may matter, it has to be that in which the object was made, so that of an object made here.",
        shown: [
          ["data/optional-field-lists", "of Object.entries(c)"],
          ["data/optional-field-lists", "k in o"],
        ],
      },
      {
        construct: "`Object.assign`",
        how: "A literal as the target grows like `{ ...a, ...b }`; another object is stored into, field by field, `this` of a constructor included. Fields that an argument may lack are asked for by `in`.",
        shown: [
          ["data/object-assign", "Object.assign({}, defaults, options)"],
          ["data/object-assign", "Object.assign(moved, {"],
          ["data/object-assign", "Object.assign(this, init)"],
        ],
      },
      {
        construct: "`structuredClone` of objects, tuples and arrays",
        how: "A copy of all of it. What two parts may share, instances, records and maps are refused.",
        shown: [["data/structured-clone", "structuredClone(state)"]],
      },
      {
        construct: "`JSON.parse(JSON.stringify(x))` as a copy",
        how: "A copy of all of it, each part once for each place. Numbers are taken to be finite. What JSON turns into something else (instances, maps, sets, typed arrays, `undefined` in a list) is refused.",
        shown: [["data/json-copies", "JSON.parse(JSON.stringify(world))"]],
      },
      {
        construct:
          "`Object.groupBy`, `Map.groupBy`; `hasOwnProperty`, `Object.hasOwn`; `delete` of a record's key",
        how: "Groups are made by a loop, in a record or a map of arrays. Whether there is a key is asked, or known where all fields are.",
        shown: [
          ["data/groups", "Object.groupBy(samples, (s) => s.label)"],
          ["data/groups", "Map.groupBy(xs, (_, i) => i % 3)"],
          ["data/groups", "delete own.base;"],
          ["data/groups", 'rates.hasOwnProperty("extra")'],
        ],
      },
      {
        construct: "`with`, `toSpliced`, `copyWithin`, `flat(depth)`, `Array.of`, `xs.length = n`",
        how: "As copies and loops; the depth is written out.",
        shown: [
          ["arrays/changed-copies", "xs.with(1, xs[0]! * xs[2]!)"],
          ["arrays/changed-copies", "xs.toSpliced(1, 2, xs[0]! ** 2, 3)"],
          ["arrays/changed-copies", "ys.copyWithin(n, 0, 2)"],
          ["arrays/changed-copies", "blocks.flat(2)"],
        ],
      },
      {
        construct: "`this.constructor.name`; lists of keys that are written out",
        how: "Words: the class is told apart as for a call of its methods.",
        shown: [
          ["classes/class-names", "this.constructor.name"],
          ["data/written-keys", '[...methods.keys()].join(", ")'],
        ],
      },
      {
        construct: "Maps of functions",
        how: "Where the keys are written out and nothing is added: `get` chooses from the functions, `has` asks for the keys.",
        shown: [
          ["data/function-maps", "operations.get(name)"],
          ["data/function-maps", "activations.has(kind)"],
        ],
      },
      {
        construct: "Methods and getters of object literals",
        how: "Inlined where they are called or read; a spread copies what a getter gives.",
        shown: [
          ["data/getters", "get spread()"],
          ["classes/declared-getters", "boxes.push(box(x, k))"],
          ["classes/fields-like-getters", "({ p: b.v * b.v, q: 2 })"],
          ["functions/chosen-getters", "const p = on ? a : b;"],
          ["data/getters", "{ ...box, h: 1 }"],
        ],
      },
      {
        construct:
          "Elements, and values under keys, that may be missing, where the code asks for that, however far away",
        how: "Read with a test of the length or of the key; elsewhere they are taken to be there, as their types say.",
        shown: [
          ["data/missing-elements", "d.at(-1) ?? a"],
          ["data/missing-elements", "last = open.pop() ?? a"],
          ["data/hidden-absence", "p.b === undefined ? a * a : p.b * a"],
          ["data/missing-parts", "if (hi.x === undefined || hi.y === undefined)"],
        ],
      },
      {
        construct: "Destructuring, with defaults, renaming and rest",
        how: "As the reads that it stands for.",
        shown: [
          ["language/destructuring", "const { x, ...yz } = p"],
          ["arrays/destructuring", "[[a, b], [c, d]]"],
        ],
      },
      {
        construct: "Optional chaining: of fields, methods, elements and functions, in chains of any length",
        how: "As the test that it stands for.",
        shown: [
          ["language/optional-fields", "light.tint?.r"],
          ["data/optional-chains", "axis?.scale(k).dot(new Vec(y, 1))"],
          ["data/optional-chains", "layer?.activation?.(x)"],
        ],
      },
    ],
  },
  {
    heading: "Arrays and objects in memory",
    about:
      "Whatever may hold differentiated numbers has a shadow that is made and passed on by the same steps, so that aliases in the function are aliases in its gradient.",
    rows: [
      {
        construct: "Reading and writing elements, `a[i] += x`",
        how: "A read adds to the shadow's cell; a write takes the cell's cotangent and clears it. A value that is overwritten is kept only if the reverse sweep needs it.",
        shown: [
          ["mutation/overwritten", "t[0] = "],
          ["mutation/compound-elements", "] += "],
          ["mutation/in-place", "] = "],
        ],
      },
      {
        construct: "Two names of one array, rows by name, arrays that swap places",
        how: "The shadow has the same two names.",
        shown: [
          ["aliasing/two-names", "const b = a"],
          ["aliasing/row-views", "const row = "],
          ["aliasing/row-swap", "[now, next] = [next, now]"],
          ["aliasing/conditional-reference", "a > 0 ? x : y"],
        ],
      },
      {
        construct: "Arguments that are written to",
        how: "The gradient works on copies of those parts. Where one object lies in two places of the arguments, and is written to, it throws.",
        shown: [
          ["mutation/mutated-parameter", "x[i]"],
          ["aliasing/shared-within", "from.v += (f / from.m) * dt"],
        ],
      },
      {
        construct: "Instances with private fields from outside, beside instances that are made here",
        how: "The parts of parameters that have any are copied, into plain objects.",
        shown: [["classes/private-beside-made", "z = z.mul(z).add(c)"]],
      },
      {
        construct: "`new Array(n).fill(…)`, `Array.from`, `new Float64Array(n)`, `subarray`",
        how: "A shadow of the same size; a view has a view of the shadow.",
        shown: [
          ["arrays/new-array", "new Array"],
          ["arrays/array-from", "Array.from"],
          ["aliasing/subarray", "subarray"],
          ["aliasing/shared-row", ".fill("],
        ],
      },
      {
        construct: "`push`, `pop`, growing by index, `length`",
        how: "The shadow grows with the array; the reverse of `push` is `pop`.",
        shown: [
          ["arrays/push-pop", ".push("],
          ["arrays/append-by-index", "y[i] = "],
          ["arrays/growing", "queue.push("],
          ["mutation/unshift", "queue.unshift(...queue, 1);"],
          ["mutation/stores-at-the-end", "st[st.length] = sum * x;"],
        ],
      },
      {
        construct: "`map`, `reduce`, `forEach`, `filter`, `flatMap`, `some`, `find` and so on",
        how: "As the loops that they stand for; callbacks are inlined.",
        shown: [
          ["arrays/map-reduce", ".map("],
          ["arrays/for-each", ".forEach("],
          ["arrays/filter", ".filter("],
          ["arrays/flat-map", "flatMap"],
          ["arrays/concatenated-lists", "xs.flatMap((x) => (x > 2 ? [x, x * k] : x * x))"],
          ["arrays/concatenated-lists", "concat(...lists)"],
          ["arrays/search", ".findIndex("],
          ["arrays/reduce-right-object", ".reduceRight("],
          ["arrays/found-objects", "seen.includes(node)"],
        ],
      },
      {
        construct: "`slice`, `concat`, `[...a, b]`, `fill`, `set`, `reverse`",
        how: "Copies have shadows of their own, whose cotangents go back to where they were copied from.",
        shown: [
          ["arrays/slice", ".slice("],
          ["arrays/spread-concat", "x.concat(y)"],
          ["arrays/fill-set", ".fill("],
          ["arrays/swap-reverse", ".reverse()"],
        ],
      },
      {
        construct: "`sort`, `toSorted`",
        how: "The indices are sorted, by the comparison as it is, and the elements taken in that order; cotangents go back by the same order. No derivative flows through the comparison.",
        shown: [
          ["arrays/sort", ".sort("],
          ["arrays/sort-orders", "[...xs].sort("],
        ],
      },
      {
        construct: "Fields by a key that is one of a few literals",
        how: "`w[key]`, in the gradient as well, where the type is made of its keys (`Record<Joint, Pose>`); else as the choice between the fields.",
        shown: [
          ["arrays/keyed-fields", "w[name]"],
          ["data/keyed-tables", "state[from]"],
        ],
      },
    ],
  },
];
