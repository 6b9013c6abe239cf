// The frame: title, language, where files are dropped, the files, the sections and what is in the one that is open.

import type { App, Section } from "./app";
import { ask } from "./dialog";
import { DropZone } from "./drop";
import { h, fill } from "./dom";
import { FileBar } from "./filebar";
import { loadAbout, readAll } from "./files";
import { keys } from "./keys";
import { DispatchPanel } from "./panel-dispatch";
import { DraftPanel } from "./panel-draft";
import { DuePanel } from "./panel-due";
import { ProjectPanel } from "./panel-project";
import { ReceiptPanel } from "./panel-receipt";
import { RowsPanel } from "./panel-rows";
import { TallyPanel } from "./panel-tally";
import { printed } from "./print";

export interface Panel {
  element: HTMLElement;
  /** Called when the panel comes into sight, and when what it shows may be another. */
  show(): void;
}

export class Shell {
  readonly element: HTMLElement;
  private readonly header = h("header", { class: "top" });
  private readonly warning = h("p", { class: "alert", role: "alert", hidden: true });
  private readonly sections = h("div", { class: "sections", role: "tablist" });
  private readonly panels = new Map<Section, Panel>();

  constructor(private readonly app: App) {
    const rows = new RowsPanel(app);
    if (app.isDesk) this.panels.set("project", new ProjectPanel(app));
    this.panels.set("rows", rows);
    this.panels.set("tally", new TallyPanel(app));
    this.panels.set("due", new DuePanel(app));
    this.panels.set("receipt", new ReceiptPanel(app));
    this.panels.set("draft", new DraftPanel(app));
    this.panels.set("dispatch", new DispatchPanel(app));
    if (app.isDesk) app.section = "project";
    const intake = h("div", { class: "intake" }, new DropZone(app).element, new FileBar(app).element);
    app.on(["files"], () => intake.classList.toggle("filled", app.files.length > 0));
    const main = h("main", {}, this.warning, intake, this.sections);
    for (const [name, panel] of this.panels) {
      panel.element.id = `panel-${name}`;
      panel.element.setAttribute("role", "tabpanel");
      panel.element.setAttribute("aria-labelledby", `tab-${name}`);
      main.append(panel.element);
    }
    this.element = h("div", { class: "page" }, this.header, main, printed(app), h("p", { id: "said", class: "unseen", role: "status", "aria-live": "polite" }));
    app.on(["language", "about"], () => this.drawHeader());
    app.on(["about"], () => {
      this.warning.hidden = app.warning === "";
      this.warning.textContent = app.warning;
    });
    app.on(["language", "files", "section", "active", "about"], () => this.drawSections());
    app.on(["section", "active", "table", "files", "about", "language"], () => this.showPanel());
    this.sections.addEventListener("keydown", (event) => this.arrow(event));
    keys(app, rows);
    addEventListener("beforeunload", (event) => {
      if (!app.files.some((file) => app.hasUnsaved(file))) return;
      event.preventDefault();
      // Older browsers ask only if this says something; none shows what it says.
      event.returnValue = app.t.leave;
    });
  }

  private drawHeader(): void {
    const { app } = this;
    const { t } = app;
    const office = app.about?.office ?? app.page.office;
    document.documentElement.lang = app.lang === "zh" ? "zh-CN" : "en";
    document.body.className = app.lang;
    document.title = office ? t.titleOf(office) : t.title;
    const had = document.activeElement?.id === "language";
    const other = app.lang === "zh" ? "en" : "zh";
    const button = h("button", { type: "button", id: "language", lang: other, onclick: () => this.turn(other) }, t.otherLanguage);
    fill(
      this.header,
      h("div", { class: "name" }, h("h1", {}, office ?? t.title), office && h("span", { class: "what" }, t.title)),
      h("p", { class: "note" }, app.isDesk ? t.deskWord : t.gateWord, " · ", t.version(app.about?.version ?? app.page.version)),
      button,
    );
    if (app.backend.quit) this.header.append(h("button", { type: "button", id: "end", onclick: () => void this.end() }, t.end));
    if (had) button.focus();
  }

  /** Who started it by a double click has no terminal to end it in. */
  private async end(): Promise<void> {
    const { app } = this;
    const { t } = app;
    const unsaved = app.files.filter((file) => app.hasUnsaved(file)).map((file) => file.name);
    if (unsaved.length > 0 && !(await ask(app, { title: t.end, body: t.endAsk(unsaved.join(", ")), yes: t.end, grave: true }))) return;
    // Gone before it has answered, it is ended all the same.
    await app.backend.quit?.().catch(() => undefined);
    app.files.length = 0;
    fill(this.element, h("main", {}, h("h1", { tabindex: -1, id: "ended" }, t.ended)));
    document.getElementById("ended")?.focus();
  }

  /** What duban said is in the language of then: it is asked again. */
  private turn(lang: "zh" | "en"): void {
    const { app } = this;
    app.lang = lang;
    app.codes.clear();
    app.tell("language");
    void loadAbout(app)
      .then(() => readAll(app))
      .catch((error: unknown) => app.warn(error));
  }

  private get open(): Section[] {
    return [...this.panels.keys()];
  }

  private drawSections(): void {
    const { app } = this;
    const nothing = app.files.length === 0 && !app.isDesk;
    this.sections.hidden = nothing;
    this.sections.setAttribute("aria-label", app.t.sections);
    const had = this.sections.contains(document.activeElement);
    fill(this.sections, this.open.map((name) =>
      h(
        "button",
        { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, "aria-selected": String(name === app.section), tabindex: name === app.section ? 0 : -1, onclick: () => this.choose(name) },
        app.t[name],
      ),
    ));
    if (had) document.getElementById(`tab-${app.section}`)?.focus();
  }

  private choose(name: Section): void {
    this.app.section = name;
    this.app.tell("section");
  }

  private arrow(event: KeyboardEvent): void {
    const all = this.open;
    const at = all.indexOf(this.app.section);
    const to: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.choose(all[(next + all.length) % all.length]!);
  }

  private showPanel(): void {
    const { app } = this;
    for (const [name, panel] of this.panels) {
      const shown = name === app.section && (app.files.length > 0 || app.isDesk);
      panel.element.hidden = !shown;
      if (shown) panel.show();
    }
  }
}
