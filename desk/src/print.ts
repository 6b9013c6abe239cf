// On paper, the table of which only some rows are elements becomes the list of all its faults.

import type { App } from "./app";
import { displayName } from "./files";
import { fill, h } from "./dom";
import { MARK } from "./grid";

const MOST = 2000;

export function printed(app: App): HTMLElement {
  const element = h("section", { class: "printed", "aria-hidden": "true" });
  addEventListener("beforeprint", () => draw(app, element));
  addEventListener("afterprint", () => fill(element));
  return element;
}

function draw(app: App, element: HTMLElement): void {
  const { t } = app;
  const table = app.currentTable;
  const file = app.active;
  if (app.section !== "rows" || !table || !file) return fill(element);
  const rows = app.shownRows.flatMap((index) => {
    const row = table.rows[index]!;
    return row.faults.map((fault) =>
      h(
        "tr",
        {},
        h("td", { class: "r" }, row.line),
        h("td", {}, fault.cell === null ? t.wholeRow : app.columnLabel(table, fault.cell)),
        h("td", {}, fault.cell === null ? "" : app.cellText(index, fault.cell)),
        h("td", {}, `${MARK[fault.severity]} ${fault.code}`),
        h("td", {}, fault.message, fault.help && h("br"), fault.help),
      ),
    );
  });
  fill(
    element,
    h("h2", {}, displayName(app, file), table.sheet !== undefined && ` · ${table.sheet}`),
    h("table", {}, h("thead", {}, h("tr", {}, [t.line, t.column, t.cell, t.code, t.faultAndHelp].map((word) => h("th", {}, word)))), h("tbody", {}, rows.slice(0, MOST))),
    rows.length > MOST && h("p", {}, `… ${rows.length - MOST}`),
  );
}
