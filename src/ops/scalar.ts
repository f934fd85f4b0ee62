/** Every operation on scalars, by name: `import * as ops from "../ops/scalar.js"`. */
export * from "./arithmetic.js";
export * from "./exponential.js";
export * from "./gates.js";
export * from "./integer.js";
export * from "./logic.js";
export * from "./number.js";
export * from "./piecewise.js";
export * from "./power.js";
export * from "./root.js";
export * from "./text.js";
export * from "./trigonometry.js";
