/** The plugin for Farm: `import { tsad } from "tsad/farm"`. */
import type { JsPlugin } from "@farmfe/core";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in `farm.config.ts`. */
export const tsad: (options?: PluginOptions) => JsPlugin = unplugin.farm;

export default tsad;
