/** The indices of an array in the order of a comparison: `[...xs.keys()].sort((i, j) => xs[i] - xs[j])`. */
import type { Order } from "../ir/types.js";
import { precedence, wrap } from "./code.js";
import type { Host } from "./host.js";
import { originOf } from "./line.js";

export function writeOrder(host: Host, order: Order): void {
  const { out, of, params, body } = order;
  host.heading(out.sweep);
  const origin = host.markers.binding(out, order);
  const { variables } = host.context;
  const isConstant = !variables.isReassigned(variables.of(out.id));
  const start = host.isDeclared(out)
    ? host.nameOf(out)
    : `${isConstant ? "const" : "let"} ${host.declare(out)}`;
  const keys = `[...${wrap(host.expressions.atom(of), precedence.member)}.keys()]`;
  host.scope(() => {
    const names = params.map((param) => host.declareIndex(param)).join(", ");
    const result = (): string => {
      const [atom] = body.end.kind === "yield" ? body.end.values : [];
      return atom === undefined ? "0" : host.expressions.atom(atom).text;
    };
    const head = `${start} = ${keys}.sort((${names}) =>`;
    if (body.instrs.every((instr) => host.isWrittenInPlace(instr))) {
      host.line(`${head} ${result()});`, origin);
      return;
    }
    host.line(`${head} {`, originOf(out.statement));
    const before = host.sweep();
    host.instrs(body.instrs);
    host.line(`return ${result()};`);
    host.setSweep(before);
    host.line("});", origin);
  }, "here");
}
