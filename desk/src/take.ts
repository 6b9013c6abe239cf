// A dropped log becomes one of the project, or a mended one goes back to its place.

import { Refusal, type App, type LogFile } from "./app";
import { ask } from "./dialog";
import { say } from "./dom";
import { loadAbout } from "./files";
import { hashOf } from "./hash";

export async function take(app: App, file: LogFile): Promise<void> {
  const { t } = app;
  if (file.path === null) return;
  // It asks once where it would replace a log, and once more if that is another than the one that was opened.
  let [replace, was] = [false, file.opened];
  for (;;) {
    const { status, result, messages } = await app.call("take", { file: file.path, replace, as: file.origin, was });
    if (status === 0 && result) {
      file.unsaved = false;
      // From now on it is a copy of that log, as it lies there.
      file.origin = result.place;
      file.opened = await hashOf(file.bytes);
      break;
    }
    if (status !== 1 || !result || result.state === "taken") throw new Refusal(t.failed(messages));
    const isChanged = result.state === "changed";
    const body = isChanged ? t.changedAsk(result.place) : t.replaceAsk(result.place);
    if (!(await ask(app, { title: t.take, body, yes: t.replace, grave: isChanged }))) return;
    [replace, was] = [true, isChanged ? null : was];
  }
  await loadAbout(app);
  app.tell("files");
  say(t.taken(file.name));
}
