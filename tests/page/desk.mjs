// The rest of the officer's desk in a real browser: commentary, a council's own words, last quarter's figures, a
// workbook with a password; and the same page from `rapporteur serve`, with the analyst's side of it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { EXAMPLE, PROGRAM, WAIT, begin, closed, desk, door, drop, end, groups, looked, native, open, rapporteur, saved, settled, write } from "./browser.mjs";

const COVER = "Cover,,\nAuthority,Testham,\nPeriod,2026/27 Q2,\nPopulation under 18,40000,\n";
const HEADS = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE";
const OWN_HEADS = "Person ID,Start of episode,Reason for new episode,Legal status,Category of need,Placement type,Provider,End of episode,Reason ended,Reason for change";
const rows = (place) => Array.from({ length: 40 }, (_, at) => `${100 + at},0${1 + (at % 9)}/05/2026,S,C2,N1,${place(at)},PR1,,,`);

before(begin);
after(end);
// A test that fails does not stop its own: what is left would keep the run waiting for ever.
const servers = [];
after(() => servers.forEach((server) => server.kill("SIGTERM")));

/** A container with a stream of that name: what Excel makes of a workbook with a password. */
function locked() {
  const bytes = Buffer.alloc(512 * 11);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(bytes);
  for (const [at, value] of [[24, 0x3e], [26, 3], [28, 0xfffe], [30, 9], [32, 6]]) bytes.writeUInt16LE(value, at);
  for (const [at, value] of [[44, 1], [48, 1], [56, 4096], [60, 0xfffffffe], [68, 0xfffffffe], [76, 0]]) bytes.writeUInt32LE(value, at);
  bytes.fill(0xff, 80, 512);
  bytes.fill(0xff, 512, 1024);
  const next = [0xfffffffd, 0xfffffffe, 3, 4, 5, 6, 7, 8, 9, 0xfffffffe];
  next.forEach((sector, at) => bytes.writeUInt32LE(sector, 512 + 4 * at));
  const entry = (at, name, kind, child, start, size) => {
    const from = 1024 + 128 * at;
    Buffer.from(`${name}\0`, "utf16le").copy(bytes, from);
    bytes.writeUInt16LE(2 * (name.length + 1), from + 64);
    bytes[from + 66] = kind;
    bytes[from + 67] = 1;
    bytes.fill(0xff, from + 68, from + 80);
    bytes.writeUInt32LE(child, from + 76);
    bytes.writeUInt32LE(start, from + 116);
    bytes.writeUInt32LE(size, from + 120);
  };
  entry(0, "Root Entry", 5, 1, 0xfffffffe, 0);
  entry(1, "EncryptedPackage", 2, 0xffffffff, 2, 4096);
  return bytes;
}

/** The page, from the disk or from the program. */
const DOORS = [
  ["from the disk", (...more) => ({ link: door("desk.html", ...more), stop: () => {} })],
  ["served", (...more) => serve(...more)],
];

/** Starts the program's own server. */
async function serve(...more) {
  const child = spawn(PROGRAM, ["serve", "--no-browser", "--json", ...more], { cwd: desk });
  servers.push(child);
  let said = "";
  for await (const some of child.stdout) {
    said += some;
    if (said.includes("\n")) break;
  }
  return { link: JSON.parse(said.split("\n")[0]).link, stop: () => child.kill("SIGTERM") };
}

for (const [where, start] of DOORS) {
  describe(`the page ${where}`, () => {
    test("the appendix is the program's own, page by page as it prints", async () => {
      const { link, stop } = await start();
      const page = await open(link);
      await drop(page, EXAMPLE);
      assert.equal(await page.locator("#paper .sheet").count(), 5);
      assert.match(await page.locator("#paper .sheet").first().innerText(), /Page 1 of 5/);
      await looked(page, `7-printed-${where.at(0)}`);
      const folder = native(EXAMPLE);
      assert.equal(rapporteur(folder, "build", "children-in-care-2026-27-q2.xlsx").status, 0);
      const { name, bytes } = await saved(page, "Appendix (Excel)");
      assert.ok(bytes.equals(readFileSync(join(folder, name))), "the appendix differs");
      await closed(page);
      stop();
    });

    test("commentary is held against the figures as it is typed, confirmed by name, and saved", async () => {
      const project = join(desk, "drafting");
      mkdirSync(join(project, "scripts"), { recursive: true });
      writeFileSync(join(project, "scripts/drafts.luau"), 'rap.commentary "cla_n" (function(f) return `There are {f.value} children in care.` end)\n');
      const { link, stop } = await start("--project", project);
      const page = await open(link);
      const files = [write("episodes.csv", [HEADS, ...rows(() => "U1")].join("\n")), write("cover.csv", COVER)];
      await drop(page, ...files);
      const draft = page.locator('#said-list li[data-about="cla_n"]');
      assert.match(await draft.innerText(), /Children in care at the end of the period: 40/);
      assert.match(await draft.innerText(), /nobody has read it yet/);
      await draft.getByRole("button", { name: "Confirm this draft" }).click();
      assert.match(await page.textContent("#commentary-said"), /Say who you are first/);
      await page.fill("#reader", "J Hill");
      await draft.getByRole("button", { name: "Confirm this draft" }).click();
      await settled(page);
      assert.match(await draft.innerText(), /Read by J Hill/);
      await page.selectOption("#more-said", "start_n");
      const typed = page.locator('#said-list li[data-about="start_n"]');
      await typed.locator("textarea").pressSequentially("The number stands at 77, and all is well.");
      await page.waitForFunction(() => /77/.test(document.querySelector('#said-list li[data-about="start_n"] .fault').textContent), null, WAIT);
      assert.equal(await page.textContent("#said"), `The appendix is ready: ${await page.textContent("#tally")}`);
      await looked(page, `8-commentary-${where.at(0)}`);
      await typed.locator("textarea").fill("All forty were placed with carers near their homes.");
      await page.waitForFunction(() => document.querySelector('#said-list li[data-about="start_n"] .fault').textContent === "", null, WAIT);
      const sheet = await saved(page, "Save the commentary, to paste into the Commentary sheet");
      assert.equal(String(sheet.bytes).split("\n")[1], "cla_n,,,40,J Hill");
      const folder = native(...files);
      writeFileSync(join(folder, sheet.name), sheet.bytes);
      rapporteur(folder, "build", "--project", project, "--commentary", sheet.name, "--", "episodes.csv", "cover.csv");
      const { name, bytes } = await saved(page, "Appendix (Excel)");
      assert.ok(bytes.equals(readFileSync(join(folder, name))), "the appendix differs");
      await closed(page);
      stop();
    });

    test("headings and words of a council's own are chosen, and kept as settings", async () => {
      const { link, stop } = await start();
      const page = await open(link);
      const words = ["In-house fostering", "Childrens home nearby", "U1"];
      const files = [write("export.csv", [OWN_HEADS, ...rows((at) => words[at % 3])].join("\n")), write("cover.csv", COVER)];
      await drop(page, ...files);
      assert.equal(await page.locator("#words").isVisible(), true);
      const named = await page.locator("#word-lists label").allTextContents();
      for (const name of ["Episode start (DECOM)", "“In-house fostering” in Placement type (PLACE), 14 rows"]) {
        assert.ok(named.includes(name), `${name}: ${named}`);
      }
      await looked(page, `9-words-${where.at(0)}`);
      for (const select of await page.locator("#word-lists select").all()) {
        const about = await select.evaluate((list) => JSON.parse(list.dataset.path));
        const choices = await select.locator("option").allTextContents();
        if (about[1] === "Childrens home nearby") await select.selectOption("K2");
        else if (about.length === 1 && (await select.inputValue()) === "") {
          const index = HEADS.split(",").indexOf(about[0]);
          if (index >= 0) await select.selectOption(OWN_HEADS.split(",")[index]);
        }
        assert.ok(choices.length > 1, String(about));
      }
      await page.getByRole("button", { name: "Read it so" }).click();
      await settled(page);
      assert.equal(await page.locator("#made").isVisible(), true, await page.textContent("#list"));
      const settings = await saved(page, "Save these choices as settings");
      const folder = native(...files);
      writeFileSync(join(folder, settings.name), settings.bytes);
      const blank = await saved(page, "Save an empty return");
      rapporteur(folder, "blank", "export.csv", "cover.csv", "-o", blank.name);
      assert.ok(blank.bytes.equals(readFileSync(join(folder, blank.name))), "the empty return differs");
      rapporteur(folder, "build", "export.csv", "cover.csv");
      const { name, bytes } = await saved(page, "Appendix (Excel)");
      assert.ok(bytes.equals(readFileSync(join(folder, name))), "the appendix differs");
      await closed(page);
      stop();
    });

    test("what changed since last quarter's figures, and since its appendix", async () => {
      const { link, stop } = await start();
      const page = await open(link);
      await drop(page, EXAMPLE);
      const now = await saved(page, "Figures (CSV)");
      const before = String(now.bytes).replaceAll("2026/27 Q1/Q2", "2026/27 Q1").replaceAll("2026-09-30", "2026-06-30").replaceAll(",87.7%,", ",86.1%,")
        .replace(/^(adoption_orders\.q1,.*,)6(,calculated)/m, "$15$2");
      const appendix = await saved(page, "Appendix (Excel)");
      await drop(page, write("q1-figures.csv", before), EXAMPLE);
      assert.match(await page.textContent("#change-said"), /^\d+ figures? of \d+ changed from 2026\/27 Q1 to 2026\/27 Q1\/Q2\.$/);
      assert.match(await page.locator("#change-rows").innerText(), /86\.1%\s+87\.7%/);
      assert.match(await page.locator("#change-rows").innerText(), /Adoption orders granted: Q1\s+5\s+6/);
      await looked(page, `10-changes-${where.at(0)}`);
      await page.reload();
      await page.waitForFunction(() => document.querySelector("#layout").options.length > 1, null, WAIT);
      const last = write("q1-appendix.xlsx", appendix.bytes);
      await drop(page, last, EXAMPLE);
      assert.match(await page.textContent("#change-said"), /^Since q1-appendix\.xlsx: 0 numbers, 0 wordings/);
      await page.selectOption("#layout", "targets");
      await page.click("#again");
      await settled(page);
      assert.ok((await page.locator("#wording li").count()) > 0);
      await closed(page);
      stop();
    });

    test("nothing of a council stays when another's return is dropped", async () => {
      const { link, stop } = await start();
      const page = await open(link);
      await drop(page, EXAMPLE);
      const own = String((await saved(page, "Figures (CSV)")).bytes);
      const before = own.replaceAll("2026/27 Q1/Q2", "2026/27 Q1").replaceAll("2026-09-30", "2026-06-30");
      await drop(page, write("q1-figures.csv", before), EXAMPLE);
      assert.match(await page.textContent("#change-said"), /changed from 2026\/27 Q1/);
      await page.fill("#reader", "J Hill");
      await page.locator("#said-list textarea").first().fill("Of Exampleton alone.");
      await page.waitForFunction(() => /1 text written/.test(document.querySelector("#commentary-said").textContent), null, WAIT);
      // The same council again: what was dropped and said of it is there still.
      await drop(page, EXAMPLE);
      assert.equal(await page.locator("#changes").isVisible(), true);
      assert.match(await page.textContent("#commentary-said"), /1 text written/);
      await drop(page, write("episodes.csv", [HEADS, ...rows(() => "U1")].join("\n")), write("cover.csv", COVER));
      assert.match(await page.textContent("#tally"), /figures? for 2026\/27 Q2/);
      assert.equal(await page.locator("#changes").isVisible(), false);
      assert.equal(await page.textContent("#commentary-said"), "");
      assert.equal(await page.textContent("#since"), "");
      // Last quarter's figures of another council, with the return itself, are held against nothing.
      await drop(page, write("q1-figures.csv", before), write("episodes.csv", [HEADS, ...rows(() => "U1")].join("\n")), write("cover.csv", COVER));
      assert.match(await page.textContent("#change-said"), /those of Exampleton/);
      assert.equal(await page.locator("#change-table").isVisible(), false);
      await closed(page);
      stop();
    });

    test("a workbook with a password is refused in words", async () => {
      const { link, stop } = await start();
      const page = await open(link);
      await drop(page, write("locked.xlsx", locked()));
      const [[title, words]] = Object.entries(await groups(page));
      assert.match(title, /^First: what stops a figure/);
      assert.match(words.join(), /password/);
      await closed(page);
      stop();
    });
  });
}

describe("the analyst's desk", () => {
  test("what is wrong with a script, by its line, and the catalogue with a search", async () => {
    const project = join(desk, "own");
    mkdirSync(join(project, "scripts"), { recursive: true });
    const script = join(project, "scripts/kin.luau");
    const sound = 'rap.indicator "kin_pct" {\n  title = "Fostered by kinfolk", theme = "Placements", unit = "percentage", better = "higher",\n  denominator = "looked_after", numerator = { PLACE = { "U1" } },\n  definition = "Children fostered by kinfolk.", source = "Local",\n}\n';
    writeFileSync(script, sound);
    const { link, stop } = await serve("--watch", "--project", project);
    const page = await open(link);
    await page.waitForFunction(() => document.querySelector("#desk-said").textContent === "The scripts are sound.", null, WAIT);
    await page.fill("#search", "kinfolk");
    const shown = await page.locator("#catalogue article:visible").allInnerTexts();
    assert.equal(shown.length, 1);
    assert.match(shown[0], /Fostered by kinfolk/);
    const headings = await page.locator("#catalogue section:visible > h4, #catalogue section:visible > h5").allInnerTexts();
    assert.ok(headings.includes("Placements") && !headings.includes("Health"), String(headings));
    await looked(page, "11-desk");
    writeFileSync(script, sound.replace("looked_after", "loked_after"));
    await page.waitForFunction(() => /loked_after/.test(document.querySelector("#faults").textContent), null, WAIT);
    assert.match(await page.locator("#faults").innerText(), /kin\.luau, line \d+/);
    await looked(page, "12-script-at-fault");
    writeFileSync(script, sound);
    await page.waitForFunction(() => document.querySelector("#desk-said").textContent === "The scripts are sound.", null, WAIT);
    await closed(page);
    stop();
  });
});
