// The project on this machine: its logs, or how to begin one.

import { Refusal, type App } from "./app";
import { fill, h, say } from "./dom";
import { loadAbout, openLog, readAll, showLog } from "./files";
import { lastPart } from "./names";
import type { Panel } from "./shell";

export class ProjectPanel implements Panel {
  readonly element = h("section", { class: "panel" });
  private readonly office = h("input", { type: "text", id: "office", required: true, autocomplete: "organization" });
  private wrong = "";
  private drawn = "";

  constructor(private readonly app: App) {}

  show(): void {
    const { about, t, lang, files } = this.app;
    const ready = files.filter((file) => file.state === "ready").length;
    const key = JSON.stringify([lang, about?.has_project, about?.logs, ready, this.wrong]);
    if (key === this.drawn) return;
    this.drawn = key;
    if (!about) return fill(this.element, h("p", { class: "note" }, t.starting));
    if (!about.has_project) return this.begin(ready);
    fill(
      this.element,
      h("h2", {}, t.logs),
      about.logs.length === 0 && h("p", { class: "note" }, t.noLogs),
      h("ul", { class: "made" }, about.logs.map((log) => h("li", {}, h("span", {}, log), h("button", { type: "button", "aria-label": `${t.openLog} ${lastPart(log)}`, onclick: () => this.open(log) }, t.openLog)))),
      about.logs.length > 0 && h("div", { class: "buttons" }, h("button", { type: "button", class: "strong", onclick: () => this.open(null) }, t.checkAll)),
      this.wrong !== "" && h("p", { class: "alert", role: "alert" }, this.wrong),
    );
  }

  private open(log: string | null): void {
    openLog(this.app, log)
      .catch((error: unknown) => (log === null ? this.fail(error) : showLog(this.app, log)))
      .catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    this.wrong = this.app.why(error);
    this.show();
  }

  private begin(ready: number): void {
    const { t } = this.app;
    const form = h(
      "form",
      { class: "choose" },
      h("p", {}, t.setupWhat),
      h("label", {}, t.office, this.office),
      ready === 0 && h("p", { class: "note" }, t.setupFirst),
      this.wrong !== "" && h("p", { class: "alert", role: "alert" }, this.wrong),
      h("div", { class: "buttons" }, h("button", { type: "submit", class: "strong", disabled: ready === 0 }, t.setup)),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.setUp().catch((error: unknown) => this.fail(error));
    });
    fill(this.element, form);
  }

  private async setUp(): Promise<void> {
    const { app } = this;
    const files = app.files.flatMap((file) => (file.state === "ready" && file.path !== null ? [file.path] : []));
    const answer = await app.call("setup", { office: this.office.value.trim(), files });
    if (answer.status !== 0) throw new Refusal(app.t.failed(answer.messages));
    this.wrong = "";
    await loadAbout(app);
    // Now there are lists to hold them against.
    await readAll(app);
    say(app.t.setupDone);
  }
}
