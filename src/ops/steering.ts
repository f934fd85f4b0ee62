/** Operations on strings, records, maps and sets: they steer what happens and have no derivative. */
export * from "./keys.js";
export * from "./mixed.js";
export * from "./text.js";
