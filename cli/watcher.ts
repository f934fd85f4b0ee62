/** Tells which files have changed, several changes at a time. */
import { basename, dirname, resolve, sep } from "node:path";
import { type FSWatcher, watch } from "chokidar";

export interface Watcher {
  /** Calls `run` after changes, those since the start included, one call at a time. */
  readonly onChange: (run: (paths: readonly string[]) => Promise<void>) => void;
  /**
   * Files to look at besides those in the folders, whether they exist or not. Replaces those named before. True if none
   * of them can have changed without being noticed.
   */
  readonly watchFiles: (paths: readonly string[]) => Promise<boolean>;
  readonly close: () => Promise<void>;
}

/** Editors write a file in several steps. */
const settleMilliseconds = 20;

/** Watches TypeScript files in these folders and below, and the settings between `root` and any file. */
export async function startWatcher(folders: readonly string[], root: string): Promise<Watcher> {
  const files = new Set<string>();
  const changed = new Set<string>();
  let run: ((paths: readonly string[]) => Promise<void>) | null = null;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;

  const start = (): void => {
    timer = null;
    if (run === null || running !== null || changed.size === 0) return;
    const paths = [...changed];
    changed.clear();
    running = run(paths).finally(() => {
      running = null;
      start();
    });
  };
  const open = async (paths: readonly string[], depth: number, isWanted: (path: string) => boolean) => {
    // A single folder may be one of a package from which something is inlined.
    const ignored = depth === 0 ? isTemporary : isIgnored;
    const watcher = watch([...paths], { ignoreInitial: true, ignored, depth });
    watcher.on("all", (_event, path) => {
      if (!isWanted(path) && !settings.test(basename(path))) return;
      changed.add(resolve(path));
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(start, settleMilliseconds);
    });
    await isReady(watcher);
    return watcher;
  };

  // A file that does not exist yet shows only in its folder. One watcher each: it takes subfolders for watched.
  const single = new Map<string, Promise<FSWatcher>>();
  const openFolder = (folder: string): Promise<FSWatcher> => {
    const known = single.get(folder) ?? open([folder], 0, (path) => files.has(resolve(path)));
    single.set(folder, known);
    return known;
  };
  const openFolders = (paths: readonly string[]) =>
    Promise.all(paths.flatMap((folder) => withParents(folder, root)).map(openFolder));
  const below = await open(folders, Infinity, (path) => /\.[cm]?tsx?$/.test(path));
  await openFolders(folders);

  return {
    onChange: (next) => {
      run = next;
      start();
    },
    watchFiles: async (paths) => {
      files.clear();
      for (const path of paths) files.add(path);
      const before = single.size;
      await openFolders(paths.map((path) => dirname(path)));
      return single.size === before;
    },
    close: async () => {
      if (timer !== null) clearTimeout(timer);
      await running;
      const all = [below, ...(await Promise.all(single.values()))];
      await Promise.all(all.map((watcher) => watcher.close()));
    },
  };
}

/** Configuration of tsad, TypeScript and Prettier. */
const settings =
  /^(?:tsad\.config\.(?:m?[tj]s)|tsconfig.*\.json|package\.json|\.editorconfig|\.prettierrc.*|prettier\.config\..*)$/;

function isIgnored(path: string): boolean {
  return /[\\/](?:node_modules|\.git)(?:[\\/]|$)/.test(path) || isTemporary(path);
}

function isTemporary(path: string): boolean {
  return path.endsWith(".tmp");
}

/** A folder and those between it and `root`, which may hold settings. */
function withParents(folder: string, root: string): readonly string[] {
  const isInside = folder !== root && folder.startsWith(`${root}${sep}`);
  return isInside ? [folder, ...withParents(dirname(folder), root)] : [folder];
}

function isReady(watcher: FSWatcher): Promise<void> {
  return new Promise((done) => {
    watcher.once("ready", done);
  });
}
