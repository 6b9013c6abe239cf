"""A merge of 200, 1,000 and 5,000 districts: merge.py DUBAN."""
import csv
import os
import pathlib
import random
import subprocess
import sys
import tempfile

from measured import Took, in_turn, once

ASKED = ["--by", "unit,category", "--as-of", "2021-08-20"]


def district(folder: pathlib.Path, at: int, rows: int = 200) -> pathlib.Path:
    """The log of a district: 20 units of its own, 8 categories, 60 sites."""
    chance, path = random.Random(at), folder / f"{at:05}.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["编号", "发现日期", "责任单位", "问题类别", "点位", "问题描述", "整改方式", "整改期限"])
        for row in range(rows):
            day = chance.randint(1, 28)
            unit, kind, site = chance.randint(1, 20), chance.randint(1, 8), chance.randint(1, 60)
            said = [f"{at}-{row}", f"2021-07-{day:02}", f"{at}区第{unit}街道", f"第{kind}类", f"{at}区点位{site}", f"问题{row}"]
            table.writerow([*said, "限期整改", f"2021-08-{day:02}"])
    return path


def partials(duban: str, folder: pathlib.Path, count: int) -> list[str]:
    """The partials of so many districts."""
    parts = []
    for at in range(count):
        log = district(folder, at)
        part = str(log.with_suffix(".json"))
        subprocess.run([duban, "tally", str(log), *ASKED, "--partial", "-o", part], check=True, capture_output=True)
        log.unlink()
        parts.append(part)
    return parts


def merge(duban: str, parts: list[str]) -> Took:
    """Adds them up, and writes the sum as a partial. `-o` replaces what has that name, so that it is never a device."""
    return once([duban, "merge", *parts, "--partial", "-o", str(pathlib.Path(parts[0]).with_name("sum"))])


def main() -> None:
    duban = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        parts = partials(duban, pathlib.Path(work), 5000)
        sizes = [200, 1000, 5000]
        took = in_turn({str(n): lambda n=n: merge(duban, parts[:n]) for n in sizes}, 5)
        kb = sum(os.path.getsize(part) for part in parts) / len(parts) / 1024
        for n in sizes:
            seconds, megabytes = took[str(n)]
            print(f"merge of {n}: {seconds:.2f} s, {seconds / took['200'].seconds:.2f} x 200, {megabytes:.0f} MB, {kb:.0f} KB each")


if __name__ == "__main__":
    main()
