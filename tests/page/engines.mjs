// Both engines on everything that there is: the cases of the tests, the goldens, every layout, and the shared cases and
// returns where they lie beside the repository. The program for web pages must say and write what the native one does,
// byte for byte. `.ci/engines` runs this; words that follow it choose what is run.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const SHARED = join(ROOT, "../shared");
const PROGRAM = resolve(process.env.RAPPORTEUR ?? join(ROOT, "target/debug/rapporteur"));
const source = readFileSync(join(ROOT, "src/door/assets/engine.js"), "utf8");
const runProgram = new Function(`${source}; return runProgram;`)();
const module = await WebAssembly.compile(readFileSync(join(ROOT, "target/page/rapporteur.wasm")));
const wanted = process.argv.slice(2);

/** What only the native program does: it waits for others, or has more than one thread. */
const NATIVE = new Set(["serve", "watch"]);

/** The files of a folder and of those in it, by their names from there; and the folders. */
function look(folder, within = "", found = { files: new Map(), folders: [] }) {
  for (const name of readdirSync(join(folder, within))) {
    const path = join(within, name);
    if (statSync(join(folder, path)).isDirectory()) {
      found.folders.push(path);
      look(folder, path, found);
    } else {
      found.files.set(path, readFileSync(join(folder, path)));
    }
  }
  return found;
}

function native(folder, args) {
  const run = spawnSync(PROGRAM, args, { cwd: folder, maxBuffer: 1 << 28, timeout: 120_000 });
  return { code: run.status, out: String(run.stdout), err: String(run.stderr) };
}

async function inPage(folder, args) {
  const { files, folders } = look(folder);
  const given = [...files].map(([name, bytes]) => ({ name, bytes: new Uint8Array(bytes) }));
  const run = await runProgram(module, args, given, () => {}, folders);
  for (const { name, bytes } of run.files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  return run;
}

/** The first place where two texts differ, with a little around it. */
function parted(here, there) {
  let at = 0;
  while (at < here.length && here[at] === there[at]) at++;
  const around = (text) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 160));
  return `\n    native ${around(here)}\n    page   ${around(there)}`;
}

/** What the two say or write otherwise, in words. */
async function differences(prepare, runs) {
  const folders = ["native-", "page-"].map((name) => mkdtempSync(join(tmpdir(), name)));
  try {
    // What is made for a case is made once: a zip that is packed a second later has other bytes.
    prepare(folders[0]);
    cpSync(folders[0], folders[1], { recursive: true, preserveTimestamps: true });
    const all = [];
    for (const args of runs.filter(([command]) => !NATIVE.has(command))) {
      const here = native(folders[0], args);
      const there = await inPage(folders[1], args).catch((error) => ({ code: String(error), out: "", err: "" }));
      for (const part of ["code", "out", "err"]) {
        if (here[part] !== there[part]) all.push(`${args.join(" ")}: ${part}${parted(String(here[part]), String(there[part]))}`);
      }
      const [mine, its] = folders.map((folder) => look(folder).files);
      for (const name of new Set([...mine.keys(), ...its.keys()])) {
        if (!mine.get(name)?.equals(its.get(name) ?? Buffer.alloc(0))) {
          const where = !mine.has(name) ? "the page's alone" : !its.has(name) ? "the native program's alone" : "not the same bytes";
          all.push(`${args.join(" ")}: ${name} is ${where}`);
        }
      }
    }
    return all;
  } finally {
    folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
  }
}

/** The words of a command line. */
const words = (line) => [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ""));
const EVERYTHING = ["--accessible", "--ods", "--html", "page.html", "--printed", "printed.html", "--figures", "figures.csv", "--problems", "problems.html"];
const folders = (path) => (existsSync(path) ? readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory()).sort() : []);
const copied = (from, name) => (folder) => cpSync(from, join(folder, name), { recursive: true });

/** Everything that there is to run: a name, what lies in the folder, and command lines. */
function* jobs() {
  for (const name of folders(join(ROOT, "tests/cases"))) {
    const path = join(ROOT, "tests/cases", name);
    const [, list] = /^run = (\[[^]*?\])/m.exec(readFileSync(join(path, "run.toml"), "utf8"));
    yield [`cases/${name}`, copied(path, ""), [JSON.parse(list.replace(/,\s*\]$/, "]"))]];
  }
  const example = join(ROOT, "examples/children-in-care-2026-27-q2.xlsx");
  for (const layout of readdirSync(join(ROOT, "templates")).filter((name) => name.endsWith(".luau")).map((name) => name.slice(0, -5))) {
    for (const rule of ["none", "dfe", "round_to_5"]) {
      yield [`layouts/${layout}-${rule}`, copied(example, "q2.xlsx"), [["build", "q2.xlsx", "--json", "--template", layout, "--disclosure", rule, ...EVERYTHING]]];
    }
  }
  for (const name of folders(join(ROOT, "examples")).filter((name) => existsSync(join(ROOT, "examples", name, "q2.xlsx")))) {
    yield [`examples/${name}`, copied(join(ROOT, "examples", name), "own"), [["build", "own/q2.xlsx", "--json", "--project", "own", ...EVERYTHING], ["test", "--project", "own"]]];
  }
  yield ["golden/small", copied(join(ROOT, "tests/golden/small"), "lists"), [["build", "lists", "--json", ...EVERYTHING]]];
  for (const name of folders(join(SHARED, "golden"))) {
    const path = join(SHARED, "golden", name, "return.xlsx");
    if (existsSync(path)) yield [`golden/${name}`, copied(path, "return.xlsx"), [["build", "return.xlsx", "--json", ...EVERYTHING], ["build", "return.xlsx", "--template", "annual", "-o", "b.xlsx"]]];
  }
  for (const name of existsSync(SHARED) ? readdirSync(join(SHARED, "data/returns")).filter((name) => /\.xlsx$|-csv$/.test(name)) : []) {
    yield [`returns/${name}`, copied(join(SHARED, "data/returns", name), name), [["build", name, "--json", ...EVERYTHING], ["check", name, "-v"], ["map", name, "--json"]]];
  }
  for (const group of folders(join(SHARED, "cases"))) {
    for (const name of folders(join(SHARED, "cases", group))) {
      const path = join(SHARED, "cases", group, name);
      if (!existsSync(join(path, "case.json"))) continue;
      const { run } = JSON.parse(readFileSync(join(path, "case.json"), "utf8"));
      const prepare = (folder) => {
        cpSync(path, folder, { recursive: true });
        mkdirSync(join(folder, "out"), { recursive: true });
        if (existsSync(join(path, "make.py"))) spawnSync("python3", ["make.py"], { cwd: folder });
      };
      const lines = [run].flat().map((line) => words(line.replaceAll("{dir}/", "").replaceAll("{dir}", ".").replaceAll("{out}", "out")).slice(1));
      yield [`shared/${group}/${name}`, prepare, lines];
    }
  }
}

let [same, other] = [0, 0];
for (const [name, prepare, runs] of jobs()) {
  if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
  const all = await differences(prepare, runs);
  if (all.length === 0) same++;
  else {
    other++;
    console.log(`${name}\n  ${all.join("\n  ")}`);
  }
}
console.log(`${same} passed, ${other} failed`);
process.exitCode = other > 0 || same === 0 ? 1 : 0;
