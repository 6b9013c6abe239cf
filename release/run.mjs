// Runs duban.wasm in Node as the program would run in a folder, which is all it sees of the machine.
//
//   node --no-warnings release/run.mjs MODULE FOLDER ARGUMENT…
//
// With DUBAN_TIMES set, standard error ends with the milliseconds of compiling and of running.
import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { WASI } from "node:wasi";

// Its calls without a frame must not collect garbage, but reading a file may (Node 20): large workbooks ended the process.
setFlagsFromString("--no-turbo-fast-api-calls");

const [path, folder, ...rest] = process.argv.slice(2);
const { LANG, LC_ALL, LC_MESSAGES, NO_COLOR } = process.env;
const set = Object.entries({ LANG, LC_ALL, LC_MESSAGES, NO_COLOR }).filter(([, value]) => value !== undefined);
const began = performance.now();
const module = new WebAssembly.Module(readFileSync(path));
const compiled = performance.now();
const wasi = new WASI({
  version: "preview1",
  args: ["duban", ...rest],
  env: Object.fromEntries(set),
  preopens: { "/": folder },
  returnOnExit: true,
});
// Not getImportObject(), which the Node 18 of Debian 12 lacks.
const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport });
const status = wasi.start(instance);
const ended = performance.now();
if (process.env.DUBAN_TIMES) {
  process.stderr.write(`compiled ${Math.round(compiled - began)} ran ${Math.round(ended - compiled)}\n`);
}
process.exitCode = status;
