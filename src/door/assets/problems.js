
// ---- Problems --------------------------------------------------------------------------------------------

/** The groups, in the order in which to go through them. */
const GROUPS = [
  { name: "stops", title: "First: what stops a figure" },
  { name: "moves", title: "Then: what moves a figure" },
  { name: "look", title: "Have a look: used as it was most likely meant" },
];
const MOST_NAMED = 6;

/** Indicators by their titles, the first few of them. */
function figureNames(codes) {
  const names = codes.map((code) => titles.get(code.split(" ")[0]) ?? code);
  const more = names.length - MOST_NAMED;
  return names.slice(0, MOST_NAMED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

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
  const text = parts.filter(Boolean).join(", ");
  // A file keeps the name that it has.
  return problem.file && text.startsWith(problem.file) ? `${text}.` : sentence(text || "the return as a whole");
}

const keyOf = (problem) => JSON.stringify([problem.severity, problem.sheet, problem.column, problem.message]);

/** Whether the problem, or a cell of it, was not there last time. */
function isNew(problem, before) {
  return before !== null && !before.has(keyOf(problem));
}

/** The figures that mending it moves: from what to what where that is known, and by their names where it is not. */
function moved(figures) {
  const known = figures.filter(({ from }) => from !== undefined);
  const others = figures.filter(({ from }) => from === undefined).map(({ indicator }) => indicator);
  const all = element("div", undefined, "moved");
  for (const { title, from, to } of known.slice(0, MOST_NAMED)) all.append(element("p", `${title}: from ${from} to ${to}.`));
  if (known.length > MOST_NAMED) all.append(element("p", `And ${known.length - MOST_NAMED} more figures.`));
  if (others.length > 0) all.append(element("p", `It may move: ${figureNames(others)}.`));
  return all;
}

/** What to do: an officer has no command line, and mends no scripts; an analyst at the desk has one, and does. */
function whatToDo({ kind, file, hint, hint_in_page: inPage }) {
  if (session?.watched) return hint;
  const settings = kind === "usage" && file;
  if (kind === "script" || settings) return `this is in the council’s ${settings ? "settings" : "scripts"}: tell whoever made this page`;
  return inPage ?? hint;
}

/** Problems, the same fault in several columns of a sheet once: each with all of its places. */
function together(problems) {
  const told = new Map();
  for (const problem of problems) {
    const { severity, kind, file, sheet, message, hint, rule, context, figures, cells } = problem;
    const key = cells.length > 0 ? JSON.stringify([severity, kind, file, sheet, message, hint, rule, context, figures]) : told.size;
    told.set(key, [...(told.get(key) ?? []), problem]);
  }
  return [...told.values()];
}

/** One fault, in one column of a sheet or in several. */
function item(places, before) {
  const [problem] = places;
  const li = element("li");
  const what = element("p", undefined, "what");
  if (places.some((one) => isNew(one, before))) what.append(element("span", "New", "new"), " ");
  what.append(sentence(problem.message));
  li.append(what, ...places.map((one) => element("p", where(one), "where")));
  for (const context of problem.context) li.append(element("p", sentence(`while ${context}`)));
  const todo = whatToDo(problem);
  if (todo) li.append(element("p", sentence(todo)));
  if (problem.figures?.length > 0) li.append(moved(problem.figures));
  const cells = places.flatMap((one) => one.cells);
  if (cells.length > places.length) {
    const all = element("details");
    const named = ({ column, cells: own }) => element("p", places.length > 1 ? `${column}: ${own.join(", ")}` : own.join(", "));
    all.append(element("summary", `All ${cells.length} cells`), ...places.map(named));
    li.append(all);
  }
  return li;
}

/** A reason why figures are not worked out. */
function gap(reason, codes) {
  const li = element("li");
  li.append(element("p", sentence(reason), "what"), element("p", `Not in the appendix: ${figureNames(codes)}.`));
  return li;
}

function group(title, name, items) {
  const list = element("ul", undefined, `problems ${name}`);
  list.append(...items);
  return [element("h3", `${title} (${items.length})`), list];
}

function showProblems(told) {
  // A file that is no return says nothing of what became of the last one's faults.
  const before = previous && told.period ? new Map(previous.problems.map((problem) => [keyOf(problem), problem])) : null;
  const into = $("list");
  into.replaceChildren();
  for (const { name, title } of GROUPS) {
    const items = together(told.problems.filter((problem) => problem.effect === name)).map((places) => item(places, before));
    if (name === "stops") items.push(...Object.entries(told.not_worked_out ?? {}).map(([reason, codes]) => gap(reason, codes)));
    if (items.length > 0) into.append(...group(title, name, items));
  }
  const notes = together(told.problems.filter((problem) => problem.severity === "note"));
  if (notes.length > 0) {
    const all = element("details");
    const list = element("ul", undefined, "problems");
    list.append(...notes.map((places) => item(places, null)));
    all.append(element("summary", `How the return was understood (${plural(notes.length, "note")})`), list);
    into.append(all);
  }
  const count = (severity) => together(told.problems.filter((problem) => problem.severity === severity)).length;
  const gaps = Object.keys(told.not_worked_out ?? {}).length;
  const found = [[count("error"), "thing to mend", "things to mend"], [count("warning"), "to look at", "to look at"],
    [gaps, "list or column that is not there", "lists or columns that are not there"]]
    .filter(([n]) => n > 0).map(([n, one, many]) => `${n} ${n === 1 ? one : many}`);
  const figures = told.period ? ` ${plural(told.figures, "figure")} for ${told.period}.` : "";
  const tally = `${found.length > 0 ? sentence(found.join(", ")) : "Nothing to mend."}${figures}`;
  $("tally").textContent = tally;
  // What the run ended with stays true when a text was mended or spoilt in the page.
  if ($("said").textContent !== "") $("said").textContent = ended(tally);
  since(before, told);
  const sound = told.problems.every(({ severity }) => severity === "note");
  $("list-buttons").hidden = $("then").hidden = sound;
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
