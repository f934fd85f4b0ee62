/** The plugin for Rspack: `import { tsad } from "tsad/rspack"`. */
import type { RspackPluginInstance } from "@rspack/core";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in `rspack.config.js`. */
export const tsad: (options?: PluginOptions) => RspackPluginInstance = unplugin.rspack;

export default tsad;
