/**
 * What is wrong with the code of a package is reported at the call that leads there: the user can change that, and not
 * the package.
 */
import type { ts } from "ts-morph";
import { excerpt } from "../../diagnostics/collector.js";
import type { RelatedNote } from "../../diagnostics/diagnostic.js";
import type { Context, Frame } from "../context.js";

/** The user's call, or use, that leads to `at`; null where the user's own code is at fault. */
export function callOfPackage(cx: Context, at: ts.Node): ts.Node | null {
  const { project } = cx.unit;
  if (project.isOwn(at.getSourceFile())) return null;
  for (let frame: Frame | null = cx.frame; frame !== null; frame = frame.caller) {
    if (frame.call !== null && project.isOwn(frame.call.getSourceFile())) return frame.call;
  }
  return null;
}

/** Reports the first problem that a call leads to, with the place where it is. */
export function refuseCall(cx: Context, call: ts.Node, at: ts.Node, problem: string): void {
  const { refusedCalls, diagnostics } = cx.unit;
  const first = refusedCalls.get(call) ?? problem;
  refusedCalls.set(call, first);
  const place = cx.ts.isCallExpression(call) || cx.ts.isNewExpression(call) ? call.expression : call;
  const args = { callee: excerpt(place), from: packageOf(at.getSourceFile()), problem: first };
  const notes = outermostFrame(cx)?.call === call ? [] : callNotes(cx);
  diagnostics.report("packageCode", place, args, [diagnostics.note(at, "It is this code."), ...notes]);
}

/** `d3-ease`, `@scope/name`; the name of the file where it lies in no `node_modules`. */
export function packageOf({ fileName }: ts.SourceFile): string {
  const inside = fileName.split("/node_modules/").slice(1).at(-1)?.split("/") ?? [
    fileName.split("/").at(-1) ?? "",
  ];
  return inside.slice(0, inside[0]?.startsWith("@") === true ? 2 : 1).join("/");
}

/** Says where, in the function that is compiled, the code came from. */
export function callNotes(cx: Context): readonly RelatedNote[] {
  const outermost = outermostFrame(cx);
  if (outermost?.call == null) return [];
  const message = outermost.closure === null ? "It is used here." : "It is called from here.";
  return [cx.unit.diagnostics.note(outermost.call, message)];
}

function outermostFrame(cx: Context): Frame | null {
  let outermost: Frame | null = null;
  for (let frame: Frame | null = cx.frame; frame !== null && frame.call !== null; frame = frame.caller) {
    outermost = frame;
  }
  return outermost;
}
