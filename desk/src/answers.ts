// duban leaves out what is empty. Here it is put back, so that nothing else on the page has to ask for it.

import type { About, CallAnswer, CallName, CheckResult } from "./protocol";

/** How many columns of a log are shown at most. */
const COLUMNS = 300;

export function completed(name: CallName, answer: CallAnswer): CallAnswer {
  const result = answer.result;
  // Its own name at the head of what it says is for a terminal.
  const messages = answer.messages.replace(/^duban: /gm, "").trim();
  if (result !== null && name === "check") completeCheck(result as CheckResult);
  if (result !== null && name === "about") completeAbout(result as About);
  return { ...answer, messages };
}

function completeCheck(result: CheckResult): void {
  result.diagnostics ??= [];
  result.tables ??= [];
  for (const table of result.tables) {
    table.header ??= null;
    table.faults ??= [];
    let widest = table.columns.length;
    for (const row of table.rows) {
      row.faults ??= [];
      widest = Math.max(widest, row.cells.length);
    }
    // A row may have more cells than the header. Of a thousand columns the first are shown: a page of more is of no
    // use, and would not move.
    const shown = Math.min(widest, COLUMNS);
    while (table.columns.length < shown) table.columns.push(null);
    table.columns.length = shown;
    for (const fault of table.rows.flatMap((row) => row.faults)) {
      fault.cell = fault.cell === undefined || fault.cell === null || fault.cell >= shown ? null : fault.cell;
    }
  }
}

function completeAbout(about: About): void {
  about.logs ??= [];
  about.kinds ??= [];
  about.formats ??= [];
  about.fields ??= {};
  for (const field of Object.values(about.fields)) field.values ??= [];
}
