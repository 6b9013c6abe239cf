"""How long the gate in Chromium takes, beside the native program in the same run: until it is ready, and for 10,000 rows.

    speed.py CHROMIUM MODULE DUBAN [ROWS]

Needs openpyxl. The native program is asked in the same way (`duban call`), in a process of its own each time.
"""

import json
import pathlib
import statistics
import sys
import time

from playwright.sync_api import sync_playwright

from books import as_workbook
from logs import large
from look import ARGUMENTS
from worker import DAY, Project, Worker

COLUMNS = 12
ROUNDS = 5


def natively(project, request):
    began = time.monotonic()
    project.run("call", request=request).check_returncode()
    return (time.monotonic() - began) * 1000


def main():
    chromium, module, duban, *rows = sys.argv[1:]
    text = large(int(rows[0]) if rows else 10_000, COLUMNS).decode()
    files = {"a.csv": text.encode(), "b.xlsx": as_workbook(text)}
    project = Project(pathlib.Path(duban).resolve(), pathlib.Path(module).resolve())
    with sync_playwright() as playwright:
        for name, content in files.items():
            (project.folder / "in" / name).write_bytes(content)
            request = json.dumps({"call": "check", "files": [f"in/{name}"], "as_of": DAY, "today": DAY})
            native = statistics.median(natively(project, request) for _ in range(ROUNDS))
            # A browser that has seen nothing yet: it keeps what it compiled.
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            worker = Worker(browser, project.gate)
            worker.put(name, content)
            times = [worker.ask({"do": "call", "request": request}) for _ in range(ROUNDS + 1)]
            faults = [time["ran"]["status"] for time in times]
            first, later = times[0]["ms"], statistics.median(time["ms"] for time in times[1:])
            print(
                f"{name}, {len(content) / 1e6:.1f} MB: ready after {worker.ready:.0f} ms; first {first:.0f} ms, then {later:.0f} ms; "
                f"natively {native:.0f} ms: {first / native:.1f} and {later / native:.1f} times; status {set(faults)}"
            )
            browser.close()


if __name__ == "__main__":
    main()
