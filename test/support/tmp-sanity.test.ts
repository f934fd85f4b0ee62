import { test, expect } from "vitest";
import { readdirSync } from "node:fs";
import { compilerOptions, findFixtures, untested } from "./corpus.js";
import { createLoader, functionOf } from "./modules.js";
import { targetsOf } from "./targets.js";
import { difference } from "./differences.js";
import { numberLeaves, replaced } from "./leaves.js";
import { argumentsOf } from "./check.js";
const options = compilerOptions("fixtures/tsconfig.json");
test("sane", () => {
  const out: string[] = [];
  for (const area of readdirSync("fixtures")) {
    if (area.includes(".") || area === "errors") continue;
    out.push(...untested("fixtures/" + area).map((u) => "untested " + u));
    for (const f of findFixtures("fixtures/" + area)) {
      const m = createLoader(options)(f.path);
      const infos = targetsOf(f.path, f.text);
      const names = infos
        .map((i) => i.name)
        .sort()
        .join();
      const have = Object.keys(f.samples).sort().join();
      if (names !== have) out.push(`${f.name}: ${names} vs ${have}`);
      for (const info of infos) {
        const fn = functionOf(m, info.name);
        for (const s of f.samples[info.name] ?? []) {
          const args = argumentsOf(s);
          if ("throws" in s) {
            try {
              fn(...structuredClone(args));
              out.push(`${f.name} ${info.name} no throw`);
            } catch (e) {
              if ((e as Error).message !== s.throws)
                out.push(`${f.name} ${info.name} ${(e as Error).message}`);
            }
            continue;
          }
          let v: unknown;
          try {
            v = fn(...structuredClone(args));
          } catch (e) {
            out.push(`${f.name} ${info.name} ${JSON.stringify(args)} throws ${String(e)}`);
            continue;
          }
          if (typeof v !== "number" || Number.isNaN(v))
            out.push(`${f.name} ${info.name} ${JSON.stringify(args)} = ${String(v)}`);
          if ("gradient" in s) continue;
          args.forEach((arg, i) => {
            const p = info.parameters[i];
            if (info.wrt && !(p && info.wrt.includes(p))) return;
            for (const leaf of numberLeaves(arg)) {
              const d = difference((x) => {
                try {
                  return fn(
                    ...(structuredClone(replaced(args, [i, ...leaf.path], x)) as unknown[]),
                  ) as number;
                } catch {
                  return NaN;
                }
              }, leaf.value);
              const tol = 1e-6 * Math.abs(d.derivative) + d.noise;
              if (Number.isNaN(d.derivative) || d.kink || d.error > tol)
                out.push(
                  `${f.name} ${info.name}(${JSON.stringify(args)}) d${p ?? i}.${leaf.path.join(".")}: ${JSON.stringify(d)}`,
                );
            }
          });
        }
      }
    }
  }
  expect(out).toEqual([]);
});
