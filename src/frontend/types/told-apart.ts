/** Two types that do not go together, as a user would write them. */
import { nameOfShape } from "../../ir/shapes.js";
import type { MemoryShape, Type } from "../../ir/types.js";
import type { Context } from "../context.js";
import { describeType } from "../values.js";
import { shapeText } from "./shape-text.js";

/** In words, and by what is in them where their words are the same: "{ x: number } or { x: string }". */
export function describeTypes(cx: Context, a: Type, b: Type): string {
  const [one, other] = [a, b].map((type) => describeType(type).replaceAll(/\ban? /gu, ""));
  if (one !== other) return `${String(one)} or ${String(other)}`;
  const [x, y] = [a, b].map((type) => (type.kind === "maybe" ? type.type : type));
  if (x?.kind !== "ref" || y?.kind !== "ref") return `${String(one)} or ${String(other)}`;
  const texts = [x, y].map(({ shape }) => textOf(cx, shape));
  const isTold = texts[0] !== texts[1] && !texts.some((text) => untold.test(text));
  return isTold ? texts.join(" or ") : `${String(one)} or ${String(other)}`;
}

/** Functions, and what else has no text. */
const untold = /\bunknown\b|\{ +\}/u;

function textOf({ checker, unit }: Context, shape: MemoryShape): string {
  const name = nameOfShape(shape);
  const type = name === null ? undefined : unit.project.named.types.get(name);
  const own = type === undefined ? shapeText(shape) : checker.typeToString(type);
  const text = own.replaceAll("readonly ", "");
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}

const longest = 60;
