"""Checks: by every rule beside a tally of the same log, and 100,000 faults in each format beside JSON."""

import json
import re
import subprocess
import xml.etree.ElementTree as Xml
from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import AS_OF, Bench, Growth, Limits, Part, Row, same
from growth.measured import once
from growth.tally import DESCRIBED

LARGER = logs.described(5_000_000)
FAULTY = logs.described(100_000, is_faulty=True)


def rules(bench: Bench, *paths: Path) -> Iterator[Row | Growth]:
    """Every rule over 500 MB, and over 5,000,000 rows."""
    check = [bench.duban, "check", "-q", *AS_OF]
    for path in paths:
        took = bench.measure({"check": [*check, str(path)], "tally": bench.tally(path)})
        work = f"check of the described log, {path.stat().st_size / 1e6:.0f} MB"
        yield Row(work, took["check"], Limits(2, megabytes=128), "tally of it", took["tally"])
    if bench.has_growth:
        sizes = {rows: path for rows, path in zip((28_000, 280_000, 2_800_000), bench.logs(*map(logs.described, (28_000, 280_000, 2_800_000))))}
        yield from bench.grown("check, by rows", {rows: lambda path=path: once([*check, str(path)]) for rows, path in sizes.items()})


def formats(duban: str) -> list[str]:
    """The formats that a check can be asked for, as its help lists them."""
    said = subprocess.run([duban, "--lang", "en", "check", "--help"], capture_output=True, text=True, check=True).stdout
    listed = re.search(r"Report format.*?possible values: ([^\]]*)\]", said, re.DOTALL)
    return listed[1].replace("\n", " ").replace(" ", "").split(",")


def told(form: str, output: Path) -> int | None:
    """How many findings a report tells of, where it has one place for each."""
    match form:
        case "json":
            return len(json.loads(output.read_bytes())["diagnostics"])
        case "sarif":
            return len(json.loads(output.read_bytes())["runs"][0]["results"])
        case "gitlab":
            return len(json.loads(output.read_bytes()))
        case "junit":
            return sum(1 for _ in Xml.parse(output).iter("testcase"))
        case "text":
            return len(re.findall(rb"^(?:error|warning|note)\[", output.read_bytes(), re.MULTILINE))
        case _:
            # GitHub shows ten of a kind, so that no more are written; a page is for the eye.
            return None


def faults(bench: Bench, path: Path) -> Iterator[Row | Growth]:
    """A fault in each row, in each format."""
    names = formats(bench.duban)
    command = [bench.duban, "--lang", "zh", "check", *AS_OF, str(path), "--format"]
    took = bench.measure({name: [*command, name] for name in names}, codes=(1,))
    expected = told("json", bench.output("json"))
    for name in sorted(names, key=lambda name: name != "json"):
        found = told(name, bench.output(name))
        if found is not None:
            same(f"check --format {name}: {found:,} of {expected:,} findings", found, expected)
        megabytes = f"prints {bench.output(name).stat().st_size / 1e6:.0f} MB"
        beside = (None, "", None) if name == "json" else (1.3, "JSON", took["json"])
        yield Row(f"check with 100,000 faults, {name}", took[name], Limits(beside[0], megabytes=80), *beside[1:], told=megabytes)
    if bench.has_growth:
        sizes = (1_000, 10_000, 100_000)
        logs_of = dict(zip(sizes, bench.logs(*(logs.described(rows, is_faulty=True) for rows in sizes))))
        for name in ("text", "json", "sarif"):
            runs = {rows: lambda path=path, name=name: once([*command[:-2], str(path), "--format", name], codes=(1,)) for rows, path in logs_of.items()}
            yield from bench.grown(f"check --format {name}, by faults", runs)


PARTS = {"check": Part([DESCRIBED, LARGER], rules), "faults": Part([FAULTY], faults)}
