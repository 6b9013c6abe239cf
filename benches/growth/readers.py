"""What it costs to read a log in each form: GB18030, UTF-16, gzip, JSON, YAML, workbooks, each beside a peer."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import Bench, Growth, Limits, Part, Row, same
from growth.measured import once
from growth.tally import MILLION, PEERS

NAMES = {"on_site": "现场整改", "deadline": "限期整改", "immediate": "立行立改", "assigned": "交办"}
PLAIN = logs.described(MILLION)
ENCODED = [logs.described(MILLION, encoding="gb18030"), logs.described(MILLION, encoding="utf-16"), logs.described(MILLION, form="csv.gz")]


def encodings(bench: Bench, plain: Path, gb18030: Path, utf_16: Path, packed: Path) -> Iterator[Row]:
    """The same table in each encoding beside its UTF-8; gzip beside gunzip and the tally of what comes out of it."""
    files = {"UTF-8": plain, "GB18030": gb18030, "UTF-16": utf_16, "gz": packed}
    commands = {name: bench.tally(path) for name, path in files.items()}
    took = bench.measure(commands | {"gunzip": ["gunzip", "-c", str(packed)]}, rounds=bench.rounds + 2)
    for name in ("GB18030", "UTF-16", "gz"):
        same(name, bench.output(name).read_bytes(), bench.output("UTF-8").read_bytes())
    yield Row("described log in GB18030", took["GB18030"], Limits(1.5), "UTF-8", took["UTF-8"])
    yield Row("described log in UTF-16", took["UTF-16"], Limits(2), "UTF-8", took["UTF-8"])
    beside = (took["gz"].seconds - took["gunzip"].seconds) / took["UTF-8"].seconds
    yield Row("described log, gz", took["gz"], Limits(1.2), "gunzip", took["gunzip"], beside, "(duban − gunzip) ÷ UTF-8")


def as_lines(output: Path) -> list[str]:
    """duban's JSON as the lines of a peer."""
    groups = json.loads(output.read_bytes())["groups"]
    return sorted(f"{group['key']['unit']},{group['key']['category']},{NAMES[name]},{count}"
                  for group in groups for name, count in group["disposition"].items())


def beside(bench: Bench, work: str, path: Path, reader: str, peer: str, limits: Limits, rounds: int | None = None) -> Row:
    """A tally of a file beside a count of it in Python."""
    command = [sys.executable, str(PEERS / "counts_python.py"), reader, str(path)]
    took = bench.measure({"duban": bench.tally(path), "peer": command}, rounds=rounds)
    same(f"{work}, {peer}", bench.output("peer").read_text().splitlines(), as_lines(bench.output("duban")))
    return Row(work, took["duban"], limits, peer, took["peer"])


RECORDS = 20_000
TREES = {form: logs.described(RECORDS, form=form) for form in ("json", "mapping.json", "yaml", "mapping.yaml")}


def trees(bench: Bench, *paths: Path) -> Iterator[Row | Growth]:
    """JSON beside Python's json, YAML beside PyYAML's loader in C."""
    for form, path in zip(TREES, paths):
        kind = form.rsplit(".")[-1]
        peer, limits = ("json", Limits(0.7)) if kind == "json" else ("PyYAML (C)", Limits(0.1))
        shape = "a mapping" if "mapping" in form else "a list"
        yield beside(bench, f"{kind.upper()} log of {RECORDS:,} records, {shape}", path, kind, peer, limits, bench.rounds + 2)
    if bench.has_growth:
        sizes = (2_000, 20_000, 200_000)
        for form in ("json", "yaml"):
            found = bench.logs(*(logs.described(rows, form=form) for rows in sizes))
            yield from bench.grown(f"{form.upper()} log, by records", {rows: lambda path=path: once(bench.tally(path)) for rows, path in zip(sizes, found)})


WORKBOOKS = [(rows, texts) for rows in (50_000, 1_000_000) for texts in ("inline", "shared")]


def workbooks(bench: Bench, *paths: Path) -> Iterator[Row | Growth]:
    """Workbooks beside python-calamine."""
    for (rows, texts), path in zip(WORKBOOKS, paths):
        yield beside(bench, f"XLSX of {rows:,} rows, {texts} strings", path, "xlsx", "calamine", Limits(0.4, megabytes=40))
    if bench.has_growth:
        sizes = (10_000, 100_000, 1_000_000)
        for texts in ("inline", "shared"):
            found = bench.logs(*(logs.described(rows, form=f"{texts}.xlsx") for rows in sizes))
            runs = {rows: lambda path=path: once(bench.tally(path)) for rows, path in zip(sizes, found)}
            yield from bench.grown(f"XLSX with {texts} strings, by rows", runs)


PARTS = {
    "encodings": Part([PLAIN, *ENCODED], encodings),
    "trees": Part(list(TREES.values()), trees),
    "workbooks": Part([logs.described(rows, form=f"{texts}.xlsx") for rows, texts in WORKBOOKS], workbooks),
}
