// Above the rows: which of them are shown.

import type { App } from "./app";
import { explain } from "./dialog";
import { fill, h } from "./dom";
import { MARK } from "./grid";
import { codeCounts, hasRows, unitCounts, type Filter } from "./view";

export class Filters {
  readonly element = h("div", { class: "filters" });
  private readonly chips = h("div", { class: "chips", role: "group" });
  private readonly find = h("input", { type: "search" });
  private readonly units = h("select");
  private readonly only = h("input", { type: "checkbox" });
  private readonly sheets = h("select");
  private readonly count = h("span", { class: "count", "aria-live": "polite" });

  constructor(private readonly app: App) {
    
    this.find.addEventListener("input", () => this.change({ text: this.find.value }));
    this.units.addEventListener("change", () => this.change({ unit: this.units.value === "" ? null : this.units.value.slice(1) }));
    this.only.addEventListener("change", () => this.change({ onlyFaults: this.only.checked }));
    this.sheets.addEventListener("change", () => {
      const file = app.active;
      if (!file) return;
      Object.assign(file, { table: Number(this.sheets.value), cursor: { at: 0, column: 0 }, filter: { ...file.filter, codes: new Set<string>(), unit: null } });
      app.tell("table");
    });
    app.on(["active", "table", "language", "about", "codes"], () => this.draw());
  }

  private change(part: Partial<Filter>): void {
    const file = this.app.active;
    if (!file) return;
    // The selected row stays selected as long as it is shown.
    const row = this.app.shownRows[file.cursor.at];
    file.filter = { ...file.filter, ...part };
    const at = row === undefined ? -1 : this.app.shownRows.indexOf(row);
    file.cursor = { at: Math.max(0, at), column: file.cursor.column };
    this.app.tell("table");
  }

  private draw(): void {
    const { app } = this;
    const { t } = app;
    const table = app.currentTable;
    this.element.hidden = table === null || !hasRows(table);
    const file = app.active;
    if (!table || !file) return;
    const { filter } = file;
    const focused = document.activeElement instanceof HTMLElement && this.chips.contains(document.activeElement) ? document.activeElement.dataset["code"] : undefined;
    const counts = codeCounts(table);
    this.chips.setAttribute("aria-label", t.filterCode);
    fill(this.chips, counts.map(({ code, severity, count }) =>
      h(
        "button",
        { type: "button", class: `chip ${severity}`, "data-code": code, "aria-pressed": String(filter.codes.has(code)), title: t.severity[severity], onclick: () => this.toggle(code) },
        h("span", { class: `mark ${severity}`, "aria-hidden": "true" }, MARK[severity]),
        h("span", { class: "unseen" }, `${t.severity[severity]} `),
        code,
        h("span", { class: "means" }, app.codes.get(code)),
        h("b", {}, count),
      ),
    ));
    if (filter.codes.size > 0) {
      this.chips.append(h("button", { type: "button", class: "plain", onclick: () => this.change({ codes: new Set() }) }, t.allCodes));
      const [one] = filter.codes;
      if (filter.codes.size === 1 && one) this.chips.append(h("button", { type: "button", class: "plain", onclick: () => void explain(app, one) }, t.explain(one)));
    }
    if (focused) this.chips.querySelector<HTMLElement>(`[data-code="${CSS.escape(focused)}"]`)?.focus();

    const units = unitCounts(table);
    fill(this.units, h("option", { value: "" }, t.allUnits), units.map(({ unit, faults, rows }) => h("option", { value: `=${unit}`, selected: filter.unit === unit }, t.unitOption(unit, faults, rows))));
    this.units.setAttribute("aria-label", t.unit);
    this.only.checked = filter.onlyFaults;
    if (this.find.value !== filter.text) this.find.value = filter.text;
    const all = table.rows.length - (table.header === null ? 0 : 1);
    this.count.textContent = t.shownRows(app.shownRows.length, all);
    const tables = file.result?.tables ?? [];
    fill(this.sheets, tables.map((one, index) => h("option", { value: index, selected: index === file.table }, sheetName(file.kind === "project", one.file, one.sheet))));

    if (this.element.childElementCount === 0 || this.element.dataset["lang"] !== app.lang || this.element.dataset["tables"] !== String(tables.length) || this.element.dataset["units"] !== String(units.length > 0)) {
      Object.assign(this.element.dataset, { lang: app.lang, tables: String(tables.length), units: String(units.length > 0) });
      fill(
        this.element,
        h(
          "div",
          { class: "bar" },
          tables.length > 1 && h("label", {}, t.sheet, this.sheets),
          h("label", { class: "check" }, this.only, t.onlyFaults),
          units.length > 0 && h("label", {}, t.unit, this.units),
          h("label", {}, t.find, this.find),
          this.count,
        ),
        this.chips,
      );
    }
  }

  private toggle(code: string): void {
    const codes = new Set(this.app.active?.filter.codes);
    if (!codes.delete(code)) codes.add(code);
    this.change({ codes });
  }
}

function sheetName(withFile: boolean, file: string, sheet: string | undefined): string {
  const name = file.split("/").pop() ?? file;
  return sheet === undefined ? name : withFile ? `${name} · ${sheet}` : sheet;
}
