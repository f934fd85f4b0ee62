/** Where in the user's code an instruction belongs. */
import type { Instr, Statement } from "./types.js";

export function statementOf(instr: Instr): Statement | null {
  switch (instr.kind) {
    case "apply":
    case "load":
    case "alloc":
    case "pop":
    case "lambda":
    case "order":
      return instr.out.statement;
    case "store":
    case "push":
    case "foreign":
    case "if":
    case "loop":
    case "guard":
    case "call":
      return instr.statement;
  }
}
