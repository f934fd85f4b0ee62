/** The plugin for esbuild: `import { tsad } from "tsad/esbuild"`. */
import type { Plugin } from "esbuild";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in the options of `build`. */
export const tsad: (options?: PluginOptions) => Plugin = unplugin.esbuild;

export default tsad;
