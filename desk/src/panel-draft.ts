// Drafts of documents, which have no number.

import type { App } from "./app";
import { download, fill, h } from "./dom";
import { KindChoice } from "./kinds";
import { lastPart } from "./names";
import { ScopeChoice } from "./scope";
import type { Panel } from "./shell";

export class DraftPanel implements Panel {
  readonly element: HTMLElement;
  private readonly form = h("form", { class: "choose" });
  private readonly answer = h("div", { class: "answer", "aria-live": "polite" });
  private readonly scope: ScopeChoice;
  private readonly kinds: KindChoice;
  private drawn = "";
  private followed: unknown = null;

  constructor(private readonly app: App) {
    this.scope = new ScopeChoice(app, () => fill(this.answer));
    this.kinds = new KindChoice(app, "draft");
    this.element = h("section", { class: "panel" }, this.form, this.answer);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.make();
    });
  }

  show(): void {
    const { t } = this.app;
    if (this.followed !== this.app.active) {
      this.followed = this.app.active;
      this.scope.follow();
    }
    // Drawn anew only if it would differ: what was picked stays.
    const key = this.scope.key() + JSON.stringify(this.app.about?.kinds);
    if (key === this.drawn) return;
    this.drawn = key;
    fill(this.form, h("p", { class: "note" }, t.draftWhat), this.scope.draw(), this.kinds.draw(), h("div", { class: "buttons" }, h("button", { type: "submit", class: "strong" }, t.make)));
  }

  private async make(): Promise<void> {
    const { app } = this;
    const { t } = app;
    const scope = this.scope.get();
    const picked = this.kinds.get();
    if (picked.formats.length === 0) return fill(this.answer, h("p", { class: "alert" }, t.noFormat));
    if (!scope) return fill(this.answer, h("p", { class: "alert" }, t.noFigures));
    fill(this.answer, h("p", { class: "note" }, t.starting));
    try {
      const { files, messages } = await app.ask("draft", { ...picked, files: scope.files });
      fill(this.answer, h("p", { class: "well" }, t.made(files.filter((path) => !path.endsWith(".figures.json")).length)), fileList(app, files), messages !== "" && h("p", { class: "note said" }, messages));
    } catch (error) {
      fill(this.answer, h("p", { class: "alert" }, app.why(error)));
    }
  }
}

/** Files that duban wrote, each with a button that downloads it. */
export function fileList(app: App, files: readonly string[]): HTMLElement {
  // What the figures come from is for duban proof, and not for who reads the document.
  const documents = files.filter((path) => !path.endsWith(".figures.json"));
  return h("ul", { class: "made" }, documents.map((path) => {
    const name = lastPart(path);
    // At once: a worker that is started anew has them no more.
    const bytes = app.backend.get(path);
    bytes.catch(() => undefined);
    const wrong = h("span", { class: "alert", role: "alert", hidden: true });
    const fetch = (): void => {
      bytes.then((bytes) => download(name, bytes)).catch((error: unknown) => {
        wrong.textContent = app.why(error);
        wrong.hidden = false;
      });
    };
    return h("li", {}, h("span", {}, name), h("button", { type: "button", "aria-label": `${app.t.download} ${name}`, onclick: fetch }, app.t.download), wrong);
  }));
}
