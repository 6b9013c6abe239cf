// Runs duban.wasm in Node as the program would run in a folder, which is all it sees of the machine.
//
//   node --no-warnings release/run.mjs MODULE FOLDER ARGUMENT…
//   node --no-warnings release/run.mjs MODULE      many runs, for which the module is compiled once: each line of standard input is a
//                                                  folder, files for standard output and standard error, and arguments, with tabs
//                                                  between them; its answer is a line with the status
//
// With DUBAN_TIMES set, standard error of a single run ends with the milliseconds of compiling and of running.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
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

function run(folder, args, streams) {
  const wasi = new WASI({
    version: "preview1",
    args: ["duban", ...args],
    env: Object.fromEntries(set),
    preopens: { "/": folder },
    returnOnExit: true,
    ...streams,
  });
  // Not getImportObject(), which the Node 18 of Debian 12 lacks.
  return wasi.start(new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi.wasiImport }));
}

if (folder !== undefined) {
  process.exitCode = run(folder, rest);
  if (process.env.DUBAN_TIMES) {
    process.stderr.write(`compiled ${Math.round(compiled - began)} ran ${Math.round(performance.now() - compiled)}\n`);
  }
} else {
  for await (const line of createInterface({ input: process.stdin })) {
    const [folder, out, err, ...args] = line.split("\t");
    const [stdin, stdout, stderr] = [openSync("/dev/null"), openSync(out, "w"), openSync(err, "w")];
    let status = "ended";
    try {
      status = run(folder, args, { stdin, stdout, stderr });
    } catch (error) {
      writeSync(stderr, `${error}\n`);
    }
    [stdin, stdout, stderr].forEach((stream) => closeSync(stream));
    process.stdout.write(`${status}\n`);
  }
}
