// What is overdue, or due soon, and the letter that comes next.

import { AskingPanel, figures } from "./asking";
import { h, type Child } from "./dom";
import type { DueIssue } from "./protocol";
import type { Scope } from "./scope";

export class DuePanel extends AskingPanel {
  protected async load(scope: Scope): Promise<Child> {
    const { app } = this;
    const { t } = app;
    const { result } = await app.ask("due", { files: scope.files });
    const units = result.units.filter((unit) => unit.issues.length > 0);
    if (units.length === 0) return h("p", { class: "well" }, t.dueNone, "　", h("span", { class: "note" }, t.asOf(result.as_of)));
    const kind = (name: string | null): string => (name === null ? "–" : (app.about?.kinds.find((one) => one.name === name)?.label ?? name));
    const head = [t.issue, t.deadline, t.state, t.nextLetter, t.lastLetter];
    return [
      h("p", { class: "note" }, t.asOf(result.as_of)),
      units.map((unit) => [
        h("h2", {}, unit.unit, h("span", { class: unit.overdue > 0 ? "late" : "soon" }, t.dueUnit(unit.overdue, unit.due_soon))),
        figures(unit.unit, head, unit.issues.map((issue) => [
          issue.id ?? issue.key,
          issue.deadline ?? "–",
          h("span", { class: issue.days_overdue > 0 ? "late" : "soon" }, this.state(issue)),
          [kind(issue.rung), issue.from !== null && issue.from > result.as_of && t.fromDay(issue.from)],
          issue.after ?? "–",
        ])),
      ]),
    ];
  }

  private state({ days_overdue, state, deadline }: DueIssue): string {
    const { t } = this.app;
    if (days_overdue > 0) return t.overdueDays(days_overdue);
    return state === "due_soon" && deadline !== null && days_overdue === 0 ? t.dueSoon : state;
  }
}
