import assert from "node:assert/strict";
import { test } from "node:test";
import { File, OpenFile } from "@bjorn3/browser_wasi_shim";
import { completed } from "../src/answers";
import { App, type LogFile } from "../src/app";
import { BackendError, failureOf, type Backend } from "../src/backend";
import { GateBackend } from "../src/gate";
import { isUnread, mend, openLog, read } from "../src/files";
import { Folder } from "../src/folder";
import { hashOf } from "../src/hash";
import { freeName, mendedName, plainName } from "../src/names";
import type { CallAnswer, CallRequest, CheckResult } from "../src/protocol";
import { take } from "../src/take";
import { en } from "../src/texts-en";
import { zh } from "../src/texts-zh";

test("names are free, mended once, and never paths", () => {
  assert.equal(freeName("台账.xlsx", new Set(["台账.xlsx", "台账 (2).xlsx"])), "台账 (3).xlsx");
  assert.equal(mendedName("台账.xlsx", "（已改）"), "台账（已改）.xlsx");
  assert.equal(mendedName("台账（已改）.xlsx", "（已改）"), "台账（已改）.xlsx");
  assert.equal(mendedName("台账.xls", "", ".csv"), "台账.csv");
  for (const [name, plain] of [["../../etc/passwd", "passwd"], ["C:\\a\\b.csv", "b.csv"], ["..", "file"], ["", "file"], ["a\0b\n.csv", "ab.csv"]] as const) {
    assert.equal(plainName(name), plain);
  }
});

test("a dropped file is read back, replaced by one of its name, and forgotten", () => {
  const folder = new Folder(new Map());
  assert.equal(folder.put("a.csv", new Uint8Array([1, 2])), "in/a.csv");
  assert.deepEqual(folder.get("in/a.csv"), new Uint8Array([1, 2]));
  folder.put("a.csv", new Uint8Array([3]));
  assert.deepEqual(folder.get("in/a.csv"), new Uint8Array([3]));
  folder.forget("in/a.csv");
  assert.equal(folder.get("in/a.csv"), null);
  assert.equal(folder.get("in"), null);
});

test("a file that is written in parts, cut off and written again holds what was written", () => {
  const file = new File(new Uint8Array(0));
  const open = new OpenFile(file);
  const written: number[] = [];
  for (let part = 0; part < 300; part += 1) {
    const bytes = Array.from({ length: 1 + ((part * 37) % 900) }, (_, at) => (part + at) & 255);
    open.fd_write(new Uint8Array(bytes));
    written.push(...bytes);
  }
  assert.deepEqual(Array.from(file.data), written);
  open.fd_filestat_set_size(10n);
  assert.deepEqual(Array.from(file.data), written.slice(0, 10));
  open.fd_seek(14n, 0);
  open.fd_write(new Uint8Array([7]));
  assert.deepEqual(Array.from(file.data), [...written.slice(0, 10), 0, 0, 0, 0, 7]);
  open.fd_seek(2n, 0);
  open.fd_write(new Uint8Array([8, 9]));
  assert.deepEqual(Array.from(file.data).slice(0, 5), [written[0], written[1], 8, 9, written[4]]);
});

test("what an answer leaves out is put back, and a thousand columns are cut", () => {
  const row = { line: 2, cells: Array.from({ length: 1000 }, () => "x"), faults: [{ code: "V1", severity: "error", message: "", help: null, cell: 999 }] };
  const result = { files: 1, issues: 1, errors: 1, warnings: 0, diagnostics: [], tables: [{ file: "a", form: "table", columns: ["unit"], rows: [{ line: 1, cells: ["a"] }, row] }] } as unknown as CheckResult;
  const answer = completed("check", { status: 1, messages: "duban: 一\nduban: 二\n", result, files: [] });
  assert.equal(answer.messages, "一\n二");
  const [table] = (answer.result as CheckResult).tables;
  assert.equal(table?.columns.length, 300);
  assert.deepEqual([table?.header, table?.faults, table?.rows[0]?.faults, table?.rows[1]?.faults[0]?.cell], [null, [], [], null]);
});

test("both languages say the same things, and English holds no Chinese", () => {
  const keys = (of: object): string[] => Object.entries(of).flatMap(([key, value]) => (typeof value === "object" ? keys(value as object).map((inner) => `${key}.${inner}`) : [key]));
  assert.deepEqual(keys(en).sort(), keys(zh).sort());
  const { otherLanguage: _, ...own } = en;
  const said = (of: object): string[] => Object.values(of).flatMap((value: unknown) => (typeof value === "object" && value ? said(value) : typeof value === "string" ? [value] : [String(value)]));
  for (const text of said(own)) assert.doesNotMatch(text, /[\u4e00-\u9fff]/);
});

test("the name of a dropped file is one on every system", () => {
  for (const [name, plain] of [["台账 10:30.csv", "台账 10-30.csv"], ["con.xlsx", "_con.xlsx"], ["COM1", "_COM1"], ["lpt9.a.csv", "_lpt9.a.csv"], ["console.csv", "console.csv"], [" a.csv. ", "a.csv"], [":", "-"]] as const) {
    assert.equal(plainName(name), plain);
    assert.equal(plainName(plain), plain);
  }
});

/** An app over a backend whose calls are answered by `answer`, and a file that was read. */
function opened(answer: (request: CallRequest) => Promise<CallAnswer> | CallAnswer): { app: App; file: LogFile } {
  const said = { textContent: "" };
  Object.assign(globalThis, { document: { getElementById: () => said, querySelector: () => said } });
  const backend: Backend = {
    put: async (name) => `in/${name}`,
    get: async () => new Uint8Array([2]),
    forget: async () => undefined,
    call: async (request) => answer(request),
  };
  const app = new App({ mode: "desk", lang: "en", version: "", office: null }, backend);
  const file = Object.assign(app.newFile("log.csv", "dropped", new Uint8Array([1])), { path: "in/log.csv", state: "ready" as const, result: checked() });
  app.files.push(file);
  app.active = file;
  return { app, file };
}

const checked = (): CheckResult => ({ files: 1, issues: 1, errors: 0, warnings: 0, diagnostics: [], tables: [{ file: "in/log.csv", form: "table", header: 0, columns: ["unit"], rows: [{ line: 1, cells: ["单位"], faults: [] }, { line: 2, cells: ["甲"], faults: [] }], faults: [] }] });
const place = { table: 0, line: 2, column: 0 };

test("a browser that can't unpack the module is told to be too old", async () => {
  const kept = globalThis.DecompressionStream;
  Object.assign(globalThis, { DecompressionStream: undefined });
  try {
    const gate = new GateBackend({}, Promise.resolve(""));
    await assert.rejects(gate.put("a.csv", new Uint8Array(0)), (error) => failureOf(error) === "too-old");
  } finally {
    Object.assign(globalThis, { DecompressionStream: kept });
  }
});

test("while changes are written no cell can be changed, and what was said of them is shown", async () => {
  const during: boolean[] = [];
  const { app, file } = opened((request) => {
    if (request.call !== "mend") return { status: 0, messages: "the newest is counted", result: checked(), files: [] };
    during.push(app.canEdit(0));
    return { status: 0, messages: "the sheet has formulas", result: null, files: ["out/log (mended).csv"] };
  });
  file.edits.set(place, "甲", "甲", "乙");
  assert.equal(app.canEdit(0), true);
  await mend(app, file);
  assert.deepEqual([during, app.canEdit(0), file.edits.count, file.edits.isWritten(place)], [[false], true, 0, true]);
  assert.deepEqual([file.mendMessages, file.messages], ["the sheet has formulas", "the newest is counted"]);
});

test("what can't be read any more keeps its changes, and can be read again", async () => {
  let isGone = true;
  const { app, file } = opened(() => {
    if (isGone) throw new BackendError("unreachable");
    return { status: 0, messages: "", result: checked(), files: [] };
  });
  file.edits.set(place, "甲", "甲", "乙");
  await read(app, file);
  assert.deepEqual([file.state, isUnread(file), file.result === null, app.canEdit(0)], ["failed", true, false, false]);
  isGone = false;
  await read(app, file);
  assert.deepEqual([file.state, file.edits.count, app.canEdit(0)], ["ready", 1, true]);
});

test("a log that others changed is asked about once more before it is replaced", async () => {
  const asked: CallRequest[] = [];
  const { app, file } = opened((request) => {
    asked.push(request);
    return { status: 1, messages: "", result: { place: "logs/log.csv", state: "changed" }, files: [] };
  });
  Object.assign(file, { origin: "logs/log.csv", opened: await hashOf(new Uint8Array([1])) });
  assert.equal(file.opened, "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a");
  Object.assign(globalThis, { document: { ...(globalThis as { document?: object }).document, createElement: () => { throw new Error("asked"); } } });
  await assert.rejects(take(app, file), /asked/);
  assert.deepEqual(asked.map(({ call, replace, was, as }) => ({ call, replace, was, as })), [{ call: "take", replace: false, was: file.opened, as: "logs/log.csv" }]);
});

test("logs of one name in two folders, and a dropped file of that name, are three files, and each log goes back to its place", async () => {
  const stored = new Map<string, number>();
  const asked: CallRequest[] = [];
  const result = { files: 1, issues: 1, errors: 0, warnings: 0, diagnostics: [], tables: [] };
  const backend: Backend = {
    put: async (name, bytes) => (stored.set(name, bytes[0] ?? 0), `in/${name}`),
    get: async (path) => new Uint8Array([path.startsWith("logs/a/") ? 1 : 2]),
    forget: async () => undefined,
    call: async (request): Promise<CallAnswer> => (asked.push(request), { status: 0, messages: "", result: request.call === "check" ? structuredClone(result) : { logs: [] }, files: [] }),
  };
  const said = { textContent: "" };
  Object.assign(globalThis, { document: { getElementById: () => said, querySelector: () => said } });
  const app = new App({ mode: "desk", lang: "en", version: "", office: null }, backend);
  app.files.push(Object.assign(app.newFile("log.csv", "dropped", new Uint8Array([3])), { path: "in/log.csv" }));
  // As by a double click, and by two buttons.
  await Promise.all(["logs/a/log.csv", "logs/b/log.csv", "logs/a/log.csv"].map((path) => openLog(app, path)));
  await openLog(app, "logs/a/log.csv");
  assert.deepEqual([...stored], [["log (2).csv", 1], ["log (3).csv", 2]]);
  assert.equal(app.active?.origin, "logs/a/log.csv");
});
