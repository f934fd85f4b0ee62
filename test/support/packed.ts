/** The package as users get it: packed, unpacked in a folder of its own, beside the bundlers and the examples. */
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "../..");

/** A folder with the packed package installed. */
export interface Installed {
  readonly root: string;
  /** A copy of the examples, under a name of its own, without emitted files. */
  readonly examples: (name: string) => string;
  readonly remove: () => void;
}

export function installPacked(): Installed {
  if (!existsSync(join(repository, "dist"))) throw new Error("there is nothing to pack: npm run build");
  const root = realpathSync(mkdtempSync(join(tmpdir(), "tsad-packed-")));
  const modules = join(root, "node_modules");
  linkModules(join(repository, "node_modules"), modules);
  const own = join(modules, "tsad");
  mkdirSync(own);
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", root], {
    cwd: repository,
  });
  const [tarball = ""] = readdirSync(root).filter((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["xzf", join(root, tarball), "-C", own, "--strip-components", "1"]);
  return {
    root,
    examples: (name) => {
      const folder = join(root, name);
      const isSource = (path: string): boolean => !/\.grad\.ts$|node_modules|[/\\]dist/.test(path);
      cpSync(join(repository, "examples"), folder, { recursive: true, filter: isSource });
      return folder;
    },
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Links everything that is installed here, so that nothing has to be fetched. */
function linkModules(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    if (name === "tsad" || (name.startsWith(".") && name !== ".bin")) continue;
    if (name.startsWith("@")) linkModules(join(from, name), join(to, name));
    else symlinkSync(join(from, name), join(to, name));
  }
}

export interface Finished {
  readonly code: number;
  /** Standard output and standard error, without colours. */
  readonly output: string;
}

/** Runs a command in a folder, with the installed commands at hand. */
export function runIn(folder: string, command: string): Promise<Finished> {
  return new Promise((done) => {
    const path = [join(repository, "node_modules/.bin"), process.env["PATH"] ?? ""].join(delimiter);
    const env = { ...process.env, PATH: path, NO_COLOR: "1", NODE_ENV: "production" };
    const child = spawn(command, { cwd: folder, shell: true, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("close", (code) => {
      done({ code: code ?? 1, output: output.replace(/\u001B\[[0-9;]*m/g, "") });
    });
  });
}
