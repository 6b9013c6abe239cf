// A word that the project does not know is taught with a click: as a new one, or as another name of one that it has.

import type { App } from "./app";
import { combobox } from "./combobox";
import { ask } from "./dialog";
import { h, say } from "./dom";
import { readAll, loadAbout } from "./files";
import type { Fault } from "./protocol";

/** Words of the project's own lists; of the others (ways to put right, states, sources) there are other names alone. */
const OWN = new Set(["V105", "V106", "V107", "V108"]);
const OTHER_NAMES = new Set(["V102", "V103", "V104"]);

export const mayLearn = (app: App, fault: Fault, field: string): boolean =>
  app.mayTeach && (OWN.has(fault.code) || OTHER_NAMES.has(fault.code)) && app.about?.fields[field] !== undefined;

export async function learn(app: App, fault: Fault, field: string, word: string): Promise<void> {
  const { t } = app;
  const known = app.about?.fields[field];
  if (!known) return;
  const near = (fault.near ?? []).filter((one) => known.values.includes(one));
  const isNew = h("input", { type: "radio", name: "word", value: "new", checked: near.length === 0 && OWN.has(fault.code) });
  const isSame = h("input", { type: "radio", name: "word", value: "same", checked: near.length > 0 || !OWN.has(fault.code) });
  let same = near[0] ?? "";
  const box = combobox(t, t.learnSame, same, near, known.values, (value) => {
    same = value;
    isSame.checked = true;
    box.input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  box.input.addEventListener("input", () => {
    same = box.input.value;
    isSame.checked = true;
  });
  const wrong = h("p", { class: "alert", role: "alert" });
  const body = [
    h("p", {}, t.learnWhat(known.label, word)),
    OWN.has(fault.code) && h("label", { class: "choice" }, isNew, t.learnNew(known.label)),
    h("label", { class: "choice" }, isSame, t.learnSame),
    box.element,
    wrong,
  ];
  const ready = (): boolean => isNew.checked || known.values.includes(same);
  for (;;) {
    if (!(await ask(app, { title: t.learn, body, yes: t.learnDo, ready }))) return;
    try {
      await app.ask("learn", { field, value: word, as: isNew.checked ? null : same });
      break;
    } catch (error) {
      wrong.textContent = app.why(error);
    }
  }
  await loadAbout(app);
  await readAll(app);
  say(t.learned(word));
}
