/** Where a source file says `@grad`: in JSDoc comments, where it counts, and in others, where it does not. */
import type { ts } from "ts-morph";
import type { Diagnostics } from "../../diagnostics/collector.js";
import type { Fix } from "../../diagnostics/diagnostic.js";
import { descendants } from "../classes/descendants.js";
import type { FrontendProject } from "../project/project.js";

export interface TaggedNode {
  readonly node: ts.Node;
  readonly tags: readonly [ts.JSDocTag, ...ts.JSDocTag[]];
}

/** Every node with a `@grad` in its JSDoc, in order. */
export function taggedNodes(ts: FrontendProject["ts"], sourceFile: ts.SourceFile): readonly TaggedNode[] {
  const found: TaggedNode[] = [];
  const seen = new Set<number>();
  for (const node of descendants(ts, sourceFile)) {
    const tags = gradTags(node).filter(({ pos }) => !seen.has(pos));
    const [tag, ...others] = tags;
    // One comment may belong to several nodes that start at the same place; the outermost comes first.
    for (const { pos } of tags) seen.add(pos);
    if (tag !== undefined) found.push({ node, tags: [tag, ...others] });
  }
  return found;
}

function gradTags(node: ts.Node): readonly ts.JSDocTag[] {
  const { jsDoc = [] } = node as { readonly jsDoc?: readonly ts.JSDoc[] };
  return jsDoc.flatMap((comment) => {
    const tags = comment.tags ?? [];
    return tags.filter(
      (tag, index) => tag.tagName.text === "grad" && !isQuoted(comment, tag, tags[index - 1]),
    );
  });
}

/** True for `@grad` in a code span or a code fence, and inside the lines of an `@example`. */
function isQuoted(comment: ts.JSDoc, tag: ts.JSDocTag, before: ts.JSDocTag | undefined): boolean {
  const text = comment.getSourceFile().text.slice(comment.pos, tag.pos);
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const fences = text.split("```").length - 1;
  if (fences % 2 === 1 || (line.replaceAll("```", "").split("`").length - 1) % 2 === 1) return true;
  return before?.tagName.text === "example" && !/^\s*\**\s*$/u.test(line);
}

/** Warns of `// @grad` above a statement. */
export function reportPlainComments(
  ts: FrontendProject["ts"],
  sourceFile: ts.SourceFile,
  diagnostics: Diagnostics,
): void {
  const { text, fileName } = sourceFile;
  for (const statement of sourceFile.statements) {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, statement.pos) ?? []) {
      const comment = text.slice(pos, end);
      if (!/^\/[/*]\s*@grad\b/u.test(comment)) continue;
      const shown = comment.replace(/\s+/gu, " ");
      const span = { file: fileName, start: pos, end };
      diagnostics.report("tagInComment", span, { comment: shown }, [], [asJsDoc(comment, pos, end)]);
    }
  }
}

/** Warns of a tag that TypeScript takes for the comment of nothing: behind other code of its line. */
export function reportLostTags(
  ts: FrontendProject["ts"],
  sourceFile: ts.SourceFile,
  diagnostics: Diagnostics,
): void {
  const { text, fileName } = sourceFile;
  const candidates = [...text.matchAll(/\/\*\*(?!\/)[\s\S]*?\*\//gu)].filter(([comment]) =>
    /[\s*]@grad\b/u.test(comment),
  );
  if (candidates.length === 0) return;
  const taken = new Set<number>();
  const literals: ts.Node[] = [];
  for (const node of descendants(ts, sourceFile)) {
    for (const { pos } of (node as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? []) taken.add(pos);
    if (ts.isLiteralExpression(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node))
      literals.push(node);
  }
  for (const { 0: comment, index: start } of candidates) {
    const end = start + comment.length;
    const line = text.slice(text.lastIndexOf("\n", start) + 1, start);
    const isText = literals.some((node) => node.getStart() < start && end <= node.end);
    if (taken.has(start) || isText || line.includes("//")) continue;
    const shown = comment.replace(/\s+/gu, " ");
    diagnostics.report("lostTag", { file: fileName, start, end }, { comment: shown });
  }
}

function asJsDoc(comment: string, start: number, end: number): Fix {
  const inside = comment.startsWith("//") ? `${comment.slice(2)} */` : comment.slice(2);
  const text = `/**${inside.startsWith(" ") ? "" : " "}${inside}`;
  return { title: "Make it a JSDoc comment", start, end, text, isSafe: true };
}
