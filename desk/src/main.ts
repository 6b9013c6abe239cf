// The page starts here: which backend, then the parts.

import { App } from "./app";
import { GateBackend } from "./gate";
import { loadAbout } from "./files";
import type { PageData } from "./protocol";
import { ServerBackend, takeToken } from "./server";
import { Shell } from "./shell";

function data<T>(id: string): T {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null") as T;
}

/** The module stands behind the script, and is there once the browser has read the whole page. */
function moduleText(): Promise<string> {
  return new Promise((resolve) => {
    document.addEventListener("DOMContentLoaded", () => resolve(document.getElementById("duban-module")?.textContent ?? ""));
  });
}

function start(): void {
  const page = data<PageData>("duban-page");
  const backend =
    page.mode === "gate"
      ? new GateBackend(data<{ files: Record<string, string> }>("duban-project").files, moduleText())
      : new ServerBackend(takeToken());
  const app = new App(page, backend);
  document.body.prepend(new Shell(app).element);
  app.tell("language", "files", "active", "section");
  loadAbout(app).catch((error: unknown) => app.warn(error));
}

start();
