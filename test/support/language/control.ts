/** Rows of `docs/language.md`: statements, calls, classes, modules, and whole programs. */
import type { Section } from "./row.js";

export const controlSections: readonly Section[] = [
  {
    heading: "Statements",
    about: "",
    rows: [
      {
        construct: "`if`, `else`, `switch` on numbers and strings, with fall-through",
        how: "The reverse sweep tests the same condition again, or a kept one, and reverses the arm that ran.",
        shown: [
          ["language/if-else", "} else if"],
          ["language/switch-number", "switch ("],
          ["language/switch-string", "switch ("],
          ["language/switch-fallthrough", "case "],
        ],
      },
      {
        construct:
          "Values of type `never` for what is handled (`const missing: never = shape; return missing`)",
        how: "Never reached: the last case needs no test.",
        shown: [
          ["language/never-reached", "const exhaustive: never = action;"],
          ["language/never-reached", "unit satisfies never"],
        ],
      },
      {
        construct: "Early `return`, penalties (`return 1e10`)",
        how: "What has run until there is reversed inside the branch, under its own result.",
        shown: [
          ["language/early-return", "if (x < 0) return 0;"],
          ["language/penalty-return", "return 1e"],
          ["language/nested-return", "    return "],
          ["language/empty-parts", "return { value: 0, parts: []"],
        ],
      },
      {
        construct: "`try`, `catch`, `finally`",
        how: "What is thrown there, and in the calls there, is a jump to the handler; nothing is thrown in the gradient. The handler may ask for the class of an error, its message and its fields. Where nothing can be thrown, the block simply runs.",
        shown: [
          ["language/try-catch", "} catch (error) {"],
          ["language/try-catch", "instanceof Singular"],
          ["language/try-finally", "} finally {"],
          ["language/try-idle", "} catch {"],
          ["recursion/failing-calls", "} catch {"],
          ["recursion/failing-fields", "e.at"],
        ],
      },
      {
        construct: "`throw`",
        how: "The gradient throws the same. What its message is made of is computed there; a part that cannot be is `…`, with a warning.",
        shown: [
          ["language/throw", "throw new"],
          ["loops/throw-in-loop", "throw new"],
          ["language/computed-messages", "needs"],
        ],
      },
      {
        construct: "Loops that only add up",
        how: "No second loop: the reverse of an iteration runs right after it.",
        shown: [
          ["loops/logistic", "loss += "],
          ["loops/nested", "  for ("],
        ],
      },
      {
        construct: "`for` with any start, bound and step",
        how: "A loop that runs down over what was recorded, and recomputes what is cheap.",
        shown: [
          ["loops/for-ascending", "balance = (balance + deposit) * (1 + rate)"],
          ["loops/for-descending", "i--"],
          ["loops/for-stride", "i += "],
          ["loops/any-bounds", "t > 0.25"],
        ],
      },
      {
        construct: "States that each step makes anew (`s = step(s)`)",
        how: "The fields go round the loop as numbers; an object that others may see stays one.",
        shown: [
          ["loops/states", "p = p.clone().add(v, k).scale(0.9)"],
          ["loops/states", "s = { pos: add(s.pos, vel, dt), vel, mode"],
          ["loops/states", "s = i % 2 === 0 ? q : { x: s.x * 2, y: s.y };"],
        ],
      },
      {
        construct: "`while`, `do`, `for (;;)`",
        how: "The iterations are counted, and reversed as often.",
        shown: [
          ["loops/while-newton", "while ("],
          ["loops/do-while", "} while ("],
          ["loops/endless", "for (;;)"],
        ],
      },
      {
        construct: "Generators, `yield*`, `[Symbol.iterator]`",
        how: "The body of the generator is written out, with what is done with a value in place of each `yield`; spreads and `Array.from` collect the values, and patterns take as many as they have names. A generator that calls itself is a function that puts them in an array, where taking turns with what uses them makes no difference.",
        shown: [
          ["loops/generators", "for (const [a, b] of pairs(xs))"],
          ["classes/iterators", "for (const p of path)"],
          ["classes/destructured-iterators", "const [x, y, z] = vs[0]!;"],
          ["recursion/generators", "yield* inorder(t.left)"],
          ["recursion/generators-in-turns", "for (const pick of choose(xs, k))"],
        ],
      },
      {
        construct: "Iterators written by hand: `return { next: () => ({ done, value }) }`",
        how: "A loop that runs the body of `next` until it is done. Each step has to be written as `{ done, value }`.",
        shown: [
          ["classes/hand-iterators", "{ done: true, value: undefined }"],
          ["classes/hand-iterators", "for (const p of new Powers(x, limit)) {"],
        ],
      },
      {
        construct: "Iterators of arrays that are asked step by step, and the first step of a map or a set",
        how: "The array and an index, which each step takes on: `xs[at]`. `map.keys().next().value` is `[...map.keys()][0]`.",
        shown: [
          ["arrays/steps-by-hand", "const { done, value } = it.next();"],
          ["data/first-steps", "m.keys().next().value"],
          ["data/first-steps", "const [oldest] = m.keys();"],
        ],
      },
      {
        construct: "`for … of` over arrays and `entries()`, also of tuples",
        how: "As the loop over the index; short ones over tuples are written out.",
        shown: [
          ["loops/for-of", " of "],
          ["loops/for-of-entries", ".entries()"],
          ["loops/long-over-tuples", "for (const label of labels)"],
        ],
      },
      {
        construct: "`break`, `continue`, `return` inside of loops; labels of loops and blocks",
        how: "As conditions around what follows; how far an iteration came is kept.",
        shown: [
          ["loops/break-at-tolerance", "break;"],
          ["loops/continue", "continue;"],
          ["loops/return-in-loop", ") return "],
          ["loops/nested-break-continue", "break"],
          ["loops/named-blocks", "break pricing;"],
        ],
      },
      {
        construct: "Fixed-point iterations, Newton's method, adaptive steps",
        how: "Through the iterations that ran. The derivative is that of what was computed, not of the limit.",
        shown: [
          ["loops/newton", "while ("],
          ["loops/fixed-point", "while ("],
          ["loops/adaptive-steps", "while ("],
        ],
      },
    ],
  },
  {
    heading: "Calls and functions as values",
    about: "",
    rows: [
      {
        construct: "Helpers in the same file",
        how: "Inlined, their variables under the helper's name: `distance_dx`.",
        shown: [
          ["language/helper-same-file", "nestedCalls"],
          ["loops/in-helpers", "\nfunction "],
          ["arrays/helper-results", "function "],
        ],
      },
      {
        construct: "Helpers that write to what they are given",
        how: "Inlined, with the memory of the caller.",
        shown: [["aliasing/helper-writes", "axpy"]],
      },
      {
        construct: "Closures, which may read and assign outer variables",
        how: "Inlined where they are called, with the variables as they are then.",
        shown: [
          ["language/closures", "total += v * v"],
          ["programs/closure-state", "get: () => total"],
        ],
      },
      {
        construct: "Tables that have functions for some of the names, `handlers[state]?.(x)`",
        how: "A conditional over the names.",
        shown: [["functions/partial-tables", "enter[state]?.(x)"]],
      },
      {
        construct: "Functions as arguments, in variables and in objects; functions returned from functions",
        how: "Inlined where which one is called is known while compiling.",
        shown: [
          ["language/function-arguments", "smooth ? Math.tanh"],
          ["functions/returned", "const curry ="],
          ["programs/higher-order", "compose(Math.sin"],
        ],
      },
      {
        construct:
          "Functions chosen at run time: by a condition, an index or a name, out of an array, assigned again, in loops too",
        how: "All that it can be are known; what is kept is which one it is, and a call is a choice between their bodies.",
        shown: [
          ["functions/choices", "activations[name]"],
          ["functions/arrays", "steps[i] ?? Math.cos"],
          ["functions/loops", "step = slow"],
          ["functions/returned", "firstPositive("],
        ],
      },
      {
        construct:
          "Functions in arrays, maps and fields that are filled in loops, in variables set in loops, and sorted, filtered or composed; out of tables, into fields of instances, of unions, and of types that contain their like",
        how: "What is kept is a record of what the function sees, with a tag where it may be one of several; a call reads it from there.",
        shown: [
          ["functions/kept-lists", "fs.push((x) => ws[i] * x + bs[i])"],
          ["functions/memoized-functions", "(s = this.build(t))"],
          ["functions/kept-members", "addTerm("],
          ["functions/kept-variables", "best = (y)"],
          ["functions/kept-variables", "const g = f;"],
          ["functions/chosen-state", 'filters.push(kind === "smooth" ? smooth() : shift())'],
          ["functions/kept-tapes", "tape[i]()"],
          ["functions/returned-recursively", "const parts = spec.terms.map(build);"],
          ["functions/kept-tables", "this.fn = ACTIVATIONS[kind];"],
          ["functions/kept-unions", "out.backward = () => {"],
          ["functions/typed-events", 'bus.on("tick", ({ t, power }) => {'],
        ],
      },
      {
        construct:
          "Functions in memory that assign what they see, or see what is assigned after they are made",
        how: "The variable lies in an object of one field, which the function and the code around share.",
        shown: [
          ["functions/kept-shared", "total += w * v;"],
          ["functions/kept-shared", "scale += 1;"],
          ["functions/kept-shared", "prev = a * prev"],
        ],
      },
      {
        construct:
          "Functions with fields: `Object.assign((x) => …, { gain: 3 })`, `force.strength = (s) => …`; `f.length`, `f.name`",
        how: "As an object with the function in one more field; of a function of a module, as a constant of that.",
        shown: [
          ["functions/fields-of-functions", "Object.assign((x: number) => k * f(x)"],
          ["functions/fields-of-functions", "integrate.order = 2"],
          ["functions/given-fields", "force.strength = (s: number) => {"],
          ["functions/forces", "forceX(10).strength(k)"],
          ["functions/fields-of-functions", "add.length"],
        ],
      },
      {
        construct: "`call`, `apply`, `bind`, overloaded helpers",
        how: "As the call that they stand for.",
        shown: [
          ["functions/indirect", "mul.bind(undefined, y)"],
          ["functions/indirect", "function area(a: number, b: number): number;"],
        ],
      },
      {
        construct:
          "Recursion: linear, tree-shaped, mutual, on data that contains itself; closures that call themselves and change outer variables",
        how: "A companion of two parts, emitted once: `power_forward` returns the value and what runs backward, which returns the cotangents of the arguments. As deep as the original.",
        shown: [
          ["recursion/numbers", "function odd(n: number"],
          ["recursion/arrays", "function casteljau("],
          ["recursion/quadrature", "function adaptive("],
          ["recursion/outer-variables", "total += Math.sin(w * x)"],
          ["recursion/chosen-model", "prune("],
          ["data/recursion", "damped(child, scale)"],
        ],
      },
      {
        construct:
          "Recursion through a function that is handed over (`memoize`), a callback, `this` of an object, or closures made of closures (parser combinators)",
        how: "The function that comes back to itself is called; what lies between is written out.",
        shown: [
          ["recursion/memoized", "const fib = memoize("],
          ["recursion/parser-combinators", "lazy(() => sum)"],
          ["recursion/tied-closures", "f(fix(f))"],
          ["recursion/memoized", "this.price(part.payoff, spot)"],
          ["recursion/memoized", "this.expect((part) => part.mean())"],
        ],
      },
      {
        construct: "Generic helpers",
        how: "With the types of the call.",
        shown: [
          ["language/generic-helper", "<T extends"],
          ["functions/generic-helpers", "<A, B, C>"],
        ],
      },
      {
        construct: "Rest parameters and spread arguments of helpers",
        how: "As so many values where their number is known, as a list where only the call knows it.",
        shown: [
          ["programs/rest-arguments", "...others: number[]"],
          ["functions/generic-helpers", "new Poly(x, ...cs)"],
          ["functions/spread-calls", "functions[name](...xs"],
          ["functions/predicates", "pipe(...steps)"],
        ],
      },
      {
        construct:
          "A function or a value of another kind, `number | ((d) => number)`, and lists with `k > 0 && f`",
        how: "Told apart while compiling or by the test that chooses; of a list, the elements that are there.",
        shown: [
          ["functions/mixed-functions", "type Accessor = number | ((item: Item, i: number) => number);"],
          ["functions/optional-elements", "(F | false | null | undefined)[]"],
        ],
      },
      {
        construct: "Functions with their derivative by hand, `@gradOf`",
        how: "Called as they are, and their rule in the reverse sweep; see [rules.md](rules.md).",
        shown: [
          ["rules/root", "@gradOf cubicRoot"],
          ["rules/linear-solve", "@gradOf solve"],
          ["rules/imported", "@gradOf special.norm"],
          ["rules/recursive", "@gradOf log1pexp"],
        ],
      },
      {
        construct: "`stopGradient`",
        how: "Its argument, without a cotangent.",
        shown: [["rules/stop-gradient", "stopGradient(x * y)"]],
      },
      {
        construct:
          "Counters that nobody else can see, of a module or a class: `let nextId = 0`, `static #count = 0`",
        how: "Each call counts for itself, as long as the numbers are only compared and used as keys.",
        shown: [
          ["classes/ids", "Vertex.nextId()"],
          ["rules/counters", "uid++"],
        ],
      },
      {
        construct: "Side effects: `console`, counters, also in exported objects and classes, `Math.random`",
        how: "Happen once, in the forward sweep.",
        shown: [
          ["rules/effects", "console.log("],
          ["rules/effects", "stats.evaluations++"],
          ["classes/static-counters", "Particle.count++"],
          ["rules/counters", "stats.nextId++"],
          ["language/side-effects", "n++"],
          ["language/math-rounding", "Math.random()"],
        ],
      },
      {
        construct:
          'Helpers that log: `function log(...args: unknown[])`, `JSON.stringify(state)`, `x.toLocaleString()`, `new Intl.NumberFormat("en").format(x)`',
        how: "What is handed over is logged as it is, once per call; the texts are made by the same calls and carry no derivative, also where they are keys.",
        shown: [
          ["rules/log-helpers", 'console.log("[debug]", ...args)'],
          ["rules/log-helpers", "JSON.stringify([Math.floor(x), x > 0])"],
          ["rules/log-helpers", "toLocaleString("],
        ],
      },
      {
        construct:
          "Functions of the caller that are told how things go (`options.log?.(…)`), also taken out of options and handed on",
        how: "Called once, in the forward sweep. In the place of one that may be missing may stand one that does nothing; a test whether it is there may decide about its calls only.",
        shown: [
          ["rules/callbacks", "options.log?.("],
          ["rules/callbacks-handed-on", "const { rate = 0.1, log, onStep } = options;"],
          ["rules/callbacks-handed-on", "log = () => {}"],
          ["rules/callbacks-tested", "if (log) log("],
        ],
      },
    ],
  },
  {
    heading: "Classes",
    about: "Instances are objects; what class they are of is known while compiling.",
    rows: [
      {
        construct: "Constructors, parameter properties, initialisers, checks that throw",
        how: "Inlined at `new`.",
        shown: [["classes/construction", "Number.isNaN(re)"]],
      },
      {
        construct: "Methods, chained ones, getters and setters, static members",
        how: "Inlined at the call, with `this` as one more argument.",
        shown: [
          ["classes/vec2", ".add(Vec2.from([1, 2]))"],
          ["classes/matrix3", "static identity"],
          ["classes/destructured", "const { EPS } = Vec"],
        ],
      },
      {
        construct: "Methods that change `this`",
        how: "As writes to the object's memory.",
        shown: [
          ["classes/particles", "this.fx += fx"],
          ["classes/vec2", "addInPlace"],
        ],
      },
      {
        construct: "Inheritance, abstract classes, `super`",
        how: "The method of the instance's own class.",
        shown: [["classes/inheritance", "super(density)"]],
      },
      {
        construct: "Methods and getters that depend on the class of an instance; `instanceof`",
        how: "Each class has an arm of its own. An instance made in the function carries the name of its class; where one is given, all are told by `instanceof`, and one of a class that the project does not know is refused by an exception. Which classes a value may be of, its own type says (of the argument, of the field that nothing assigns again), even where a function takes more.",
        shown: [
          ["classes/dispatch", "b.energy(v)"],
          ["classes/dispatch", "body instanceof Rod"],
          ["classes/fields-of-two-kinds", "public ell: number | readonly number[]"],
          ["classes/sibling-classes", "c: NS | IC, k: number"],
          ["classes/made-among-given", "shape.scaled(k)"],
          ["classes/optional-methods", "layer.penalty?.(0.1) ?? 0"],
          ["classes/setters-and-fields", "body.speed += 0.1 * v"],
          ["classes/hierarchy", "shape.density(px, py, softness)"],
          ["classes/numbers-below", "shapes: Shape[]"],
          ["classes/hierarchy", "part.distance(px - this.x, py - this.y)"],
        ],
      },
      {
        construct: "Classes inside of functions, class expressions",
        how: "As those of modules; their members see the variables of the function.",
        shown: [
          ["classes/local-classes", "class Spring"],
          ["classes/local-classes", "= class {"],
          ["classes/class-expressions", "new REGISTRY[kind](ks[i])"],
        ],
      },
      {
        construct: "Constructors that make instances of their own class",
        how: "Called, with a companion that gives the instance.",
        shown: [["recursion/constructors", "new SegTree(lo, mid, vals)"]],
      },
      {
        construct: "Functions that a constructor puts into fields: `this.f = (x) => this.k * x`",
        how: "As methods, if they see nothing else of the constructor. Others see the object when they are called, also where its fields are set later; where the instance is kept in an array or a field, what stands for them refers to it.",
        shown: [
          ["classes/constructed-functions", "this.resist = (v) =>"],
          ["classes/constructed-functions", "this.handlers = ["],
          ["classes/constructed-in-lists", "Math.tanh(k * this.w * x)"],
          ["classes/plugins", "d.subscribe(() => {"],
        ],
      },
      {
        construct:
          "Classes as values: in arrays, maps, records and fields, chosen by a name, `x.constructor`",
        how: "As functions as values: what is kept is which class it is; `new`, `instanceof` and static members are a choice.",
        shown: [
          ["classes/classes-kept", "new byName[kind](r)"],
          ["classes/classes-kept", "this.classes.set(name, type)"],
          ["classes/classes-kept", "list.push(flag ? Disc : Tile)"],
          ["classes/classes-kept", "this.constructor as new (s: number) => this"],
          ["classes/classes-as-values", "new this(x)"],
        ],
      },
      {
        construct:
          "Mixins: `class Big extends Scalable(Disc)`, where `Scalable` returns `class extends Base`",
        how: "As a class that extends the one that the mixin is given, if that is the same one at all its calls.",
        shown: [
          ["classes/mixins", "const TiltedLens = Tilted(Lens);"],
          ["classes/mixins", "extends Damped(Springy(Body, 2))"],
        ],
      },
      {
        construct: "Classes that look alike: `const c: Circle = new Square(1)`",
        how: "An instance is of its own class, whatever its type says.",
        shown: [["classes/alike", "let c: Circle = new Circle(rs[0]!)"]],
      },
      {
        construct: "Generic classes, functions in fields, instances in arrays",
        how: "As generic helpers, functions as values, and arrays of objects.",
        shown: [
          ["classes/variety", "class Box<T>"],
          ["classes/layers", "this.activation(sum)"],
          ["classes/generic-literals", "ms.push({ map: (a) => a + c })"],
          ["classes/generic-families", "Stack<T extends Layer>"],
          ["classes/open-fields", "class Kernel<O extends KernelOptions = KernelOptions>"],
          ["classes/behavior-trees", "new Act((b, dt) =>"],
        ],
      },
    ],
  },
  {
    heading: "Modules",
    about: "",
    rows: [
      {
        construct: "Imported helpers: by name, default, namespace, through barrels and `paths`",
        how: "Inlined like those of the file.",
        shown: [
          ["language/helper-imported", "import decay, { bump }"],
          ["language/helper-namespace", "import * as"],
          ["language/helper-reexported", 'from "./lib"'],
          ["language/helper-alias", "@lib/vec"],
          ["modules/barrels", "lerp as mix"],
          ["modules/default-exports", "import along,"],
          ["modules/namespaces", "g.angles.toRadians"],
        ],
      },
      {
        construct: "Longer helpers that several targets of a file lead to",
        how: "A companion in the emitted file, once, which each gradient calls.",
        shown: [
          ["modules/shared-helper", "energy(amplitude, decay, 1, 3)"],
          ["functions/shared-in-file", "difference(p, q, { kL: 2 })"],
        ],
      },
      {
        construct: "Packages with TypeScript source",
        how: "Their functions are inlined like those of the project.",
        shown: [["modules/package-typescript", 'from "vec-kit"']],
      },
      {
        construct:
          "Packages in JavaScript with declarations: ES modules and CommonJS, by `exports`, `module` or `main`",
        how: "Their functions are inlined. Types follow from what they are called with; what is not certain is refused.",
        shown: [
          ["modules/package-javascript", 'from "easing-kit"'],
          ["modules/package-commonjs", 'from "stats-kit"'],
          ["modules/package-compiled", 'from "ease-kit/typescript"'],
          ["modules/package-compiled", 'from "ease-kit/umd"'],
          ["modules/package-factory", 'from "tiny-means/umd"'],
          ["modules/package-out", "vec2.rotate(turned"],
          ["modules/package-namespaces", "mat.apply(m, v)"],
        ],
      },
      {
        construct: "JavaScript with JSDoc types, under `allowJs` (and `maxNodeModuleJsDepth` for packages)",
        how: "Its functions are inlined like those of the project.",
        shown: [["modules/package-jsdoc", 'from "signal-kit"']],
      },
      {
        construct: "Constants, tables and enums of modules",
        how: "Written out in the gradient, as far as it needs them.",
        shown: [
          ["language/module-constants", "CONFIG.limits.high"],
          ["modules/constants", "LIMITS.huber"],
          ["modules/unwritten-constants", "{ ...defaults, ...options }"],
          ["modules/filled-constants", "registry.set(name, make)"],
          ["modules/filled-by-methods", 'functions.register("square"'],
          ["modules/registries", 'import "./lib/builtins";'],
          ["modules/filled-constants", "waves.sine = (t) => Math.sin(t);"],
        ],
      },
      {
        construct: "Buffers that a module keeps",
        how: "Each call of the gradient works on its own, if what is in them is written before it is read.",
        shown: [
          ["aliasing/module-buffers", "delayLine.fill(0)"],
          ["aliasing/module-scratch", "buffer[i] = xs[i] * xs[i]"],
        ],
      },
    ],
  },
  {
    heading: "What the emitted code keeps to",
    about: "",
    rows: [
      {
        construct: "Names",
        how: "The user's, `d` in front for cotangents; what would collide or hide something gets another.",
        shown: [
          ["names/cotangents", "dx: number"],
          ["names/keywords", "export function"],
          ["names/math-shadowed-module", "Math"],
        ],
      },
      {
        construct: "Special points",
        how: "A cotangent of 0 never becomes NaN; ties go to the first argument.",
        shown: [
          ["special/kinks", "Math.abs(x - y)"],
          ["special/norms", "Math."],
          ["special/ties", "Math.m"],
          ["special/zero-cotangent", "@grad"],
        ],
      },
      {
        construct: "Derivations as in the CS231n notes",
        how: "Staged, cached, added up at forks.",
        shown: [["cs231n/staged", "Math.exp"]],
      },
      {
        construct: "Whole programs",
        how: "Examples in the manner of applications.",
        shown: [
          ["gallery/black-scholes", "export function"],
          ["gallery/bundle-adjustment", "export function"],
          ["gallery/attention", "export function"],
          ["gallery/hand-tracking", "export function"],
          ["gallery/layer-classes-net", "class Network"],
          ["gallery/rigid-body-energy", "extends RigidBody"],
          ["programs/kalman-matrices", "@grad"],
        ],
      },
    ],
  },
];
