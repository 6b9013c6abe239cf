"""A dispatch after 100,000 documents of the register, beside one after ten."""

import datetime
import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from growth.bench import Bench, Growth, Limits, Part, Row
from growth.measured import Took, once

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "zhengdong-2021"

# A line of the register as duban writes it, without its hash.
NO_LINE = "0" * 64


def sealed(line: dict) -> str:
    """The text of a line with its hash."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return f'{text[:-1]},"hash":"{hashlib.sha256(text.encode()).hexdigest()}"}}'


def write(path: Path, documents: int) -> None:
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


def project(folder: Path, documents: int) -> Path:
    """A copy of the example with such a register."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("drafts", "documents", ".duban"))
    write(folder / "register.jsonl", documents)
    return folder


def dispatch(duban: str, kind: str, folder: Path) -> Took:
    """Dispatches documents on the next day."""
    days = folder / "days"
    day = datetime.date(2021, 8, 20) + datetime.timedelta(len(days.read_text()) if days.exists() else 0)
    with open(days, "a") as more:
        more.write(".")
    return once([duban, "dispatch", kind, "--as-of", str(day), "-q"], folder)


def dispatches(bench: Bench) -> Iterator[Row | Growth]:
    """A bulletin and reminders. The first dispatch reads the whole register and leaves its checkpoint: it is told apart."""
    for kind in ("bulletin", "reminder"):
        sizes = (10, 10_000, 100_000) if bench.has_growth else (10, 100_000)

        def run(documents: int) -> Took:
            folder = bench.place(f"{kind}-{documents}")
            return dispatch(bench.duban, kind, folder if folder.exists() else project(folder, documents))

        first = {documents: run(documents) for documents in sizes}
        runs = {str(documents): lambda documents=documents: run(documents) for documents in sizes}
        took = bench.in_turn(runs, set(runs), 2 * bench.rounds + 1)
        told = f"the first {first[100_000].seconds:.2f} s, {first[100_000].megabytes:.0f} MB"
        yield Row(f"dispatch of a {kind} after 100,000 documents", took["100000"], Limits(2), "after ten", took["10"], told=told)
        if bench.has_growth:
            yield Growth(f"dispatch of a {kind}, by documents", list(sizes), list(took.values()))


PARTS = {"dispatch": Part([], dispatches)}
