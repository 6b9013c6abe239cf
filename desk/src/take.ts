// A dropped log becomes one of the project.

import { Refusal, type App, type LogFile } from "./app";
import { ask } from "./dialog";
import { say } from "./dom";
import { loadAbout } from "./files";
import { lastPart } from "./names";

export async function take(app: App, file: LogFile): Promise<void> {
  const { t } = app;
  if (file.path === null) return;
  // A log of the project goes back to its place, whatever its copy is called here.
  const isThere = file.origin !== null || (app.about?.logs.some((log) => lastPart(log) === file.name) ?? false);
  if (isThere && !(await ask(app, { title: t.take, body: [t.replaceAsk, " ", file.origin ?? file.name], yes: t.replace }))) return;
  const answer = await app.call("take", { file: file.path, replace: isThere, as: file.origin });
  if (answer.status !== 0) throw new Refusal(t.failed(answer.messages));
  file.unsaved = false;
  await loadAbout(app);
  app.tell("files");
  say(t.taken(file.name));
}
