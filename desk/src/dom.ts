// Elements, written down without markup: what a file holds becomes text and never HTML.

type Handler = (event: never) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Handler>;
export type Child = Node | string | number | null | undefined | false | Child[];

/** Makes an element. A function under `onclick` listens to `click`; `true` is an attribute without a value. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child !== null && child !== undefined && child !== false) element.append(typeof child === "number" ? String(child) : child);
  }
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

let numbered = 0;
export const freshId = (of: string): string => `${of}-${(numbered += 1)}`;

const TYPES: Record<string, string> = {
  csv: "text/csv",
  html: "text/html",
  md: "text/markdown",
  txt: "text/plain",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

/** Hands a file to the browser, which asks where to put it or puts it with the downloads. */
export function download(name: string, bytes: Uint8Array | string): void {
  const type = TYPES[name.split(".").pop()?.toLowerCase() ?? ""] ?? "application/octet-stream";
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
  const link = h("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after the click; a minute is enough for one that first asks.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Said to those who don't see the page. */
export function say(text: string): void {
  const region = document.getElementById("said");
  if (region) region.textContent = text;
}
