/** Bundlers that stay: a helper of the source changes, breaks and is mended, and the bundle follows. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { PluginBuild } from "esbuild";
import { afterAll, beforeAll, describe, it } from "vitest";
import { installPacked, type Installed, runIn } from "./support/packed.js";
import { until } from "./support/until.js";

let installed: Installed;

beforeAll(() => {
  installed = installPacked();
}, 60_000);

afterAll(() => {
  installed.remove();
});

/** What a bundler said of one build: `ok`, or its errors. */
type Say = (message: string) => void;

interface Watching {
  readonly output: string;
  readonly stop: () => Promise<unknown>;
}

async function pluginFor(name: string): Promise<never> {
  const path = join(installed.root, `node_modules/tsad/dist/plugin/${name}.js`);
  const { tsad } = (await import(pathToFileURL(path).href)) as { tsad: () => never };
  return tsad();
}

const watchers: Readonly<Record<string, (folder: string, say: Say) => Promise<Watching>>> = {
  webpack: async (folder, say) => {
    const { default: webpack } = await import("webpack");
    const loader = { test: /\.ts$/, loader: "esbuild-loader", options: { target: "es2022" } };
    const compiler = webpack({
      ...config(folder),
      module: { rules: [loader] },
      plugins: [await pluginFor("webpack")],
    });
    return watched(compiler, say);
  },
  rspack: async (folder, say) => {
    const { rspack } = await import("@rspack/core");
    const options = { jsc: { parser: { syntax: "typescript" as const }, target: "es2022" as const } };
    const loader = { test: /\.ts$/, loader: "builtin:swc-loader", options };
    const compiler = rspack({
      ...config(folder),
      module: { rules: [loader] },
      plugins: [await pluginFor("rspack")],
    });
    return watched(compiler, say);
  },
  esbuild: async (folder, say) => {
    const { context } = await import("esbuild");
    const told = {
      name: "told",
      setup: (build: PluginBuild) => {
        build.onEnd(({ errors }) => {
          say(errors.length === 0 ? "ok" : errors.map(({ text }) => text).join("\n"));
        });
      },
    };
    const running = await context({
      entryPoints: [join(folder, "shared/main.ts")],
      outfile: join(folder, "dist/main.mjs"),
      bundle: true,
      format: "esm",
      logLevel: "silent",
      plugins: [await pluginFor("esbuild"), told],
    });
    await running.watch();
    return { output: "dist/main.mjs", stop: () => running.dispose() };
  },
  rollup: async (folder, say) => {
    const { watch } = await import("rollup");
    const { default: esbuild } = await import("rollup-plugin-esbuild");
    const watcher = watch({
      input: join(folder, "shared/main.ts"),
      output: { file: join(folder, "dist/main.mjs") },
      plugins: [await pluginFor("rollup"), esbuild()],
    });
    watcher.on("event", (event) => {
      if (event.code === "ERROR") say(event.error.message);
      if (event.code === "END") say("ok");
    });
    return { output: "dist/main.mjs", stop: () => watcher.close() };
  },
  rolldown: async (folder, say) => {
    const { watch } = await import("rolldown");
    const watcher = watch({
      input: join(folder, "shared/main.ts"),
      output: { file: join(folder, "dist/main.mjs") },
      plugins: [await pluginFor("rolldown")],
    });
    watcher.on("event", (event) => {
      if (event.code === "ERROR") say(event.error.message);
      if (event.code === "END") say("ok");
    });
    return { output: "dist/main.mjs", stop: () => watcher.close() };
  },
};

/** What webpack and rspack have in common. */
interface Compiler {
  readonly watch: (
    options: { aggregateTimeout: number },
    done: (
      error: Error | null,
      stats?: { hasErrors: () => boolean; toString: (options: { all: boolean; errors: boolean }) => string },
    ) => void,
  ) => unknown;
  readonly close: (done: (error?: Error | null) => void) => void;
}

function watched(compiler: Compiler, say: Say): Watching {
  compiler.watch({ aggregateTimeout: 50 }, (error, stats) => {
    say(
      error?.message ?? (stats?.hasErrors() === true ? stats.toString({ all: false, errors: true }) : "ok"),
    );
  });
  return {
    output: "dist/main.cjs",
    stop: () =>
      new Promise((done) => {
        compiler.close(done);
      }),
  };
}

function config(folder: string) {
  return {
    mode: "development" as const,
    target: "node" as const,
    devtool: false as const,
    context: folder,
    entry: join(folder, "shared/main.ts"),
    output: { path: join(folder, "dist"), filename: "main.cjs" },
    resolve: { extensions: [".ts", ".js"] },
    // Loaders are those of this repository.
    resolveLoader: { modules: [join(import.meta.dirname, "../node_modules")] },
  };
}

describe.concurrent.each(Object.keys(watchers))("%s", (name) => {
  it(
    "follows a helper that changes, breaks and is mended",
    { timeout: 120_000 },
    async ({ expect: expectHere }) => {
      const folder = installed.examples(`watch-${name}`);
      const messages: string[] = [];
      const watching = await watchers[name]?.(folder, (message) => void messages.push(message));
      if (watching === undefined) throw new Error(name);
      const helper = join(folder, "shared/curve.ts");
      const text = readFileSync(helper, "utf8");
      /** The gradients by the amplitude, from the file and from the macro, that the bundle prints. */
      const printed = async (): Promise<readonly number[] | null> => {
        const { code, output } = await runIn(folder, `node ${watching.output}`);
        // The bundle may be half written.
        if (code !== 0 || !output.trim().endsWith("}")) return null;
        const { dwave, dwaveOfMacro, dall } = JSON.parse(output) as Record<string, { amplitude: number }>;
        return [dwave, dwaveOfMacro, dall].map((each) => each?.amplitude ?? NaN);
      };
      const settlesAt = (wanted: number): Promise<unknown> =>
        until(async () =>
          (await printed())?.every((each) => Math.abs(each - wanted) < 1e-9) === true ? true : null,
        );

      const before = await until(printed);
      expectHere(new Set(before).size).toBe(1);
      writeFileSync(helper, text.replace("return wave.amplitude", "return 0 * wave.amplitude"));
      await settlesAt(0);
      messages.length = 0;
      writeFileSync(helper, text.replace("return wave.amplitude", 'return eval("1") * wave.amplitude'));
      const failure = await until(() => messages.find((each) => each !== "ok") ?? null);
      expectHere(failure).toContain("curve.ts:10:10");
      writeFileSync(helper, text);
      await settlesAt(before[0] ?? NaN);
      await watching.stop();
    },
  );
});
