// Keys that work wherever the focus is. Those of the table alone are in grid.ts: a letter is never taken from a box.

import type { App } from "./app";
import type { RowsPanel } from "./panel-rows";

export function keys(app: App, rows: RowsPanel): void {
  document.addEventListener("keydown", (event) => {
    if (app.section !== "rows" || !app.currentTable || document.querySelector("dialog[open]")) return;
    if (event.key === "F8") {
      event.preventDefault();
      rows.go(event.shiftKey ? -1 : 1);
    } else if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z") {
      // In a box it takes back what was typed there.
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      rows.undo();
    }
  });
}
