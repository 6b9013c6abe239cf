// The rows of a log as a table. Of ten thousand rows only those in sight are elements: all are equally high, and the
// rest is the height of an empty row above and below.

import type { App } from "./app";
import { fill, h } from "./dom";
import type { Row, Severity, Table } from "./protocol";
import { nextStop, worst } from "./view";

const ROW = 32;
const SPARE = 16;
/** Characters of a cell that stand in its row: no column is wider. */
const SHOWN = 120;
/** How the kinds of faults differ without their colours. */
export const MARK: Record<Severity, string> = { error: "✕", warning: "△", info: "ⓘ" };

export class Grid {
  readonly element: HTMLElement;
  private readonly columns = h("colgroup");
  private readonly head = h("thead", { role: "rowgroup" });
  private readonly body = h("tbody", { role: "rowgroup" });
  private readonly table = h("table", { role: "presentation" }, this.columns, this.head, this.body);
  /** The rows that are elements, by their place among those shown. */
  private drawn = new Map<number, HTMLElement>();
  private selected = 0;
  private first = -1;
  private last = -1;
  private widths: number[] = [];

  constructor(
    private readonly app: App,
    private readonly edit: () => void,
  ) {
    this.element = h("div", { class: "grid", role: "grid", tabindex: 0, id: "grid" }, this.table);
    this.element.addEventListener("scroll", () => this.draw(false), { passive: true });
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("mousedown", (event) => this.pick(event));
    new ResizeObserver(() => this.draw(false)).observe(this.element);
    app.on(["active", "table", "about", "language", "section"], () => this.reset());
    app.on(["edits"], () => this.draw(true));
    app.on(["cursor"], () => {
      this.reveal();
      this.redraw([this.selected, app.active?.cursor.at ?? 0]);
    });
  }

  private reset(): void {
    const table = this.app.currentTable;
    this.element.hidden = table === null;
    if (!table) return fill(this.body);
    const shown = this.app.shownRows;
    this.element.setAttribute("aria-rowcount", String(shown.length + 1));
    this.element.setAttribute("aria-colcount", String(table.columns.length + 1));
    this.element.setAttribute("aria-label", this.app.t.rows);
    // No higher than its rows, a bar to scroll sideways, and what Chromium rounds up.
    this.element.style.setProperty("--content", `${(Math.max(shown.length, 1) + 1) * ROW + 20}px`);
    this.layOut(table);
    const cursor = this.app.active!.cursor;
    if (cursor.at >= shown.length) this.app.active!.cursor = { at: Math.max(0, shown.length - 1), column: cursor.column };
    this.reveal();
    this.draw(true);
  }

  private layOut(table: Table): void {
    const size = parseFloat(getComputedStyle(this.element).fontSize) || 14;
    this.widths = widths(this.app, table).map((em) => Math.round(em * size) + 18);
    const count = table.rows[table.rows.length - 1]?.line ?? 0;
    const number = Math.round(Math.max(String(count).length * 0.6 * size + 18, ems(this.app.t.line) * size)) + 16;
    fill(this.columns, [number, ...this.widths].map((width) => {
      const column = h("col");
      column.style.width = `${width}px`;
      return column;
    }));
    this.table.style.width = `${this.widths.reduce((sum, width) => sum + width, number)}px`;
    this.element.style.setProperty("--number", `${number}px`);
    const heads = table.columns.map((_, column) => {
      const label = this.app.columnLabel(table, column);
      const kind = worst((table.header === null ? [] : (table.rows[table.header]?.faults ?? [])).filter((fault) => fault.cell === column));
      const mark = kind && [h("span", { class: `mark ${kind}`, "aria-hidden": "true" }, MARK[kind]), h("span", { class: "unseen" }, `${this.app.t.severity[kind]} `)];
      return h("th", { role: "columnheader", "aria-colindex": column + 2, title: label, class: classes(!table.columns[column] && "unread", kind) }, mark, label);
    });
    fill(this.head, h("tr", { role: "row", "aria-rowindex": 1 }, h("th", { role: "columnheader", class: "line", "aria-colindex": 1 }, this.app.t.line), heads));
  }

  /** Draws the rows in sight, if others than before are, or if `anew`. */
  private draw(anew: boolean): void {
    const table = this.app.currentTable;
    if (!table || this.element.hidden) return;
    const shown = this.app.shownRows;
    const from = Math.floor(this.element.scrollTop / ROW);
    const to = Math.min(shown.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / ROW));
    // What was drawn beyond the edges is used up before anything is drawn again.
    if (!anew && this.first >= 0 && this.first <= from && this.last >= to) return;
    const [top, end] = [Math.max(0, from - SPARE), Math.min(shown.length, to + SPARE)];
    [this.first, this.last] = [top, end];
    this.selected = this.app.active!.cursor.at;
    const before = anew ? new Map<number, HTMLElement>() : this.drawn;
    this.drawn = new Map();
    for (let at = top; at < end; at += 1) this.drawn.set(at, before.get(at) ?? this.row(table, shown[at]!, at));
    fill(this.body, gap(top), [...this.drawn.values()], gap(shown.length - end), shown.length === 0 && this.none(table));
    const active = document.getElementById("cell");
    if (active) this.element.setAttribute("aria-activedescendant", "cell");
    else this.element.removeAttribute("aria-activedescendant");
  }

  /** Draws some rows anew, and those that came into sight. */
  private redraw(places: number[]): void {
    for (const at of places) this.drawn.delete(at);
    this.first = this.last = -1;
    this.draw(false);
  }

  private none(table: Table): HTMLElement {
    return h("tr", { role: "row" }, h("td", { role: "gridcell", colspan: table.columns.length + 1, class: "none" }, this.app.t.noRows));
  }

  private row(table: Table, index: number, at: number): HTMLElement {
    const row = table.rows[index]!;
    const { cursor } = this.app.active!;
    const here = cursor.at === at;
    const whole = worst(row.faults.filter((fault) => fault.cell === null));
    const any = worst(row.faults);
    const title = table.header !== null && index < table.header;
    const number = h(
      "td",
      { role: "rowheader", class: classes("line", whole ?? (any && "some"), here && cursor.column < 0 && "here"), "aria-colindex": 1, id: here && cursor.column < 0 ? "cell" : null, "data-column": -1 },
      any && h("span", { class: `mark ${any}`, "aria-hidden": "true" }, MARK[any]),
      row.line,
      any && h("span", { class: "unseen" }, ` ${this.app.t.severity[any]}`),
    );
    const cells = table.columns.map((_, column) => this.cell(row, index, column, here && cursor.column === column));
    return h("tr", { role: "row", "aria-rowindex": at + 2, "data-at": at, "aria-selected": here ? "true" : null, class: classes(title && "title", here && "current") }, number, cells);
  }

  private cell(row: Row, index: number, column: number, here: boolean): HTMLElement {
    const kind = worst(row.faults.filter((fault) => fault.cell === column));
    const place = this.app.placeOf(index, column);
    const edits = this.app.active!.edits;
    const changed = edits.get(place) !== undefined;
    const text = this.app.cellText(index, column).slice(0, SHOWN);
    return h(
      "td",
      { role: "gridcell", "aria-colindex": column + 2, "data-column": column, id: here ? "cell" : null, class: classes(changed ? "changed" : kind, !changed && edits.isWritten(place) && "written", here && "here"), title: text.length > 12 ? text : null },
      // One mark has room: of a changed cell, whether it is still wrong is known when it is checked.
      kind && !changed && h("span", { class: `mark ${kind}`, "aria-hidden": "true" }, MARK[kind]),
      changed && h("span", { class: "mark edit", "aria-hidden": "true" }, "✎"),
      text,
      (changed || kind) && h("span", { class: "unseen" }, ` ${changed ? this.app.t.edited : kind ? this.app.t.severity[kind] : ""}`),
    );
  }

  private pick(event: MouseEvent): void {
    const cell = (event.target as Element).closest<HTMLElement>("td[data-column]");
    const row = cell?.closest<HTMLElement>("tr[data-at]");
    if (!cell || !row) return;
    // The cell that is pressed becomes another element: it would take no focus, and tell of no second click.
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.move(Number(row.dataset["at"]), Number(cell.dataset["column"]));
    if (event.detail === 2) this.edit();
  }

  private move(at: number, column: number): void {
    const table = this.app.currentTable;
    if (!table) return;
    const rows = this.app.shownRows.length;
    this.app.active!.cursor = { at: Math.max(0, Math.min(rows - 1, at)), column: Math.max(-1, Math.min(table.columns.length - 1, column)) };
    this.app.tell("cursor");
  }

  /** Goes to the next or the previous fault. */
  go(step: 1 | -1): void {
    const file = this.app.active;
    if (!file) return;
    const all = this.app.stops;
    const stop = all[nextStop(all, file.cursor, step)];
    if (stop) this.move(stop.at, stop.column);
  }

  private key(event: KeyboardEvent): void {
    const file = this.app.active;
    if (!file || event.ctrlKey || event.metaKey || event.altKey) return;
    const { at, column } = file.cursor;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 2);
    const width = this.app.currentTable?.columns.length ?? 0;
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.move(at + 1, column),
      ArrowUp: () => this.move(at - 1, column),
      ArrowRight: () => this.move(at, column + 1),
      ArrowLeft: () => this.move(at, column - 1),
      Home: () => this.move(at, -1),
      End: () => this.move(at, width - 1),
      PageDown: () => this.move(at + page, column),
      PageUp: () => this.move(at - page, column),
      Enter: this.edit,
      F2: this.edit,
      j: () => this.go(1),
      n: () => this.go(1),
      k: () => this.go(-1),
      p: () => this.go(-1),
    };
    const move = moves[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  /** Scrolls as little as shows the selected cell. */
  private reveal(): void {
    const file = this.app.active;
    if (!file || this.element.hidden) return;
    const head = this.head.offsetHeight;
    const { at, column } = file.cursor;
    const view = this.element;
    const top = at * ROW;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (top + ROW + head > view.scrollTop + view.clientHeight) view.scrollTop = top + ROW * 2 + head - view.clientHeight;
    if (column < 0) return void (view.scrollLeft = 0);
    const number = parseFloat(view.style.getPropertyValue("--number")) || 0;
    const left = this.widths.slice(0, column).reduce((sum, width) => sum + width, 0);
    const right = left + (this.widths[column] ?? 0);
    if (left < view.scrollLeft) view.scrollLeft = left;
    else if (right + number > view.scrollLeft + view.clientWidth) view.scrollLeft = Math.min(left, right + number - view.clientWidth);
  }
}

function classes(...names: (string | false | null | undefined)[]): string | null {
  return names.filter(Boolean).join(" ") || null;
}

function gap(rows: number): HTMLElement | null {
  if (rows <= 0) return null;
  const row = h("tr", { "aria-hidden": "true", class: "gap" });
  row.style.height = `${rows * ROW}px`;
  return row;
}

/** Returns how wide each column is in em: as most of its cells, within reason. */
function widths(app: App, table: Table): number[] {
  const step = Math.max(1, Math.floor(table.rows.length / 400));
  const marked = new Set(table.rows.flatMap((row) => row.faults.map((fault) => fault.cell)));
  return table.columns.map((_, column) => {
    const lengths = [];
    for (let at = (table.header ?? -1) + 1; at < table.rows.length; at += step) lengths.push(ems(table.rows[at]?.cells[column] ?? ""));
    lengths.sort((a, b) => a - b);
    const most = lengths[Math.floor(lengths.length * 0.95)] ?? 0;
    // A column of short words shows its longest; a mark before the text takes its room too.
    const longest = lengths[lengths.length - 1] ?? 0;
    const content = (longest <= 14 ? longest : most) + (marked.has(column) ? 1.8 : 0.3);
    return Math.min(22, Math.max(3, content, Math.min(9, ems(app.columnLabel(table, column)) + 0.5)));
  });
}

function ems(text: string): number {
  let sum = 0;
  for (let at = 0; at < text.length && sum < 30; at += 1) sum += text.charCodeAt(at) > 0x2000 ? 1 : 0.58;
  return sum;
}
