/** What the command line touches of the process, so that tests can run it in-process. */
import { styleText } from "node:util";

export interface Writer {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Io {
  readonly stdin: AsyncIterable<string | Uint8Array>;
  /** Code and JSON only. */
  readonly stdout: Writer;
  /** Everything meant for people. */
  readonly stderr: Writer;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Calls back when the user asks for the end. Until this is called, the process just ends then. */
  readonly onInterrupt: (end: () => void) => void;
}

export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** True if what goes to stderr may be coloured. */
export function wantsColor({ stderr, env }: Io): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stderr.isTTY === true && env["TERM"] !== "dumb";
}

/** `styleText` where colours are wanted, else the plain text. */
export function styleFor(io: Io): Style {
  const color = wantsColor(io);
  return (format, text) => (color ? styleText(format, text, { validateStream: false }) : text);
}

/** All of standard input. */
export async function readStdin(stdin: Io["stdin"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stdin) {
    text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
