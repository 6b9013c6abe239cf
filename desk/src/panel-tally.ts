// The counts of the rows.

import type { App } from "./app";
import { AskingPanel, figures } from "./asking";
import { freshId, h, type Child } from "./dom";
import type { Counts } from "./protocol";
import type { Scope } from "./scope";

const TILES = ["found", "rectified", "open", "overdue", "due_soon"] as const;
const COLUMNS = ["found", "rectified", "open", "closed", "overdue", "due_soon", "late", "repeat", "rectified_rate"] as const;
const DIMENSIONS = ["unit", "category", "team", "disposition", "source", "region"];

export class TallyPanel extends AskingPanel {
  private by = "unit";
  private readonly select = h("select", { id: freshId("by") });

  constructor(app: App) {
    super(app);
    this.select.addEventListener("change", () => {
      this.by = this.select.value;
      this.show();
    });
  }

  protected override more(): Child {
    const { t } = this.app;
    this.select.setAttribute("aria-label", t.by);
    this.select.replaceChildren(...DIMENSIONS.map((name) => h("option", { value: name, selected: name === this.by }, t.dimensions[name] ?? name)));
    return h("label", {}, t.by, this.select);
  }

  protected override key(): string {
    return this.by;
  }

  protected async load(scope: Scope): Promise<Child> {
    const { app } = this;
    const { t } = app;
    const { result, said } = await this.ask("tally", { files: scope.files, by: [this.by] });
    if (result.total.found === 0) return [h("p", { class: "note" }, t.noFigures), said];
    const by = t.dimensions[this.by] ?? this.by;
    const name = (key: string | null | undefined): string => {
      if (key === null || key === undefined || key === "") return t.none;
      return this.by === "disposition" ? (t.dispositions[key] ?? key) : key === "unstated" ? t.none : key;
    };
    return [
      h("p", { class: "note" }, t.asOf(result.as_of)),
      said,
      h("dl", { class: "tiles" }, TILES.map((tile) => h("div", { class: tile }, h("dt", {}, t.figures[tile]), h("dd", {}, result.total[tile]))), h("div", {}, h("dt", {}, t.figures.rectified_rate), h("dd", {}, rate(result.total)))),
      h("p", { class: "shares" }, h("span", {}, t.byDisposition), Object.entries(result.total.disposition).map(([key, count]) => h("span", {}, `${t.dispositions[key] ?? key} `, h("b", {}, count)))),
      figures(by, [by, ...COLUMNS.map((column) => t.figures[column])], result.groups.map((group) => [name(group.key[this.by]), ...cells(group)]), [t.total, ...cells(result.total)]),
    ];
  }
}

const cells = (counts: Counts): Child[] => COLUMNS.map((column) => (column === "rectified_rate" ? rate(counts) : (counts[column] ?? 0)));

function rate({ rectified_rate }: Counts): string {
  return rectified_rate === null ? "–" : `${(rectified_rate * 100).toFixed(1)}%`;
}
