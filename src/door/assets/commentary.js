
// ---- Commentary: edited in place, held against the figures, confirmed by name ------------------------------

const COMMENTARY = "commentary.csv";
/** How long somebody stops before what is typed is held against the figures. */
const PAUSE = 700;
/** What was written or confirmed here, by what it is about. */
let written = new Map();
let timer = null;

/** A field of a CSV file. */
const field = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The Commentary sheet of what was written here. */
function commentarySheet() {
  const rows = [...written].map(([about, { text, author, figure, checked }]) => [about, text, author, figure, checked]);
  const lines = [["Indicator or area", "Commentary", "Author", "Figure", "Checked"], ...rows];
  return lines.map((row) => row.map((cell) => field(cell ?? "")).join(",")).join("\n") + "\n";
}

/** Shows what is said of each figure, and of which more could be said. */
function showCommentary(told) {
  const said = told.commentary ?? [];
  $("commentary").hidden = said.length === 0;
  // What somebody is typing is left alone.
  if (document.activeElement?.matches("#said-list textarea")) return sayFaults(told);
  const about = said.filter(({ about, text }) => text || written.has(about));
  $("said-list").replaceChildren(...about.map(editor));
  const others = said.filter(({ about: code, text }) => !text && !written.has(code));
  $("more-said").replaceChildren(option("", "Choose a figure"), ...others.map(({ about: code, title }) => option(code, title)));
  $("more-said").closest("p").hidden = others.length === 0;
  sayFaults(told);
}

/** A text with its figure: to be changed, or confirmed where a script drafted it. */
function editor({ about, title, text, draft, figure, checked }) {
  const item = element("li");
  item.dataset.about = about;
  const name = element("label", title + (figure ? `: ${figure}` : ""));
  const area = element("textarea");
  area.id = name.htmlFor = `said-${about.replace(/\W/g, "_")}`;
  area.value = text;
  area.rows = Math.max(2, Math.ceil(text.length / 90));
  const faults = element("p", undefined, "fault");
  faults.id = `${area.id}-faults`;
  faults.setAttribute("role", "status");
  area.setAttribute("aria-describedby", faults.id);
  area.addEventListener("input", () => write(about, figure, area.value));
  item.append(name, area);
  if (draft) {
    const confirm = element("button", "Confirm this draft");
    confirm.type = "button";
    confirm.addEventListener("click", () => confirmDraft(about, figure));
    item.append(element("p", "A script drafted this: nobody has read it yet.", "hint"), confirm);
  } else if (checked) {
    item.append(element("p", `Read by ${checked}.`, "hint"));
  }
  item.append(faults);
  return item;
}

const reader = () => $("reader").value.trim();

function write(about, figure, text) {
  if (text.trim() === "") written.delete(about);
  else written.set(about, { text, author: reader(), figure, checked: "" });
  clearTimeout(timer);
  timer = setTimeout(build, PAUSE, true);
}

/** Whoever has read a draft puts a name to it. */
async function confirmDraft(about, figure) {
  if (!reader()) {
    $("commentary-said").textContent = "Say who you are first: the name is kept with what you confirm.";
    return $("reader").focus();
  }
  written.set(about, { text: "", author: "", figure, checked: reader() });
  await build();
  $(`said-${about.replace(/\W/g, "_")}`)?.focus();
}

/** What the figures do not bear out, beside the text that says it. */
function sayFaults(told) {
  const faults = told.problems.filter(({ file, column, severity }) => file === COMMENTARY && column === "Commentary" && severity !== "note");
  const order = [...written.keys()];
  for (const item of $("said-list").children) {
    const row = order.indexOf(item.dataset.about) + 2;
    const own = faults.filter(({ cells }) => cells.some((cell) => Number(/\d+$/.exec(cell)) === row));
    item.querySelector(".fault").textContent = own.map(({ message }) => sentence(message)).join(" ");
  }
  const count = written.size;
  $("commentary-said").textContent = count === 0 ? "" : `${plural(count, "text")} written or confirmed here.`;
  $("save-commentary").hidden = count === 0;
}
