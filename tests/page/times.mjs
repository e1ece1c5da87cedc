// How quick the page is: `.ci/door times`. Prints the page's size, and medians of nine: from the page's address to the
// first answer of the program in it; from the drop of the example to its problems; the same of one that is served.
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { EXAMPLE, PROGRAM, begin, desk, door, drop, end, open } from "./browser.mjs";

const TIMES = 9;
const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

/** Milliseconds until a page that is opened answers, and until what is dropped on it has been read. */
async function measured(link) {
  const page = await open(link);
  const opened = await page.evaluate(() => performance.now());
  const dropped = performance.now();
  await drop(page, EXAMPLE);
  const read = performance.now() - dropped;
  await page.context().close();
  return [opened, read];
}

/** A server's link that opens once. */
async function served() {
  const child = spawn(PROGRAM, ["serve", "--no-browser", "--json"], { cwd: desk });
  let said = "";
  for await (const some of child.stdout) {
    said += some;
    if (said.includes("\n")) break;
  }
  return [JSON.parse(said).link, () => child.kill("SIGTERM")];
}

await begin();
const path = door("times.html");
const [file, server] = [[], []];
for (let turn = 0; turn < TIMES; turn++) {
  file.push(await measured(path));
  const [link, stop] = await served();
  server.push(await measured(link));
  stop();
}
console.log(`the page: ${(statSync(path).size / 1e6).toFixed(2)} MB`);
for (const [what, all] of [["from the disk", file], ["served", server]]) {
  const [opened, read] = [0, 1].map((at) => median(all.map((one) => one[at])).toFixed(0));
  console.log(`${what}: opened in ${opened} ms, from drop to problems ${read} ms`);
}
await end();
