"""The worker of a gate in Chromium, asked directly: what the page would ask, without the page."""

import base64
import pathlib
import shutil
import subprocess
import tempfile
import time

# The worker answers one question after the other, each with one message.
ASK = """async question => {
  // The page's own questions have numbers from 1 on; their answers go to the page.
  const ask = (asked) => new Promise((resolve) => {
    const toPage = self.postMessage.bind(self);
    self.postMessage = (said, transfer) => {
      if (said.id !== 0) return toPage(said, transfer);
      self.postMessage = toPage;
      resolve(said);
    };
    self.onmessage({ data: { id: 0, ...asked } });
  });
  if (question.bytes !== undefined) question.bytes = Uint8Array.from(atob(question.bytes), c => c.charCodeAt(0));
  const began = performance.now();
  const { ran, path, error } = await ask(question);
  return { ran, path, error, ms: performance.now() - began };
}"""
# The day of every question.
DAY = "2021-08-20"
CONFIG = "office: {name: 督办室, code: 督}\n"


class Project:
    """A copy of a project, or a folder with a config and no logs; its gate, and the native program in it."""

    def __init__(self, duban, module, copied=None):
        self.duban, self.home = duban, tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.home.name)
        if copied:
            shutil.copytree(copied, self.folder, dirs_exist_ok=True)
        else:
            (self.folder / "duban.yaml").write_text(CONFIG, "utf-8")
        (self.folder / "in").mkdir()
        self.gate = self.folder / "gate.html"
        self.run("gate", "--module", module, "-o", self.gate).check_returncode()

    def run(self, *arguments, request=""):
        command = [self.duban, *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, input=request.encode(), capture_output=True, env={"LC_ALL": "zh_CN.UTF-8"})


class Worker:
    """The worker of the page; `ready` is how many milliseconds it took until it could be asked."""

    def __init__(self, browser, gate):
        self.page = browser.new_page()
        began = time.monotonic()
        self.page.goto(gate.as_uri())
        while not self.page.workers:
            self.page.wait_for_timeout(5)
        self.worker = self.page.workers[0]
        # What the page asked first is answered once the module is compiled.
        self.ask({"do": "call", "request": '{"call": "about"}'})
        self.ready = (time.monotonic() - began) * 1000

    def ask(self, question):
        return self.worker.evaluate(ASK, question)

    def put(self, name, content):
        return self.ask({"do": "put", "name": name, "bytes": base64.b64encode(content).decode()})["path"]
