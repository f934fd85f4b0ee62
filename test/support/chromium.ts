/** Real Chromium: the one that is installed, or installed now. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const path = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

/** Starts the browser. Fails if there is none and it cannot be installed. */
export function startChromium(): Promise<Browser> {
  if (!existsSync(path)) install();
  return chromium.launch({
    executablePath: path,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

function install(): void {
  try {
    execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      stdio: "ignore",
    });
  } catch {
    throw new Error(`there is no Chromium at ${path}: install it, or set CHROMIUM_PATH`);
  }
}
