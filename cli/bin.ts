#!/usr/bin/env node
import { main } from "./main.js";

// A reader that has seen enough, as `head` does, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 2);
});

// Not `process.exit`: what is still on its way to a pipe would be lost.
process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  onInterrupt: (end) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, end);
  },
});
