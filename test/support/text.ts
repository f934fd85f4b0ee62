/** Compares TypeScript texts as code: without comments and layout, and modulo the names of temporaries. */
import ts from "typescript";

/** The lines of code, comments and blank lines dropped, as they are laid out. */
export function codeLines(text: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false, ts.LanguageVariant.Standard, text);
  let code = "";
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const comment =
      kind === ts.SyntaxKind.SingleLineCommentTrivia || kind === ts.SyntaxKind.MultiLineCommentTrivia;
    if (!comment) code += scanner.getTokenText();
  }
  return code
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

/**
 * The tokens, with each local variable replaced by the order in which it is declared. Properties written in shorthand
 * (`{ x }`) are written out first, so that a renamed temporary makes no other difference.
 */
export function canonicalTokens(text: string): string[] {
  const source = ts.createSourceFile("x.ts", codeLines(text).join("\n"), ts.ScriptTarget.ES2022, true);
  const locals = new Map<string, string>();
  collect(source);
  const tokens: string[] = [];
  emit(source);
  return tokens;

  function collect(node: ts.Node): void {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      if (!locals.has(node.name.text)) locals.set(node.name.text, `local${String(locals.size)}`);
    }
    node.forEachChild(collect);
  }

  function emit(node: ts.Node): void {
    if (ts.isShorthandPropertyAssignment(node)) {
      tokens.push(node.name.text, ":", renamed(node.name));
    } else if (node.getChildCount(source) > 0) {
      node.getChildren(source).forEach(emit);
    } else if (ts.isIdentifier(node)) {
      tokens.push(isPropertyName(node) ? node.text : renamed(node));
    } else if (node.kind !== ts.SyntaxKind.EndOfFileToken && node.getText(source) !== "") {
      tokens.push(node.getText(source));
    }
  }

  function renamed(name: ts.Identifier): string {
    return locals.get(name.text) ?? name.text;
  }
}

function isPropertyName(name: ts.Identifier): boolean {
  const { parent } = name;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === name) ||
    (ts.isPropertyAssignment(parent) && parent.name === name) ||
    (ts.isPropertySignature(parent) && parent.name === name)
  );
}
