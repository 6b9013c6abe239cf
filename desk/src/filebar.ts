// The files, each with its state.

import type { App, LogFile } from "./app";
import { ask } from "./dialog";
import { fill, h } from "./dom";
import { cancel, displayName, isUnread, read, remove, stateText } from "./files";

export class FileBar {
  readonly element = h("ul", { class: "files" });
  private clock = 0;

  constructor(private readonly app: App) {
    app.on(["files", "active", "edits", "language"], () => this.draw());
  }

  private draw(): void {
    const { app } = this;
    this.element.setAttribute("aria-label", app.t.files);
    this.element.hidden = app.files.length === 0;
    const focused = this.element.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["of"] : undefined;
    fill(this.element, app.files.map((file) => this.item(file)));
    if (focused) this.element.querySelector<HTMLElement>(`[data-of="${focused}"]`)?.focus();
    const reading = app.files.some((file) => file.state === "reading");
    clearInterval(this.clock);
    if (reading) this.clock = window.setInterval(() => this.tick(), 500);
  }

  /** The seconds that a file takes: only their text is changed. */
  private tick(): void {
    for (const file of this.app.files) {
      const text = this.element.querySelector(`[data-state="${file.id}"]`);
      if (text && file.state === "reading") text.textContent = stateText(this.app, file);
    }
  }

  private item(file: LogFile): HTMLElement {
    const { app } = this;
    const { t } = app;
    const name = displayName(app, file);
    const errors = file.result?.errors ?? 0;
    const warnings = file.result?.warnings ?? 0;
    const look = file.state === "ready" ? (errors > 0 ? "error" : warnings > 0 ? "warning" : "well") : file.state;
    const glyph: Record<string, string> = { error: "✕", warning: "△", well: "✓", failed: "⊘", cancelled: "–", waiting: "…", reading: "…", mending: "…" };
    return h(
      "li",
      { class: `${look}${file === app.active ? " active" : ""}` },
      h(
        "button",
        { type: "button", class: "file", "data-of": `file-${file.id}`, "aria-current": file === app.active ? "true" : null, onclick: () => this.choose(file) },
        h("span", { class: "filename" }, name),
        h("span", { class: `state ${look}` }, h("span", { "aria-hidden": "true" }, `${glyph[look] ?? ""} `), h("span", { "data-state": file.id }, stateText(app, file))),
        file.edits.count > 0 && h("span", { class: "state changed" }, `✎ ${t.changed(file.edits.count)}`),
      ),
      (file.state === "reading" || (file.state === "waiting" && file.stop !== null)) && h("button", { type: "button", "data-of": `stop-${file.id}`, onclick: () => cancel(app, file) }, t.cancel),
      isUnread(file) && h("button", { type: "button", "data-of": `again-${file.id}`, onclick: () => void read(app, file) }, t.again),
      h("button", { type: "button", class: "remove", "data-of": `remove-${file.id}`, "aria-label": t.remove(name), title: t.remove(name), onclick: () => void this.remove(file) }, "×"),
    );
  }

  private choose(file: LogFile): void {
    this.app.active = file;
    if (this.app.section === "project") this.app.section = "rows";
    this.app.tell("active", "section");
  }

  private async remove(file: LogFile): Promise<void> {
    const { app } = this;
    if (app.hasUnsaved(file) && !(await ask(app, { title: app.t.remove(file.name), body: app.t.removeAsk(file.name), yes: app.t.remove(file.name), grave: true }))) return;
    remove(app, file);
    (this.element.querySelector<HTMLElement>(".active .file") ?? document.querySelector<HTMLElement>(".drop button"))?.focus();
  }
}
