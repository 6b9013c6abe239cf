// A section that asks duban something when it comes into sight, and shows the answer; the same in each.

import type { App } from "./app";
import { fill, h, type Child } from "./dom";
import type { CallName, Calls } from "./protocol";
import { ScopeChoice, type Scope } from "./scope";
import type { Panel } from "./shell";

export abstract class AskingPanel implements Panel {
  readonly element = h("section", { class: "panel" });
  protected readonly controls = h("div", { class: "bar controls" });
  protected readonly answer = h("div", { class: "answer", "aria-live": "polite" });
  protected readonly scope: ScopeChoice;
  private asked = "";
  private followed: unknown = null;

  constructor(protected readonly app: App) {
    this.scope = new ScopeChoice(app, () => this.show());
    this.element.append(this.controls, this.answer);
  }

  show(): void {
    if (this.followed !== this.app.active) {
      this.followed = this.app.active;
      this.scope.follow();
    }
    const focused = this.controls.contains(document.activeElement) ? document.activeElement?.id : undefined;
    const choice = this.scope.draw();
    fill(this.controls, choice, this.more());
    if (focused) document.getElementById(focused)?.focus();
    const key = this.scope.key() + this.key();
    if (key === this.asked) return;
    this.asked = key;
    void this.fetch(key);
  }

  private async fetch(key: string): Promise<void> {
    const { t } = this.app;
    const scope = this.scope.get();
    if (!scope) return fill(this.answer, h("p", { class: "note" }, t.noFigures));
    fill(this.answer, h("p", { class: "note" }, t.starting));
    let shown: Child;
    try {
      shown = await this.load(scope);
    } catch (error) {
      shown = h("p", { class: "alert" }, this.app.why(error));
    }
    // Asked for something else meanwhile: that answer comes.
    if (key === this.asked) fill(this.answer, scope.pending && h("p", { class: "warn" }, t.pendingNote), shown);
  }

  /** More controls beside the choice of files. */
  protected more(): Child {
    return null;
  }

  /** What else the answer depends on. */
  protected key(): string {
    return "";
  }

  protected abstract load(scope: Scope): Promise<Child>;

  /** Asks duban, and returns the result and what was said besides: what was left out of it, and why. */
  protected async ask<Name extends CallName>(name: Name, ask: Calls[Name]["ask"]): Promise<{ result: Calls[Name]["result"]; said: Child }> {
    const { result, messages } = await this.app.ask(name, ask);
    return { result, said: messages !== "" && h("p", { class: "note said" }, messages) };
  }
}

/** A table of figures that is scrolled sideways where the screen is narrow. */
export function figures(label: string, head: string[], rows: Child[][], foot?: Child[]): HTMLElement {
  const line = (cells: Child[]): HTMLElement =>
    h("tr", {}, cells.map((cell, column) => (column === 0 ? h("th", { scope: "row" }, cell) : h("td", { class: typeof cell === "number" || /^[\d.]+%?$/.test(String(cell)) ? "r" : null }, cell))));
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    h("table", { class: "figures" }, h("thead", {}, h("tr", {}, head.map((word, column) => h("th", { scope: "col", class: column > 0 && foot ? "r" : null }, word)))), h("tbody", {}, rows.map(line)), foot && h("tfoot", {}, line(foot))),
  );
}
