"""Holds the gate in Chromium against the native program: for each log that is found, the same answer to the same question.

    same.py CHROMIUM MODULE DUBAN FOLDER…

Exit 1 if any differs. A file that ends the instance counts as one that differs.
"""

import json
import pathlib
import sys

from playwright.sync_api import sync_playwright

from look import ARGUMENTS
from worker import DAY, Project, Worker

ENDINGS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".et", ".yaml", ".yml", ".json", ".jsonl", ".gz", ".zip"}
MOST = 64 << 20


def logs(folders):
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and path.suffix.lower() in ENDINGS and 0 < path.stat().st_size <= MOST:
                yield path


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
    chromium, module, duban, *folders = sys.argv[1:]
    project = Project(pathlib.Path(duban).resolve(), pathlib.Path(module).resolve())
    compared, wrong = 0, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        worker = Worker(browser, project.gate)
        for path in logs(folders):
            compared += 1
            why = differ(*answers(worker, project, path))
            if why:
                wrong += 1
                print(f"{path}: {why}")
        browser.close()
    print(f"{compared} logs in Chromium and by the program, {wrong} not the same")
    sys.exit(wrong > 0 or compared == 0)


if __name__ == "__main__":
    main()
