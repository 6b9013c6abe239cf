#!/usr/bin/env python3
"""Makes PDF with LibreOffice and holds them against each other.

Usage: pdf.py DUBAN

The same letters twice, on a machine of another language and time zone: the same bytes. All of them together: the same
pages, each letter on the front of a sheet. On the office's own paper: too. Faces that are missing are told.
Needs LibreOffice, pdfplumber. Exit status 1 if anything is not so.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import pdfplumber

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"

failed = False


def expect(what, good):
    global failed
    failed |= not good
    print(f"{'ok  ' if good else 'FAIL'} {what}")


def draft(duban, example, day, folder, **environment):
    """The letters of an example, and all of them together, by their names; and what was told."""
    command = [duban, "draft", "reminder", "-C", EXAMPLES / example, "--as-of", day, "--to", "pdf", "--together", "-o", folder, "-q"]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment})
    paths = [pathlib.Path(line) for line in run.stdout.splitlines() if line.endswith(".pdf")]
    return {path.name: path for path in paths}, run.stderr


def texts(path):
    with pdfplumber.open(path) as pdf:
        return [page.extract_text() for page in pdf.pages]


def main(duban):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for example, day in [("zhengdong-2021", "2021-08-20"), ("own-paper", "2021-08-12")]:
            print(f"\n{example}")
            once, told = draft(duban, example, day, work / "once" / example, LANG="C")
            twice, _ = draft(duban, example, day, work / "twice" / example, LANG="zh_CN.UTF-8", TZ="Asia/Shanghai")
            same = [once[name].read_bytes() == twice[name].read_bytes() for name in once]
            expect(f"the same bytes twice: {sum(same)} of {len(same)}", all(same))
            together = next(name for name in once if "together" in name)
            sheets = []
            for name, path in once.items():
                if name != together:
                    sheets += [""] * (len(sheets) % 2) + texts(path)
            expect(f"{len(sheets)} pages together are those of the letters, on fronts", texts(once[together]) == sheets)
            missing = "方正小标宋简体" not in subprocess.run(["fc-list"], capture_output=True, text=True).stdout
            expect("a face that is missing is told, and one that is there is not", ("方正小标宋简体 →" in told) == missing)
    sys.exit(failed)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve())
