// Beside the rows: what is wrong with the selected one, how to mend it, and the box to mend it in.

import type { App } from "./app";
import { explain } from "./dialog";
import { fill, h } from "./dom";
import { editor, type Editor } from "./editor";
import { MARK } from "./grid";
import type { Fault, Row, Table } from "./protocol";
import { mayLearn, learn } from "./teach";
import { nextStop } from "./view";

/** Characters of a cell that are shown beside the rows. */
const LONG = 4000;

export class Detail {
  readonly element = h("aside", { class: "detail", "aria-live": "off" });
  private editor: Editor | null = null;

  constructor(
    private readonly app: App,
    private readonly go: (step: 1 | -1) => void,
    private readonly back: () => void,
  ) {
    app.on(["active", "table", "cursor", "edits", "about", "language"], () => this.draw());
  }

  focusEditor(): void {
    this.editor?.focus();
  }

  private draw(): void {
    const { app } = this;
    const { t } = app;
    const table = app.currentTable;
    this.editor = null;
    this.element.setAttribute("aria-label", t.cell);
    this.element.hidden = table === null;
    if (!table || !app.active) return fill(this.element);
    const { at, column } = app.active.cursor;
    const index = app.shownRows[at];
    const row = index === undefined ? undefined : table.rows[index];
    if (!row || index === undefined) return fill(this.element, this.stepper(), h("p", { class: "note" }, t.pickCell));

    const label = column < 0 ? t.wholeRow : app.columnLabel(table, column);
    const here = row.faults.filter((fault) => fault.cell === column || (fault.cell === null && column < 0));
    const others = row.faults.filter((fault) => !here.includes(fault));
    if (column >= 0 && app.canEdit(column)) this.editor = editor(app, index, column, label, here, this.back);
    fill(
      this.element,
      this.stepper(),
      h("h2", {}, t.lineOf(row.line), h("span", {}, label)),
      here.map((fault) => this.fault(table, row, fault, false)),
      this.editor?.element ?? (column >= 0 && h("p", { class: "was" }, row.cells[column]?.slice(0, LONG))),
      others.map((fault) => this.fault(table, row, fault, true)),
      row.faults.length === 0 && h("p", { class: "note" }, t.rowFine),
      this.whole(table, row, index),
    );
  }

  private stepper(): HTMLElement {
    const { t } = this.app;
    const file = this.app.active!;
    const all = this.app.stops;
    const at = all.findIndex((stop) => stop.at === file.cursor.at && stop.column === file.cursor.column);
    const passed = at < 0 ? nextStop(all, file.cursor, 1) : at;
    return h(
      "div",
      { class: "stepper" },
      h("button", { type: "button", class: "step", disabled: all.length === 0, onclick: () => this.go(-1) }, `‹ ${t.previous}`),
      h("span", { class: "count" }, all.length === 0 ? "0" : `${at < 0 ? "–" : passed + 1} / ${all.length}`),
      h("button", { type: "button", class: "step", disabled: all.length === 0, onclick: () => this.go(1) }, `${t.next} ›`),
    );
  }

  private fault(table: Table, row: Row, fault: Fault, elsewhere: boolean): HTMLElement {
    const { app } = this;
    const { t } = app;
    const field = fault.cell === null ? null : table.columns[fault.cell];
    const word = fault.word ?? (fault.cell === null ? "" : (row.cells[fault.cell] ?? ""));
    return h(
      "section",
      { class: `fault ${fault.severity}` },
      h(
        "p",
        { class: "code" },
        h("span", { class: `mark ${fault.severity}` }, `${MARK[fault.severity]} ${t.severity[fault.severity]}`),
        h("button", { type: "button", class: "plain", "aria-label": t.explain(fault.code), onclick: () => void explain(app, fault.code) }, fault.code),
        elsewhere && fault.cell !== null && h("button", { type: "button", class: "plain", onclick: () => this.select(fault.cell ?? -1) }, app.columnLabel(table, fault.cell)),
      ),
      h("p", { class: "message" }, fault.message),
      fault.help && h("p", { class: "help" }, h("b", {}, t.help), fault.help),
      field && word !== "" && mayLearn(app, fault, field) && h("button", { type: "button", onclick: () => void learn(app, fault, field, word) }, t.learn),
    );
  }

  private select(column: number): void {
    this.app.active!.cursor = { ...this.app.active!.cursor, column };
    this.app.tell("cursor");
  }

  private whole(table: Table, row: Row, index: number): HTMLElement {
    const filled = row.cells.map((_, column) => column).filter((column) => this.app.cellText(index, column) !== "");
    return h(
      "details",
      {},
      h("summary", {}, this.app.t.allCells),
      h("dl", {}, filled.map((column) => h("div", {}, h("dt", {}, this.app.columnLabel(table, column)), h("dd", {}, this.app.cellText(index, column).slice(0, LONG))))),
    );
  }
}
