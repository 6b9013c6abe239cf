// What is overdue, or due soon, and the letter that comes next.

import { AskingPanel } from "./asking";
import { h, type Child } from "./dom";
import type { DueIssue, DueResult } from "./protocol";
import type { Scope } from "./scope";

export class DuePanel extends AskingPanel {
  protected async load(scope: Scope): Promise<Child> {
    const { t } = this.app;
    const { result, said } = await this.ask("due", { files: scope.files });
    const units = result.units.filter((unit) => unit.issues.length > 0);
    if (units.length === 0) return [h("p", { class: "well" }, t.dueNone), h("p", { class: "note" }, t.asOf(result.as_of)), said];
    const sum = (what: "overdue" | "due_soon"): number => units.reduce((so, unit) => so + unit[what], 0);
    return [
      h("dl", { class: "tiles few" }, h("div", { class: "overdue" }, h("dt", {}, t.figures.overdue), h("dd", {}, sum("overdue"))), h("div", { class: "due_soon" }, h("dt", {}, t.figures.due_soon), h("dd", {}, sum("due_soon")))),
      h("p", { class: "note" }, t.asOf(result.as_of)),
      said,
      this.table(units, result.as_of),
    ];
  }

  private table(units: DueResult["units"], asOf: string): HTMLElement {
    const { t, about } = this.app;
    const kind = (name: string | null): string => (name === null ? "–" : (about?.kinds.find((one) => one.name === name)?.label ?? name));
    const row = (issue: DueIssue, unit: Child): HTMLElement =>
      h(
        "tr",
        {},
        unit,
        h("td", {}, issue.id ?? issue.key),
        h("td", {}, issue.deadline ?? "–"),
        h("td", { class: issue.days_overdue > 0 ? "late" : "soon" }, this.state(issue, asOf)),
        h("td", {}, kind(issue.rung), issue.from !== null && issue.from > asOf && t.fromDay(issue.from)),
        h("td", {}, issue.after ?? "–"),
      );
    const group = ({ unit, overdue, due_soon, issues }: DueResult["units"][number]): HTMLElement =>
      h("tbody", {}, issues.map((issue, place) => row(issue, place === 0 && h("th", { scope: "rowgroup", rowspan: issues.length }, unit, h("small", { class: overdue > 0 ? "late" : "soon" }, t.dueUnit(overdue, due_soon))))));
    const head = [t.unit, t.issue, t.deadline, t.state, t.nextLetter, t.lastLetter];
    return h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": t.due },
      h("table", { class: "figures due" }, h("thead", {}, h("tr", {}, head.map((word) => h("th", { scope: "col" }, word)))), units.map(group)),
    );
  }

  private state({ days_overdue, state, deadline }: DueIssue, asOf: string): string {
    const { t } = this.app;
    if (days_overdue > 0) return t.overdueDays(days_overdue);
    return state === "due_soon" ? (deadline === asOf ? t.dueToday : t.dueSoon) : state;
  }
}
