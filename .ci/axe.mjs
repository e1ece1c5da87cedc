// Holds web pages against axe-core in headless Chromium: nothing may be found, at two widths and as it prints.
//   node .ci/axe.mjs DIR WORD TOOLS    every .html in DIR whose name holds WORD
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join, resolve } from "node:path";

const [folder, word, tools] = process.argv.slice(2);
const require = createRequire(join(resolve(tools), "node_modules/"));
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const WAYS = [
  { said: "at 1280 pixels", width: 1280, media: "screen" },
  { said: "at 400 pixels", width: 400, media: "screen" },
  { said: "as printed", width: 1000, media: "print" },
];
// What axe-core cannot tell: the contrast of arrows and of cells beyond a table's edge (our colours are measured), and
// headings over cells that are left for a signature.
const LEFT = /^(color-contrast|th-has-data-cells):/;

/** What axe-core finds, in the words of its rules. */
async function found(page) {
  return page.evaluate(async () => {
    const { violations, incomplete, passes } = await window.axe.run(document, { resultTypes: ["violations", "incomplete"] });
    const nodes = (rule) => rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ");
    const told = (rules) => rules.map((rule) => `${rule.id}: ${rule.help}: ${nodes(rule)}`);
    return { wrong: told(violations), unsure: told(incomplete), passed: passes.length };
  });
}

/** The faults of one page, each with the way it was looked at. */
async function faults(browser, name) {
  const page = await browser.newPage();
  await page.goto(`file://${resolve(folder, name)}`);
  await page.evaluate(AXE);
  const all = [];
  for (const { said, width, media } of WAYS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ media });
    const { wrong, unsure, passed } = await found(page);
    const told = [...wrong, ...unsure.filter((rule) => !LEFT.test(rule)).map((rule) => `not sure: ${rule}`)];
    if (passed === 0) told.push("nothing was looked at");
    all.push(...told.map((fault) => `${name} ${said}: ${fault}`));
  }
  await page.close();
  return all;
}

const names = readdirSync(folder).filter((name) => name.endsWith(".html") && name.includes(word)).sort();
if (names.length === 0) throw new Error(`no page in ${folder}`);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const waiting = [...names];
const told = [];
await Promise.all(cpus().map(async () => {
  for (let name = waiting.shift(); name; name = waiting.shift()) told.push(...(await faults(browser, name)));
}));
await browser.close();
told.sort().forEach((fault) => console.log(fault));
console.log(`${names.length} pages held against axe-core, ${told.length} faults`);
process.exit(told.length === 0 ? 0 : 1);
