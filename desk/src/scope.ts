// Which files a section is about: one, all that were read, or all logs of the project.

import type { App, LogFile } from "./app";
import { freshId, h } from "./dom";
import { displayName } from "./files";

/** Returns the files for a call: none at all stands for the project's logs. */
export interface Scope {
  files: string[];
  name: string;
  pending: boolean;
}

const ready = (app: App): LogFile[] => app.files.filter((file) => file.state === "ready" && file.path !== null);

export class ScopeChoice {
  readonly select = h("select", { id: freshId("scope") });
  private chosen = "";

  constructor(
    private readonly app: App,
    changed: () => void,
  ) {
    this.select.addEventListener("change", () => {
      this.chosen = this.select.value;
      changed();
    });
  }

  /** Fills the list anew; the choice stays if it still stands in it. */
  draw(): HTMLElement {
    const { app } = this;
    const files = ready(app);
    const options: [string, string][] = files.map((file) => [String(file.id), displayName(app, file)]);
    if (files.length > 1) options.push(["all", app.t.scopeAll(files.length)]);
    if (app.mayTeach) options.push(["project", app.t.scopeProject]);
    const first = app.active && files.includes(app.active) ? String(app.active.id) : (options[options.length - 1]?.[0] ?? "");
    if (!options.some(([value]) => value === this.chosen)) this.chosen = first;
    this.select.setAttribute("aria-label", app.t.scope);
    this.select.replaceChildren(...options.map(([value, label]) => h("option", { value, selected: value === this.chosen }, label)));
    return h("label", {}, app.t.scope, this.select);
  }

  /** Follows the file that was just chosen above. */
  follow(): void {
    const { active } = this.app;
    if (active && this.chosen !== "all" && this.chosen !== "project") this.chosen = String(active.id);
    if (active?.kind === "project") this.chosen = "project";
  }

  get(): Scope | null {
    const files = ready(this.app);
    if (this.chosen === "project") return { files: [], name: this.app.t.scopeProject, pending: false };
    const some = this.chosen === "all" ? files : files.filter((file) => String(file.id) === this.chosen);
    if (some.length === 0) return null;
    return { files: some.map((file) => file.path ?? ""), name: some.map((file) => file.name).join(", "), pending: some.some((file) => file.edits.count > 0) };
  }

  /** Changes whenever the files themselves do, so that a section knows whether its answer still holds. */
  key(): string {
    const files = ready(this.app);
    return JSON.stringify([this.app.lang, this.chosen, files.map((file) => [file.id, file.path, stamp(file)]), this.app.about?.logs]);
  }
}

const stamps = new WeakMap<object, number>();
let stamped = 0;
function stamp(file: LogFile): number {
  if (!file.result) return 0;
  let number = stamps.get(file.result);
  if (number === undefined) stamps.set(file.result, (number = stamped += 1));
  return number;
}
