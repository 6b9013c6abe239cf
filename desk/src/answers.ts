// duban leaves out what is empty. Here it is put back, so that nothing else on the page has to ask for it.

import type { About, CallAnswer, CallName, CheckResult } from "./protocol";

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
    for (const row of table.rows) {
      row.faults ??= [];
      for (const fault of row.faults) fault.cell ??= null;
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
