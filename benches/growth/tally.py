"""Tallies beside polars and DuckDB, and logs in other dresses beside the same log in its plain one."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import Bench, Growth, Limits, Part, Row, same
from growth.measured import once

PEERS = Path(__file__).parent.parent / "peers"
DISPOSITIONS = ["on_site", "immediate", "deadline", "assigned"]
COUNTS = ["rectified", "open", "overdue", "due_soon", "late", "repeat"]
SOURCES = ["routine", "public", "superior", "media"]
COLUMNS = {"unit": "责任单位", "category": "问题类别"}

DESCRIBED = logs.described(2_800_000)
OWN = logs.Log(3_750_000)
UNITS = logs.Log(350_000, units=100_000)


def figures(output: Path, keys: list[str], has_more: bool) -> list[str]:
    """The groups of duban as the lines that the peers print."""
    lines = []
    for group in json.loads(output.read_bytes())["groups"]:
        values = [group["key"][key] for key in keys] + [group["found"]]
        values += [group["disposition"].get(name, 0) for name in DISPOSITIONS] + [group[name] for name in COUNTS]
        values += [group["source"].get(name, 0) for name in SOURCES] + [group["sites"]] if has_more else []
        lines.append(",".join(map(str, values)))
    return sorted(lines)


def beside_peers(bench: Bench, work: str, log: logs.Log, path: Path, keys: list[str], peers: list[str], limits: Limits) -> Iterator[Row]:
    """A tally with every count, and the same counts by peers; a row for each of them."""
    commands = {"duban": bench.tally(path, ",".join(keys))}
    for peer in peers:
        commands[peer] = [sys.executable, str(PEERS / f"counts_{peer.lower()}.py"), str(path), *(COLUMNS[key] for key in keys)]
    took = bench.measure(commands)
    expected = figures(bench.output("duban"), keys, log.has_sources)
    for peer in peers:
        same(f"{work}, {peer}", sorted(bench.output(peer).read_text().splitlines()), expected)
        yield Row(f"{work}, {path.stat().st_size / 1e6:.0f} MB", took["duban"], limits, peer, took[peer])


def by_rows(bench: Bench, work: str, sizes: dict[int, logs.Log], by: str = "unit,category") -> Iterator[Growth]:
    """The growth of a tally over three logs."""
    if bench.has_growth:
        paths = bench.logs(*sizes.values())
        yield from bench.grown(work, {size: lambda path=path: once(bench.tally(path, by)) for size, path in zip(sizes, paths)})


def described(bench: Bench, path: Path) -> Iterator[Row | Growth]:
    """The log of the main figures."""
    yield from beside_peers(bench, "tally of the described log", DESCRIBED, path, ["unit", "category"], ["polars", "DuckDB"], Limits(0.3))
    yield from by_rows(bench, "tally of the described log, by rows", {rows: logs.described(rows) for rows in (28_000, 280_000, 2_800_000)})


def own(bench: Bench, path: Path) -> Iterator[Row | Growth]:
    """The benchmark's own log."""
    yield from beside_peers(bench, "tally of the benchmark's own log", OWN, path, ["unit", "category"], ["polars", "DuckDB"], Limits(0.25))
    yield from by_rows(bench, "tally of the benchmark's own log, by rows", {rows: logs.Log(rows) for rows in (37_500, 375_000, 3_750_000)})


def units(bench: Bench, path: Path) -> Iterator[Row | Growth]:
    """A hundred thousand units."""
    yield from beside_peers(bench, "tally of 100,000 units", UNITS, path, ["unit"], ["polars"], Limits(0.5, megabytes=100))
    sizes = {units: logs.Log(350_000, units=units) for units in (1_000, 10_000, 100_000)}
    yield from by_rows(bench, "tally of 350,000 rows, by units", sizes, "unit")


def counts(output: Path) -> list[tuple]:
    """What a tally says of the eight columns that each log has."""
    return [(group["key"], group["found"], group["disposition"], *(group[name] for name in COUNTS)) for group in json.loads(output.read_bytes())["groups"]]


# So many rows of each: what is looked for is a ratio.
MILLION = 1_000_000
ADDED = {
    "500 sites": logs.Log(MILLION, sites=500),
    "3,000 teams": logs.Log(MILLION, teams=3_000),
    "52 columns of texts": logs.Log(MILLION // 2, added=52),
}
# A log of 60 columns has half the rows, and is set beside as many.
BASES = [logs.Log(MILLION), logs.Log(MILLION // 2)]


def added(bench: Bench, *paths: Path) -> Iterator[Row]:
    """Columns that nobody asks for: the time a byte, beside that of the same log without them."""
    full, half, *others = paths
    took = bench.measure({path.name: bench.tally(path) for path in paths}, rounds=bench.rounds + 2)
    for (name, log), path in zip(ADDED.items(), others):
        base = full if log.rows == MILLION else half
        same(name, counts(bench.output(path.name)), counts(bench.output(base.name)))
        ours, theirs = took[path.name], took[base.name]
        ratio = ours.seconds / path.stat().st_size / (theirs.seconds / base.stat().st_size)
        yield Row(f"own log with {name}", ours, Limits(1.25), "without", theirs, ratio, f"per byte; {ours.seconds / theirs.seconds:.2f} × per row")


DRESSES = {
    "all cells quoted": logs.described(MILLION, is_quoted=True),
    "days in five spellings": logs.described(MILLION, has_mixed_days=True),
    "deadlines in words": logs.described(MILLION, has_limits_in_words=True),
    "CRLF": logs.described(MILLION, newline="\r\n"),
    "descriptions of three lines": logs.described(MILLION, has_line_breaks=True),
}


def dresses(bench: Bench, base: Path, *paths: Path) -> Iterator[Row]:
    """The same issues in other dresses, beside the plain log; those whose deadlines differ, by what does not depend on them."""
    took = bench.measure({path.name: bench.tally(path) for path in (base, *paths)}, rounds=bench.rounds + 2)
    plain = counts(bench.output(base.name))
    for (name, log), path in zip(DRESSES.items(), paths):
        part = slice(0, 5) if log.has_limits_in_words else slice(None)
        same(name, [group[part] for group in counts(bench.output(path.name))], [group[part] for group in plain])
        ours, theirs = took[path.name], took[base.name]
        ratio = ours.seconds / path.stat().st_size / (theirs.seconds / base.stat().st_size)
        yield Row(f"described log, {name}", ours, Limits(1.3), "plain", theirs, told=f"per row; {ratio:.2f} × per byte")


PARTS = {
    "own": Part([OWN], own),
    "added": Part([*BASES, *ADDED.values()], added),
    "dresses": Part([logs.described(MILLION), *DRESSES.values()], dresses),
    "units": Part([UNITS], units),
    "described": Part([DESCRIBED], described),
}
