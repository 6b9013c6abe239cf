// Documents under the next numbers: asked once more, then registered. In the gate it only says why it is not done there.

import type { App } from "./app";
import { ask } from "./dialog";
import { fill, h, say } from "./dom";
import { KindChoice } from "./kinds";
import { fileList } from "./panel-draft";
import type { DispatchResult } from "./protocol";
import type { Panel } from "./shell";

export class DispatchPanel implements Panel {
  readonly element: HTMLElement;
  private readonly form = h("form", { class: "choose" });
  private readonly answer = h("div", { class: "answer", "aria-live": "polite" });
  private readonly kinds: KindChoice;
  private drawn = "";
  /** The same while what is asked for is the same: asked twice after a broken line, duban registers it once. */
  private request: { of: string; id: string } | null = null;

  constructor(private readonly app: App) {
    this.kinds = new KindChoice(app, "dispatch");
    this.element = h("section", { class: "panel" }, this.form, this.answer);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.dispatch();
    });
  }

  show(): void {
    const { app } = this;
    const { t } = app;
    const may = app.isDesk && app.about?.may_dispatch === true;
    const key = JSON.stringify([app.lang, may, app.about?.kinds]);
    if (key === this.drawn) return;
    this.drawn = key;
    const why = may ? null : h("p", { class: "warn", id: "why-not" }, app.isDesk ? t.dispatchOff : t.dispatchGate);
    const button = h("button", { type: "submit", class: "strong", disabled: !may, "aria-describedby": may ? null : "why-not" }, t.dispatchGo);
    fill(this.form, h("p", { class: "note" }, t.dispatchWhat), why, may && this.kinds.draw(), h("div", { class: "buttons" }, button));
  }

  private async dispatch(): Promise<void> {
    const { app } = this;
    const { t } = app;
    const picked = this.kinds.get();
    if (picked.formats.length === 0) return fill(this.answer, h("p", { class: "alert" }, t.noFormat));
    const { label, perUnit } = this.kinds.label;
    const body = [h("p", {}, t.dispatchWill(label, perUnit)), h("p", {}, `${t.formats}: ${picked.formats.join(" ")}`), h("p", { class: "warn" }, t.dispatchFinal)];
    if (!(await ask(app, { title: t.dispatchSure, body, yes: t.dispatchYes, grave: true }))) return;
    const of = JSON.stringify(picked);
    if (this.request?.of !== of) this.request = { of, id: crypto.randomUUID() };
    fill(this.answer, h("p", { class: "note" }, t.starting));
    try {
      const { result, files, messages } = await app.ask("dispatch", { ...picked, request_id: this.request.id });
      this.request = null;
      this.shown(result, files, messages);
    } catch (error) {
      fill(this.answer, h("p", { class: "alert" }, app.why(error)));
    }
  }

  private shown({ documents }: DispatchResult, files: string[], messages: string): void {
    const { app } = this;
    fill(
      this.answer,
      h("p", { class: "well" }, app.t.dispatched),
      documents.map((one) => h("section", { class: "numbered" }, h("p", { class: "number" }, one.number), h("p", {}, one.title))),
      fileList(app, files),
      messages !== "" && h("p", { class: "note said" }, messages),
    );
    say(`${app.t.dispatched}: ${documents.map((one) => one.number).join(", ")}`);
  }
}
