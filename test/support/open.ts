/** Opens texts as a project, for tests of the frontend. */
import { Diagnostics } from "../../src/diagnostics/collector.js";
import { type FrontendProject, openProject } from "../../src/frontend/project/project.js";
import { type Target, findTargets } from "../../src/frontend/targets/targets.js";

export interface Opened {
  readonly project: FrontendProject;
  readonly diagnostics: Diagnostics;
  /** The targets of the first file. */
  readonly targets: readonly Target[];
}

/** A folder that does not exist: nothing of the disk gets in. */
export const folder = "/project/src";

/** The first file's targets; the files are in `folder`, by name. */
export function open(files: Readonly<Record<string, string>>): Opened {
  const inputs = Object.entries(files).map(([name, text]) => ({ path: `${folder}/${name}`, text }));
  const texts = new Map(inputs.map(({ path, text }) => [path, text]));
  const diagnostics = new Diagnostics((path) => texts.get(path) ?? null);
  const project = openProject(inputs, {}, diagnostics);
  const [first] = project.inputs;
  return {
    project,
    diagnostics,
    targets: first === undefined ? [] : findTargets(project, first, diagnostics),
  };
}

/** Code and source text of each diagnostic: `TSAD2003 zz`. */
export function marked({ project, diagnostics }: Opened): readonly string[] {
  return diagnostics.sorted().map(({ code, file, start, length }) => {
    const text = file === null ? "" : (project.sourceFile(file)?.text.slice(start, start + length) ?? "");
    return `${code} ${text}`;
  });
}
