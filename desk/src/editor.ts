// The box in which a cell gets another value, by the type of its field.

import type { App } from "./app";
import { combobox } from "./combobox";
import { h } from "./dom";
import type { Fault } from "./protocol";

export interface Editor {
  element: HTMLElement;
  focus(): void;
}

const ISO = /^\d{4}-\d{2}-\d{2}$/;

/** Makes the editor of a cell; `done` is called after a change, or when it is left by Escape. */
export function editor(app: App, row: number, column: number, label: string, faults: readonly Fault[], done: () => void): Editor {
  const { t } = app;
  const table = app.currentTable!;
  const file = app.active!;
  const place = app.placeOf(row, column);
  const inFile = table.rows[row]?.cells[column] ?? "";
  const shown = app.cellText(row, column);
  const key = table.columns[column];
  const field = key ? app.about?.fields[key] : undefined;
  const near = [...new Set(faults.flatMap((fault) => fault.near ?? []))];

  const change = (value: string): void => {
    if (file.edits.set(place, inFile, shown, value)) app.tell("edits", "files");
    done();
  };

  let input: HTMLInputElement | HTMLTextAreaElement;
  const box = h("div", { class: "box" });
  const asWords = (): void => {
    input = h("textarea", { rows: shown.length > 40 ? 5 : 2, "aria-label": `${label} ${t.newValue}` });
    input.value = shown;
    box.replaceChildren(input);
  };
  if (field?.type === "choice" || (near.length > 0 && field?.type !== "date")) {
    const box2 = combobox(t, `${label} ${t.newValue}`, shown, near, field?.values ?? [], change);
    input = box2.input;
    box.append(box2.element);
  } else if (field?.type === "date") {
    const day = h("input", { type: "date", "aria-label": `${label} ${t.newValue}`, max: "9999-12-31" });
    day.value = ISO.test(shown) ? shown : (near.find((one) => ISO.test(one)) ?? "");
    input = day;
    // 长期 and 立行立改 stand where dates do.
    const words = h("button", { type: "button", class: "plain", onclick: () => { asWords(); input.focus(); } }, t.asText);
    box.append(day, words);
  } else if (field?.type === "number") {
    input = h("input", { type: "text", inputmode: "decimal", "aria-label": `${label} ${t.newValue}` });
    input.value = shown;
    box.append(input);
  } else {
    asWords();
  }

  const form = h(
    "form",
    { class: "editor", onsubmit: (event: Event) => { event.preventDefault(); change(input.value); } },
    h("p", { class: "was" }, h("span", {}, t.inFile), inFile === "" ? h("i", {}, t.empty) : inFile.slice(0, 4000)),
    near.length > 0 && h("div", { class: "near" }, h("span", {}, t.meant), near.map((one) => h("button", { type: "button", class: "suggestion", onclick: () => change(one) }, one))),
    box,
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "strong" }, t.apply), shown !== inFile && h("button", { type: "button", onclick: () => change(inFile) }, t.restore)),
  );
  form.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      done();
    } else if (event.key === "Enter" && !event.shiftKey && event.target instanceof HTMLTextAreaElement) {
      event.preventDefault();
      change(input.value);
    }
  });
  return { element: form, focus: () => { input.focus(); if (input instanceof HTMLTextAreaElement) input.select(); } };
}
