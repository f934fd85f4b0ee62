/** The plugin for webpack: `import { tsad } from "tsad/webpack"`. */
import type { WebpackPluginInstance } from "webpack";
import { unplugin } from "./factory.js";
import type { PluginOptions } from "./options.js";

export type { PluginOptions } from "./options.js";

/** The plugin, for the list `plugins` in `webpack.config.js`. */
export const tsad: (options?: PluginOptions) => WebpackPluginInstance = unplugin.webpack;

export default tsad;
