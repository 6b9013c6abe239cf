// What the page knows, and who is told when it changes. What is done with files is in files.ts.

import { completed } from "./answers";
import { BackendError, failureOf, type Backend } from "./backend";
import { Edits, type Place } from "./edits";
import type { About, CallAnswer, CallName, Calls, CheckResult, Lang, PageData, Table } from "./protocol";
import { texts, type Texts } from "./texts";
import { EVERYTHING, shownRows, stops, type Filter, type Stop } from "./view";

export type Topic = "language" | "about" | "files" | "active" | "table" | "cursor" | "edits" | "section" | "codes";
export type Section = "rows" | "tally" | "due" | "receipt" | "draft" | "dispatch" | "project";

/** A selected cell: an index into the shown rows, and a column or -1 for the line number. */
export interface Cursor {
  at: number;
  column: number;
}

export interface LogFile {
  id: number;
  name: string;
  /** Its path for calls, once it is stored; null for all logs of the project, which are not one file. */
  path: string | null;
  kind: "dropped" | "log" | "project";
  /** The log of the project that it is, by its path there. */
  origin: string | null;
  /** The hash of that log when it was opened. */
  opened: string | null;
  state: "waiting" | "reading" | "mending" | "ready" | "failed" | "cancelled";
  since: number;
  /** Why it could not be read. */
  why: string;
  /** What was said besides the result of the last check: what was left out of it, and why. */
  messages: string;
  /** What was said of the file that was mended last. */
  mendMessages: string;
  bytes: Uint8Array;
  result: CheckResult | null;
  edits: Edits;
  /** The bytes differ from those that were dropped, and were not downloaded since. */
  unsaved: boolean;
  mended: boolean;
  /** What was said of the last attempt to write changes. */
  refusal: string;
  stop: AbortController | null;
  table: number;
  filter: Filter;
  cursor: Cursor;
}

export class App {
  lang: Lang;
  about: About | null = null;
  /** Why it is not known what the project is. */
  warning = "";
  files: LogFile[] = [];
  active: LogFile | null = null;
  section: Section = "rows";
  private numbered = 0;
  private readonly listeners: { topics: readonly Topic[]; told: () => void }[] = [];
  /** What each code means, in a few words, as far as it was asked for. */
  readonly codes = new Map<string, string>();
  private shown: { table: Table; filter: Filter; rows: number[]; stops: Stop[] } | null = null;

  constructor(
    readonly page: PageData,
    readonly backend: Backend,
  ) {
    this.lang = page.lang;
  }

  get t(): Texts {
    return texts(this.lang);
  }

  get isDesk(): boolean {
    return this.page.mode === "desk";
  }

  get mayTeach(): boolean {
    return this.isDesk && this.about?.has_project === true;
  }

  on(topics: readonly Topic[], told: () => void): void {
    this.listeners.push({ topics, told });
  }

  tell(...changed: Topic[]): void {
    for (const { topics, told } of this.listeners) if (topics.some((topic) => changed.includes(topic))) told();
  }

  async call<Name extends CallName>(name: Name, ask: Calls[Name]["ask"], signal?: AbortSignal, started?: () => void): Promise<CallAnswer<Calls[Name]["result"]>> {
    // One that still waits for others is cancelled at once, too.
    const cancelled = new Promise<never>((_, reject) => signal?.addEventListener("abort", () => reject(new BackendError("cancelled"))));
    const answer = await Promise.race([this.backend.call({ call: name, lang: this.lang, today: today(), ...ask }, signal, started), cancelled]);
    return completed(name, answer) as CallAnswer<Calls[Name]["result"]>;
  }

  /** A call that either brings what was asked for or throws what to say. Faults in a log are no refusal. */
  async ask<Name extends CallName>(name: Name, ask: Calls[Name]["ask"], signal?: AbortSignal): Promise<{ result: Calls[Name]["result"]; files: string[]; messages: string }> {
    const { status, result, files, messages } = await this.call(name, ask, signal);
    if (status > 1 || (status === 1 && result === null && files.length === 0)) throw new Refusal(this.t.failed(messages));
    return { result: result as Calls[Name]["result"], files, messages };
  }

  /** Says above everything else that the project could not be asked for. */
  warn(error: unknown): void {
    this.warning = this.why(error);
    this.tell("about");
  }

  /** What to tell a person of something that went wrong. */
  why(error: unknown): string {
    if (error instanceof Refusal) return error.message;
    const word = this.t.failures[failureOf(error)];
    const detail = error instanceof BackendError && error.message !== error.failure ? error.message.replace(/\u001b\[[\d;]*m/g, "") : "";
    return detail === "" ? word : `${word}\n${detail}`;
  }

  newFile(name: string, kind: LogFile["kind"], bytes: Uint8Array, origin: string | null = null): LogFile {
    this.numbered += 1;
    return {
      id: this.numbered,
      name,
      path: null,
      kind,
      origin,
      opened: null,
      state: "waiting",
      since: 0,
      why: "",
      messages: "",
      mendMessages: "",
      bytes,
      result: null,
      edits: new Edits(),
      unsaved: false,
      mended: false,
      refusal: "",
      stop: null,
      table: 0,
      filter: EVERYTHING,
      cursor: { at: 0, column: 0 },
    };
  }

  get currentTable(): Table | null {
    return this.active?.result?.tables[this.active.table] ?? null;
  }

  /** The indices of the rows that are shown of the current table. */
  get shownRows(): number[] {
    return this.view?.rows ?? [];
  }

  /** The way from fault to fault through the rows that are shown. */
  get stops(): Stop[] {
    return this.view?.stops ?? [];
  }

  /** Kept as long as the table and the filter are the same: of a log of many faults it is long. */
  private get view(): { rows: number[]; stops: Stop[] } | null {
    const [table, filter] = [this.currentTable, this.active?.filter];
    if (!table || !filter) return null;
    if (this.shown?.table !== table || this.shown.filter !== filter) {
      const rows = shownRows(table, filter);
      this.shown = { table, filter, rows, stops: stops(table, rows, filter.codes) };
    }
    return this.shown;
  }

  /** The place of a cell in the current table. */
  placeOf(row: number, column: number): Place {
    return { table: this.active?.table ?? 0, line: this.currentTable?.rows[row]?.line ?? 0, column };
  }

  /** What a cell shows: its text, or what it was changed into. */
  cellText(row: number, column: number): string {
    return this.active?.edits.get(this.placeOf(row, column)) ?? this.currentTable?.rows[row]?.cells[column] ?? "";
  }

  columnLabel(table: Table, column: number): string {
    const written = table.header === null ? "" : (table.rows[table.header]?.cells[column] ?? "").trim();
    const field = table.columns[column];
    return written || (field ? (this.about?.fields[field]?.label ?? field) : "") || columnLetters(column);
  }

  canEdit(column: number): boolean {
    const table = this.currentTable;
    // A column of a tree that is no field is its line number.
    const isField = table?.form === "table" || (table?.columns[column] ?? null) !== null;
    return isField && this.active?.state === "ready" && this.active.kind !== "project";
  }

  hasUnsaved(file: LogFile): boolean {
    return file.edits.count > 0 || file.unsaved;
  }
}

/** What duban answered instead of doing it. */
export class Refusal extends Error {}

function columnLetters(column: number): string {
  let [letters, rest] = ["", column + 1];
  for (; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters;
}

/** The day where the page is, for duban in the page has no time zone. */
export function today(now = new Date()): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
