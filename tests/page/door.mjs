// The officer's door in a real browser: `.ci/door` runs this. Every state is made as an officer makes it, from a
// page on the disk; what is saved is held against the program's own files, byte for byte; axe-core looks at each
// state; nothing may leave the page. Pictures of all states are left in target/page/pictures to be looked at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { EXAMPLE, ROOT, WAIT, begin, closed, desk, door, drop, end, groups, looked, open, printed, rapporteur, saved, settled, write } from "./browser.mjs";

/** Lists with faults of every kind, as CSV. */
const COVER = "Cover,,\nAuthority,Testham,\nPeriod,2026/27 Q2,\nPopulation under 18,40000,\n";
const EPISODES = [
  "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE",
  "101,01/05/2026,S,C2,N1,U1,PR1,,,",
  "102,31/02/2026,S,C2,N1,U1,PR1,,,",
  "103,2026-13-01,S,C2,N1,U1,PR1,,,",
  "104,01/06/2026,S,C2,N1,U1,PR1,,,",
];

/** Words of a terminal, which an officer has none of. */
const COMMANDS = /`rapporteur |(^|[\s`])--[a-z]/;

before(begin);
after(end);

describe("the page that ships", () => {
  let path;
  before(() => {
    path = door("door.html");
    const size = readFileSync(path).length;
    assert.ok(size < 6_000_000, `${size} bytes`);
  });

  test("the example with one click; every file that is saved is the program's own", async () => {
    const page = await open(path);
    await looked(page, "1-first");
    await page.getByRole("button", { name: "Try it with a made-up return" }).click();
    await settled(page);
    assert.match(await page.textContent("#tally"), /^Nothing to mend\. \d+ figures for 2026\/27 Q1\/Q2\.$/);
    await looked(page, "2-example");
    const folder = mkdtempSync(join(desk, "native-"));
    const name = "children-in-care-2026-27-q2";
    execFileSync("cp", [EXAMPLE, folder]);
    const run = rapporteur(folder, "build", `${name}.xlsx`, "--accessible", "--ods", "--html", `${name}-appendix.html`, "--figures", `${name}-figures.csv`);
    assert.equal(run.status, 0, run.stderr);
    for (const label of ["Appendix (Excel)", "Accessible edition (Excel)", "Accessible edition (OpenDocument)", "Web page", "Figures (CSV)"]) {
      const file = await saved(page, label);
      assert.ok(file.bytes.equals(readFileSync(join(folder, file.name))), `${file.name} differs`);
    }
    const blank = await saved(page, "Save an empty return");
    assert.equal(rapporteur(folder, "blank", `${name}.xlsx`, "-o", blank.name).status, 0);
    assert.ok(blank.bytes.equals(readFileSync(join(folder, blank.name))), "the empty return differs");
    await closed(page);
  });

  test("the web page and the accessible edition are looked at in place", async () => {
    const page = await open(path);
    await page.click("#example");
    await settled(page);
    await page.check("#as-page");
    assert.ok((await page.locator("#paper td button").count()) > 100, "figures of the web page are buttons");
    await page.check("#as-tables");
    // The web page has tables, too: what is waited for stands in the accessible edition alone.
    const tables = page.locator("#paper .page", { hasText: "This worksheet contains one table." });
    await tables.first().waitFor({ timeout: WAIT.timeout });
    const shown = await page.locator("#paper .page").innerText();
    for (const text of ["This worksheet contains one table.", "Children in care at the end of the period", "Up-to-date health assessment"]) {
      assert.ok(shown.includes(text), text);
    }
    assert.equal(await page.locator("#figures-are-buttons").isVisible(), false);
    await looked(page, "2-accessible");
    await closed(page);
  });

  test("a figure is traced, and its rows are shown when they are asked for", async () => {
    const page = await open(path);
    await page.click("#example");
    await settled(page);
    const row = page.locator("#paper tr", { hasText: "Up-to-date health assessment" }).first();
    await row.locator("button").last().click();
    await page.waitForFunction(() => document.querySelector("#trace-said").textContent === "", null, WAIT);
    const told = await page.locator("#trace-paper .page").innerText();
    assert.match(told, /numerator 242 over denominator 276/i);
    assert.match(told, /health\.luau:\d+/);
    await looked(page, "3-trace");
    await page.getByRole("button", { name: "Show the rows with what they hold" }).click();
    await page.waitForFunction(() => document.querySelector("#trace-said").textContent === "", null, WAIT);
    assert.match(await page.locator("#trace-paper .page").innerText(), /HEALTH_ASSESSMENT/);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#trace").isVisible(), false);
    await closed(page);
  });

  test("another layout, rule and period", async () => {
    const page = await open(path);
    await page.click("#example");
    await settled(page);
    const folder = mkdtempSync(join(desk, "native-"));
    execFileSync("cp", [EXAMPLE, folder]);
    await page.selectOption("#layout", "targets");
    await page.selectOption("#rule", "dfe");
    await page.click("#again");
    await settled(page);
    const run = rapporteur(folder, "build", "children-in-care-2026-27-q2.xlsx", "--template", "targets", "--disclosure", "dfe");
    assert.ok([0, 1].includes(run.status), run.stderr);
    const { name, bytes } = await saved(page, "Appendix (Excel)");
    assert.ok(bytes.equals(readFileSync(join(folder, name))), "the appendix differs");
    await page.fill("#period", "some time");
    await page.click("#again");
    await settled(page);
    assert.match(await page.textContent("#list"), /The period `some time` is not understood/);
    assert.match(await page.textContent("#list"), /Write for example 2026\/27 Q2, /);
    assert.doesNotMatch(await page.textContent("#list"), COMMANDS);
    assert.equal(await page.locator("#made").isVisible(), false);
    await closed(page);
  });

  test("lists with faults: what to do first, where, and what became of it", async () => {
    const page = await open(path);
    const cover = write("cover.csv", COVER);
    await drop(page, write("episodes.csv", EPISODES.join("\n")), cover);
    const first = await groups(page);
    const moves = Object.keys(first).find((title) => title.startsWith("Then: what moves a figure"));
    assert.ok(moves, JSON.stringify(first));
    assert.match(await page.textContent("#list .moves"), /column DECOM, cell B3/);
    await looked(page, "4-faults");
    // What is printed of it: the list and nothing else, under the name of the return.
    const printed = page.evaluate(() => new Promise((done) => {
      window.print = () => done({ title: document.title, list: document.body.classList.contains("list") });
      document.querySelector("#print-list").click();
    }));
    assert.deepEqual(await printed, { title: "What to mend in episodes.csv, cover.csv", list: true });
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => document.body.classList.add("list"));
    const shown = await page.$$eval("main > section", (all) => all.filter((one) => one.checkVisibility()).map(({ id }) => id));
    assert.deepEqual(shown, ["problems"]);
    await page.evaluate(() => document.body.classList.remove("list"));
    await page.emulateMedia({ media: "screen" });
    const mended = EPISODES.map((line) => line.replace("31/02/2026", "28/02/2026").replace("2026-13-01", "01/02/2026").replace("104,", "104x,").replace(",C2,N1,U1,PR1,,,", ",C2,N1,ZZ,PR1,,,"));
    await drop(page, write("episodes.csv", mended.join("\n")), cover);
    assert.match(await page.textContent("#since"), /Since the last time: \d+ solved, \d+ new\./);
    assert.ok((await page.locator("#list .new").count()) > 0);
    assert.match(await page.textContent("#list"), /What may stand here: A3, A4,/);
    assert.match(await page.textContent("#list"), /New This code is not one of the column's set\./);
    assert.doesNotMatch(await page.textContent("#list"), COMMANDS);
    await looked(page, "5-mended");
    await closed(page);
  });

  test("what is no return is refused in words, and the next one is taken", async () => {
    const page = await open(path);
    const bytes = readFileSync(EXAMPLE);
    for (const [name, content] of [["broken.xlsx", bytes.subarray(0, bytes.length / 2)], ["wrong.xlsx", "a letter, not a workbook"], ["empty.csv", ""]]) {
      await drop(page, write(name, content));
      assert.equal(await page.locator("#made").isVisible(), false, name);
      const words = Object.entries(await groups(page));
      assert.ok(words.length > 0 && words[0][0].startsWith("First: what stops a figure"), `${name}: ${JSON.stringify(words)}`);
      const native = rapporteur(desk, "check", name, "--json");
      const messages = JSON.parse(native.stdout).problems.filter((p) => p.severity === "error").map((p) => p.message.toLowerCase());
      assert.doesNotMatch(await page.textContent("#problems"), COMMANDS, name);
      for (const said of words.flatMap(([, all]) => all)) {
        assert.ok(messages.includes(said.toLowerCase().replace(/\.$/, "")), `${name}: ${said}`);
      }
      assert.equal(await page.textContent("#since"), "", "a file that is no return says nothing of the last one");
    }
    await looked(page, "6-refused");
    await drop(page, EXAMPLE);
    assert.equal(await page.locator("#made").isVisible(), true);
    await closed(page);
  });

  test("a zip and a folder of lists are a return", async () => {
    const page = await open(path);
    const folder = join(desk, "lists");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "cover.csv"), COVER);
    writeFileSync(join(folder, "episodes.csv"), EPISODES.join("\n"));
    writeFileSync(join(folder, "notes.txt"), "not a list");
    execFileSync("python3", ["-m", "zipfile", "-c", join(desk, "lists.zip"), folder]);
    await drop(page, join(desk, "lists.zip"));
    const zipped = await groups(page);
    await page.setInputFiles("#folder", folder);
    await settled(page);
    assert.deepEqual(await groups(page), zipped);
    assert.match(JSON.stringify(zipped), /no such date/i);
    const locked = readFileSync(join(desk, "lists.zip"));
    for (let at = locked.indexOf("PK\x01\x02"); at >= 0; at = locked.indexOf("PK\x01\x02", at + 1)) locked[at + 8] |= 1;
    await drop(page, write("locked.zip", locked));
    assert.match(await page.textContent("#failed"), /^It cannot be read: the zip file has a password/);
    await closed(page);
  });

  test("the whole job by keyboard alone", async () => {
    const page = await open(path);
    const tab = async (id) => {
      for (let pressed = 0; pressed < 400; pressed++) {
        const at = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent ?? document.activeElement?.id ?? document.activeElement?.textContent);
        if (at === id || (await page.evaluate((text) => document.activeElement?.textContent === text, id))) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${id} cannot be reached by Tab`);
    };
    await tab("choose");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
    await chooser.setFiles(EXAMPLE);
    await page.waitForFunction(() => !document.querySelector("#appendix").hidden && document.querySelector("#working").hidden, null, WAIT);
    assert.equal(await page.evaluate(() => document.activeElement.id), "problems-heading", "focus goes to what is new");
    await tab("layout");
    await page.keyboard.press("ArrowDown");
    await tab("again");
    await page.keyboard.press("Enter");
    await settled(page);
    await tab("Appendix (Excel)");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.match(download.suggestedFilename(), /-appendix\.xlsx$/);
    // A figure is traced, and whoever comes back is where they were.
    await tab("as-printed");
    await page.keyboard.press("ArrowDown");
    const figure = await page.locator("#paper td button").first().textContent();
    await tab(figure);
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector("#trace-said").textContent === "" && document.querySelector("#trace").open, null, WAIT);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#trace").isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.textContent), figure);
    // Nobody has to go through hundreds of figures to what comes after them.
    for (let back = 0; back < 3 && !(await page.evaluate(() => document.activeElement.matches(".past"))); back++) await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    // A text is written beside its figure, and stays in the hands of whoever types it.
    const text = await page.evaluate(() => document.querySelector("#said-list textarea").id);
    await tab(text);
    await page.keyboard.press("Control+A");
    await page.keyboard.type("We listened.");
    await page.waitForFunction(() => /1 text written/.test(document.querySelector("#commentary-said").textContent), null, WAIT);
    assert.equal(await page.evaluate(() => document.activeElement.id), text);
    await tab("save-commentary");
    const [written] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    assert.equal(written.suggestedFilename(), "commentary.csv");
    await closed(page);
  });

  test("a fault of the page's own is told, and the page can be used again", async () => {
    const page = await open(path);
    await page.evaluate(() => { showProblems = () => { throw new Error("planted"); }; });
    await page.click("#example");
    await settled(page);
    assert.equal(await page.textContent("#failed"), "The page could not finish: planted.");
    // The browser says it to its own console as well.
    page.complaints.length = 0;
    await closed(page);
  });

  test("nothing leaves the page, even where something in it tries", async () => {
    const met = [];
    const server = createServer((request, response) => {
      met.push(request.url);
      response.end();
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const address = `http://127.0.0.1:${server.address().port}`;
    // The same page without its policy meets the server: what follows would else show nothing.
    const free = await open(write("free.html", readFileSync(path, "utf8").replace(/<meta http-equiv[^>]*>/, "")));
    await free.evaluate((url) => fetch(`${url}/free`, { mode: "no-cors" }).catch(() => {}), address);
    assert.deepEqual(met, ["/free"]);
    await free.context().close();
    const page = await open(path);
    await page.click("#example");
    await settled(page);
    const refused = await page.evaluate(async (url) => {
      const violations = [];
      document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
      await fetch(`${url}/fetch`).catch(() => {});
      navigator.sendBeacon(`${url}/beacon`, "x");
      try { new WebSocket(url.replace("http", "ws")); } catch { /* refused at once */ }
      document.body.append(Object.assign(new Image(), { src: `${url}/image` }));
      document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${url}/style` }));
      document.head.append(Object.assign(document.createElement("script"), { src: `${url}/script` }));
      document.body.append(Object.assign(document.createElement("iframe"), { src: `${url}/frame` }));
      document.body.insertAdjacentHTML("beforeend", `<form action="${url}/form" method="post"></form>`);
      document.body.lastElementChild.submit();
      const worker = new Worker(URL.createObjectURL(new Blob([`fetch("${url}/worker").catch(() => postMessage("refused"))`])));
      await new Promise((done) => { worker.onmessage = done; });
      await new Promise((done) => setTimeout(done, 500));
      return [...new Set(violations)].sort();
    }, address);
    assert.deepEqual(met, ["/free"], "the page reached a server");
    for (const directive of ["connect-src", "form-action", "frame-src", "img-src", "script-src-elem", "style-src-elem"]) {
      assert.ok(refused.includes(directive), `${directive} is not among ${refused}`);
    }
    server.close();
    await page.context().close();
  });
});

describe("a council's own project", () => {
  test("its indicator and layout are in the page", async () => {
    const name = "complaints";
    const page = await open(door("complaints.html", "--project", join(ROOT, "examples", name), "--example", join(ROOT, "examples", name, "q2.xlsx")));
    await page.click("#example");
    await settled(page);
    const folder = mkdtempSync(join(desk, "native-"));
    execFileSync("cp", [join(ROOT, "examples", name, "q2.xlsx"), folder]);
    assert.ok([0, 1].includes(rapporteur(folder, "build", "q2.xlsx", "--project", join(ROOT, "examples", name)).status));
    const file = await saved(page, "Appendix (Excel)");
    assert.ok(file.bytes.equals(readFileSync(join(folder, file.name))), "the appendix differs");
    await closed(page);
  });

  test("an indicator, a layout and a pack of its own", async () => {
    const maker = join(desk, "maker");
    const council = join(desk, "council");
    const put = (folder, files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(join(folder, name, ".."), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    };
    put(maker, {
      "pack.toml": 'name = "kinship"\nversion = "1.0.0"\nabout = "Kinship care"\nlicence = "MIT"\n\n[needs]\nchildren-in-care = "1"\n',
      "scripts/kin.luau": 'rap.indicator "kin_n" { title = "With kin, by the pack", theme = "Placements", unit = "number", population = "looked_after", numerator = { PLACE = { "U1", "U2", "U3" } }, definition = "Children with kin.", source = "Local" }\n',
    });
    put(council, {
      "rapporteur.toml": 'layout = "panel"\n\n[authority]\nname = "Exampleton"\n',
      "scripts/own.luau": 'rap.indicator "own_n" { title = "Elsewhere, by the council", theme = "Placements", unit = "number", population = "looked_after", numerator = { PLACE = rap.none_of { "U1", "U2", "U3" } }, definition = "Children elsewhere.", source = "Local" }\n',
      "templates/panel.luau": 'rap.layout "panel" { description = "For the panel", sheets = function() return { { name = "Panel", title = "Kinship panel", columns = { { heading = "Measure", show = "title", width = 40 }, { heading = "Now", show = "value" } }, rows = { { indicator = "kin_n" }, { indicator = "own_n" } } } } end }\n',
    });
    for (const args of [["pack", "--project", maker, "-o", "kinship.zip"], ["add", "kinship.zip", "--project", council]]) {
      const run = rapporteur(desk, ...args);
      assert.equal(run.status, 0, run.stdout + run.stderr);
    }
    const page = await open(door("council.html", "--project", council));
    await drop(page, EXAMPLE);
    const printed = await page.locator("#paper .page").innerText();
    for (const text of ["Kinship panel", "With kin, by the pack", "Elsewhere, by the council"]) assert.ok(printed.includes(text), text);
    await page.locator("#paper tr", { hasText: "With kin, by the pack" }).locator("button").last().click();
    await page.waitForFunction(() => document.querySelector("#trace-said").textContent === "", null, WAIT);
    assert.match(await page.locator("#trace-paper .page").innerText(), /packs\/kinship\/scripts\/kin\.luau/);
    await page.keyboard.press("Escape");
    const folder = mkdtempSync(join(desk, "native-"));
    execFileSync("cp", [EXAMPLE, folder]);
    rapporteur(folder, "build", "children-in-care-2026-27-q2.xlsx", "--project", council);
    const { name, bytes } = await saved(page, "Appendix (Excel)");
    assert.ok(bytes.equals(readFileSync(join(folder, name))), "the appendix differs");
    await closed(page);
  });

  test("hostile scripts are stopped, and the page goes on", async () => {
    const ground = 'rap.list "kids" { title = "Kids", key = "CHILD", columns = { { "CHILD", "id", required = true } } }\n';
    const layout = 'rap.layout "board" { sheets = function(report) return { { name = "T", title = "T", columns = { { show = "title" }, { show = "value" } }, rows = { { indicator = "n" } } } } end }\n';
    const hostile = {
      loop: "function(r) while r do end return true end",
      memory: "function(r) local t = {} for i = 1, 1e12 do t[i] = { i } end return true end",
      deep: "function(r) local function f(n) return 1 + f(n + 1) end return f(1) > 0 end",
      outside: 'function(r) return io.open("/etc/passwd") ~= nil or os.getenv("HOME") ~= nil or require("fs") ~= nil end',
    };
    for (const [name, judge] of Object.entries(hostile)) {
      const project = join(desk, `hostile-${name}`);
      mkdirSync(join(project, "scripts"), { recursive: true });
      writeFileSync(join(project, "rapporteur.toml"), "shipped_scripts = false\n");
      const indicator = `rap.population "all" { from = "kids", where = ${judge} }\nrap.indicator "n" { title = "N", unit = "number", population = "all", definition = "N.", source = "T" }\n`;
      writeFileSync(join(project, "scripts/a.luau"), ground + indicator + layout);
      const kids = write("kids.csv", "CHILD\n1\n2\n");
      const page = await open(door(`hostile-${name}.html`, "--project", project));
      await drop(page, kids);
      await page.fill("#period", "2026/27 Q2");
      const begun = Date.now();
      await page.click("#again");
      await settled(page);
      console.log(`hostile ${name}: ${Date.now() - begun} ms`);
      const folder = mkdtempSync(join(desk, "native-"));
      execFileSync("cp", [kids, folder]);
      const native = JSON.parse(rapporteur(folder, "build", "kids.csv", "--json", "--period", "2026/27 Q2", "--project", project).stdout);
      const said = Object.values(await groups(page)).flat().map((text) => text.replace(/\.$/, "").toLowerCase());
      for (const { message } of native.problems.filter((p) => p.severity === "error")) {
        assert.ok(said.includes(message.toLowerCase()), `${name}: ${message} is not among ${said}`);
      }
      assert.ok(native.problems.length > 0, name);
      await closed(page);
    }
  });
});

describe("a report's web page", () => {
  test("prints two charts a page, and no page for a line that is left over", async () => {
    const example = join(ROOT, "examples/exampleton");
    const page = join(desk, "exampleton.html");
    rapporteur(desk, "build", join(example, "2026-27-q2.xlsx"), "--project", example, "-o", "exampleton.xlsx", "--html", page);
    const pages = await printed(page);
    assert.ok(pages <= 12, `${pages} pages`);
  });
});
