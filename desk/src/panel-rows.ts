// The section in which a file is looked at row by row, and mended.

import type { App, LogFile } from "./app";
import { Detail } from "./detail";
import { fill, h } from "./dom";
import { downloadAnnotated, downloadMended, mend } from "./files";
import { Filters } from "./filters";
import { Grid, MARK } from "./grid";
import type { Panel } from "./shell";
import type { Diagnostic, Fault } from "./protocol";
import { take } from "./take";
import { faultsAbove, hasRows } from "./view";

export class RowsPanel implements Panel {
  readonly element: HTMLElement;
  private readonly summary = h("div", { class: "summary" });
  private readonly counts = h("dl", { class: "counts" });
  private readonly actions = h("div", { class: "actions" });
  private readonly notes = h("div", { class: "notes" });
  private readonly help = h("p", { class: "keys note" });
  private readonly work: HTMLElement;
  private readonly grid: Grid;
  private readonly detail: Detail;
  private busy = false;
  private wrong = "";

  constructor(private readonly app: App) {
    this.grid = new Grid(app, () => this.detail.focusEditor());
    this.detail = new Detail(app, (step) => this.go(step), () => this.grid.element.focus());
    const filters = new Filters(app);
    this.work = h("div", { class: "work" }, h("div", { class: "left" }, this.grid.element, this.help), this.detail.element);
    this.summary.append(this.counts, this.actions);
    this.element = h("section", { class: "rows" }, this.summary, this.notes, filters.element, this.work);
    app.on(["files", "active", "table", "edits", "language"], () => this.draw());
    app.on(["active"], () => { this.wrong = ""; });
  }

  show(): void {
    this.draw();
  }

  go(step: 1 | -1): void {
    this.grid.go(step);
  }

  undo(): void {
    const { app } = this;
    const file = app.active;
    const tables = file?.result?.tables;
    if (!file || !tables || file.state !== "ready") return;
    const rowOf = (table: number, line: number): number => tables[table]?.rows.findIndex((row) => row.line === line) ?? -1;
    const back = file.edits.undo(({ table, line, column }) => tables[table]?.rows[rowOf(table, line)]?.cells[column]);
    if (!back) return;
    file.table = back.table;
    const at = app.shownRows.indexOf(rowOf(back.table, back.line));
    if (at >= 0) file.cursor = { at, column: back.column };
    app.tell("edits", "files", "cursor");
  }

  private draw(): void {
    const { app } = this;
    const file = app.active;
    const hasTable = app.currentTable !== null && hasRows(app.currentTable);
    this.work.hidden = !hasTable;
    this.help.textContent = app.t.keys;
    this.summary.hidden = !file?.result;
    if (!file) return fill(this.notes);
    this.drawSummary(file);
    this.drawNotes(file);
  }

  private drawSummary(file: LogFile): void {
    const { t } = this.app;
    const result = file.result;
    // A fault that many rows share is one fault.
    const marked = (result?.tables ?? []).reduce((sum, table) => sum + table.rows.reduce((so, row) => so + row.faults.length, 0), 0);
    const count = (label: string, value: number, look = ""): HTMLElement => h("div", { class: look }, h("dt", {}, label), h("dd", {}, value));
    fill(
      this.counts,
      count(t.issues, result?.issues ?? 0),
      count(t.errors, result?.errors ?? 0, (result?.errors ?? 0) > 0 ? "error" : ""),
      count(t.warnings, result?.warnings ?? 0, (result?.warnings ?? 0) > 0 ? "warning" : ""),
      marked > (result?.errors ?? 0) + (result?.warnings ?? 0) && count(t.marked, marked),
      file.edits.count > 0 && count(t.changes, file.edits.count, "changed"),
    );
    const focused = this.actions.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["do"] : undefined;
    const button = (name: string, label: string, action: () => void, disabled = false, strong = false): HTMLElement =>
      h("button", { type: "button", "data-do": name, class: strong ? "strong" : null, disabled: disabled || this.busy || file.state !== "ready", onclick: action }, label);
    const changes = file.edits.count;
    fill(
      this.actions,
      file.kind !== "project" && button("undo", t.undo, () => this.undo(), !file.edits.canUndo),
      button("check", changes > 0 ? t.checkWith(changes) : t.checkAgain, () => void this.run(() => mend(this.app, file)), false, changes > 0),
      file.kind !== "project" && file.mended && button("download", t.downloadMended, () => downloadMended(this.app, file), changes > 0, changes === 0 && file.unsaved),
      file.kind !== "project" && button("annotate", t.annotate, () => void this.run(() => downloadAnnotated(this.app, file))),
      this.app.mayTeach && file.kind !== "project" && button("take", t.take, () => void this.run(() => take(this.app, file)), changes > 0),
    );
    if (focused) {
      const again = this.actions.querySelector<HTMLButtonElement>(`[data-do="${focused}"]`);
      if (again && !again.disabled) again.focus();
    }
  }

  private async run(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.wrong = "";
    this.draw();
    try {
      await work();
    } catch (error) {
      this.wrong = this.app.why(error);
    }
    this.busy = false;
    this.draw();
  }

  private drawNotes(file: LogFile): void {
    const { app } = this;
    const { t } = app;
    const tables = file.result?.tables ?? [];
    const table = app.currentTable;
    const known = new Set(tables.map((one) => one.file));
    const other = (file.result?.diagnostics ?? []).filter((one) => !known.has(one.file));
    fill(
      this.notes,
      file.state === "failed" && h("p", { class: "alert", role: "alert" }, t.unread(file.why)),
      file.state === "cancelled" && h("p", { class: "note" }, t.cancelled),
      this.wrong !== "" && h("p", { class: "alert", role: "alert" }, this.wrong),
      file.refusal !== "" &&
        h(
          "div",
          { class: "alert", role: "alert" },
          h("p", {}, t.mendRefused),
          h("p", { class: "said" }, file.refusal),
          // A CSV has one sheet: it would be put in the place of all of them.
          /\.(xlsx|xlsm|xls|et|ods)$/i.test(file.name) && tables.length === 1 && h("button", { type: "button", onclick: () => void this.run(() => mend(app, file, ".csv")) }, t.saveAsCsv),
        ),
      [file.mendMessages, file.messages].filter(Boolean).map((said) => h("p", { class: "note said" }, said)),
      file.state === "ready" && !tables.some(hasRows) && h("p", { class: "note" }, t.noTable),
      table && faultsAbove(table).length > 0 && list(app, t.fileFaults, faultsAbove(table)),
      file.state === "ready" && other.length > 0 && list(app, t.otherFaults, other),
    );
  }
}

function list(app: App, title: string, faults: readonly (Fault | Diagnostic)[]): HTMLElement {
  const { t } = app;
  return h(
    "details",
    { class: "whole", open: faults.length <= 3 },
    h("summary", {}, `${title} (${faults.length})`),
    h("ul", {}, faults.map((one) =>
      h("li", {}, h("span", { class: `mark ${one.severity}` }, `${MARK[one.severity]} ${t.severity[one.severity]}`), h("code", {}, one.code), h("span", {}, one.message), one.help && h("span", { class: "help" }, h("b", {}, t.help), one.help)),
    )),
  );
}
