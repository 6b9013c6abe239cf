// Files: dropped, read, mended, checked again, downloaded, taken away.

import type { App, LogFile } from "./app";
import { BackendError } from "./backend";
import { download, say } from "./dom";
import { freeName, lastPart, mendedName, plainName } from "./names";
import { hashOf } from "./hash";
import { hasRows, stops } from "./view";

/** Takes files in that were dropped or chosen. Each is read for itself: one that is broken stops none. */
export async function add(app: App, given: Iterable<File>): Promise<void> {
  const added: LogFile[] = [];
  const unread: string[] = [];
  for (const one of [...given]) {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await one.arrayBuffer());
    } catch {
      unread.push(app.t.folderDropped(one.name));
      continue;
    }
    // Named and added in one step: others may be added while one is read.
    const file = app.newFile(freeName(plainName(one.name), namesOf(app)), "dropped", bytes);
    app.files.push(file);
    added.push(file);
  }
  if (added[0] && (!app.active || app.active.state === "failed")) app.active = added[0];
  if (added.length > 0 && app.section === "project" && app.about?.has_project !== false) app.section = "rows";
  app.tell("files", "active", "section");
  if (unread.length > 0) say(unread.join("\n"));
  for (const file of added) void read(app, file);
}

/** The names that are in use: two files of one name would lie in one place. */
const namesOf = (app: App, but?: LogFile): Set<string> => new Set(app.files.filter((file) => file !== but).map((file) => file.name.toLowerCase()));

/** Opens a log of the project like a dropped file, to be mended, or all of them together, to be looked at. */
export async function openLog(app: App, path: string | null): Promise<void> {
  const known = (): LogFile | undefined => app.files.find((file) => (path === null ? file.kind === "project" : file.origin === path));
  const bytes = path === null || known() ? new Uint8Array(0) : await app.backend.get(path);
  const opened = await hashOf(bytes);
  // It may have been opened meanwhile; another log, or a file that was dropped, may have its name.
  const there = known();
  const file = there ?? (path === null ? app.newFile("", "project", bytes) : app.newFile(freeName(lastPart(path), namesOf(app)), "log", bytes, path));
  if (!there) {
    if (path !== null) file.opened = opened;
    app.files.push(file);
  }
  app.active = file;
  app.section = "rows";
  app.tell("files", "active", "section");
  if (!there || file.kind === "project" || isUnread(file)) await read(app, file);
}

/** Shows a log among those of the project, where it can't be handed out by itself. */
export async function showLog(app: App, path: string): Promise<void> {
  await openLog(app, null);
  const table = app.active?.result?.tables.findIndex((one) => one.file === path || one.file.endsWith(`/${path}`)) ?? -1;
  if (!app.active || table < 0) return;
  app.active.table = table;
  app.tell("table");
}

export const displayName = (app: App, file: LogFile): string => (file.kind === "project" ? app.t.wholeProject : file.name);

/** Whether its last reading brought nothing, so that it may be read again. */
export const isUnread = (file: LogFile): boolean => file.state === "failed" || file.state === "cancelled";

/** Stores a file and checks it. */
export async function read(app: App, file: LogFile): Promise<void> {
  file.state = file.result ? file.state : "waiting";
  app.tell("files");
  try {
    if (file.kind !== "project" && file.path === null) file.path = await app.backend.put(file.name, file.bytes);
    if (!app.files.includes(file)) return;
    await check(app, file);
  } catch (error) {
    const cancelled = error instanceof BackendError && error.failure === "cancelled";
    file.state = cancelled ? "cancelled" : "failed";
    // Read again, it is stored again: it may not lie there any more.
    file.path = null;
    unread(file, app.why(error));
  }
  file.stop = null;
  void nameCodes(app, file);
  app.tell("files", ...(file === app.active ? (["active", "table"] as const) : []));
  say(`${displayName(app, file)}: ${stateText(app, file)}`);
}

/** Changes that are not written yet stay, with the rows that they are of. */
function unread(file: LogFile, why: string): void {
  file.why = why;
  if (file.edits.count === 0) file.result = null;
}

async function check(app: App, file: LogFile): Promise<void> {
  file.stop = new AbortController();
  const turn = (state: "waiting" | "reading"): void => {
    Object.assign(file, { state, since: Date.now() });
    app.tell("files", ...(file === app.active ? (["active"] as const) : []));
  };
  // Its turn comes when those that were dropped before it are read.
  turn("waiting");
  const answer = await app.call("check", { files: file.path === null ? [] : [file.path] }, file.stop.signal, () => turn("reading"));
  if (answer.result === null || answer.status >= 2) {
    file.state = "failed";
    unread(file, app.t.failed(answer.messages));
    return;
  }
  const isFirst = file.result === null;
  file.result = answer.result;
  file.messages = answer.messages;
  file.state = "ready";
  const { tables, errors, diagnostics } = answer.result;
  if (errors > 0 && !tables.some(hasRows)) {
    file.state = "failed";
    file.result = null;
    file.why = diagnostics.map((one) => [one.message, one.help].filter(Boolean).join("。")).join("\n");
  }
  if (isFirst) {
    file.table = Math.max(0, tables.findIndex((table) => table.rows.some((row) => row.faults.length > 0)));
    const rows = tables[file.table]?.rows ?? [];
    const shown = rows.map((_, index) => index).filter((index) => index !== tables[file.table]?.header);
    const first = tables[file.table] && stops(tables[file.table]!, shown, new Set())[0];
    file.cursor = first ?? { at: 0, column: 0 };
  }
  if (file.table >= tables.length) file.table = 0;
  // A code that is mended away must not leave an empty table behind it.
  const left = new Set(tables[file.table]?.rows.flatMap((row) => row.faults.map((fault) => fault.code)));
  const codes = new Set([...file.filter.codes].filter((code) => left.has(code)));
  file.filter = { ...file.filter, codes, onlyFaults: file.filter.onlyFaults && left.size > 0 };
}

/** Asks for the names of the codes that a file has, which stand on its filters. A filter without one shows its code. */
async function nameCodes(app: App, file: LogFile): Promise<void> {
  const { lang } = app;
  const rows = file.result?.tables.flatMap((table) => table.rows) ?? [];
  for (const code of new Set(rows.flatMap((row) => row.faults.map((fault) => fault.code)))) {
    if (app.codes.has(code)) continue;
    app.codes.set(code, "");
    try {
      const [first] = (await app.ask("explain", { code })).result.text.split("\n");
      // `V106 unknown-category 类别不在词表中`: the code, its name, what it means.
      const means = /^\S+\s+\S+\s+(.+)$/.exec(first ?? "")?.[1];
      if (app.lang !== lang) return;
      if (means) app.codes.set(code, means);
    } catch {
      return;
    }
  }
  app.tell("codes");
}

export function cancel(app: App, file: LogFile): void {
  file.stop?.abort();
  app.tell("files");
}

/** Writes the changes into the file, puts the mended one into its place and checks that. */
export async function mend(app: App, file: LogFile, end?: string): Promise<void> {
  const result = file.result;
  if (!result || file.path === null || file.state !== "ready") return;
  file.refusal = "";
  // Until it is written no cell can be changed: what was asked for is what is marked as written.
  file.state = "mending";
  app.tell("files", "active");
  try {
    if (file.edits.count > 0) {
      const name = mendedName(file.name, app.t.mendedMark, end);
      const { files, messages } = await app.ask("mend", { file: file.path, edits: file.edits.request(result.tables), to: `out/${name}` });
      const written = files[0];
      if (written === undefined) throw new BackendError("crashed", "mend");
      const bytes = await app.backend.get(written);
      // The place of a file is its name: another ending is another place.
      const dropped = end === undefined ? file.name : freeName(mendedName(file.name, "", end), namesOf(app, file));
      const path = await app.backend.put(dropped, bytes);
      if (path !== file.path) await app.backend.forget(file.path);
      Object.assign(file, { bytes, path, name: dropped, unsaved: true, mended: true, mendMessages: messages });
      // As CSV it is no state of the workbook that lies in the project.
      if (end !== undefined) file.origin = file.opened = null;
      file.edits.wrote();
    }
  } catch (error) {
    file.refusal = app.why(error);
    file.state = "ready";
    app.tell("files", "active", "edits");
    say(`${app.t.mendRefused} ${file.refusal}`);
    return;
  }
  await read(app, file);
  say(app.t.checkedAgain(stateText(app, file)));
}

export function downloadMended(app: App, file: LogFile): void {
  download(mendedName(file.name, app.t.mendedMark), file.bytes);
  file.unsaved = false;
  app.tell("files");
}

export async function downloadAnnotated(app: App, file: LogFile): Promise<void> {
  const to = `out/${mendedName(file.name, app.t.annotatedMark, ".xlsx")}`;
  const { files } = await app.ask("annotate", { files: file.path === null ? [] : [file.path], to });
  for (const path of files) download(lastPart(path), await app.backend.get(path));
}

export function remove(app: App, file: LogFile): void {
  file.stop?.abort();
  const at = app.files.indexOf(file);
  app.files.splice(at, 1);
  if (app.active === file) app.active = app.files[Math.min(at, app.files.length - 1)] ?? null;
  if (file.path !== null && file.kind !== "project") void app.backend.forget(file.path).catch(() => undefined);
  app.tell("files", "active", "table");
}

/** The state of a file in a few words. */
export function stateText(app: App, file: LogFile): string {
  switch (file.state) {
    case "waiting":
      return app.t.waiting;
    case "reading":
      return app.t.reading(Math.floor((Date.now() - file.since) / 1000));
    case "mending":
      return app.t.mending;
    case "cancelled":
      return app.t.cancelled;
    case "failed":
      return app.t.unreadShort;
    case "ready":
      return app.t.counted(file.result?.errors ?? 0, file.result?.warnings ?? 0) || app.t.wellDone;
  }
}

/** Asks for everything again in another language, or after a word was taught. */
export async function readAll(app: App): Promise<void> {
  for (const file of app.files) {
    if (file.state === "ready" || file.state === "failed") await read(app, file);
  }
}

export async function loadAbout(app: App): Promise<void> {
  app.about = (await app.ask("about", {})).result;
  app.warning = "";
  app.tell("about");
}

