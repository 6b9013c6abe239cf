// The box in which a cell gets another value, by the type of its field.

import type { App } from "./app";
import { combobox } from "./combobox";
import { dayBox } from "./day";
import { h } from "./dom";
import type { Fault } from "./protocol";

export interface Editor {
  element: HTMLElement;
  focus(): void;
}

/** Every line ends as Windows ends them, which a text area shows and gives back in the other way. */
const BREAKS = /^[^\r\n]*(\r\n[^\r\n]*)+$/;
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
  const near = [...new Set(faults.flatMap((fault) => fault.mended ?? fault.near ?? []))];
  // A word of the list would stand in the place of all that the cell holds.
  const hasSeveral = faults.some((fault) => fault.word !== undefined);

  const change = (value: string): void => {
    if (file.edits.set(place, inFile, shown, value)) app.tell("edits", "files");
    done();
  };

  let input: HTMLInputElement | HTMLTextAreaElement;
  /** What the box held when it was filled with the cell: a box shows no line breaks, or not as they are in the file. */
  let untouched: string | null = null;
  /** What the box holds; null if that is not what it is for. */
  let read = (): string | null => input.value;
  const focus = (): void => {
    input.focus();
    input.select();
  };
  const submit = (): void => {
    if (input.value === untouched) return done();
    const value = read();
    if (value === null) return focus();
    change(input instanceof HTMLTextAreaElement && BREAKS.test(shown) ? value.replace(/\n/g, "\r\n") : value);
  };
  const box = h("div", { class: "box" });
  const asWords = (more: HTMLElement | null = null): void => {
    input = h("textarea", { rows: shown.length > 40 ? 5 : 2, "aria-label": `${label} ${t.newValue}` });
    input.value = shown;
    untouched = input.value;
    read = () => input.value;
    box.replaceChildren(input, ...(more ? [more] : []));
  };
  const asDay = (): void => {
    const meant = near.find((one) => ISO.test(one));
    const day = dayBox(t, `${label} ${t.newValue}`, ISO.test(shown) ? shown : (meant ?? shown));
    ({ input, read } = day);
    // A day that is offered is another than the cell holds.
    untouched = ISO.test(shown) || meant === undefined ? input.value : null;
    // 长期 and 立行立改 stand where dates do.
    box.replaceChildren(day.element, turn(t.asText, () => asWords(turn(t.asDate, asDay))));
  };
  const turn = (label: string, act: () => void): HTMLElement => h("button", { type: "button", class: "plain", onclick: () => { act(); focus(); } }, label);
  const isOneLine = !/[\r\n]/.test(shown);
  if (isOneLine && !hasSeveral && (field?.type === "choice" || (near.length > 0 && field?.type !== "date"))) {
    const box2 = combobox(t, `${label} ${t.newValue}`, shown, near, field?.values ?? [], change);
    input = box2.input;
    untouched = input.value;
    box.append(box2.element);
  } else if (field?.type === "date") {
    asDay();
  } else if (field?.type === "number" && isOneLine) {
    input = h("input", { type: "text", inputmode: "decimal", "aria-label": `${label} ${t.newValue}` });
    input.value = shown;
    untouched = input.value;
    box.append(input);
  } else {
    asWords();
  }

  const form = h(
    "form",
    { class: "editor", onsubmit: (event: Event) => { event.preventDefault(); submit(); } },
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
      submit();
    }
  });
  return { element: form, focus };
}
