// What the tests of the page in a real browser share: the browser, pages that are watched, and what each state is held
// to.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");
export const PROGRAM = resolve(process.env.RAPPORTEUR ?? join(ROOT, "target/debug/rapporteur"));
export const ENGINE = join(ROOT, "target/page/rapporteur.wasm");
const PICTURES = join(ROOT, "target/page/pictures");
const require = createRequire(join(ROOT, "target/page/node/"));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
export const EXAMPLE = join(ROOT, "examples/children-in-care-2026-27-q2.xlsx");
export const WAIT = { timeout: 120_000 };

let browser;
/** A folder for what a file of tests makes. */
export const desk = mkdtempSync(join(tmpdir(), "door-"));

/** Starts the browser. */
export async function begin() {
  mkdirSync(PICTURES, { recursive: true });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-features=LocalNetworkAccessChecks"],
  });
}

export async function end() {
  await browser?.close();
  rmSync(desk, { recursive: true, force: true });
}

export function rapporteur(folder, ...args) {
  return spawnSync(PROGRAM, args, { cwd: folder, encoding: "utf8" });
}

/** A page of a project, or of what ships; its path. */
export function door(name, ...args) {
  const path = join(desk, name);
  const run = rapporteur(desk, "page", "-o", path, "--engine", ENGINE, ...args);
  assert.equal(run.status, 0, run.stderr);
  return path;
}

/** A report's web page as it prints: how many pages of A4 it takes. */
export async function printed(path) {
  const page = await browser.newPage();
  await page.goto(`file://${path}`);
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  await page.close();
  return sheets.match(/\/Type\s*\/Page\b/g).length;
}

/** Opens a page; what it asks for, complains of and reports is kept. */
export async function open(path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.asked = [];
  page.complaints = [];
  page.on("request", (request) => page.asked.push(request.url()));
  page.on("console", (said) => page.complaints.push(said.text()));
  // From now on, not from the first key that opens one on: the driver would miss it.
  page.on("filechooser", () => {});
  page.on("pageerror", (error) => page.complaints.push(error.message));
  await page.goto(path.startsWith("http:") ? path : `file://${path}`);
  await page.waitForFunction(() => document.querySelector("#layout").options.length > 1, null, WAIT);
  return page;
}

/** Nothing but the page itself and its worker was asked for, and nothing was complained of. */
export async function closed(page) {
  const own = new URL(page.url()).origin;
  const ours = (url) => url.startsWith("file:") || url.startsWith("blob:") || (own !== "null" && url.startsWith(`${own}/`));
  const foreign = page.asked.filter((url) => !ours(url));
  assert.deepEqual(foreign, []);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}

export async function drop(page, ...files) {
  await page.setInputFiles("#files", files);
  await settled(page);
}

/** A run has ended, well or not. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("#working").hidden && !document.querySelector("#choose").disabled, null, WAIT);
}

export async function saved(page, label) {
  const [download] = await Promise.all([page.waitForEvent("download", WAIT), page.getByRole("button", { name: label, exact: true }).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** axe-core finds nothing, and is unsure of nothing but the contrast of what it cannot see through. */
export async function held(page, state) {
  // The policy takes no script from outside: axe-core is brought in by the driver.
  const driver = await page.context().newCDPSession(page);
  await driver.send("Runtime.evaluate", { expression: AXE });
  await driver.detach();
  const found = await page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document, { resultTypes: ["violations"] });
    const nodes = (rule) => rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ");
    return { passed: passes.length, wrong: violations.map((rule) => `${rule.id}: ${rule.help}: ${nodes(rule)}`) };
  });
  assert.ok(found.passed > 10, `${state}: axe-core looked at nothing`);
  assert.deepEqual(found.wrong, [], state);
}

/** A picture of a state at every width and in every look, and axe-core's word on each. */
export async function looked(page, state) {
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [1280, 800, 400]) {
      await page.setViewportSize({ width, height: 900 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${state} at ${width}: ${over} pixels too wide`);
      await page.screenshot({ path: join(PICTURES, `${state}-${width}-${scheme}.png`), fullPage: true });
    }
    await held(page, `${state}, ${scheme}`);
  }
  await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
  await page.screenshot({ path: join(PICTURES, `${state}-contrast.png`) });
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  // Twice as large: half as much fits.
  await page.setViewportSize({ width: 640, height: 450 });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${state} at 200%: ${over} pixels too wide`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** The messages of the groups, by heading. */
export const groups = (page) => page.$$eval("#list > h3", (headings) =>
  Object.fromEntries(headings.map((h) => [h.textContent, [...h.nextElementSibling.querySelectorAll(".what")].map((p) => p.textContent)])));

export function write(name, text) {
  const path = join(desk, name);
  writeFileSync(path, text);
  return path;
}

/** A folder for a run of the program, with copies of files. */
export function native(...files) {
  const folder = mkdtempSync(join(desk, "native-"));
  for (const file of files) copyFileSync(file, join(folder, basename(file)));
  return folder;
}
