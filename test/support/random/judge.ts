/** Compiles generated programs in batches, and compares what comes out with the original and with forward mode. */
import { join } from "node:path";
import type ts from "typescript";
import { compileObserved } from "../../../src/session.js";
import type { Diagnostic } from "../../../src/index.js";
import { spellDiagnostic } from "../compiled.js";
import { root } from "../corpus.js";
import { difference } from "../differences.js";
import { forwardOf } from "../forward.js";
import { checkFreshness, checkValue } from "../integrity.js";
import { at, numberLeaves, replaced, spell, type Path } from "../leaves.js";
import { createLoader, functionOf } from "../modules.js";
import { prelude } from "./prelude.js";
import type { Program } from "./program.js";
import { run } from "../run.js";
import { checkSnapshots } from "../snapshots.js";
import { type Stages, addStage } from "../stages.js";
import { typeErrors } from "../typecheck.js";
import type { Call, Forward, Subject } from "../subject.js";

/** What became of one program under one set of options. */
export type Verdict =
  | { readonly kind: "right"; readonly compared: number; readonly differences: number }
  /** The function itself gives no number anywhere: nothing can be compared. */
  | { readonly kind: "vacuous" }
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  | { readonly kind: "wrong"; readonly problems: readonly string[] };

type Emitted =
  | { readonly kind: "text"; readonly text: string; readonly stages: ReadonlyMap<string, Stages> }
  | { readonly kind: "refused"; readonly errors: readonly Diagnostic[] }
  | { readonly kind: "crashed"; readonly error: unknown };

export interface Mode {
  readonly optimize: boolean;
  /** Every how many programs one is compared with differences too, which is slow; 0: none. */
  readonly differences: number;
}

const project = join(root, "fixtures/tsconfig.json");

const preludePath = join(root, "fixtures/random/prelude.ts");

/** The file of a program; it is never written. */
function pathOf({ name }: Program): string {
  return join(root, `fixtures/random/${name}.ts`);
}

/** What becomes of each program, in their order. */
export async function judge(
  programs: readonly Program[],
  mode: Mode,
  options: ts.CompilerOptions,
): Promise<readonly Verdict[]> {
  const emitted = await emit(programs, mode.optimize);
  const complaints = typeComplaints(programs, emitted, options);
  return programs.map((program, i): Verdict => {
    const found = emitted[i];
    if (found === undefined) return { kind: "wrong", problems: ["was not compiled"] };
    if (found.kind === "crashed") return { kind: "wrong", problems: [`crash: ${trace(found.error)}`] };
    if (found.kind === "refused") return judgeRefusal(found.errors);
    try {
      const differences = mode.differences > 0 && i % mode.differences === 0;
      const verdict = compare(program, found.text, found.stages, differences, options);
      const complaint = complaints.filter((each) => each.includes(`/${program.name}.grad.ts`));
      return complaint.length > 0 ? untyped(verdict, complaint, found.text) : verdict;
    } catch (error) {
      return { kind: "wrong", problems: [`the emitted module fails: ${trace(error)}`] };
    }
  });
}

/** What TypeScript rejects is wrong, whatever it computes; what it computes is told all the same. */
function untyped(verdict: Verdict, complaints: readonly string[], text: string): Verdict {
  const types = complaints.map((each) => `type: ${each}`);
  return {
    kind: "wrong",
    problems: [...types, ...(verdict.kind === "wrong" ? verdict.problems : ["", text])],
  };
}

/** One compilation for all; where one crashes the compiler, halves are compiled apart. */
async function emit(programs: readonly Program[], optimize: boolean): Promise<readonly Emitted[]> {
  const stages = new Map<string, Stages>(
    programs.flatMap(({ targets }) => targets.map(({ name }) => [name, { primal: null, gradients: [] }])),
  );
  const inputs = [
    { path: preludePath, text: prelude },
    ...programs.map((program) => ({ path: pathOf(program), text: program.text })),
  ];
  try {
    const { files: emitted, diagnostics } = await compileObserved(
      inputs,
      { project, format: false, optimize },
      (stage, target, output) => {
        const own = stages.get(target);
        if (own === undefined || typeof output === "string") return;
        addStage(own, stage, output);
      },
    );
    return programs.map((program): Emitted => {
      const file = emitted.find(({ source }) => source === pathOf(program));
      const isRefused = diagnostics.some(
        (each) => each.severity === "error" && each.file === pathOf(program),
      );
      if (file && !isRefused) return { kind: "text", text: file.text, stages };
      const files: readonly (string | null)[] = [pathOf(program), preludePath, null];
      const about = diagnostics.filter(({ file }) => files.includes(file));
      return { kind: "refused", errors: about.filter(({ severity }) => severity === "error") };
    });
  } catch (error) {
    if (programs.length <= 1) return programs.map(() => ({ kind: "crashed", error }));
    const half = programs.length >> 1;
    const first = await emit(programs.slice(0, half), optimize);
    return [...first, ...(await emit(programs.slice(half), optimize))];
  }
}

/** What TypeScript says about what is emitted, with the programs beside it. */
function typeComplaints(
  programs: readonly Program[],
  emitted: readonly Emitted[],
  options: ts.CompilerOptions,
): readonly string[] {
  const files = programs.flatMap((program, i): [string, string][] => {
    const found = emitted[i];
    if (found?.kind !== "text") return [];
    const path = pathOf(program);
    return [
      [path, program.text],
      [path.replace(/\.ts$/, ".grad.ts"), found.text],
    ];
  });
  return typeErrors(new Map([[preludePath, prelude], ...files]), options);
}

function judgeRefusal(errors: readonly Diagnostic[]): Verdict {
  const reasons = errors.map(spellDiagnostic);
  if (errors.length === 0) return { kind: "wrong", problems: ["refused without an error"] };
  const lost = errors.filter(({ file, line, column }) => file === null || Math.min(line, column) < 1);
  if (lost.length > 0) return { kind: "wrong", problems: ["refused without a position", ...reasons] };
  // The generator writes programs that type-check.
  if (reasons.some((reason) => /\bTS\d{4,5}\b/.test(reason))) {
    return { kind: "wrong", problems: ["does not type-check", ...reasons] };
  }
  return { kind: "refused", reasons };
}

function compare(
  program: Program,
  text: string,
  stages: ReadonlyMap<string, Stages>,
  differences: boolean,
  options: ts.CompilerOptions,
): Verdict {
  const path = pathOf(program);
  const output = path.replace(/\.ts$/, ".grad.ts");
  const load = createLoader(
    options,
    new Map([
      [preludePath, prelude],
      [path, program.text],
      [output, text],
    ]),
  );
  const counts = { compared: 0, differences: 0 };
  const precision = program.isSingle ? 1e-4 : 1e-8;
  const points = { precision, differences: differences && !program.isSingle };
  const problems = program.targets.flatMap(({ name, parameters, points: given }) => {
    const { primal, gradients } = stages.get(name) ?? { primal: null, gradients: [] };
    if (primal === null || gradients.length < 2) return [`no IR was seen of ${name}`];
    const original = functionOf(load(path), name);
    const gradient = functionOf(load(output), `${name}_grad`);
    const info = { name, parameters, defaults: [], wrt: null };
    const subject: Subject = { info, original, gradient, forward: forwardOf(primal), gradients };
    return given.flatMap((args, i) =>
      [
        ...comparePoint(subject, args, points, counts),
        ...gradients.flatMap((each) => checkSnapshots(each, args).problems),
      ].map((problem) => `${name} at point ${i + 1}: ${problem}`),
    );
  });
  if (problems.length > 0) return { kind: "wrong", problems: [...problems, "", text] };
  return counts.compared === 0 ? { kind: "vacuous" } : { kind: "right", ...counts };
}

function comparePoint(
  subject: Subject,
  args: readonly unknown[],
  { precision, differences }: { readonly precision: number; readonly differences: boolean },
  counts: { compared: number; differences: number },
): string[] {
  const { original, gradient, forward } = subject;
  const expected = run(original, args);
  const found = run(gradient, args);
  if (expected.kind === "thrown") return [`the program throws ${expected.error}`];
  if (found.kind === "thrown") return [`the gradient throws ${found.error}`];
  const result = found.value;
  if (typeof result !== "object" || result === null) return [`the gradient returned ${String(result)}`];
  const problems = [...checkValue(expected, found), ...checkFreshness(subject, args, result)];
  if (!Number.isFinite(expected.value) || forward === null) return problems;

  const leaves = numberLeaves(args).map((leaf) => ({ ...leaf, found: foundAt(subject, result, leaf.path) }));
  const tangents = leaves.map(({ path }) => tangent(forward, args, path));
  const size = Math.max(1, ...tangents.map(Math.abs).filter(Number.isFinite));
  for (const [i, { path, value, found: derivative }] of leaves.entries()) {
    const expectedHere = tangents[i] ?? NaN;
    const name = spell([subject.info.parameters[Number(path[0])] ?? "", ...path.slice(1)]);
    counts.compared++;
    if (!agree(derivative, expectedHere, size, precision)) {
      problems.push(`d${name} is ${String(derivative)}, forward mode says ${String(expectedHere)}`);
    } else if (differences && typeof derivative === "number") {
      const complaint = againstDifferences(original, args, path, value, derivative);
      if (complaint === null) counts.differences++;
      else if (complaint !== "unsettled") problems.push(`d${name} ${complaint}`);
    }
  }
  return problems;
}

function foundAt({ info }: Subject, result: object, [index, ...rest]: Path): unknown {
  return at(result, [`d${info.parameters[Number(index)] ?? ""}`, ...rest]);
}

function tangent(forward: Forward, args: readonly unknown[], path: Path): number {
  const outcome = run((...given) => forward(given, path), args);
  if (outcome.kind === "thrown") throw new Error(`forward mode: ${outcome.error}`);
  return Number(outcome.value);
}

/** Up to rounding, which grows with the largest derivative around. No derivative exists where forward mode has none. */
function agree(found: unknown, expected: number, size: number, precision: number): boolean {
  if (!Number.isFinite(expected)) return true;
  if (typeof found !== "number") return false;
  return Math.abs(found - expected) <= precision * (Math.abs(expected) + 1e-3 * size);
}

/** Only where differences settle, off kinks and jumps. */
function againstDifferences(
  original: Call,
  args: readonly unknown[],
  path: Path,
  value: number,
  found: number,
): string | null {
  const along = (x: number): number =>
    Number(original(...structuredClone(replaced(args, path, x) as unknown[])));
  const { derivative, error, noise, kink } = difference(along, value);
  const size = Math.max(Math.abs(found), Math.abs(derivative));
  if (kink || !(error <= 1e-6 * size + noise)) return "unsettled";
  if (Math.abs(found - derivative) <= 1e-4 * size + 10 * noise + 10 * error) return null;
  return `is ${String(found)}, differences say ${String(derivative)} ± ${String(error)}`;
}

function trace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
