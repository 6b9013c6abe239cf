// The choice of a kind of document and of formats.

import type { App } from "./app";
import { freshId, h } from "./dom";

export interface Picked {
  kind: string;
  formats: string[];
}

export class KindChoice {
  private kind: string | null = null;
  private formats = new Set(["docx"]);

  constructor(
    private readonly app: App,
    private readonly name: string,
    private readonly changed: () => void = () => undefined,
  ) {}

  draw(): HTMLElement {
    const { about, t } = this.app;
    const kinds = about?.kinds ?? [];
    this.kind ??= kinds[0]?.name ?? null;
    const radio = (kind: { name: string; label: string; per_unit: boolean }): HTMLElement =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "radio", name: `${this.name}-kind`, value: kind.name, checked: kind.name === this.kind, onchange: () => { this.kind = kind.name; this.changed(); } }),
        h("span", {}, kind.label, kind.per_unit && h("small", {}, t.perUnit)),
      );
    const box = (format: string): HTMLElement =>
      h(
        "label",
        { class: "choice" },
        h("input", { type: "checkbox", name: `${this.name}-format`, value: format, checked: this.formats.has(format), onchange: (event: Event) => this.toggle(format, (event.target as HTMLInputElement).checked) }),
        FORMATS[format] ?? format,
      );
    const id = freshId("kinds");
    return h(
      "div",
      { class: "kinds", id },
      h("fieldset", {}, h("legend", {}, t.kind), h("div", { class: "options" }, kinds.map(radio))),
      h("fieldset", {}, h("legend", {}, t.formats), h("div", { class: "options" }, (about?.formats ?? []).map(box))),
    );
  }

  private toggle(format: string, on: boolean): void {
    if (on) this.formats.add(format);
    else this.formats.delete(format);
    this.changed();
  }

  get(): Picked {
    const offered = this.app.about?.formats ?? [];
    return { kind: this.kind ?? "", formats: offered.filter((format) => this.formats.has(format)) };
  }

  get label(): { label: string; perUnit: boolean } {
    const kind = this.app.about?.kinds.find((one) => one.name === this.kind);
    return { label: kind?.label ?? "", perUnit: kind?.per_unit ?? false };
  }
}

const FORMATS: Record<string, string> = { docx: "Word (.docx)", html: "HTML", md: "Markdown", xlsx: "Excel (.xlsx)" };
