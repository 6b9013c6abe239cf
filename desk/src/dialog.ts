// A question over the page. The browser's own dialog keeps the focus inside, closes on Escape and gives the focus back.

import type { App } from "./app";
import { freshId, h, type Child } from "./dom";

export interface Asked {
  title: string;
  body: Child;
  /** The word on the button that agrees; without it there is only one that closes. */
  yes?: string;
  grave?: boolean;
  /** Whether it may be agreed to now; asked again at each change inside. */
  ready?: () => boolean;
}

/** Opens it and returns whether it was agreed to. */
export function ask(app: App, { title, body, yes, grave, ready }: Asked): Promise<boolean> {
  return new Promise((resolve) => {
    const id = freshId("dialog");
    const before = document.activeElement;
    const agree = yes === undefined ? null : h("button", { type: "submit", value: "yes", class: grave ? "grave" : "strong" }, yes);
    const back = h("button", { type: "button", onclick: () => dialog.close("") }, yes === undefined ? app.t.close : app.t.no);
    const form = h("form", { method: "dialog" }, h("h2", { id }, title), h("div", { class: "body" }, body), h("div", { class: "buttons" }, agree, back));
    const dialog = h("dialog", { "aria-labelledby": id }, form);
    const update = (): void => {
      if (agree && ready) agree.disabled = !ready();
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!ready || ready()) dialog.close("yes");
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    update();
    dialog.showModal();
    // What can't be taken back is not where Enter falls.
    if (grave || yes === undefined) back.focus();
  });
}

export async function explain(app: App, code: string): Promise<void> {
  let text: string;
  try {
    text = (await app.ask("explain", { code })).result.text;
  } catch (error) {
    text = app.why(error);
  }
  await ask(app, { title: code, body: h("pre", { class: "explained", tabindex: 0 }, text) });
}
