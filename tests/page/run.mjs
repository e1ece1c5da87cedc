// Runs the program for web pages as if it were the native one: `node tests/page/run.mjs ENGINE ARGUMENT...`.
// The files of the current folder, and those that arguments name, are put into memory, by the page's own code;
// what was written is put back.
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../src/door/assets/engine.js", import.meta.url));
const runProgram = new Function(`${readFileSync(source, "utf8")}; return runProgram;`)();
const [engine, ...args] = process.argv.slice(2);

const files = new Map();
const folders = new Set();

/** Puts a file, or the files of a folder, into memory. */
function take(path, name) {
  if (statSync(path).isDirectory()) {
    folders.add(name);
    for (const inner of readdirSync(path)) take(join(path, inner), join(name, inner));
  } else {
    files.set(name, readFileSync(path));
  }
}

take(process.cwd(), "");
for (const arg of args.filter((arg) => isAbsolute(arg) && existsSync(arg))) take(arg, relative("/", arg));
const module = await WebAssembly.compile(readFileSync(engine));
const given = [...files].map(([name, bytes]) => ({ name, bytes: new Uint8Array(bytes) }));
const run = await runProgram(module, args, given, () => {}, [...folders]);
for (const { name, bytes } of run.files) {
  mkdirSync(dirname(join(process.cwd(), name)), { recursive: true });
  writeFileSync(join(process.cwd(), name), bytes);
}
process.stdout.write(run.out);
process.stderr.write(run.err);
process.exitCode = run.code;
