// The box for a day. It is written like any text, since what the browser's own box makes of keys depends on the language
// of the browser: 20210804 became the year 804. The calendar of the browser opens by a button.

import { freshId, h } from "./dom";
import type { Texts } from "./texts";

export type DayFault = "shape" | "noYear" | "early" | "calendar";

const FIRST_YEAR = 1900;
const FORMS = [/^(\d{4})(\d\d)(\d\d)$/, /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/, /^(\d{4})年(\d{1,2})月(\d{1,2})[日号]?$/];
const WITHOUT_YEAR = /^(\d{4}|\d{1,2}[-/.]\d{1,2}|\d{1,2}月\d{1,2}[日号]?)$/;

/** Reads a day as people write it: 2021-08-04, 20210804, 2021/8/4, 2021.8.4 or 2021年8月4日, in letters of any width. */
export function readDay(text: string): { day: string } | { fault: DayFault } {
  const plain = text.normalize("NFKC").replace(/\s/g, "").replace(/[‐‑‒–—−]/g, "-").replace(/。/g, ".");
  const [, year, month, date] = FORMS.map((form) => form.exec(plain)).find((read) => read !== null) ?? [];
  // Which year is meant nobody can know: a deadline may lie in the next one.
  if (!year || !month || !date) return { fault: WITHOUT_YEAR.test(plain) ? "noYear" : "shape" };
  if (Number(year) < FIRST_YEAR) return { fault: "early" };
  const day = `${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`;
  const read = new Date(`${day}T00:00:00Z`);
  // JavaScript takes 30 February for 2 March.
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day) ? { day } : { fault: "calendar" };
}

export interface DayBox {
  element: HTMLElement;
  input: HTMLInputElement;
  /** The day, or nothing for an empty box; null if it is none, which the box says itself. */
  read(): string | null;
}

export function dayBox(t: Texts, label: string, value: string): DayBox {
  const id = freshId("day");
  const wrong = h("p", { class: "alert", role: "alert", id, hidden: true });
  const input = h("input", { type: "text", inputmode: "numeric", "aria-label": label, "aria-describedby": id, placeholder: t.dayForm, autocomplete: "off", spellcheck: "false" });
  input.value = value;
  const tell = (text: string | null): void => {
    wrong.hidden = text === null;
    wrong.textContent = text;
    input.setAttribute("aria-invalid", String(text !== null));
  };
  input.addEventListener("input", () => tell(null));

  const calendar = h("input", { type: "date", class: "unseen", tabindex: -1, "aria-hidden": "true", "aria-label": label, min: `${FIRST_YEAR}-01-01`, max: "9999-12-31" });
  calendar.addEventListener("change", () => {
    if (calendar.value === "") return;
    input.value = calendar.value;
    tell(null);
  });
  const open = (): void => {
    const read = readDay(input.value);
    calendar.value = "day" in read ? read.day : "";
    try {
      calendar.showPicker();
    } catch {
      // A browser that does not let the page open it: its own box is shown.
      calendar.classList.remove("unseen");
      for (const name of ["tabindex", "aria-hidden"]) calendar.removeAttribute(name);
      calendar.focus();
    }
  };
  const element = h("div", { class: "day" }, input, h("span", { class: "calendar" }, h("button", { type: "button", onclick: open }, t.calendar), calendar), wrong);

  const read = (): string | null => {
    if (input.value.trim() === "") return "";
    const found = readDay(input.value);
    if ("day" in found) return found.day;
    tell(t.dayFaults[found.fault](input.value.trim()));
    return null;
  };
  return { element, input, read };
}
