// Where files are dropped, or chosen.

import type { App } from "./app";
import { fill, h } from "./dom";
import { add } from "./files";

export class DropZone {
  readonly element = h("section", { class: "drop" });
  private readonly input = h("input", { type: "file", multiple: true, class: "unseen", id: "choose", tabindex: -1, "aria-hidden": "true" });

  constructor(private readonly app: App) {
    this.input.addEventListener("change", () => {
      void add(app, this.input.files ?? []);
      // The same file may be chosen again, after it was mended elsewhere.
      this.input.value = "";
    });
    app.on(["language", "files"], () => this.draw());
    // Anywhere on the page: a file that misses the zone would else replace the page.
    let inside = 0;
    const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    document.addEventListener("dragenter", (event) => {
      if (!isFiles(event)) return;
      inside += 1;
      this.element.classList.add("over");
    });
    document.addEventListener("dragleave", (event) => {
      if (!isFiles(event)) return;
      inside = Math.max(0, inside - 1);
      if (inside === 0) this.element.classList.remove("over");
    });
    document.addEventListener("dragover", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    });
    document.addEventListener("drop", (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      inside = 0;
      this.element.classList.remove("over");
      void add(app, event.dataTransfer?.files ?? []);
    });
  }

  private draw(): void {
    const { t, files } = this.app;
    const small = files.length > 0;
    this.element.classList.toggle("small", small);
    this.element.classList.toggle("low", this.app.isDesk);
    const had = this.element.contains(document.activeElement);
    const button = h("button", { type: "button", class: small ? "" : "strong", onclick: () => this.input.click() }, small ? t.dropAgain : t.choose);
    this.element.setAttribute("aria-label", t.files);
    fill(this.element, h("p", { class: "call" }, !small && t.drop, button), !small && h("p", { class: "note" }, t.dropKinds), h("p", { class: "letting", "aria-hidden": "true" }, t.dropping), this.input);
    if (had) button.focus();
  }
}
