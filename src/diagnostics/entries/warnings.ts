/** TSAD4xxx: what compiles, but probably not to what is wanted. */
import { entriesOf } from "./entry.js";

const warning = entriesOf("warning");

export const warningEntries = {
  roundingLost: warning(
    "TSAD4001",
    "Derivative lost by rounding",
    { code: "Math.round(x)" },
    ({ code }) =>
      `\`${code}\` is constant between its jumps, so its derivative is 0 and that of its argument is lost.`,
    () =>
      "Use the number itself where its derivative matters, or a smooth function in place of the rounding.",
  ),
  comparisonLost: warning(
    "TSAD4002",
    "Derivative lost by a comparison",
    { code: "Number(x > 0)" },
    ({ code }) => `\`${code}\` turns a comparison into a number: it is a step, whose derivative is 0.`,
    () => "Use a smooth step, such as `1 / (1 + Math.exp(-x / width))`, where the derivative matters.",
  ),
  resultIndependent: warning(
    "TSAD4004",
    "Result that does not depend on any parameter",
    { name: "loss" },
    ({ name }) =>
      `The result of \`${name}\` depends on none of the parameters it is differentiated by: all is 0.`,
    () => "Check which parameters are named behind `wrt`, and whether a derivative is lost on the way.",
  ),
  parameterIndependent: warning(
    "TSAD4005",
    "Result that does not depend on a parameter",
    { name: "loss", wrt: "b" },
    ({ name, wrt }) =>
      `The result of \`${name}\` does not depend on \`${wrt}\`, so its derivative is always 0.`,
    ({ wrt }) => `Leave \`${wrt}\` out of \`wrt\`, or check whether its derivative is lost on the way.`,
  ),
  fieldLeftOut: warning(
    "TSAD4007",
    "Field that the type of an object does not have",
    { code: "match.neutral", name: "neutral" },
    ({ code, name }) =>
      `\`${code}\` is taken to be \`undefined\`: the type of the object that is handed over has no field \`${name}\`.`,
    ({ name }) => `Declare the object to be of a type that has \`${name}\` where it may be there.`,
  ),
  messageShortened: warning(
    "TSAD4008",
    "Message of an error that is shortened",
    { code: "cells.map((c) => c.name)" },
    ({ code }) => `The error that the gradient throws says \`…\` in place of \`${code}\`.`,
    () => "Compute the text before the `throw`, in a variable, where the message matters.",
  ),
  tagInComment: warning(
    "TSAD4006",
    "`@grad` in an ordinary comment",
    { comment: "// @grad" },
    ({ comment }) => `\`${comment}\` is an ordinary comment, so the tag in it has no effect.`,
    () => "Write it as a JSDoc comment: `/** @grad */`.",
  ),
};
