/** The plugin for Rolldown: `import { tsad } from "tsad/rolldown"`. */
import type { Plugin } from "rolldown";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in `rolldown.config.js`. */
export const tsad: (options?: PluginOptions) => Plugin = unplugin.rolldown;

export default tsad;
