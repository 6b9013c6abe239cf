"""Merges of the partial tallies of 200 and 1,000 districts."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import AS_OF, Bench, Growth, Limits, Part, Row
from growth.measured import Took, once


def partials(bench: Bench, count: int) -> list[str]:
    """The partials of so many districts: each has 20 units, 60 sites and 200 issues of its own."""
    parts = []
    for at in range(count):
        log = logs.Log(200, units=20, sites=60, district=f"{at}区", seed=at)
        path, part = bench.work / "district.csv", bench.work / f"{at:05}.json"
        logs.write(log, path)
        subprocess.run([bench.duban, "tally", str(path), "--by", "unit,category", *AS_OF, "--partial", "-o", str(part)], check=True, capture_output=True)
        parts.append(str(part))
    return parts


def merge(bench: Bench, parts: list[str]) -> Took:
    """Adds them up, and writes the sum as a partial. `-o` replaces what has that name, so that it is never a device."""
    return once([bench.duban, "merge", *parts, "--partial", "-o", str(bench.work / "sum")])


def merges(bench: Bench) -> Iterator[Row | Growth]:
    """Five times as many take little more than five times as long."""
    sizes = (200, 1_000, 5_000) if bench.has_growth else (200, 1_000)
    parts = partials(bench, max(sizes))
    runs = {str(count): lambda count=count: merge(bench, parts[:count]) for count in sizes}
    took = bench.in_turn(runs, {"200", "1000"}, bench.rounds + 2)
    told = f"{sum(Path(part).stat().st_size for part in parts) / len(parts) / 1000:.0f} KB each"
    yield Row("merge of 1,000 partials", took["1000"], Limits(5.2), "of 200", took["200"], told=told)
    if bench.has_growth:
        yield Growth("merge, by partials", list(sizes), list(took.values()))


PARTS = {"merge": Part([], merges)}
