"""A dispatch after ten, 10,000 and 100,000 documents of the register: register.py DUBAN EXAMPLE."""
import datetime
import hashlib
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile

from measured import Took, in_turn, once

# A line of the register as duban writes it, without its hash.
NO_LINE = "0" * 64


def sealed(line: dict) -> str:
    """The text of a line with its hash."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"hash":"{hashlib.sha256(text.encode()).hexdigest()}"}}'


def write(path: pathlib.Path, documents: int) -> None:
    """Writes a register of so many reminders to 56 units, each with the two lines of a dispatch."""
    chance, before, seq = random.Random(7), NO_LINE, 0
    with open(path, "w", encoding="utf-8", newline="") as register:
        for at in range(documents):
            key = {"series": "reminder", "year": 1990 + at // 4000, "n": at % 4000 + 1}
            day = f"{key['year']}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            facts = key | {"reset": "yearly", "kind": "reminder", "number": f"提醒〔{key['year']}〕{key['n']}号", "date": day}
            facts |= {"title": "工作提醒函", "unit": f"第{chance.randint(1, 56)}社区", "units": [], "issues": [f"旧-{at}"], "files": []}
            for event, said in [("reserved", facts), ("dispatched", key)]:
                seq += 1
                text = sealed({"seq": seq, "v": 2, "event": event, **said, "prev": before})
                before = hashlib.sha256(text.encode()).hexdigest()
                register.write(text + "\n")


def project(folder: pathlib.Path, example: pathlib.Path, documents: int) -> pathlib.Path:
    """A copy of a project with such a register."""
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("drafts", "documents", ".duban"))
    write(folder / "register.jsonl", documents)
    return folder


def dispatch(duban: str, kind: str, folder: pathlib.Path) -> Took:
    """Dispatches documents on the next day."""
    days = folder / "days"
    day = datetime.date(2021, 8, 20) + datetime.timedelta(len(days.read_text()) if days.exists() else 0)
    with open(days, "a") as more:
        more.write(".")
    return once([duban, "dispatch", kind, "--as-of", str(day), "-q"], str(folder))


def main() -> None:
    duban, example = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as work:
        for kind in ["bulletin", "reminder"]:
            sizes = {n: project(pathlib.Path(work) / f"{kind}-{n}", example, n) for n in [10, 10_000, 100_000]}
            first = {n: dispatch(duban, kind, folder) for n, folder in sizes.items()}
            runs = {str(n): lambda folder=folder: dispatch(duban, kind, folder) for n, folder in sizes.items()}
            took = in_turn(runs, 9)
            for n in sizes:
                seconds, megabytes = took[str(n)]
                ratio = seconds / took["10"].seconds
                print(f"{kind} after {n:7}: {seconds:.3f} s, {ratio:.2f} x ten, {megabytes:.0f} MB; the first {first[n].seconds:.2f} s")


if __name__ == "__main__":
    main()
