"""Holds the gate in Chromium against the native program: for each log that is found, the same answer to the same question.

    same.py CHROMIUM MODULE DUBAN [--largest BYTES] FOLDER…

What of the folders is a log, release/inputs.py says; one that lies in a project is asked about in the gate of that project. Exit 1 if
any differs. A file that ends the instance counts as one that differs.
"""

import argparse
import json
import pathlib
import sys
from itertools import groupby

from playwright.sync_api import sync_playwright

from look import ARGUMENTS
from worker import DAY, Project, Worker

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "release"))
from inputs import MOST, inputs  # noqa: E402


def answers(worker, project, path):
    """What the gate and the native program say of a file, and what `check` prints of it."""
    content = path.read_bytes()
    put = worker.put(path.name, content)
    request = json.dumps({"call": "check", "files": [put], "as_of": DAY, "today": DAY, "lang": "zh"})
    there = worker.ask({"do": "call", "request": request})
    worker.ask({"do": "forget", "path": put})
    copy = project.folder / put
    copy.write_bytes(content)
    here = project.run("call", request=request)
    check = project.run("check", put, "--format", "json", "--as-of", DAY, "--lang", "zh")
    copy.unlink()
    ran = there.get("ran") or {}
    return ran.get("stdout", "") or f"{there.get('error')} {ran.get('stderr', '')[:300]}", here.stdout.decode(), check.stdout.decode()


def differ(gate, native, check):
    if gate != native:
        return f"the gate says {gate[:300]!r}, the program {native[:300]!r}"
    said = (json.loads(gate).get("result") or {}).get("diagnostics", [])
    printed = json.loads(check)["diagnostics"] if check else []
    return None if said == printed else "the gate has other diagnostics than check"


def main():
    given = argparse.ArgumentParser()
    for name in ["chromium", "module", "duban"]:
        given.add_argument(name)
    given.add_argument("--largest", type=int, default=MOST)
    given.add_argument("folders", nargs="+")
    given = given.parse_args()
    compared, wrong = 0, 0
    found = [(project, path) for project, path in inputs(given.folders, given.largest) if path and path.stat().st_size > 0]
    found.sort(key=lambda pair: str(pair[0] or ""))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=ARGUMENTS)
        for folder, pairs in groupby(found, lambda pair: pair[0]):
            project = Project(pathlib.Path(given.duban).resolve(), pathlib.Path(given.module).resolve(), folder)
            worker = Worker(browser, project.gate)
            for _, path in pairs:
                compared += 1
                why = differ(*answers(worker, project, path))
                if why:
                    wrong += 1
                    print(f"{path}: {why}")
            worker.page.close()
        browser.close()
    print(f"{compared} logs in Chromium and by the program, {wrong} not the same")
    sys.exit(wrong > 0 or compared == 0)


if __name__ == "__main__":
    main()
