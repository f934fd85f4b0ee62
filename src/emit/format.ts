/** Formatting with Prettier, under the user's own configuration. */

/** Where the user has no configuration of their own. */
const defaults = { printWidth: 100 };

/** `path` is the emitted file's, which decides on the configuration. Throws if the text is not TypeScript: our bug. */
export async function formatText(text: string, path: string): Promise<string> {
  const { format, resolveConfig } = await import("prettier");
  const config = await readConfig(() => resolveConfig(path, { editorconfig: true }));
  return format(text, { ...(config ?? defaults), parser: "typescript", filepath: path });
}

/** A configuration that cannot be read is not for tsad to complain about. */
async function readConfig<T>(read: () => Promise<T | null>): Promise<T | null> {
  try {
    return await read();
  } catch {
    return null;
  }
}
