"use strict";
// The page: what the officer sees and does. The work is the program's own, run by a worker; every answer
// here is one run of a command, as on a command line.

const $ = (id) => document.getElementById(id);
const READABLE = /\.(xlsx|xlsm|xlsb|xls|ods|csv)$/i;
const PROJECT = ".project";

/** The page's own data, as bytes. */
const dataOf = (id) => $(id).textContent.trim();
const unpacked = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const inflated = async (bytes, how) =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream(how))).arrayBuffer());

/** The program in its worker. It is started anew where it was stopped. */
class Program {
  constructor() {
    this.source = URL.createObjectURL(new Blob([dataOf("worker-source")], { type: "text/javascript" }));
    this.start();
  }

  start() {
    this.asked = new Map();
    this.next = 1;
    this.worker = new Worker(this.source);
    this.worker.onmessage = ({ data }) => {
      const one = this.asked.get(data.id);
      if (!one) return;
      if (data.stage !== undefined) return one.stage(data.stage);
      this.asked.delete(data.id);
      if (data.failed !== undefined) one.fail(new Error(data.failed));
      else one.done(data);
    };
    this.ready = this.send({ engine: dataOf("engine-data") });
    this.ready.catch(() => {});
  }

  send(message, stage = () => {}) {
    return new Promise((done, fail) => {
      const id = this.next++;
      this.asked.set(id, { done, fail, stage });
      this.worker.postMessage({ id, ...message });
    });
  }

  async run(args, files, stage) {
    await this.ready;
    return this.send({ args, files }, stage);
  }

  stop() {
    this.worker.terminate();
    for (const { fail } of this.asked.values()) fail(new Error("stopped"));
    this.start();
  }
}

const program = new Program();
let project = { files: {}, example: null };
let titles = new Map();
let inputs = [];
let last = null;
let previous = null;
let outputs = new Map();

// ---- What is dropped -------------------------------------------------------------------------------------

/** The files of a zip, which need not be one of ours. */
async function filesOfZip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("the zip file is damaged: its table of contents is not there");
  const files = [];
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [how, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const header = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + extra + comment;
    if (!isMeant(name)) continue;
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    const packed = bytes.subarray(start, start + size);
    files.push({ name, bytes: how === 0 ? packed.slice() : await inflated(packed, "deflate-raw") });
  }
  return files;
}

/** Whether a file of a folder or zip is part of a return, and none that Excel or a Mac left there. */
function isMeant(path) {
  const parts = path.split("/");
  return READABLE.test(path) && !parts.some((part) => part.startsWith(".") || part.startsWith("~$") || part === "__MACOSX");
}

const isZip = (name, bytes) => /\.zip$/i.test(name) && bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Files with names that are theirs alone, as messages show them. */
function named(files) {
  const taken = new Set([PROJECT]);
  return files.map(({ name, bytes }) => {
    const parts = name.split("/");
    let short = parts.pop();
    while (taken.has(short)) short = `${parts.pop() ?? "another"}-${short}`;
    taken.add(short);
    return { name: short, bytes };
  });
}

async function readFiles(list) {
  const files = [];
  for (const file of list) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (isZip(file.name, bytes)) files.push(...(await filesOfZip(bytes)));
    else files.push({ name: file.webkitRelativePath || file.name, bytes });
  }
  return files;
}

/** The files of what was dropped, those of folders among them. */
async function filesOfDrop(items) {
  const files = [];
  const walk = async (entry, alone) => {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => entry.file(done, fail));
      if (alone || isMeant(entry.fullPath)) files.push(file);
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (some.length === 0) break;
        for (const inner of some) await walk(inner, false);
      }
    }
  };
  const entries = [...items].map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  for (const entry of entries) {
    if (entry instanceof File) files.push(entry);
    else if (entry) await walk(entry, true);
  }
  return files;
}

async function take(files) {
  if (files.length === 0) return fail("There is no workbook and no CSV list in what you dropped.");
  inputs = named(files);
  previous = last;
  outputs = new Map();
  await build();
}

// ---- Runs ------------------------------------------------------------------------------------------------

/** The files that every run finds: those of the project, and those of the return. */
function disk() {
  const own = Object.entries(project.files).map(([name, bytes]) => ({ name: `${PROJECT}/${name}`, bytes }));
  return [...own, ...inputs];
}

function withProject(args) {
  const [command, ...rest] = args;
  return Object.keys(project.files).length > 0 ? [command, "--project", PROJECT, ...rest] : args;
}

/** What the officer chose, as the command line says it. */
function choices() {
  const args = [];
  if ($("layout").value) args.push("--template", $("layout").value);
  if ($("rule").value) args.push("--disclosure", $("rule").value);
  if ($("period").value.trim()) args.push("--period", $("period").value.trim());
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
async function run(args, stage = () => {}) {
  try {
    return await program.run(withProject(args), disk(), stage);
  } catch (error) {
    fail(error.message === "stopped" ? "Stopped." : `The page could not finish: ${error.message}.`);
    return null;
  }
}

async function build() {
  busy("Reading the return");
  const names = {
    appendix: `${stem()}-appendix.xlsx`, accessible: `${stem()}-appendix-accessible.xlsx`,
    page: `${stem()}-appendix.html`, figures: `${stem()}-figures.csv`,
  };
  const args = ["build", "--json", "--accessible", "-o", names.appendix, "--html", names.page, "--figures", names.figures];
  const stage = (text) => {
    $("stage").textContent = $("said").textContent = sentence(text).slice(0, -1);
  };
  const result = await run([...args, ...choices(), ...theInputs()], stage);
  if (!result) return;
  const told = JSON.parse(result.out);
  outputs = new Map(Object.entries(names).map(([what, name]) => [what, result.files.find((file) => file.name === name)]));
  showProblems(told);
  showAppendix();
  busy(null);
  const made = outputs.get("appendix") ? "The appendix is ready" : "There is no appendix";
  $("said").textContent = `${made}: ${$("tally").textContent}`;
  last = told;
  $("problems-heading").focus();
}

// ---- Problems --------------------------------------------------------------------------------------------

/** The groups, in the order in which to go through them. */
const GROUPS = [
  { name: "stops", title: "Stops a figure", is: (p) => p.severity === "error" && (p.kind !== "return" || p.cells.length === 0) },
  { name: "moves", title: "Moves a figure: left out until it is mended", is: (p) => p.severity === "error" },
  { name: "look", title: "Have a look: used as it was most likely meant", is: (p) => p.severity === "warning" },
];

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Where a problem is, in words. */
function where(problem) {
  const parts = [];
  if (inputs.length > 1 || !problem.sheet) parts.push(problem.file + (problem.line ? `, line ${problem.line}` : ""));
  if (problem.sheet && !/\.csv$/i.test(problem.file)) parts.push(`sheet ${problem.sheet}`);
  if (problem.column) parts.push(`column ${problem.column}`);
  const [first, ...more] = problem.cells;
  if (first) parts.push(`cell ${first}${more.length > 0 ? ` and ${more.length} more` : ""}`);
  return sentence(parts.filter(Boolean).join(", ") || "the return as a whole");
}

const keyOf = (problem) => JSON.stringify([problem.severity, problem.sheet, problem.column, problem.message]);

/** Whether the problem, or a cell of it, was not there last time. */
function isNew(problem, before) {
  return before !== null && !before.has(keyOf(problem));
}

function item(problem, before) {
  const li = element("li");
  const what = element("p", undefined, "what");
  if (isNew(problem, before)) what.append(element("span", "New", "new"));
  what.append(sentence(problem.message));
  li.append(what, element("p", where(problem), "where"));
  for (const context of problem.context) li.append(element("p", sentence(`while ${context}`)));
  if (problem.hint) li.append(element("p", sentence(problem.hint)));
  if (problem.cells.length > 1) {
    const all = element("details");
    all.append(element("summary", `All ${problem.cells.length} cells`), element("p", problem.cells.join(", ")));
    li.append(all);
  }
  return li;
}

/** A reason why figures are not worked out. */
function gap(reason, codes) {
  const li = element("li");
  li.append(element("p", sentence(reason), "what"));
  const names = codes.map((code) => titles.get(code.split(" ")[0]) ?? code);
  const text = `Not in the appendix: ${names.slice(0, 6).join("; ")}`;
  li.append(element("p", names.length > 6 ? `${text}; and ${names.length - 6} more.` : `${text}.`));
  return li;
}

function group(title, name, items) {
  const list = element("ul", undefined, `problems ${name}`);
  list.append(...items);
  return [element("h3", `${title} (${items.length})`), list];
}

function showProblems(told) {
  const before = previous && new Map(previous.problems.map((problem) => [keyOf(problem), problem]));
  const left = new Set();
  const into = $("list");
  into.replaceChildren();
  for (const { name, title, is } of GROUPS) {
    const items = told.problems.filter((problem) => !left.has(problem) && is(problem)).map((problem) => {
      left.add(problem);
      return item(problem, before);
    });
    if (name === "stops") items.push(...Object.entries(told.not_worked_out ?? {}).map(([reason, codes]) => gap(reason, codes)));
    if (items.length > 0) into.append(...group(title, name, items));
  }
  const notes = told.problems.filter((problem) => problem.severity === "note");
  if (notes.length > 0) {
    const all = element("details");
    const list = element("ul", undefined, "problems");
    list.append(...notes.map((problem) => item(problem, null)));
    all.append(element("summary", `How the return was understood (${plural(notes.length, "note")})`), list);
    into.append(all);
  }
  const count = (severity) => told.problems.filter((problem) => problem.severity === severity).length;
  const found = [[count("error"), "thing to mend", "things to mend"], [count("warning"), "to look at", "to look at"]]
    .filter(([n]) => n > 0).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
  const figures = told.period ? ` ${plural(told.figures, "figure")} for ${told.period}.` : "";
  $("tally").textContent = `${found.length > 0 ? sentence(found.join(", ")) : "Nothing to mend."}${figures}`;
  since(before, told);
  $("list-buttons").hidden = told.problems.length === 0;
  $("problems").hidden = false;
}

/** What became of the problems of the drop before. */
function since(before, told) {
  const into = $("since");
  into.replaceChildren();
  if (before === null) return;
  const now = new Map(told.problems.map((problem) => [keyOf(problem), problem]));
  const counted = [...before.values()].filter((problem) => problem.severity !== "note");
  const solved = counted.filter((problem) => !now.has(keyOf(problem)));
  const fewer = counted.filter((problem) => now.get(keyOf(problem))?.cells.length < problem.cells.length);
  const added = told.problems.filter((problem) => problem.severity !== "note" && isNew(problem, before));
  const text = [`Since the last time: ${solved.length} solved`, `${added.length} new`];
  if (fewer.length > 0) text.splice(1, 0, `${fewer.length} solved in part`);
  into.append(element("p", sentence(text.join(", "))));
  if (solved.length === 0) return;
  const all = element("details");
  const list = element("ul");
  list.append(...solved.map((problem) => element("li", `${sentence(problem.message)} ${where(problem)}`)));
  all.append(element("summary", "What is solved"), list);
  into.append(all);
}

/** The list as a text: for an e-mail to whoever filled the sheet in. */
function listAsText() {
  const lines = [`${inputs.map(({ name }) => name).join(", ")}: ${$("tally").textContent}`, ""];
  for (const part of $("list").querySelectorAll("h3, li")) {
    if (part.tagName === "H3") lines.push(part.textContent, "");
    else lines.push(...[...part.querySelectorAll(":scope > p")].map((p) => p.innerText), "");
  }
  return lines.join("\n");
}

// ---- The appendix ----------------------------------------------------------------------------------------

/** Puts a page of the program's into one of ours: its looks stay its own, headings stand below ours. */
function lay(host, bytes, headings) {
  // The policy of this page takes no style that is written into another: widths are set below.
  const text = new TextDecoder().decode(bytes);
  const [whole, looks] = /<style>([^]*?)<\/style>/.exec(text);
  const page = new DOMParser().parseFromString(text.replace(whole, "").replaceAll(' style="', ' data-style="'), "text/html");
  page.querySelectorAll(".skip, nav, script").forEach((part) => part.remove());
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${looks.replace(/(^|\s)(?:body|:root) \{/g, "$1.page {")}\n.page { padding: 1rem; }
    td button { font: inherit; color: inherit; background: none; border: 0; padding: .25rem; margin: -.25rem; min-width: 1.5rem; min-height: 1.5rem; cursor: pointer; text-decoration: underline dotted; text-underline-offset: .2em; }
    td button:hover { text-decoration-style: solid; }`);
  root.adoptedStyleSheets = [sheet];
  const paper = element("div", undefined, "page");
  for (const part of page.body.querySelectorAll("h1, h2, h3, h4, header, main, footer")) {
    const level = /^H(\d)$/.exec(part.tagName);
    const other = document.createElement(level ? `h${Number(level[1]) + headings}` : "div");
    if (part.id) other.id = part.id;
    if (level) other.className = `was-${part.tagName.toLowerCase()}`;
    other.append(...part.childNodes);
    part.replaceWith(other);
  }
  paper.append(...page.body.childNodes);
  for (const part of paper.querySelectorAll("[data-style]")) {
    part.style.cssText = part.dataset.style;
    delete part.dataset.style;
  }
  root.replaceChildren(paper);
  return paper;
}

const SAVES = [
  ["appendix", "Appendix (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["accessible", "Accessible edition (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["page", "Web page", "text/html"],
  ["figures", "Figures (CSV)", "text/csv"],
];

function showAppendix() {
  const page = outputs.get("page");
  $("appendix").hidden = false;
  $("made").hidden = $("blank").hidden = !page;
  $("not-made").hidden = Boolean(page);
  $("saves").replaceChildren();
  if (!page) return;
  for (const [what, label, type] of SAVES) {
    const button = element("button", label, what === "appendix" ? "main" : undefined);
    button.type = "button";
    button.addEventListener("click", () => save(outputs.get(what), type));
    $("saves").append(button);
  }
  const paper = lay($("paper"), page.bytes, 2);
  for (const section of paper.querySelectorAll("section[aria-labelledby]")) {
    const sheet = section.querySelector(`[id="${section.getAttribute("aria-labelledby")}"]`)?.textContent;
    for (const cell of section.querySelectorAll("td[data-cell]")) {
      if (!cell.textContent.trim()) continue;
      const button = element("button");
      button.type = "button";
      button.append(...cell.childNodes);
      const row = cell.closest("tr").querySelector("th")?.textContent ?? "";
      button.title = "Where it comes from";
      button.addEventListener("click", () => trace(`${sheet}!${cell.dataset.cell}`, row, false));
      cell.append(button);
    }
  }
}

function save({ name, bytes }, type) {
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

let traced = null;

/** Says where a figure comes from; with the rows' contents only when asked. */
async function trace(cell, title, values) {
  traced = { cell, title };
  const dialog = $("trace");
  $("trace-heading").textContent = title || "Where it comes from";
  $("trace-said").textContent = "Looking it up";
  $("trace-rows").hidden = true;
  if (!values) $("trace-paper").shadowRoot?.replaceChildren();
  if (!dialog.open) dialog.showModal();
  $("trace-heading").focus();
  const args = ["explain", "--json", "--cell", cell, "--html", "trace.html", ...(values ? ["--show-values"] : [])];
  const result = await run([...args, ...choices(), ...theInputs()]);
  const page = result?.files.find((file) => file.name === "trace.html");
  if (!page) {
    const told = result && JSON.parse(result.out).problems.find((problem) => problem.severity === "error");
    $("trace-said").textContent = sentence(told ? told.message : "it could not be looked up");
    return;
  }
  $("trace-said").textContent = "";
  lay($("trace-paper"), page.bytes, 2);
  $("trace-rows").hidden = values;
}

async function saveBlank() {
  busy("Making an empty return");
  const name = "empty-return.xlsx";
  const result = await run(["blank", "--json", "-o", name, ...theInputs()]);
  if (!result) return;
  busy(null);
  const made = result.files.find((file) => file.name === name);
  if (made) save(made, SAVES[0][2]);
  else fail(sentence(JSON.parse(result.out).problems[0]?.message ?? "it could not be made"));
}

// ---- What is pressed and dropped -------------------------------------------------------------------------

function option(value, label) {
  const made = element("option", label);
  made.value = value;
  return made;
}

/** Gets the project, and asks it for its layouts and rules. */
async function begin() {
  const packed = JSON.parse(new TextDecoder().decode(await inflated(unpacked(dataOf("project-data")), "gzip")));
  const files = Object.entries(packed.files).map(([name, text]) => [name, unpacked(text)]);
  project = { files: Object.fromEntries(files), example: packed.example };
  $("example").hidden = !packed.example;
  const result = await run(["list", "--json"]);
  if (!result) return;
  const told = JSON.parse(result.out);
  titles = new Map(told.indicators.map(({ code, title }) => [code, title]));
  $("layout").append(option("", "As the project has it"), ...told.layouts.map(({ name, description }) =>
    option(name, description ? `${name}: ${description.split(":")[0]}` : name)));
  $("rule").append(option("", "As the project has it"), option("none", "Nothing is hidden"),
    ...told.disclosure_rules.map(({ name }) => option(name, name.replaceAll("_", " "))));
}

function whenPressed(id, does) {
  $(id).addEventListener("click", does);
}

whenPressed("choose", () => $("files").click());
whenPressed("choose-folder", () => $("folder").click());
whenPressed("example", () => take([{ name: project.example.name, bytes: unpacked(project.example.bytes) }]));
whenPressed("stop", () => program.stop());
whenPressed("again", () => build());
whenPressed("save-blank", saveBlank);
whenPressed("trace-close", () => $("trace").close());
whenPressed("trace-rows", () => trace(traced.cell, traced.title, true));
whenPressed("copy-list", async () => {
  await navigator.clipboard.writeText(listAsText());
  $("said").textContent = "The list is copied.";
});
whenPressed("save-list", () =>
  save({ name: `${stem()}-problems.txt`, bytes: new TextEncoder().encode(listAsText()) }, "text/plain"));
whenPressed("print-list", () => {
  document.body.classList.add("list");
  window.print();
  document.body.classList.remove("list");
});
for (const id of ["files", "folder"]) {
  $(id).addEventListener("change", async ({ target }) => {
    const chosen = [...target.files].filter((file) => id === "files" || isMeant(file.webkitRelativePath));
    target.value = "";
    const files = await read(() => readFiles(chosen));
    if (files) await take(files);
  });
}
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  $("choose").classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("choose").classList.remove("over");
});
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  $("choose").classList.remove("over");
  if ($("choose").disabled) return;
  const dropped = filesOfDrop(event.dataTransfer.items);
  const files = await read(async () => readFiles(await dropped));
  if (files) await take(files);
});

/** What could be read; where something could not, that is said. */
async function read(files) {
  busy("Reading the return");
  try {
    return await files();
  } catch (error) {
    fail(sentence(`it cannot be read: ${error.message}`));
    return null;
  }
}

begin().catch((error) => fail(`The page could not begin: ${error.message}.`));
