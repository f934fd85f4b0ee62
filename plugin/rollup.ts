/** The plugin for Rollup: `import { tsad } from "tsad/rollup"`. */
import type { Plugin } from "rollup";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in `rollup.config.js`. */
export const tsad: (options?: PluginOptions) => Plugin = unplugin.rollup;

export default tsad;
