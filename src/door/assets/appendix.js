
// ---- The appendix ----------------------------------------------------------------------------------------

/** Puts a page of the program's into one of ours: its looks stay its own, headings stand below ours. */
function lay(host, bytes, headings) {
  // The policy of this page takes no style that is written into another: widths are set below.
  const text = new TextDecoder().decode(bytes);
  const [whole, looks] = /<style>([^]*?)<\/style>/.exec(text);
  const page = new DOMParser().parseFromString(text.replace(whole, "").replaceAll(' style="', ' data-style="'), "text/html");
  page.querySelectorAll(".skip, nav, script").forEach((part) => part.remove());
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
  // What scrolls by itself can be scrolled with keys.
  for (const part of paper.querySelectorAll("pre")) part.tabIndex = 0;
  return within(host, paper, `${looks.replace(/(^|\s)(?:body|:root) \{/g, "$1.page {")}\n.page { padding: 1rem; } [hidden] { display: none !important; }
    td button { font: inherit; color: inherit; background: none; border: 0; padding: .25rem; margin: -.25rem; min-width: 1.5rem; min-height: 1.5rem; cursor: pointer; text-decoration: underline dotted; text-underline-offset: .2em; }
    td button:hover { text-decoration-style: solid; }`);
}

/** Puts a part into a place of its own, where no looks but its own hold. */
function within(host, part, looks) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(looks);
  root.adoptedStyleSheets = [sheet];
  root.replaceChildren(part);
  return part;
}

const EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SAVES = [
  ["appendix", "Appendix (Excel)", EXCEL],
  ["accessible", "Accessible edition (Excel)", EXCEL],
  ["ods", "Accessible edition (OpenDocument)", "application/vnd.oasis.opendocument.spreadsheet"],
  ["page", "Web page", "text/html"],
  ["figures", "Figures (CSV)", "text/csv"],
];

/** Rows of a figures.csv, by their headings. */
function tableOf({ bytes }) {
  const text = decoded(bytes).replace("\ufeff", "");
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const [c, row] = [text[at], rows.at(-1)];
    if (c === '"' && quoted && text[at + 1] === '"') row[row.length - 1] += text[at++];
    else if (c === '"') quoted = !quoted;
    else if (quoted || !",\r\n".includes(c)) row[row.length - 1] += c;
    else if (c === ",") row.push("");
    else if (c === "\n") rows.push([""]);
  }
  const [heads, ...lines] = rows;
  return lines.filter((line) => line.length === heads.length).map((line) => Object.fromEntries(heads.map((head, at) => [head, line[at]])));
}

const ofCouncil = (file) => tableOf(file).filter(({ area_type: area }) => area === "council");
/** Whose figures a table has. */
const councilOf = (file) => ofCouncil(file)[0]?.area ?? null;

/** The council's own figures of the last period that a table has. */
function ownFigures(file) {
  const own = ofCouncil(file);
  const end = own.map((row) => row.period_end).sort().at(-1);
  const rows = own.filter((row) => row.period_end === end);
  return { council: rows[0]?.area ?? "", period: rows[0]?.period ?? "", rows: new Map(rows.map((row) => [row.indicator, row])) };
}

/** What changed since the report that was dropped with the return. */
async function showChanges() {
  const [now, before] = [outputs.get("figures"), earlier.figures.at(-1)];
  $("changes").hidden = !now || !(before || earlier.appendix);
  $("change-rows").replaceChildren();
  $("wording").replaceChildren();
  if ($("changes").hidden) return;
  if (before) figuresThatChanged(ownFigures(before), ownFigures(now));
  if (earlier.appendix) await appendixChanges();
}

/** What a figure is called; a part behind what it is a part of, since "Q1" alone says nothing. */
function calledIn(rows, code) {
  const own = rows.get(code)?.title || code;
  const whole = rows.get(code.split(".")[0])?.title;
  return code.includes(".") && whole ? `${whole}: ${own}` : own;
}

function figuresThatChanged(before, now) {
  $("change-table").hidden = true;
  if (before.council !== now.council) {
    $("change-said").textContent = `The figures that you dropped are those of ${before.council}: they are not held against these.`;
    return;
  }
  const rows = [...now.rows].map(([code, row]) => [calledIn(now.rows, code), before.rows.get(code)?.printed ?? "none", row.printed]);
  const gone = [...before.rows].filter(([code]) => !now.rows.has(code)).map(([code, row]) => [calledIn(before.rows, code), row.printed, "none"]);
  const changed = [...rows, ...gone].filter(([, was, is]) => was !== is);
  $("change-said").textContent = `${plural(changed.length, "figure")} of ${rows.length + gone.length} changed from ${before.period} to ${now.period}.`;
  for (const [title, was, is] of changed) {
    const row = element("tr");
    const head = element("th", title);
    head.scope = "row";
    row.append(head, element("td", was), element("td", is));
    $("change-rows").append(row);
  }
  $("change-table").hidden = changed.length === 0;
}

/** What is otherwise in this appendix than in the one that was dropped. */
async function appendixChanges() {
  const [old, made] = [earlier.appendix, outputs.get("appendix")];
  const last = { name: `last-${old.name}`, bytes: old.bytes };
  const result = await run(["diff", "--json", "--", last.name, made.name], () => {}, [last, made]);
  if (!result) return;
  const told = JSON.parse(result.out);
  if (!earlier.figures.length) {
    $("change-said").textContent = `Since ${old.name}: ${told.figures} numbers, ${told.wording} wordings and ${told.formatting} changes of looks.`;
    $("change-table").hidden = true;
  }
  const changes = (told.changes ?? []).slice(0, 100);
  $("wording").append(...changes.map((change) => element("li", inWords(change))));
}

/** A change between two workbooks: where, and what it was and is. */
function inWords({ sheet, place, about, before, after }) {
  const where = [sheet, place, about].filter(Boolean).join(", ");
  return `${where}: ${before ?? "nothing"} → ${after ?? "nothing"}`;
}

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
  $("figures-are-buttons").hidden = $("as-tables").checked;
  if ($("as-tables").checked) return showTables(outputs.get("ods"));
  const printed = $("as-printed").checked && outputs.get("printed");
  const paper = lay($("paper"), (printed || page).bytes, 2);
  for (const section of paper.querySelectorAll("section[data-sheet], section[aria-labelledby]")) {
    const sheet = section.dataset.sheet ?? section.querySelector(`[id="${section.getAttribute("aria-labelledby")}"]`)?.textContent;
    for (const cell of section.querySelectorAll("td[data-cell]")) {
      if (!cell.textContent.trim()) continue;
      const button = element("button");
      button.type = "button";
      button.append(...cell.childNodes);
      const row = (cell.closest("tr").querySelector("th") ?? cell.closest("tr").querySelector("td"))?.textContent ?? "";
      button.title = "Where it comes from";
      button.addEventListener("click", () => trace(`${sheet}!${cell.dataset.cell}`, row, false));
      cell.append(button);
    }
  }
  fitPages();
}

const TABLES_LOOK = `.page { padding: 1rem; background: #fff; color: #111; font: 1rem/1.5 Arial, Helvetica, sans-serif; }
  h4 { margin: 2rem 0 .5rem; font-size: 1.2rem; } h4:first-child { margin-top: 0; } p { margin: .4rem 0; max-width: 46rem; }
  .heading { font-weight: bold; } .table { overflow-x: auto; } table { border-collapse: collapse; }
  th, td { padding: .3rem .6rem; border: 1px solid #6b7280; text-align: left; vertical-align: top; } tbody th { min-width: 5.5rem; } thead th { background: #e8ecf4; }`;

/** The accessible edition, sheet by sheet, as the file that is saved has it. */
async function showTables({ bytes }) {
  const content = (await filesOfZip(bytes)).find(({ name }) => name === "content.xml");
  const page = element("div", undefined, "page");
  const book = new DOMParser().parseFromString(decoded(content.bytes), "text/xml");
  for (const sheet of book.getElementsByTagName("table:table")) page.append(...linesOf(sheet));
  within($("paper"), page, TABLES_LOOK);
}

/** A sheet: its title, its lines, and its table, which begins with a row of headings. */
function linesOf(sheet) {
  const parts = [];
  let body = null;
  for (const row of sheet.getElementsByTagName("table:table-row")) {
    const cells = [...row.getElementsByTagName("table:table-cell")];
    const texts = cells.map((cell) => [...cell.getElementsByTagName("text:p")].map((line) => line.textContent).join("\n"));
    if (row.parentNode.localName === "table-header-rows") {
      const table = element("table");
      table.append(element("thead"), (body = element("tbody")));
      table.tHead.append(rowOf(texts, () => "col"));
      const scrolls = element("div", undefined, "table");
      scrolls.tabIndex = 0;
      scrolls.setAttribute("role", "region");
      scrolls.setAttribute("aria-label", sheet.getAttribute("table:name"));
      scrolls.append(table);
      parts.push(scrolls);
    } else if (body) {
      body.append(rowOf(texts, (at) => (at === 0 ? "row" : null)));
    } else if (texts.join("")) {
      const style = cells[0].getAttribute("table:style-name");
      parts.push(style === "Title" ? element("h4", texts[0]) : element("p", texts.join(" "), style === "Heading" ? "heading" : undefined));
    }
  }
  return parts;
}

/** A row of a table; `scope` says of which cells are headings, and of what. */
function rowOf(texts, scope) {
  const row = element("tr");
  for (const [at, text] of texts.entries()) {
    const cell = element(scope(at) ? "th" : "td", text);
    if (scope(at)) cell.scope = scope(at);
    row.append(cell);
  }
  return row;
}

/** How wide a page of paper is, and how small it may be shown. */
const PAPER = 1123;
const LEAST_ZOOM = 0.55;

/** Pages of paper are as wide as there is room for, and as they can still be read. */
function fitPages() {
  const host = $("paper");
  for (const page of host.shadowRoot?.querySelectorAll(".sheet") ?? []) {
    page.style.zoom = Math.max(LEAST_ZOOM, Math.min(1, (host.clientWidth - 36) / PAPER));
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
  const result = await run(["blank", "--json", "-o", name, ...settled(), ...theInputs()]);
  if (!result) return;
  busy(null);
  const made = result.files.find((file) => file.name === name);
  if (made) save(made, EXCEL);
  else fail(sentence(JSON.parse(result.out).problems[0]?.message ?? "it could not be made"));
}
