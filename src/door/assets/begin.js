
// ---- What is pressed and dropped -------------------------------------------------------------------------

function option(value, label) {
  const made = element("option", label);
  made.value = value;
  return made;
}

/** Gets the project, and asks it for its layouts and rules. */
async function begin() {
  const packed = JSON.parse(decoded(await inflated(unpacked(dataOf("project-data")), "gzip")));
  const files = Object.entries(packed.files).map(([name, text]) => [name, unpacked(text)]);
  project = { files: Object.fromEntries(files), example: packed.example };
  $("example").hidden = !packed.example;
  await learn();
  if (session?.watched) await showDesk();
}

/** What the project declares: its layouts, its rules, and what its indicators are called. */
async function learn() {
  const result = await run(["list", "--json"]);
  if (!result) return null;
  const told = JSON.parse(result.out);
  titles = new Map((told.indicators ?? []).map(({ code, title }) => [code, title]));
  const layouts = (told.layouts ?? []).map(({ name, description }) =>
    option(name, description ? `${name}: ${description.split(":")[0]}` : name));
  const rules = (told.disclosure_rules ?? []).map(({ name, description }) =>
    option(name, `${name.replaceAll("_", " ")}: ${/^[^.,]*/.exec(description)[0]}`));
  offer($("layout"), option("", "The usual one"), ...layouts);
  offer($("rule"), option("", "The usual rule"), option("none", "Nothing is hidden"), ...rules);
  return told;
}

/** Puts options into a list; what was chosen stays chosen. */
function offer(list, ...options) {
  const chosen = list.value;
  list.replaceChildren(...options);
  if (options.some(({ value }) => value === chosen)) list.value = chosen;
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
whenPressed("take-words", takeWords);
whenPressed("save-settings", () => save({ name: PROJECT_SETTINGS, bytes: encoded(settings) }, "text/plain"));
whenPressed("save-commentary", () => save({ name: COMMENTARY, bytes: encoded(commentarySheet()) }, "text/csv"));
$("more-said").addEventListener("change", ({ target }) => {
  const said = last.commentary.find(({ about }) => about === target.value);
  if (!said) return;
  target.selectedOptions[0].remove();
  $("said-list").append(editor(said));
  $("said-list").lastElementChild.querySelector("textarea").focus();
});
for (const id of ["as-printed", "as-page", "as-tables"]) $(id).addEventListener("change", showAppendix);
$("search").addEventListener("input", search);
whenPressed("copy-list", async () => {
  await navigator.clipboard.writeText(listAsText());
  $("said").textContent = "The list is copied.";
});
whenPressed("save-list", () => save(outputs.get("problems"), "text/html"));
whenPressed("print-list", () => {
  const { title } = document;
  document.title = `What to mend in ${inputs.map(({ name }) => name).join(", ")}`;
  document.body.classList.add("list");
  window.print();
  document.body.classList.remove("list");
  document.title = title;
});
for (const id of ["files", "folder"]) {
  $(id).addEventListener("change", async ({ target }) => {
    const chosen = [...target.files].filter((file) => id === "files" || isMeant(file.webkitRelativePath));
    target.value = "";
    const files = await read(() => readFiles(chosen));
    if (files) await take(files);
  });
}
window.addEventListener("resize", fitPages);
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

// A fault of the page's own is told, and the page can be used again: it never waits for ever.
window.addEventListener("unhandledrejection", ({ reason }) => fail(`The page could not finish: ${reason?.message ?? reason}.`));

// Paper is too wide for a telephone.
if (window.innerWidth < 640) $("as-page").checked = true;

const program = session ? new Served(session) : new Program();
begin().catch((error) => fail(`The page could not begin: ${error.message}.`));
