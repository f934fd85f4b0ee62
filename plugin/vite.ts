/** The plugin for Vite: `import { tsad } from "tsad/vite"`. */
import type { Plugin } from "vite";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in `vite.config.ts`. */
export const tsad: (options?: PluginOptions) => Plugin = unplugin.vite;

export default tsad;
