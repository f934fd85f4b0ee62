/** Calls of companions, and what companions return, as lines of TypeScript. */
import type { Call, End, Lambda, Value } from "../ir/types.js";
import { invariant } from "../support/invariant.js";
import type { Host } from "./host.js";
import { originOf } from "./line.js";
import { keyText } from "./keys.js";
import { asResult } from "./result-words.js";

export class CallWriter {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** A line for the call, with names for what it gives. */
  call(instr: Call): void {
    this.#host.heading(instr.sweep);
    const { outs, fields } = instr;
    const [first] = outs;
    const { comment, ...rest } = this.#host.markers.calling(instr);
    const origin = { comment, ...rest };
    const text = this.#host.expressions.instr(instr).text;
    if (first === undefined) this.#host.line(`${text};`, origin);
    else if (fields === null) this.#host.bind(first, instr);
    else this.#destructure(outs, fields, text, origin);
  }

  #destructure(
    outs: readonly Value[],
    fields: readonly string[],
    text: string,
    origin: Parameters<Host["line"]>[1],
  ): void {
    const late: string[] = [];
    const { variables } = this.#host.context;
    const isFixed = outs.every(
      (out) => this.#host.isDeclared(out) || !variables.isReassigned(variables.of(out.id)),
    );
    const names = outs.map((out, index) => {
      const field = fields[index];
      invariant(field !== undefined, "emit", "a result without a name");
      let name: string;
      if (this.#host.isDeclared(out)) {
        // The variable is there already: it is assigned behind the call.
        const known = this.#host.nameOf(out);
        name = this.#host.temporary(known);
        late.push(`${known} = ${name};`);
      } else {
        name = this.#host.declare(out);
      }
      return name === field ? name : `${keyText(field)}: ${name}`;
    });
    this.#host.line(`${isFixed ? "const" : "let"} { ${names.join(", ")} } = ${text};`, origin);
    for (const line of late) this.#host.line(line, origin);
  }

  /** What a companion returns takes several lines; false where there is no function in it. */
  returned(end: Extract<End, { kind: "return" }>): boolean {
    const { results } = this.#host.context.func;
    const entries = end.values.map((atom, index) => {
      const made = atom.kind === "value" ? this.#host.context.folding.instrOf.get(atom.id) : undefined;
      const { name = "", shape = null } = results[index] ?? {};
      return { name, shape, atom, lambda: made?.kind === "lambda" ? made : null };
    });
    if (entries.every(({ lambda }) => lambda === null)) return false;
    const short = entries.map(({ name, shape, atom, lambda }) => {
      if (lambda !== null) return this.#shortLambda(name, lambda);
      const written = this.#host.expressions.as(atom, shape);
      const { text } = name === "value" ? asResult(written, atom, this.#host.context) : written;
      return text === name ? text : `${keyText(name)}: ${text}`;
    });
    if (short.every((text) => text !== null)) {
      this.#host.line(`return { ${short.join(", ")} };`, originOf(end.statement));
      return true;
    }
    this.#host.line("return {", originOf(end.statement));
    entries.forEach(({ name, lambda }, index) => {
      const text = short[index] ?? null;
      if (text !== null) this.#host.line(`${text},`);
      else if (lambda !== null) this.#lambda(name, lambda);
    });
    this.#host.line("};");
    return true;
  }

  /** What is returned under the name, if that is one expression. */
  #shortLambda(name: string, lambda: Lambda): string | null {
    const { body, fields } = lambda;
    if (!body.instrs.every((instr) => this.#host.isWrittenInPlace(instr))) return null;
    let text = "";
    this.#host.scope(() => {
      const opening = this.#opening(name, lambda);
      const returned = this.#returned(body.end, fields);
      const shown = returned === null ? "{}" : returned.startsWith("{") ? `(${returned})` : returned;
      text = `${opening} ${shown}`;
    }, "later");
    return text;
  }

  #opening(name: string, { params }: Lambda): string {
    const { isRead } = this.#host.context.folding;
    const heads = params.filter(({ id }) => isRead(id)).map((param) => this.#host.declare(param));
    return `${keyText(name)}: (${heads.join(", ")}) =>`;
  }

  /** What is returned under the name, up to its comma. */
  #lambda(name: string, lambda: Lambda): void {
    const { body, fields } = lambda;
    const { end } = body;
    this.#host.scope(() => {
      this.#host.line(`${this.#opening(name, lambda)} {`);
      const before = this.#host.sweep();
      this.#host.instrs(body.instrs);
      const text = this.#returned(end, fields);
      if (text !== null) this.#host.line(`return ${text};`);
      this.#host.setSweep(before);
      this.#host.line("},");
    }, "later");
  }

  #returned(end: Lambda["body"]["end"], fields: Lambda["fields"]): string | null {
    if (end.kind !== "yield") return null;
    const texts = end.values.map((atom) => this.#host.expressions.atom(atom).text);
    const [first] = texts;
    if (first === undefined || fields === null) return first ?? null;
    const entries = fields.map((field, index) => {
      const text = texts[index] ?? "0";
      return text === field ? field : `${keyText(field)}: ${text}`;
    });
    return `{ ${entries.join(", ")} }`;
  }
}
