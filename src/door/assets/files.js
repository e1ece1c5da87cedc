
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
    const [secret, how, size] = [view.getUint16(at + 8, true) & 1, view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const header = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + extra + comment;
    if (!isMeant(name)) continue;
    if (secret) throw new Error("the zip file has a password: take the files out of it, and drop them");
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
  const taken = new Set([PROJECT, SETTINGS, CHOICES, COMMENTARY]);
  return files.map(({ name, bytes }) => {
    const parts = name.split("/");
    // What no system takes in a name is left out of it.
    let short = parts.pop().replace(/[\p{Cc}\\:*?"<>|]/gu, "-").replace(/^[. -]+/, "").replace(/[. ]+$/, "") || "return";
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

/** Whether a file is the figures.csv of a report, which is no part of a return. */
const isFigures = ({ name, bytes }) =>
  /\.csv$/i.test(name) && decoded(bytes.subarray(0, 80)).replace("\ufeff", "").startsWith("indicator,title,unit,area_type,");
/** Whether a file is an appendix: the program's own name for one. */
const isAppendix = ({ name }) => /-appendix(-accessible)?\.xlsx$/i.test(name);

async function take(files) {
  if (files.length === 0) return fail("There is no workbook and no CSV list in what you dropped.");
  const all = named(files);
  const figures = all.filter(isFigures);
  const appendix = all.find(isAppendix) ?? null;
  const rest = all.filter((file) => !isFigures(file) && !isAppendix(file));
  earlier = figures.length > 0 || appendix ? { figures, appendix, now: rest.length > 0 } : { ...earlier, now: false };
  // Last quarter's files alone are held against the return that is there.
  if (rest.length === 0 && inputs.length === 0) {
    return fail("These are last quarter’s figures: drop this quarter’s return with them.");
  }
  if (rest.length > 0) inputs = rest;
  previous = last;
  outputs = new Map();
  await build();
}
