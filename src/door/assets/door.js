"use strict";
// The page: what the officer sees and does. The work is the program's own, run by a worker or by the program that
// serves the page; every answer here is one run of a command, as on a command line.

const $ = (id) => document.getElementById(id);
const READABLE = /\.(xlsx|xlsm|xlsb|xls|ods|csv|xml|gz)$/i;
const PROJECT = ".project";
const PROJECT_SETTINGS = "rapporteur.toml";

/** The page's own data, as bytes. */
const dataOf = (id) => $(id).textContent.trim();
const unpacked = (text) => Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const inflated = async (bytes, how) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream(how))).arrayBuffer());

let project = { files: {}, example: null };
/** What indicators are called. */
let titles = new Map();
/** The files of the return. */
let inputs = [];
/** What was dropped of last quarter: figures.csv files, and an appendix; `now` where it came with this very return. */
const NOTHING_EARLIER = { figures: [], appendix: null, now: false };
let earlier = NOTHING_EARLIER;
/** Whose return it is, where it says so. */
let council = null;
/** What the program told of this drop, and of the one before. */
let last = null;
let previous = null;
/** How many times it was asked for everything. */
let turns = 0;
/** The files that were made, by what they are. */
let outputs = new Map();

// ---- Runs ------------------------------------------------------------------------------------------------

const encoded = (text) => new TextEncoder().encode(text);
const decoded = (bytes) => new TextDecoder().decode(bytes);

/** The files that every run finds beside the project's: those of the return, and what was said of it in the page. */
function disk() {
  const said = [];
  if (settings !== null) said.push({ name: SETTINGS, bytes: encoded(settings) });
  if (written.size > 0) said.push({ name: COMMENTARY, bytes: encoded(commentarySheet()) });
  return [...inputs, ...earlier.figures, ...said];
}

/** What the officer chose, as the command line says it. */
function choices() {
  const args = [];
  if ($("layout").value) args.push("--template", $("layout").value);
  if ($("rule").value) args.push("--disclosure", $("rule").value);
  if ($("period").value.trim()) args.push("--period", $("period").value.trim());
  args.push(...settled());
  if (written.size > 0) args.push("--commentary", COMMENTARY);
  for (const { name } of earlier.figures) args.push("--history", name);
  return args;
}

const theInputs = () => ["--", ...inputs.map(({ name }) => name)];
const stem = () => inputs[0].name.replace(/\.[^.]*$/, "");
const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const sentence = (text) => {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!…]$/.test(first) ? first : `${first}.`;
};

function busy(text) {
  $("failed").textContent = "";
  $("said").textContent = text ?? "";
  $("working").hidden = !text;
  $("stage").textContent = text ?? "";
  for (const id of ["choose", "choose-folder", "example", "again"]) $(id).disabled = Boolean(text);
}

function fail(text) {
  busy(null);
  $("failed").textContent = text;
}

/** One run; nothing where it was stopped or failed, which is said. */
async function run(args, stage = () => {}, files = []) {
  try {
    return await program.run(args, [...disk(), ...files], stage);
  } catch (error) {
    fail(error.message === "stopped" ? "Stopped." : `The page could not finish: ${error.message}.`);
    return null;
  }
}

/** What a build writes, by what it is. */
const madeNames = () => ({
  appendix: `${stem()}-appendix.xlsx`, accessible: `${stem()}-appendix-accessible.xlsx`,
  ods: `${stem()}-appendix-accessible.ods`,
  page: `${stem()}-appendix.html`, figures: `${stem()}-figures.csv`, problems: `${stem()}-problems.html`,
  printed: `${stem()}-printed.html`,
});

/**
 * Whether the return is another council's than the one before. What was said and dropped of that one is forgotten
 * then: neither its words nor its figures belong to this one.
 */
function isAnotherCouncil() {
  const now = outputs.get("figures") ? councilOf(outputs.get("figures")) : null;
  const other = Boolean(now && council && now !== council);
  council = now || council;
  if (!other) return false;
  if (!earlier.now) earlier = NOTHING_EARLIER;
  settings = null;
  written = new Map();
  previous = null;
  return true;
}

/** Makes everything of the return; `quiet` where somebody is typing, who is not to be disturbed. */
async function build(quiet = false) {
  const turn = (turns += 1);
  if (!quiet) busy("Reading the return");
  const names = madeNames();
  const args = ["build", "--json", "--accessible", "--ods", "-o", names.appendix, "--html", names.page, "--figures", names.figures,
    "--problems", names.problems, "--printed", names.printed];
  const stage = (text) => {
    if (quiet) return;
    $("stage").textContent = $("said").textContent = sentence(text).slice(0, -1);
  };
  const result = await run([...args, ...choices(), ...theInputs()], stage);
  // What was typed since then has been asked about since then.
  if (!result || (quiet && turn !== turns)) return;
  const told = JSON.parse(result.out);
  outputs = new Map(Object.entries(names).map(([what, name]) => [what, result.files.find((file) => file.name === name)]));
  if (isAnotherCouncil()) return build();
  showProblems(told);
  showAppendix();
  showCommentary(told);
  last = told;
  if (quiet) return;
  await showChanges();
  await proposeWords(told);
  busy(null);
  $("said").textContent = ended($("tally").textContent);
  $("problems-heading").focus();
}

/** What a run came to. */
const ended = (tally) => `${outputs.get("appendix") ? "The appendix is ready" : "There is no appendix"}: ${tally}`;
