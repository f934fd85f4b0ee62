/** The plugin for Bun: `import { tsad } from "tsad/bun"`. */
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** A plugin as `Bun.build` takes it; Bun brings its own types. */
export interface BunPlugin {
  readonly name: string;
  readonly setup: (build: never) => void | Promise<void>;
}

/** The plugin, for the list `plugins` in the options of `Bun.build`. */
export const tsad: (options?: PluginOptions) => BunPlugin = unplugin.bun;

export default tsad;
