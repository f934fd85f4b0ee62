/** Objects in objects of generated programs: literals, copies, parts, destructuring. */
import type { Choices } from "./choices.js";
import { real } from "./expressions.js";
import { deepText, valueOf } from "./helpers.js";
import type { Made } from "./memory.js";
import { assignable, extend, ofKind, partsOf, variable, type Scope } from "./scope.js";

/** A statement on an object of objects. */
export function nested(choices: Choices, scope: Scope): Made {
  const found = choices.any(ofKind(scope, "deep"));
  if (found === undefined) return declareDeep(choices, scope, deepText(choices, scope));
  const { name } = found;
  switch (choices.upTo(8)) {
    case 0:
      return declareDeep(choices, scope, deepText(choices, scope));
    case 1:
      return declareDeep(choices, scope, `{ ...${name}, p: ${valueOf(choices, scope, "object")} }`);
    case 2:
      return declareDeep(choices, scope, name);
    case 3:
      return taken(choices, scope, name);
    case 4:
      return {
        lines: [`${name}.q = { k: ${real(choices, scope, 1)}, xs: ${valueOf(choices, scope, "list")} };`],
        scope,
      };
    case 5:
      return {
        lines: [`({ a: ${name}.q.k, b: ${name}.w[1] } = ${valueOf(choices, scope, "object")});`],
        scope,
      };
    case 6:
      return { lines: [`${name}.p = { ...${name}.p, b: ${real(choices, scope, 1)} };`], scope };
    default: {
      const target = choices.any(assignable(scope, "deep"));
      return { lines: target === undefined ? [] : [`${target.name} = ${name};`], scope };
    }
  }
}

function declareDeep(choices: Choices, scope: Scope, text: string): Made {
  const name = choices.fresh("d");
  const mutable = choices.rarely(4);
  return {
    lines: [`${mutable ? "let" : "const"} ${name}: Deep = ${text};`],
    scope: extend(scope, partsOf(name, "deep", mutable)),
  };
}

/** Parts by names of their own. */
function taken(choices: Choices, scope: Scope, name: string): Made {
  const [p, k, xs] = [choices.fresh("p"), choices.fresh("k"), choices.fresh("xs")];
  const [w, rest] = [choices.fresh("w"), choices.fresh("rest")];
  if (choices.upTo(2) === 0) {
    return {
      lines: [`const { p: ${p}, q: { k: ${k}, xs: ${xs} }, w: [${w}] } = ${name};`],
      scope: extend(scope, [
        variable(p, "object"),
        variable(k, "real"),
        variable(xs, "list"),
        variable(w, "real"),
      ]),
    };
  }
  return {
    lines: [
      `const { q: { xs: [${w}, ...${xs}] }, ...${rest} } = ${name};`,
      `${rest}.w[0] += ${w} * ${xs}.length;`,
    ],
    scope: extend(scope, [variable(w, "real"), variable(`${rest}.p`, "object", { mutable: true })]),
  };
}
