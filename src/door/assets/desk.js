
// ---- The analyst's desk: what `serve --watch` shows -------------------------------------------------------

/** What is wrong with the scripts, and the catalogue. */
async function showDesk() {
  const name = "catalogue.html";
  const result = await run(["docs", "--json", "-o", name]);
  if (!result) return;
  const { problems } = JSON.parse(result.out);
  const faults = problems.filter((problem) => problem.severity !== "note");
  $("desk").hidden = false;
  $("desk-said").textContent = faults.length === 0 ? "The scripts are sound." : `${plural(faults.length, "thing")} to mend in the scripts.`;
  $("faults").replaceChildren(...faults.map((problem) => item([problem], null)));
  const page = result.files.find((file) => file.name === name);
  $("catalogue-part").hidden = !page;
  if (!page) return;
  lay($("catalogue"), page.bytes, 2);
  search();
}

/** Shows the parts of the catalogue that hold every word that is looked for. */
function search() {
  const wanted = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const parts = $("catalogue").shadowRoot?.querySelectorAll("section section, section > article, article") ?? [];
  let found = 0;
  for (const part of parts) {
    const text = part.textContent.toLowerCase();
    part.hidden = !wanted.every((word) => text.includes(word));
    found += part.hidden ? 0 : 1;
  }
  // A heading with nothing below it says nothing.
  for (const theme of $("catalogue").shadowRoot?.querySelectorAll("section") ?? []) {
    const own = [...theme.querySelectorAll("article")];
    theme.hidden = own.length > 0 && own.every((part) => part.hidden);
  }
  $("found").textContent = wanted.length > 0 ? `${found} of ${parts.length}` : "";
}

/** A script was saved: everything is made again with it. */
async function scriptsChanged() {
  if ($("choose").disabled) return;
  await learn();
  await showDesk();
  if (inputs.length > 0) await build();
  $("said").textContent = `The scripts have changed. ${$("said").textContent}`;
}
