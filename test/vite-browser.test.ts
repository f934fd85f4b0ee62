/** The Vite example in real Chromium: built, and in the development server with hot updates. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type ViteDevServer, createServer, preview } from "vite";
import { startChromium } from "./support/chromium.js";
import { installPacked, type Installed, runIn } from "./support/packed.js";
import { until } from "./support/until.js";

let installed: Installed;
let browser: Browser;

beforeAll(async () => {
  installed = installPacked();
  browser = await startChromium();
}, 180_000);

afterAll(async () => {
  await browser.close();
  installed.remove();
});

async function open(url: string): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  onTestFinished(() => page.close());
  await page.goto(url);
  return { page, errors };
}

const text = async (page: Page, selector: string): Promise<string> =>
  (await page.textContent(selector)) ?? "";

/** How many pixels of the canvas are the colour of the curve. */
const countRed = `
  const canvas = document.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let red = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] > 150 && data[i + 1] < 80) red++;
  red;
`;

it("fits the curve on a canvas", { timeout: 120_000 }, async () => {
  const folder = join(installed.examples("fit"), "vite");
  const build = await runIn(folder, "npm run --silent build");
  expect(build, build.output).toMatchObject({ code: 0 });
  const server = await preview({ root: folder, configFile: false, preview: { port: 0, host: "127.0.0.1" } });
  onTestFinished(() => server.close());
  const { page, errors } = await open(server.resolvedUrls?.local[0] ?? "");
  await page.waitForSelector("body[data-done]");
  // The points are off the curve by a sine of amplitude 0.03, the square of which is 0.00045 on average.
  expect(Number(await text(page, "#loss"))).toBeLessThan(5e-4);
  expect(Number(await text(page, "#loss"))).toBeGreaterThan(3e-4);
  expect(Number(await text(page, "#step"))).toBe(2000);
  expect(errors).toEqual([]);
  const drawn = await page.evaluate<number>(countRed);
  expect(drawn).toBeGreaterThan(300);
  const screenshots = join(import.meta.dirname, "../coverage/screenshots");
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, "vite.png") });
  expect(existsSync(join(screenshots, "vite.png"))).toBe(true);
});

const overlayText = `document.querySelector("vite-error-overlay")?.shadowRoot?.textContent ?? null`;

/** A page that shows the gradients of the file and of a macro, and takes hot updates of both. */
const hotPage = `
import { loss_grad } from "../shared/loss.grad";
import { slope } from "./slope";
const wave = { amplitude: 1, decay: 0, frequency: 0, phase: 0 };
let parts = { loss_grad, slope };
const show = (changed) => {
  parts = { ...parts, ...changed };
  const shown = [parts.loss_grad(wave, [1], [0]).dwave.amplitude, parts.slope(1)];
  document.querySelector("#loss").textContent = shown.join(" ");
};
document.title = String(performance.timeOrigin);
show({});
import.meta.hot.accept("../shared/loss.grad", show);
import.meta.hot.accept("./slope", show);
`;

const slope = `
import { grad } from "tsad";
import { curve } from "../shared/curve";
const at = (t: number): number => 10 * curve({ amplitude: t, decay: 0, frequency: 0, phase: 0 }, 1);
const dat = grad(at);
export const slope = (t: number): number => dat(t)[0];
`;

it.each([true, false])(
  "updates while the page stays, with files on disk: %s",
  { timeout: 120_000 },
  async (files) => {
    const examples = installed.examples(`hot-${String(files)}`);
    const folder = join(examples, "vite");
    writeFileSync(join(folder, "main.ts"), hotPage);
    writeFileSync(join(folder, "slope.ts"), slope);
    const plugin = join(installed.root, "node_modules/tsad/dist/plugin/vite.js");
    const { tsad } = (await import(pathToFileURL(plugin).href)) as { tsad: (options: object) => never };
    const server: ViteDevServer = await createServer({
      root: folder,
      configFile: false,
      logLevel: "silent",
      cacheDir: join(examples, "cache"),
      plugins: [tsad({ files })],
      server: { port: 0, host: "127.0.0.1", fs: { strict: false } },
    });
    onTestFinished(() => server.close());
    await server.listen();
    const { page: shown, errors } = await open(server.resolvedUrls?.local[0] ?? "");
    const settlesAt = (wanted: string): Promise<unknown> =>
      until(async () => ((await text(shown, "#loss")) === wanted ? true : null));
    await settlesAt("2 10");
    const boot = await shown.title();

    const helper = join(examples, "shared/curve.ts");
    const original = readFileSync(helper, "utf8");
    writeFileSync(helper, original.replace("return wave", "return 3 * wave"));
    await settlesAt("18 30");
    expect(await shown.title()).toBe(boot);

    const source = join(examples, "shared/loss.ts");
    const sourceText = readFileSync(source, "utf8");
    writeFileSync(source, sourceText.replace("sum / ts.length", "(2 * sum) / ts.length"));
    await settlesAt("36 30");
    expect(await shown.title()).toBe(boot);

    writeFileSync(source, sourceText.replace("sum += miss * miss", 'sum += miss * eval("miss")'));
    const overlay = await until(() => shown.evaluate<string | null>(overlayText));
    expect(overlay).toContain("TSAD1016");
    expect(overlay).toContain("loss.ts:12:19");
    writeFileSync(source, sourceText);
    await settlesAt("18 30");
    expect(existsSync(join(examples, "shared/loss.grad.ts"))).toBe(files);
    expect(errors).toEqual([]);
  },
);
