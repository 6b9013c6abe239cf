"""The start: seconds on the clock, since processor time is too coarse for a few milliseconds."""

from collections.abc import Iterator
from pathlib import Path

import logs
from growth.bench import AS_OF, Bench, Limits, Part, Row
from growth.measured import Runs, on_the_clock, once


def starts(bench: Bench, path: Path) -> Iterator[Row]:
    """Beside a process that does nothing."""
    words = {"version": ["--version"], "check": ["check", "-q", *AS_OF, str(path)]}
    runs = {name: lambda name=name: on_the_clock([bench.duban, *words[name]]) for name in words}
    took = bench.in_turn({"true": lambda: on_the_clock(["true"])} | runs, set(runs), 20 * bench.rounds)
    for name, work, most in (("version", "start, `--version`", 0.003), ("check", "check of ten rows", 0.004)):
        # The memory is that of a run begun by GNU time: one begun from here counts this process's memory as its own.
        megabytes = once([bench.duban, *words[name]]).megabytes
        ours = Runs([run._replace(megabytes=megabytes) for run in took[name].all], took[name].before)
        told = f"{took[name].seconds * 1000:.1f} ms of processor time"
        yield Row(f"{work}, on the clock", ours, Limits(seconds=most), "true", took["true"], told=told, is_on_the_clock=True)


PARTS = {"start": Part([logs.Log(10)], starts)}
