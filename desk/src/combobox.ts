// A box for a word of a list: writes freely, and offers what is alike first, then the office's words.

import { fill, freshId, h } from "./dom";
import type { Texts } from "./texts";

const SHOWN = 200;

export interface Combobox {
  element: HTMLElement;
  input: HTMLInputElement;
}

export function combobox(t: Texts, label: string, value: string, near: readonly string[], values: readonly string[], chosen: (value: string) => void): Combobox {
  const id = freshId("list");
  const list = h("ul", { role: "listbox", id, "aria-label": label, hidden: true });
  const input = h("input", { type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, "aria-label": label, autocomplete: "off", spellcheck: "false" });
  input.value = value;
  const count = h("p", { class: "note", "aria-live": "polite" });
  let at = -1;
  let offered: string[] = [];

  const open = (filter: string): void => {
    const word = filter.trim().toLowerCase();
    const first = near.filter((one) => word === "" || one.toLowerCase().includes(word));
    const rest = values.filter((one) => !near.includes(one) && (word === "" || one.toLowerCase().includes(word)));
    offered = [...first, ...rest].slice(0, SHOWN);
    at = -1;
    fill(list, offered.map((one, index) =>
      h("li", { role: "option", id: `${id}-${index}`, "aria-selected": "false", onmousedown: (event: Event) => { event.preventDefault(); choose(one); } }, one, index < first.length && h("small", {}, ` ${t.near}`)),
    ));
    list.hidden = offered.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
    count.textContent = offered.length === 0 ? t.noChoice : t.choices(first.length + rest.length);
  };
  const close = (): void => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const mark = (index: number): void => {
    at = (index + offered.length) % offered.length;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    list.children[at]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `${id}-${at}`);
  };
  const choose = (one: string): void => {
    input.value = one;
    close();
    chosen(one);
  };

  // What stands in the cell is what is wrong with it: at first everything is offered, whatever it says.
  input.addEventListener("focus", () => { input.select(); open(""); });
  input.addEventListener("click", () => { if (list.hidden) open(""); });
  input.addEventListener("blur", close);
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("keydown", (event) => {
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.isComposing) {
      event.preventDefault();
      if (list.hidden) open("");
      if (offered.length > 0) mark(event.key === "ArrowDown" ? at + 1 : at < 0 ? -1 : at - 1);
    } else if (event.key === "Enter" && !event.isComposing) {
      const picked = at >= 0 ? offered[at] : undefined;
      if (picked !== undefined) { event.preventDefault(); event.stopPropagation(); choose(picked); }
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  return { element: h("div", { class: "combobox" }, input, list, count), input };
}
