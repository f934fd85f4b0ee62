/**
 * Random programs: loops, branches, exits, arrays, aliases, as TypeScript source. Whatever the compiler accepts gives
 * the same value and the derivatives of forward mode, with and without the optimising passes; what it refuses, it
 * refuses with a position. `TSAD_RANDOM_PROGRAMS` says how many, `TSAD_RANDOM_SEED` where to begin.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compilerOptions } from "../corpus.js";
import { allTapes, longTapes } from "./choices.js";
import { judge, type Mode, type Verdict } from "./judge.js";
import { programOf } from "./program.js";

const count = Number(process.env["TSAD_RANDOM_PROGRAMS"] ?? 1000);
const seed = Number(process.env["TSAD_RANDOM_SEED"] ?? 20260131);
/** How many failures are shrunk and shown; each takes some seconds. */
const shown = Number(process.env["TSAD_RANDOM_SHOWN"] ?? 3);
const batch = 200;

const options = compilerOptions("fixtures/tsconfig.json");
const tapes = fc.sample(longTapes, { seed, numRuns: count });

interface Failure {
  readonly tape: readonly number[];
  readonly mode: Mode;
  readonly problems: readonly string[];
}

interface Tally {
  right: number;
  vacuous: number;
  refused: number;
  compared: number;
  differences: number;
  /** How often each code, and one of its messages. */
  readonly codes: Map<string, { times: number; readonly reason: string }>;
  readonly failures: Failure[];
}

async function runAll(optimize: boolean): Promise<Tally> {
  const tally: Tally = {
    ...{ right: 0, vacuous: 0, refused: 0, compared: 0, differences: 0 },
    ...{ codes: new Map<string, { times: number; readonly reason: string }>(), failures: [] },
  };
  for (let start = 0; start < tapes.length; start += batch) {
    const part = tapes.slice(start, start + batch);
    const programs = part.map((tape, i) => programOf(tape, `p${start + i}`));
    const verdicts = await judge(programs, { optimize, differences: optimize ? 4 : 0 }, options);
    verdicts.forEach((verdict, i) => {
      add(tally, verdict, part[i] ?? [], { optimize, differences: optimize ? 1 : 0 });
    });
  }
  return tally;
}

function add(tally: Tally, verdict: Verdict, tape: readonly number[], mode: Mode): void {
  switch (verdict.kind) {
    case "right":
      tally.right++;
      tally.compared += verdict.compared;
      tally.differences += verdict.differences;
      return;
    case "vacuous":
      tally.vacuous++;
      return;
    case "refused":
      tally.refused++;
      for (const [code, reason] of new Map(
        verdict.reasons.map((each) => [/TSAD\d+/.exec(each)?.[0] ?? "?", each]),
      )) {
        const known = tally.codes.get(code) ?? { times: 0, reason };
        known.times++;
        tally.codes.set(code, known);
      }
      return;
    case "wrong":
      tally.failures.push({ tape, mode, problems: verdict.problems });
  }
}

/** One of each sort of complaint. */
function different(failures: readonly Failure[]): readonly Failure[] {
  const sorts = new Map<string, Failure>();
  for (const failure of failures) {
    const sort = (failure.problems[0] ?? "").split("\n")[0]?.replace(/-?\d[\d.e+-]*/g, "#") ?? "";
    if (!sorts.has(sort)) sorts.set(sort, failure);
  }
  return [...sorts.values()];
}

/** A smaller program that is wrong, too. */
async function shrink({ tape, mode, problems }: Failure): Promise<string> {
  const property = fc.asyncProperty(allTapes, async (smaller) => {
    const [verdict] = await judge([programOf(smaller, "small")], mode, options);
    if (verdict?.kind === "wrong") throw new Error(verdict.problems.join("\n"));
  });
  const report = await fc.check(property, {
    examples: [[[...tape]]],
    numRuns: 1,
    interruptAfterTimeLimit: 15_000,
  });
  const small = report.counterexample?.[0] ?? tape;
  const why = report.errorInstance instanceof Error ? report.errorInstance.message : problems.join("\n");
  return [
    `TSAD_RANDOM_SEED=${seed}, optimize: ${mode.optimize}, tape: [${small.join(",")}]`,
    programOf(small, "small").text,
    why,
  ].join("\n");
}

/** One mode to a file, so that both cores are busy. */
export function testRandomPrograms(optimize: boolean): void {
  test(`random programs, optimised: ${String(optimize)}`, { timeout: 3_600_000 }, () => check(optimize));
}

async function check(optimize: boolean): Promise<void> {
  const { right, vacuous, refused, compared, differences, codes, failures } = await runAll(optimize);
  const share = ((100 * refused) / count).toFixed(1);
  const why = [...codes].map(([code, { times }]) => `${code}: ${times}`).join(", ");
  console.log(
    `${count} random programs, optimised: ${optimize}: ${right} right (${compared} derivatives, ${differences} also ` +
      `against differences), ${vacuous} without a finite value, ${refused} refused (${share} %; ${why}), ` +
      `${failures.length} wrong`,
    ...[...codes].map(([, { reason }]) => `\n  ${reason}`),
  );
  const details: string[] = [];
  for (const failure of different(failures).slice(0, shown)) details.push(await shrink(failure));
  if (failures.length > 0) {
    expect.fail([`${failures.length} of ${count} programs are wrong`, ...details].join("\n\n"));
  }
  expect(vacuous).toBeLessThan(0.05 * count);
}
