
// ---- The council's own headings and words -----------------------------------------------------------------

const SETTINGS = "rapporteur-settings.toml";
const CHOICES = "choices.toml";
/** The settings that were made here, as text; none where nothing was chosen. */
let settings = null;
let proposal = null;

/** Whether the return may be in words of its own: lists or columns were not found, or codes are none. */
const mayBeOther = (told) =>
  Object.keys(told.not_worked_out ?? {}).length > 0 || !told.period ||
  told.problems.some(({ severity, column }) => severity === "error" && column);

/** Asks what headings and words may mean, and shows what is proposed. */
async function proposeWords(told) {
  $("words-open").hidden = true;
  $("words-taken").hidden = settings === null;
  $("words").hidden = settings === null;
  if (!mayBeOther(told)) return;
  const result = await run(["map", "--json", ...settled(), ...theInputs()]);
  if (!result) return;
  proposal = JSON.parse(result.out).lists ?? [];
  const parts = proposal.map(wordsOf).filter(Boolean);
  $("word-lists").replaceChildren(...parts);
  $("words-open").hidden = parts.length === 0;
  $("words").hidden = parts.length === 0 && settings === null;
}

const settled = () => (settings === null ? [] : ["--settings", SETTINGS]);

/** What of one list is not known yet: its columns and its words, each with a choice. */
function wordsOf(list, at) {
  const open = list.columns.filter(({ known }) => !known);
  const lacking = open.length > 0 || list.words.length > 0 ? list.missing : [];
  if (open.length + list.words.length === 0) return null;
  const headings = list.headings.map((name) => [name, name]);
  const called = (column) => (list.called[column] ? `${list.called[column]} (${column})` : column);
  const rows = [
    ...open.map(({ column, heading, sure }) => choice(at, [column], called(column), heading, sure, headings)),
    ...lacking.map((column) => choice(at, [column], called(column), "", "not found", headings)),
    ...list.words.map(({ column, word, rows: count, code, sure }) =>
      choice(at, [column, word], `“${word}” in ${called(column)}, ${plural(count, "row")}`, code ?? "", sure ?? "not known",
        (list.codes[column] ?? []).map(({ code: name, means }) => [name, means ? `${name}: ${means}` : name]))),
  ];
  const part = element("fieldset");
  part.append(element("legend", `${list.title}${list.sheet ? ` on the sheet ${list.sheet}` : ""}`), ...rows);
  return part;
}

/** One choice: what it is about, what is proposed, how sure, and what there is to choose from. */
function choice(at, path, label, chosen, sure, options) {
  const row = element("p", undefined, "choice");
  const name = element("label", label);
  const list = element("select");
  list.id = name.htmlFor = `word-${at}-${path.join("-").replace(/\W/g, "_")}-${label.length}`;
  list.dataset.path = JSON.stringify(path);
  list.dataset.list = at;
  list.append(option("", "not in this return"), ...options.map(([value, text]) => option(value, text)));
  // What nobody is sure of is left for the officer to say.
  list.value = sure === "unsure" ? "" : chosen;
  const note = element("span", sure === "unsure" && chosen ? `perhaps ${chosen}` : sure, "hint");
  row.append(name, list, note);
  return row;
}

/** A text as settings hold it. */
const quoted = (text) => JSON.stringify(text).replace(/[\u007f]/g, "\\u007f");

/** What was chosen, as settings are written. */
function chosenWords() {
  const parts = new Map();
  for (const select of $("word-lists").querySelectorAll("select")) {
    if (!select.value) continue;
    const [column, word] = JSON.parse(select.dataset.path);
    const { list } = proposal[Number(select.dataset.list)];
    const head = word === undefined ? `[columns.${quoted(list)}]` : `[codes.${quoted(list)}.${quoted(column)}]`;
    const line = `${quoted(word ?? column)} = ${quoted(select.value)}`;
    parts.set(head, [...(parts.get(head) ?? []), line]);
  }
  return [...parts].map(([head, lines]) => [head, ...lines, ""].join("\n")).join("\n");
}

/** Takes the choices, and makes everything again with them. */
async function takeWords() {
  const before = settings ?? (project.files[PROJECT_SETTINGS] ? decoded(project.files[PROJECT_SETTINGS]) : null);
  const files = [{ name: CHOICES, bytes: encoded(chosenWords()) }];
  if (before !== null && settings === null) files.push({ name: SETTINGS, bytes: encoded(before) });
  busy("Taking your words");
  const args = ["map", "--json", "--accept", "--choices", CHOICES, "--settings", SETTINGS, ...theInputs()];
  const result = await run(args, () => {}, files);
  if (!result) return;
  const made = result.files.find(({ name }) => name === SETTINGS);
  if (!made) return fail(sentence(JSON.parse(result.out).problems[0]?.message ?? "nothing was chosen"));
  settings = decoded(made.bytes);
  previous = last;
  await build();
}
