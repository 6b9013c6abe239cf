// The receipt: what was checked, and with what result, as text and as a picture.

import { AskingPanel } from "./asking";
import { asBase64 } from "./base64";
import { download, h, say, type Child } from "./dom";
import { withoutEnd } from "./names";
import type { Scope } from "./scope";

export class ReceiptPanel extends AskingPanel {
  protected async load(scope: Scope): Promise<Child> {
    const { t } = this.app;
    const { result, said } = await this.ask("receipt", { files: scope.files });
    const { text, svg } = result;
    const shown = h("pre", { class: "receipt", tabindex: 0, "aria-label": t.receipt }, text);
    return [
      h("p", { class: "note" }, t.receiptWhat),
      said,
      h(
        "div",
        { class: "receipt-sheet" },
        h(
          "div",
          {},
          shown,
          h(
            "div",
            { class: "buttons" },
            h("button", { type: "button", class: "strong", onclick: () => void copy(text, shown).then((done) => say(done ? t.copied : t.notCopied)) }, t.copy),
            h("button", { type: "button", onclick: () => download(`${withoutEnd(scope.name.split(", ")[0] ?? "")} ${t.receipt}.txt`, text) }, t.download),
          ),
        ),
        h("img", { class: "qr", alt: t.qr, src: `data:image/svg+xml;base64,${asBase64(svg)}`, width: 220, height: 220 }),
      ),
    ];
  }
}

/** A page from a disk may not be given the clipboard: the older way asks nobody. */
async function copy(text: string, shown: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return document.execCommand("copy");
  }
}
